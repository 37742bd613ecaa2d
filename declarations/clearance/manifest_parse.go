package clearance

import (
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Forms of a partner's own message that are documented well enough to be
// read; others are refused by name rather than guessed at.
const knownForms = "Manifest/Response, WLJK_MT3101"

// manifestAccepted is the one response code that says that customs took the
// manifest (海关接受申报); the others are kept as they are (receipts.md §8).
const manifestAccepted = "01"

var manifestCodes = map[string]bool{"02": true, "03": true, "11": true, "12": true, "13": true,
	"T": true, "D": true, "E1": true, "E2": true, "E3": true, "E4": true}

// ParseXML reads the message of a partner: the answer of customs about a
// manifest (舱单回执), and the arrival report for sea containers (运抵报告,
// WLJK_MT3101). All that it reports about the goods comes back as facts.
func ParseXML(data []byte) ([]Fact, []declarations.Fault) {
	root, faults := strictxml.Read(data, strictxml.Limits{})
	if declarations.Rejected(faults) {
		return nil, faults
	}
	p := &manifest{}
	m := root
	if inner := root.Child("MFTData"); root.Local == "MFTMessage" && inner != nil { // wrapped by the single window (envelopes.md §3)
		m = inner.Child("Manifest")
	}
	switch {
	case m != nil && m.Local == "Manifest" && m.Child("Response") != nil:
		p.responses(m)
	case m != nil && m.Local == "Manifest" && formOf(m) == "MT3101" && m.Child("Declaration") != nil:
		p.arrival(m.Child("Declaration"))
	default:
		return nil, []declarations.Fault{p.at(CodeFactForm, root, "type", shown(nameOf(root, m)), "known", knownForms)}
	}
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	if len(p.facts) == 0 || len(p.facts) > MaxFacts {
		return nil, []declarations.Fault{p.at(CodeFactMany, root, "limit", "1000")}
	}
	return p.facts, nil
}

type manifest struct {
	facts  []Fact
	faults []declarations.Fault
}

func (p *manifest) at(code string, e *strictxml.Element, pairs ...string) declarations.Fault {
	f := reject(code, "/"+e.Local, pairs...)
	f.Line, f.Column = e.Line, e.Column
	return f
}

func (p *manifest) fault(code string, e *strictxml.Element, pairs ...string) {
	p.faults = append(p.faults, p.at(code, e, pairs...))
}

// formOf is the message type: the namespace carries it
// (urn:Declaration:datamodel:standard:CN:MT3101:1), or the head does.
func formOf(m *strictxml.Element) string {
	form := m.Child("Head").ChildText("MessageType")
	if parts := strings.Split(m.Space, ":"); form == "" && len(parts) >= 2 {
		form = parts[len(parts)-2]
	}
	return strings.TrimPrefix(plain(form), "WLJK_")
}

func nameOf(root, m *strictxml.Element) string {
	if m != nil && formOf(m) != "" {
		return formOf(m)
	}
	return root.Local
}

// responses reads Manifest/Response: ID is the bill or manifest number. The
// message has no time, so none is invented.
func (p *manifest) responses(m *strictxml.Element) {
	for _, r := range m.All("Response") {
		f := Fact{Kind: ManifestReceipt, BillNumber: text(r, "ID")}
		info := r.Child("AdditionalInformation")
		if info == nil {
			info = r // the nesting is not certain
		}
		f.Code, f.Note = text(info, "StatementCode"), text(info, "StatementDescription")
		switch {
		case f.BillNumber == "":
			p.fault(CodeFactMissing, r, "element", "ID")
		case f.Code == manifestAccepted:
			f.Kind = ManifestAccepted
		case f.Code == "":
			p.fault(CodeFactMissing, r, "element", "StatementCode")
		case !manifestCodes[f.Code]:
			p.fault(CodeFactValue, info, "name", "StatementCode", "value", shown(f.Code), "reason", "fact_manifest_code")
		}
		p.add(&f, r)
	}
}

// arrival reads the arrival report for sea containers: one ship, one site,
// many boxes (envelopes.md §4.3, one sample).
func (p *manifest) arrival(d *strictxml.Element) {
	means, site := d.Child("BorderTransportMeans"), d.Child("UnloadingLocation")
	f := Fact{Kind: CargoArrival, VoyageNumber: text(means, "JourneyID"), VesselName: text(means, "Name"),
		VesselIMO: strings.TrimPrefix(text(means, "ID"), "UN"), Place: text(site, "ID")}
	when := text(site, "ArrivalDate")
	var ok bool
	if f.OccurredAt, ok = MessageTime(when); !ok {
		p.fault(CodeFactValue, d, "name", "ArrivalDate", "value", shown(when), "reason", "fact_time")
		return
	}
	boxes := d.All("TransportEquipment")
	if len(boxes) == 0 {
		p.fault(CodeFactMissing, d, "element", "TransportEquipment")
	}
	for _, box := range boxes {
		one := f
		one.ContainerNumber = text(box.Child("EquipmentIdentification"), "ID")
		if one.ContainerNumber == "" {
			p.fault(CodeFactMissing, box, "element", "EquipmentIdentification/ID")
			continue
		}
		p.add(&one, box)
	}
}

// add keeps a fact that stands every check; a form without a time is let through.
func (p *manifest) add(f *Fact, e *strictxml.Element) {
	for _, found := range check(f, "") {
		if found.Code == CodeFactTime || found.Code == CodeFactSubject && len(p.faults) > 0 {
			continue
		}
		found.Path = "/" + e.Local + "/" + found.Path
		found.Line, found.Column = e.Line, e.Column
		p.faults = append(p.faults, found)
	}
	p.facts = append(p.facts, *f)
}

// MessageTime reads the forms of time in these messages, at the port's clock
// when they name no zone.
func MessageTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "20060102150405", "20060102", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, port); err == nil && t.Year() >= 1970 {
			return t.UTC(), true
		}
	}
	if len(s) == 17 { // yyyyMMddHHmmssSSS, as in SendTime
		if t, err := time.ParseInLocation("20060102150405.000", s[:14]+"."+s[14:], port); err == nil && t.Year() >= 1970 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func text(e *strictxml.Element, local string) string { return strings.TrimSpace(e.ChildText(local)) }

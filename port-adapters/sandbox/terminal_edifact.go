package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/edifact"
)

const formatEDIFACT = "edifact"

// ediSubject is what CONTRL and APERAK name of the interchange that they answer.
type ediSubject struct {
	reference         string
	sender, recipient edifact.Party
	message           edifact.Message
	document          string // BGM 1004
	test              bool
}

// openEDIFACT reads an inspection order (COHAOR D.00B, edifact.md 5.1) as a
// terminal's system would: by its own mapping and not by the gateway's, so
// that a mistake there is not hidden here.
func openEDIFACT(body []byte) (Opened, error) {
	all := edifact.Parse(body, edifact.Options{Strict: true})
	if len(all) != 1 || all[0].Bare || len(all[0].Messages) == 0 {
		return Opened{}, errors.New("not one EDIFACT interchange with a message")
	}
	in := all[0]
	if in.Verdict() == edifact.Reject {
		return Opened{}, fmt.Errorf("interchange %s: %s", in.Reference, firstFinding(in))
	}
	o := Opened{Format: formatEDIFACT, edi: &ediSubject{reference: in.Reference, sender: in.Sender, recipient: in.Recipient, message: *in.Messages[0], test: in.Test}}
	for _, m := range in.Messages {
		if m.Type != "COHAOR" {
			continue
		}
		n, document, err := readOrder(m)
		if err != nil {
			return Opened{}, fmt.Errorf("message %s: %w", m.Reference, err)
		}
		o.Notice, o.edi.message, o.edi.document = n, *m, document
		return o, nil
	}
	return o, nil // a work order to unpack, a release to be copied: nothing to answer but CONTRL
}

func firstFinding(in *edifact.Interchange) string {
	for _, f := range in.Findings {
		return f.Code
	}
	for _, m := range in.Messages {
		for _, f := range m.Findings {
			return m.Reference + " " + f.Code
		}
	}
	return "rejected"
}

// functions of BGM 1225.
var actsOfFunction = map[string]inspection.Action{"9": inspection.Issue, "5": inspection.Change, "1": inspection.Cancel}

// worksOfHAN are the codes of HAN as the profile gives them.
var worksOfHAN = map[string]inspection.Work{"LCK": inspection.Lock, "UNL": inspection.Unlock, "MOV": inspection.Move, "SCN": inspection.Scan, "UNP": inspection.Unpack, "PRS": inspection.Present}

// readOrder reads one COHAOR: the head, then a group for each box.
func readOrder(m *edifact.Message) (n *inspection.Notice, document string, err error) {
	n = &inspection.Notice{Version: 1}
	var box *inspection.Box
	for i := range m.Segments {
		s := &m.Segments[i]
		switch s.Tag() {
		case "BGM":
			document = s.Value(2, 1)
			n.Change = actsOfFunction[s.Value(3, 1)]
		case "RFF":
			if s.Value(1, 1) == "ADO" && box == nil {
				n.Number = s.Value(1, 2)
			}
		case "NAD":
			if s.Value(1, 1) == "MR" {
				n.Terminal = s.Value(2, 1)
			}
		case "EQD":
			n.Boxes = append(n.Boxes, inspection.Box{ContainerNumber: s.Value(2, 1), SizeType: s.Value(3, 1)})
			box = &n.Boxes[len(n.Boxes)-1]
		case "LOC":
			if q := s.Value(1, 1); box != nil && (q == "229" || q == "43") {
				box.Site = s.Value(2, 1)
			}
		case "TMP":
			if box != nil {
				box.SetPointCelsius = "0" // a reefer; the figure does not matter to a sandbox
			}
		case "HAN":
			if w := worksOfHAN[s.Value(1, 1)]; w != "" && !slices.Contains(n.Orders, w) {
				n.Orders = append(n.Orders, w)
			}
		}
	}
	if n.Number == "" || n.Change == "" || len(n.Boxes) == 0 {
		return nil, "", errors.New("an order without its number (RFF+ADO), function (BGM 1225) or a box")
	}
	if suffix, found := strings.CutPrefix(document, n.Number+"-"); found {
		if v, err := strconv.Atoi(suffix); err == nil {
			n.Version = v
		}
	}
	if n.Change == inspection.Change && slices.Equal(n.Orders, []inspection.Work{inspection.Unlock}) {
		n.Change = inspection.ReleaseBoxes
	}
	return n, document, nil
}

// portTime is the local time of the port, in which interchanges are dated.
var portTime = time.FixedZone("CST", 8*60*60)

// encodeEDIFACT writes CONTRL for the transport and APERAK for the business
// answer (edifact.md section 2). The other steps have no message of ours: a
// terminal with EDI does not send them, and the gateway finds them missing.
func encodeEDIFACT(a *TerminalAnswer) (document, error) {
	if a.edi == nil {
		return document{}, fmt.Errorf("answer %s: nothing to refer to: %w", a.Reference, portadapters.ErrPermanent)
	}
	draft := edifact.Draft{Reference: "1", Agency: "UN"}
	switch a.Event.Kind {
	case inspection.TransportAck:
		draft.Type, draft.Version, draft.Release, draft.Lines = "CONTRL", "D", "3", a.edi.control()
	case inspection.Accepted, inspection.Rejected:
		draft.Type, draft.Version, draft.Release, draft.Association, draft.Lines = "APERAK", "D", "00B", "DLC10", a.edi.businessAnswer(a)
	default:
		return document{}, fmt.Errorf("answer %s: no message says %s: %w", a.Reference, a.Event.Kind, portadapters.ErrPermanent)
	}
	body, findings := edifact.Write(&edifact.Outgoing{Syntax: "UNOC", SyntaxVersion: "3", Sender: a.edi.recipient, Recipient: a.edi.sender,
		Prepared: a.Event.OccurredAt.In(portTime), Reference: shortReference(a.Reference), Application: "SANDBOX", Test: a.edi.test,
		Messages: []edifact.Draft{draft}})
	if len(findings) > 0 {
		return document{}, fmt.Errorf("answer %s: %s: %w", a.Reference, findings[0].Code, portadapters.ErrPermanent)
	}
	return document{"application/EDIFACT", body}, nil
}

// shortReference is at most 14 characters (UNB 0020).
func shortReference(reference string) string {
	sum := sha256.Sum256([]byte(reference))
	return "SBX" + strings.ToUpper(hex.EncodeToString(sum[:5]))
}

// control acknowledges (7) the interchange and its message.
func (s *ediSubject) control() []edifact.Line {
	party := func(p edifact.Party) edifact.Element { return edifact.E(p.ID, p.Qualifier) }
	m := &s.message
	return []edifact.Line{
		edifact.L("UCI", edifact.E(s.reference), party(s.sender), party(s.recipient), edifact.E("7")),
		edifact.L("UCM", edifact.E(m.Reference), edifact.E(m.Type, m.Version, m.Release, m.Agency, m.Association), edifact.E("7")),
	}
}

// businessAnswer says 312 accepted or 313 with the reasons.
func (s *ediSubject) businessAnswer(a *TerminalAnswer) []edifact.Line {
	code, function := "312", "29"
	if a.Event.Kind == inspection.Rejected {
		code, function = "313", "27"
	}
	lines := []edifact.Line{
		edifact.L("BGM", edifact.E(code), edifact.E(shortReference(a.Reference)), edifact.E(function)),
		edifact.L("DTM", edifact.E("137", a.Event.OccurredAt.In(portTime).Format("200601021504"), "203")),
		edifact.L("DOC", edifact.E("127"), edifact.E(s.document)),
		edifact.L("RFF", edifact.E("ACW", s.message.Reference)),
		edifact.L("RFF", edifact.E("ADO", a.Event.NoticeNumber)),
		edifact.L("NAD", edifact.E("MS"), edifact.E(s.recipient.ID, "160", "ZZZ")),
		edifact.L("NAD", edifact.E("MR"), edifact.E(s.sender.ID, "160", "ZZZ")),
	}
	if a.Event.Kind == inspection.Rejected && a.Event.Reason != "" {
		lines = append(lines, edifact.L("ERC", edifact.E(a.Event.Reason.Wire(), "ZZZ", "ZZZ")),
			edifact.L("FTX", edifact.E("AAO"), nil, nil, edifact.E(asciiOf(a.Event.Text))))
		if a.Event.Box != "" {
			lines = append(lines, edifact.L("RFF", edifact.E("EQ", a.Event.Box)))
		}
	}
	return lines
}

// asciiOf keeps what every repertoire has: the texts of the sandbox say the
// same in English behind the Chinese.
func asciiOf(text string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(text) {
		if r >= ' ' && r <= 'Z' && r != '\'' {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

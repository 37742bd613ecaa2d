package receipts

import (
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// The families beside declarations. familyBonded is a bonded response whose
// name does not tell which of the four it is.
const (
	familyBonded   = "BND"
	familyManifest = "MFT"
)

var bondedFamilies = []string{"SAS", "INV", "NPTS", "NEMS"}

// family reads the family off the beginning of a name or message type: INV of INV201.
func family(name string) string {
	name = strings.ToUpper(name)
	for _, f := range bondedFamilies {
		if strings.HasPrefix(name, f) {
			return f
		}
	}
	return familyBonded
}

// commonResponse reads CommonResponeMessage (misspelling included), the import
// response of the bonded families: DealFlag 0 is stored.
func (p *parser) commonResponse(root *strictxml.Element) declarations.Event {
	e := declarations.Event{
		Code:            declarations.CodeImportFailed,
		ClientReference: p.one(root, "EtpsPreentNo"),
		SequenceNumber:  p.one(root, "SeqNo"),
		Text:            p.one(root, "CheckInfo"),
		Family:          family(p.name),
	}
	switch p.one(root, "DealFlag") {
	case "0":
		e.Code = declarations.CodeImported
	case "":
		p.noCode(root, "DealFlag")
	}
	if e.ClientReference == "" && e.SequenceNumber == "" && p.name == "" {
		p.namesNothing(root, "EtpsPreentNo, SeqNo")
	}
	return p.event(e)
}

// approval reads Package: an envelope of its own around the approval
// (HdeApprResult) of a bonded document.
func (p *parser) approval(root *strictxml.Element) declarations.Event {
	info := root.Child("EnvelopInfo")
	result := find(root, "HdeApprResult")
	if info == nil || result == nil {
		p.noCode(root, "HdeApprResult")
		return declarations.Event{}
	}
	e := declarations.Event{
		Code:            p.one(result, "manageResult"),
		At:              p.time(result, "manageDate", false),
		ClientReference: p.one(result, "etpsPreentNo"),
		SequenceNumber:  p.one(result, "businessId"),
		Text:            p.one(result, "rmk"),
		Family:          family(p.one(info, "message_type")),
	}
	if e.Code == "" || reserved(&e) {
		p.noCode(result, "manageResult")
	}
	if e.ClientReference == "" && e.SequenceNumber == "" {
		p.namesNothing(result, "etpsPreentNo, businessId")
	}
	return p.event(e)
}

// manifest reads Manifest/Response (舱单回执). The nesting below Response is not
// known for certain, so the elements are looked for at any depth. ID is a bill
// or manifest number.
func (p *parser) manifest(root *strictxml.Element) declarations.Event {
	response := root.Child("Response")
	if response == nil {
		p.noCode(root, "Response")
		return declarations.Event{}
	}
	e := declarations.Event{
		Code:           text(find(response, "StatementCode")),
		SequenceNumber: text(response.Child("ID")),
		Text:           text(find(response, "StatementDescription")),
		Family:         familyManifest,
	}
	if e.Code == "" || reserved(&e) {
		p.noCode(response, "StatementCode")
	}
	if e.SequenceNumber == "" {
		p.namesNothing(response, "ID")
	}
	return p.event(e)
}

// find is the first element of that name below e, depth first.
func find(e *strictxml.Element, local string) *strictxml.Element {
	for _, c := range e.Children {
		if c.Local == local {
			return c
		}
		if found := find(c, local); found != nil {
			return found
		}
	}
	return nil
}

func text(e *strictxml.Element) string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Text)
}

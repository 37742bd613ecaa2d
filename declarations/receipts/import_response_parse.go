package receipts

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// importResponse reads DecImportResponse (导入响应): ResponseCode 0 is stored,
// anything else failed. The message is kept whole.
func (p *parser) importResponse(root *strictxml.Element) declarations.Event {
	e := declarations.Event{
		Code:            declarations.CodeImportFailed,
		ClientReference: p.one(root, "ClientSeqNo"),
		SequenceNumber:  p.one(root, "SeqNo"),
		Text:            p.one(root, "ErrorMessage"),
	}
	switch p.one(root, "ResponseCode") {
	case "0":
		e.Code = declarations.CodeImported
	case "":
		p.noCode(root, "ResponseCode")
	}
	if e.ClientReference == "" && e.SequenceNumber == "" && p.name == "" && p.message == "" {
		p.namesNothing(root, "ClientSeqNo, SeqNo")
	}
	return p.event(e)
}

// rootResponse reads Root/resultFlag/failInfo. The values of resultFlag are
// not known: a failInfo that says something is the failure (receipts.md §2.1).
// Only the file name or the envelope tells what it is about.
func (p *parser) rootResponse(root *strictxml.Element) declarations.Event {
	e := declarations.Event{Code: declarations.CodeImported, Text: p.one(root, "failInfo")}
	if root.Child("resultFlag") == nil && root.Child("failInfo") == nil {
		p.noCode(root, "resultFlag")
	}
	if e.Text != "" {
		e.Code = declarations.CodeImportFailed
	}
	if p.name == "" && p.message == "" {
		p.namesNothing(root, "FileName")
	}
	return p.event(e)
}

func (p *parser) noCode(at *strictxml.Element, element string) {
	p.faults = append(p.faults, fault(CodeNoCode, "/"+at.Local+"/"+element, at, "element", element))
}

func (p *parser) namesNothing(at *strictxml.Element, elements string) {
	p.faults = append(p.faults, fault(CodeNamesNothing, "/"+at.Local, at, "elements", elements))
}

package sandbox

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// chinaTime is the zone of everything that customs writes.
var chinaTime = time.FixedZone("CST", 8*60*60)

// nameTime is the time in file names.
const nameTime = "20060102150405"

// facts is what customs has to know of a declaration to answer it.
type facts struct {
	reference string // DecSign/ClientSeqNo
	direction string // DecHead/IEFlag
	office    string // DecHead/CustomMaster
	day       string // DecHead/IEDate, yyyyMMdd
	agent     string // DecHead/AgentCode or AgentCodeScc: who declares
	seqNo     string // DecHead/SeqNo; empty on the first import
	step      byte   // position 3 of DecHead/Type
}

// readFacts reads a DecMessage; unreadable says why it is none.
func readFacts(document []byte) (f facts, unreadable string) {
	root, faults := strictxml.Read(document, strictxml.Limits{GB18030: true})
	if declarations.Rejected(faults) {
		return f, faults[0].Code + " " + faults[0].Path + " line " + strconv.Itoa(faults[0].Line)
	}
	if inner := root.Child("SWImpData").Child("DecMessage"); root.Local == "ImportMessage" && inner != nil {
		root = inner // the old outer form (decmessage.md section 1.2)
	}
	head, sign := root.Child("DecHead"), root.Child("DecSign")
	f = facts{
		reference: strings.TrimSpace(sign.ChildText("ClientSeqNo")),
		direction: head.ChildText("IEFlag"),
		office:    head.ChildText("CustomMaster"),
		day:       head.ChildText("IEDate"),
		agent:     head.ChildText("AgentCode") + head.ChildText("AgentCodeScc"),
		seqNo:     strings.TrimSpace(head.ChildText("SeqNo")),
		step:      filingStep(head.ChildText("Type")),
	}
	switch {
	case root.Local != "DecMessage":
		return f, "root " + root.Local
	case head == nil:
		return f, "no DecHead"
	case f.reference == "":
		return f, "no ClientSeqNo"
	}
	return f, ""
}

// labelOf finds the text of ClientSeqNo without reading the document; "" when
// it does not stand there plainly. Good enough to count by, not to answer by.
func labelOf(document []byte) string {
	_, rest, _ := bytes.Cut(document, []byte("ClientSeqNo>"))
	label, _, found := bytes.Cut(rest, []byte("</"))
	if !found {
		return ""
	}
	return string(bytes.TrimSpace(label))
}

// flag is I or E.
func (f *facts) flag() string {
	if f.direction == "E" {
		return "E"
	}
	return "I"
}

// officeCode has four digits whatever the declaration says.
func (f *facts) officeCode() string {
	if len(f.office) == 4 && strings.Trim(f.office, "0123456789") == "" {
		return f.office
	}
	return "0900"
}

// importExportDay is I_E_DATE as customs writes it, empty when unknown.
func (f *facts) importExportDay() string {
	day, err := time.Parse("20060102", f.day)
	if err != nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

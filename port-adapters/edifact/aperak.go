package edifact

import (
	"strconv"
	"time"
)

// Decisions of APERAK (1225).
const (
	DecisionAccepted = "29"
	DecisionRefused  = "27"
	DecisionAmended  = "34" // accepted with amendment
)

const typeAperak = "APERAK"

// Answer is a business answer, APERAK D.00B: what the content of a message
// came to.
type Answer struct {
	Number    string    // of the answer (BGM 1004)
	Decision  string    // 29, 27, 34
	At        time.Time // in the local time that the partner reads
	Document  string    // number of the document that is answered
	Subject   string    // reference of the message that is answered (UNH 0062)
	Notice    string    // work order; empty: none
	Sender    string
	Recipient string
	Faults    []AnswerFault
}

// AnswerFault is one reason, and the box that it is about.
type AnswerFault struct {
	Code string // at most 8 characters: a reason of inspections in its wire form, or a fault code
	Text string
	Box  string // empty: the whole
}

// APERAK profile DLC10 [P].
const (
	documentAccepted = "312"
	documentRefused  = "313"
	documentAnswered = "127"
	association      = "DLC10"
)

// Draft is the message.
func (a *Answer) Draft(reference string) Draft {
	code := documentAccepted
	if a.Decision == DecisionRefused {
		code = documentRefused
	}
	lines := []Line{
		L("BGM", E(code), E(a.Number), E(a.Decision)),
		L("DTM", E("137", a.At.Format(layout203), "203")),
	}
	if a.Document != "" {
		lines = append(lines, L("DOC", E(documentAnswered), E(a.Document)))
	}
	lines = append(lines, L("RFF", E("ACW", a.Subject)))
	if a.Notice != "" {
		lines = append(lines, L("RFF", E("ADO", a.Notice)))
	}
	lines = append(lines, party("MS", a.Sender), party("MR", a.Recipient))
	for _, f := range a.Faults {
		lines = append(lines, L("ERC", E(f.Code, "ZZZ", "ZZZ")))
		if f.Text != "" {
			lines = append(lines, L("FTX", E("AAO"), nil, nil, E(f.Text)))
		}
		if f.Box != "" {
			lines = append(lines, L("RFF", E("EQ", f.Box)))
		}
	}
	return Draft{Reference: reference, Type: typeAperak, Version: "D", Release: "00B", Agency: "UN", Association: association, Lines: lines}
}

func party(role, id string) Line { return L("NAD", E(role), E(id, "160", "ZZZ")) }

// ContentAnswer is the answer to a message from the checks of the codec
// alone: refused with the codes of what was found, or accepted.
func (m *Message) ContentAnswer(number string, at time.Time, sender, recipient string) *Answer {
	a := &Answer{Number: number, Decision: DecisionAccepted, At: at, Subject: m.Reference, Sender: sender, Recipient: recipient}
	for i := range m.Segments {
		if m.Segments[i].Tag() == "BGM" {
			a.Document = m.Segments[i].Value(2, 1)
			break
		}
	}
	if m.Content() != Reject {
		return a
	}
	a.Decision = DecisionRefused
	for i := range m.Findings {
		if f := &m.Findings[i]; f.Level == Business && f.Severity == reject {
			a.Faults = append(a.Faults, AnswerFault{Code: f.Code, Text: f.Tag + " SEGMENT " + strconv.Itoa(f.Segment)})
		}
	}
	return a
}

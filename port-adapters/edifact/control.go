package edifact

import (
	"strconv"
	"time"

	"kouan/declarations"
)

// Actions of CONTRL (0083).
const (
	ActionRejected     = "4"
	ActionAcknowledged = "7"
	ActionReceived     = "8"
)

const typeControl = "CONTRL"

// Refuse adds what only the recipient can know about an interchange: an
// unknown sender, a wrong recipient, a reference that was used before.
func (ic *Interchange) Refuse(name string) {
	element, value := 5, ic.Reference
	switch name {
	case CodeUnknownSender:
		element, value = 2, ic.Sender.ID
	case CodeNotForUs:
		element, value = 3, ic.Recipient.ID
	}
	f := found(ic.strict, name, "value", shown(value))
	f.Tag, f.Element, f.Component, f.Offset = "UNB", element, 1, ic.Header.OffsetOf(element, 1, 1)
	ic.add(&ic.Findings, f)
}

// Control makes the CONTRL that answers an interchange. There is none for a
// CONTRL, and none when UNB does not say whom to answer. Acknowledged are the
// messages that stand; of a rejected one the places follow (edifact.md 2).
func (ic *Interchange) Control(reference string, prepared time.Time) (*Outgoing, bool) {
	if ic.Reference == "" || ic.Sender.ID == "" || ic.Recipient.ID == "" || ic.onlyControl() {
		return nil, false
	}
	o := &Outgoing{Syntax: "UNOC", SyntaxVersion: "3", Sender: ic.Recipient, Recipient: ic.Sender, Prepared: prepared, Reference: reference, Test: ic.Test}
	if _, known := charsets[ic.Syntax]; known && ic.SyntaxVersion == "4" {
		o.Syntax, o.SyntaxVersion = ic.Syntax, "4"
	}
	o.Messages = []Draft{{Reference: reference, Type: typeControl, Version: "D", Release: "3", Agency: "UN", Lines: ic.control()}}
	return o, true
}

func (ic *Interchange) onlyControl() bool {
	for _, m := range ic.Messages {
		if m.Type != typeControl {
			return false
		}
	}
	return len(ic.Messages) > 0
}

func (ic *Interchange) control() []Line {
	action, own := ActionAcknowledged, firstReject(ic.Findings)
	if own != nil || ic.Verdict() == Reject {
		action = ActionRejected
	}
	party := func(p Party) Element { return E(p.ID, p.Qualifier, p.Route) }
	head := L("UCI", E(ic.Reference), party(ic.Sender), party(ic.Recipient), E(action))
	if own != nil {
		head.Elements = append(head.Elements, E(errorCode(own)), E(serviceTag(own.Tag)), position(own))
	}
	lines := []Line{head}
	if own != nil {
		return lines // the lower levels are rejected with it
	}
	for _, m := range ic.Messages {
		if m.Type == typeControl {
			continue
		}
		rejected := m.Verdict() == Reject
		if action == ActionRejected && !rejected {
			continue
		}
		lines = append(lines, m.control(rejected)...)
	}
	return lines
}

// control is UCM with, for a rejected message, a UCS for each faulty segment
// and a UCD for each faulty place in it. A fault of UNH or UNT stands in UCM.
func (m *Message) control(rejected bool) []Line {
	id := E(m.Type, m.Version, m.Release, m.Agency, m.Association)
	if !rejected {
		return []Line{L("UCM", E(m.Reference), id, E(ActionAcknowledged))}
	}
	head := L("UCM", E(m.Reference), id, E(ActionRejected))
	var lines []Line
	segment, said := 0, false
	for i := range m.Findings {
		f := &m.Findings[i]
		if f.Error == 0 || f.Severity != declarations.Reject {
			continue
		}
		if serviceTag(f.Tag) != "" && !said {
			head.Elements, said = append(head.Elements, E(errorCode(f)), E(f.Tag), position(f)), true
			continue
		}
		switch {
		case f.Element == 0: // the segment itself
			lines = append(lines, L("UCS", E(strconv.Itoa(f.Segment)), E(errorCode(f))))
		case f.Segment != segment:
			lines = append(lines, L("UCS", E(strconv.Itoa(f.Segment))))
			fallthrough
		default:
			lines = append(lines, L("UCD", E(errorCode(f)), position(f)))
		}
		segment = f.Segment
	}
	return append([]Line{head}, lines...)
}

func firstReject(list []Finding) *Finding {
	for i := range list {
		if list[i].Severity == declarations.Reject && list[i].Error != 0 {
			return &list[i]
		}
	}
	return nil
}

func errorCode(f *Finding) string { return strconv.Itoa(f.Error) }

// serviceTag is the tag when UCI or UCM may name it (0013).
func serviceTag(tag string) string {
	switch tag {
	case "UNA", "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ":
		return tag
	}
	return ""
}

// position is S011: the segment tag is position 1, so the first element is 2;
// the component follows when the element has any.
func position(f *Finding) Element {
	if f.Element == 0 {
		return nil
	}
	if f.Component == 0 {
		return E(strconv.Itoa(f.Element + 1))
	}
	return E(strconv.Itoa(f.Element+1), strconv.Itoa(f.Component))
}

package receipts

import (
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// chinaStandard is the zone of NOTICE_DATE, which has none (receipts.md §2.2, unverified).
var chinaStandard = time.FixedZone("CST", 8*60*60)

// decData reads the wrapped form: DEC_DATA around one DEC_RESULT.
func (p *parser) decData(root *strictxml.Element) declarations.Event {
	results := root.All("DEC_RESULT")
	switch len(results) {
	case 0:
		p.noCode(root, "DEC_RESULT")
		return declarations.Event{}
	case 1:
	default:
		p.faults = append(p.faults, fault(CodeTwice, "/DEC_DATA/DEC_RESULT", results[1], "element", "DEC_RESULT"))
	}
	return p.decResult(results[0])
}

// decResult reads a business receipt (业务回执).
func (p *parser) decResult(root *strictxml.Element) declarations.Event {
	e := declarations.Event{
		Code:           p.one(root, "CHANNEL"),
		SequenceNumber: p.one(root, "CUS_CIQ_NO"),
		EntryNumber:    p.one(root, "ENTRY_ID"),
		Office:         p.one(root, "CUSTOM_MASTER"),
		Text:           p.one(root, "NOTE"),
	}
	if e.Code == "" || reserved(&e) { // those two words are ours and no CHANNEL
		p.noCode(root, "CHANNEL")
	}
	if e.SequenceNumber == "" && e.EntryNumber == "" && p.name == "" && p.message == "" {
		p.namesNothing(root, "CUS_CIQ_NO, ENTRY_ID")
	}
	e.At = p.time(root, "NOTICE_DATE", true)
	return p.event(e)
}

// layouts of a date that can be ordered; a time without zone is China Standard Time.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// time reads the time of an event.
func (p *parser) time(e *strictxml.Element, local string, required bool) time.Time {
	v := p.one(e, local)
	if v == "" && !required {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, v, chinaStandard); err == nil && plausible(t) {
			return t.UTC()
		}
	}
	at := e.Child(local)
	if at == nil {
		at = e
	}
	p.faults = append(p.faults, fault(CodeBadDate, "/"+e.Local+"/"+local, at, "element", local, "value", cut(v)))
	return time.Time{}
}

// plausible keeps out years that a database or a calendar cannot hold.
func plausible(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 9999 }

// cut shortens a value for a message.
func cut(v string) string {
	const limit = 40
	if r := []rune(v); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return v
}

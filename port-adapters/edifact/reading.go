package edifact

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
)

// Place is where a box was seen.
type Place struct {
	Container string
	Terminal  string // as the sender writes it; empty: it left
	YardPlace string
	At        time.Time
}

// Reading is what a document of a partner comes to.
type Reading struct {
	Reference  string // 0020, when the document is one interchange; else its bytes decide
	Events     []inspection.Event
	Facts      []clearance.Fact
	Places     []Place
	Reports    []*Report
	Controls   []*Controlled
	Answer     []byte // CONTRL of each interchange, then APERAK where one is due
	Faults     []declarations.Fault
	Refused    bool // nothing of it may be used
	Incomplete bool // it ended early: the rest may still come
}

// AnswerType is the media type of answers (RFC 1767).
const AnswerType = "application/EDIFACT"

// Read reads what a partner sent and says what it means. The answers carry
// numbers made of the document, so the same document has the same answers but
// for their time; a caller keeps and repeats the first ones.
func (p *Profile) Read(body []byte, now time.Time) Reading {
	all := Parse(body, Options{Strict: p.Strict, Charset: p.Charset, Supports: p.Supports})
	if len(all) == 0 {
		return Reading{Refused: true, Faults: []declarations.Fault{{Code: declarations.CodeEmpty, Severity: reject}}}
	}
	sum := sha256.Sum256(body)
	r := &reading{Reading: Reading{Refused: true}, p: p, now: now.In(port), seed: hex.EncodeToString(sum[:])}
	if len(all) == 1 {
		r.Reference = all[0].Reference
	}
	for _, ic := range all {
		r.interchange(ic)
		r.Faults = append(r.Faults, ic.Faults(string(body))...)
	}
	return r.Reading
}

type reading struct {
	Reading
	p    *Profile
	now  time.Time
	seed string
	ic   *Interchange
	m    *Message
}

func (r *reading) interchange(ic *Interchange) {
	r.ic = ic
	r.Incomplete = r.Incomplete || !ic.Complete
	whole := ic.Verdict()
	r.answer(ic)
	if whole == Reject {
		return
	}
	r.Refused = false
	for _, m := range ic.Messages {
		r.m = m
		switch {
		case m.Verdict() == Reject || m.Content() == Reject:
		case m.Verdict() == Quarantine:
			r.warn(&m.Segments[0], 0, 0, CodeQuarantined)
		case ic.Test && !r.p.Test:
			r.warn(&m.Segments[0], 0, 0, CodeTest)
		default:
			r.message(m)
		}
	}
}

func (r *reading) warn(s *Segment, e, c int, name string, pairs ...string) {
	(&reporter{m: r.m}).warn(s, e, c, name, pairs...)
}

// answer adds CONTRL, and APERAK for the messages that asked for one or whose
// content cannot be taken.
func (r *reading) answer(ic *Interchange) {
	number := func(kind string) string { return Reference(kind + r.seed + strconv.FormatInt(ic.Offset, 10)) }
	control, ok := ic.Control(number("CONTRL"), r.now)
	if !ok {
		return
	}
	control.PerLine = r.p.PerLine
	r.write(control)
	business := &Outgoing{Syntax: control.Syntax, SyntaxVersion: control.SyntaxVersion, Sender: control.Sender, Recipient: control.Recipient,
		Prepared: r.now, Reference: number("APERAK"), Test: ic.Test, PerLine: r.p.PerLine}
	if ic.Verdict() == Reject {
		return
	}
	for i, m := range ic.Messages {
		if m.Verdict() == Reject || m.Type == typeControl || m.Type == typeAperak || m.Content() != Reject && !m.wantsAnswer() {
			continue
		}
		reference := number("APERAK" + strconv.Itoa(i))
		answer := m.ContentAnswer(reference, r.now, ic.Recipient.ID, ic.Sender.ID)
		business.Messages = append(business.Messages, answer.Draft(reference))
	}
	if len(business.Messages) > 0 {
		r.write(business)
	}
}

// write adds an interchange to the answer; one that cannot be written is told.
func (r *reading) write(o *Outgoing) {
	data, refused := Write(o)
	for i := range refused {
		f := refused[i].Fault("")
		f.Severity = warn
		r.Faults = append(r.Faults, f)
	}
	r.Answer = append(r.Answer, data...)
}

// wantsAnswer reads BGM 4343: AB asks for an acknowledgement.
func (m *Message) wantsAnswer() bool {
	for i := range m.Segments {
		if s := &m.Segments[i]; s.Tag() == "BGM" {
			return s.Value(4, 1) == "AB"
		}
	}
	return false
}

func (r *reading) message(m *Message) {
	if c, ok := ReadControl(m); ok {
		r.Controls = append(r.Controls, c)
		r.controlled(m, c)
		return
	}
	if a, ok := ReadAnswer(m); ok {
		r.answered(m, a)
		return
	}
	report, ok := ReadReport(m)
	if !ok {
		return
	}
	r.Reports = append(r.Reports, report)
	if mean := meanings[m.Type]; mean != nil {
		mean(r, report)
	}
}

// prepared is the time of UNB, of version 4 with a whole year.
func (ic *Interchange) prepared() time.Time {
	t, ok := readTime(ic.Date+ic.Time, "201")
	if !ok {
		t, _ = readTime(ic.Date+ic.Time, "203") // zero when it is none of both: the event has no time
	}
	return t
}

// minute is the time of an acknowledgement. Messages have whole minutes: the
// last second of it is taken, or now, so that an answer is not dated before
// what it answers.
func (r *reading) minute(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	last := t.Add(59 * time.Second)
	if last.After(r.now) && !r.now.Before(t) {
		last = r.now
	}
	return last.UTC()
}

// controlled: 7 and 8 say that our interchange arrived; 4 that it came back.
func (r *reading) controlled(m *Message, c *Controlled) {
	if c.Accepted() {
		r.Events = append(r.Events, inspection.Event{Kind: inspection.TransportAck, AnswersID: referenceOf(c.Reference), OccurredAt: r.minute(r.ic.prepared()), Reference: r.number(0)})
	}
	errors := []int{c.Error}
	refused := !c.Accepted()
	for _, cm := range c.Messages {
		refused = refused || cm.Action == ActionRejected
		for _, f := range cm.Faults {
			errors = append(errors, f.Error)
		}
	}
	if !refused {
		return
	}
	var list []string
	for _, e := range errors {
		if e != 0 {
			list = append(list, strconv.Itoa(e))
		}
	}
	for i := range m.Segments {
		if m.Segments[i].Tag() == "UCI" {
			r.warn(&m.Segments[i], 4, 1, CodeSentBack, "value", shown(c.Reference), "error", strings.Join(list, ", "))
		}
	}
}

// number is the sender's own number of a report: duplicates are known by it.
func (r *reading) number(i int) string {
	n := word(r.ic.Reference) + "/" + word(r.m.Reference)
	if i > 0 {
		n += "/" + strconv.Itoa(i)
	}
	return n
}

// answered makes the business answer an event, one a box when boxes are named.
func (r *reading) answered(m *Message, a *Answer) {
	bgm := &m.Segments[0]
	for i := range m.Segments {
		if m.Segments[i].Tag() == "BGM" {
			bgm = &m.Segments[i]
		}
	}
	e := inspection.Event{Kind: inspection.Accepted, AnswersID: referenceOf(word(a.Subject)), NoticeNumber: word(a.Notice), OccurredAt: r.minute(a.At), Reference: r.number(0)}
	if e.OccurredAt.IsZero() {
		r.warn(bgm, 0, 0, CodeNoTime)
		return
	}
	switch a.Decision {
	case DecisionAccepted, DecisionAmended:
		var texts []string
		for _, f := range a.Faults {
			texts = append(texts, strings.TrimSpace(f.Code+" "+f.Text))
		}
		e.Text = word(strings.Join(texts, "; "))
		r.Events = append(r.Events, e)
	case DecisionRefused:
		if len(a.Faults) == 0 {
			a.Faults = []AnswerFault{{Text: documentRefused}} // refused, and that is all that was said
		}
		for i, f := range a.Faults {
			one := e
			one.Kind, one.Box, one.Text = inspection.Rejected, strings.ToUpper(word(f.Box)), word(f.Text)
			if len(a.Faults) > 1 {
				one.Reference = r.number(i + 1)
			}
			reason, known := inspection.ReasonOfWire(f.Code)
			if !known {
				reason, one.Text = inspection.OtherReason, word(f.Code+" "+f.Text)
			}
			if one.Reason = reason; reason == inspection.OtherReason && one.Text == "" {
				one.Text = f.Code
			}
			r.Events = append(r.Events, one)
		}
	default:
		r.warn(bgm, 3, 1, CodeUndecided)
	}
}

package app

import (
	"context"
	"strconv"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/port-adapters/depotxml"
	"kouan/port-adapters/edifact"
)

// roundEvery is how often notices are looked at whose time has come.
const roundEvery = 5 * time.Second

// letterFormats are in which terminals are told, beside JSON.
func letterFormats() map[string]desk.Format {
	return map[string]desk.Format{
		"mail":     desk.MailFormat(i18n.ZhHans, i18n.En),
		"depotxml": {Write: depotLetter},
		"edifact":  {Write: edifactLetter, Reference: edifact.Reference},
	}
}

// documentReaders read what terminals send, beside JSON.
func documentReaders(clock func() time.Time) map[string]desk.DocumentReader {
	return map[string]desk.DocumentReader{"depotxml": depotReader{}, "edifact": edifactReader{clock}}
}

// edifactLetter writes by our own profile (DLC10); no terminal has agreed to
// another one yet.
func edifactLetter(l *inspection.Letter) (desk.Document, []declarations.Fault) {
	body, faults := (&edifact.Profile{}).Letter(l)
	return desk.Document{Body: body, ContentType: edifact.AnswerType}, faults
}

// edifactReader reads the messages of terminals and carriers, and answers them by CONTRL.
type edifactReader struct{ clock func() time.Time }

// Read takes what the messages mean over into our words.
func (r edifactReader) Read(body []byte, _ string) desk.Reading {
	read := (&edifact.Profile{}).Read(body, r.clock())
	out := desk.Reading{Reference: read.Reference, Events: read.Events, Facts: read.Facts, Answer: read.Answer, AnswerType: edifact.AnswerType,
		Faults: read.Faults, Refused: read.Refused}
	for _, p := range read.Places {
		if p.At.IsZero() {
			p.At = r.clock() // the message does not say when: now is when we know it
		}
		out.Places = append(out.Places, store.BoxPlace{Container: p.Container, Terminal: p.Terminal, YardPlace: p.YardPlace, At: p.At.UnixMilli()})
	}
	return out
}

func depotLetter(l *inspection.Letter) (desk.Document, []declarations.Fault) {
	body, faults := depotxml.Letter(l)
	return desk.Document{Body: body, ContentType: "application/xml"}, faults
}

// depotReader reads the messages of depots: reports about notices, and
// receipts that answer what we sent, row by row.
type depotReader struct{}

// Read refuses what a terminal does not send.
func (depotReader) Read(body []byte, _ string) desk.Reading {
	m, faults := depotxml.Read(body)
	if m == nil || declarations.Rejected(faults) {
		return desk.Reading{Faults: faults, Refused: true}
	}
	r := desk.Reading{Reference: m.Head.ID, Events: m.Events, Faults: faults}
	switch {
	case m.Answer != nil:
		r.Events = depotAnswer(m.Answer)
	case m.Notice != nil || m.Release != nil:
		r.Refused = true
		r.Faults = append(r.Faults, declarations.Fault{Code: depotxml.CodeForm, Severity: declarations.Reject,
			Args: map[string]string{"type": m.Head.Type, "known": depotxml.TypeEvents + ", " + depotxml.TypeAnswer}})
	}
	for i := range r.Events {
		if r.Events[i].Reference == "" && r.Reference != "" {
			r.Events[i].Reference = r.Reference + "/" + strconv.Itoa(i)
		}
	}
	return r
}

// depotAnswer is what a receipt says: the message arrived, and each row of it
// can be done or not (CHK_FLAG 01, 03). A head that passed can hold rows that
// were returned; a row that names a bill alone is about all boxes of it.
func depotAnswer(a *depotxml.Answer) []inspection.Event {
	events := []inspection.Event{{Kind: inspection.TransportAck, AnswersID: a.MessageID, OccurredAt: a.At}}
	one := func(box string, passed bool, notes string) {
		e := inspection.Event{Kind: inspection.Accepted, Box: box, AnswersID: a.MessageID, OccurredAt: a.At, Text: notes}
		if !passed {
			e.Kind, e.Reason = inspection.Rejected, inspection.OtherReason
			if e.Text == "" {
				e.Text = "CHK_FLAG 03"
			}
		}
		events = append(events, e)
	}
	if len(a.Rows) == 0 {
		one("", a.Passed, a.Notes)
	}
	for i := range a.Rows {
		one(a.Rows[i].ContainerNumber, a.Rows[i].Passed, a.Rows[i].Notes)
	}
	return events
}

// roundNotices does what the clock asks for until ctx ends. Every process does
// it: each step has one identity, so it is done once.
func (h *house) roundNotices(ctx context.Context) error {
	return h.every(ctx, roundEvery, "inspection notices", h.desk.RoundNotices)
}

// rematchNotices finishes what a crash left: documents of terminals that were
// kept and not worked through, notices whose declaration came later.
func (h *house) rematchNotices(ctx context.Context) error {
	return h.every(ctx, rematchEvery, "kept documents of terminals", h.desk.RematchNotices)
}

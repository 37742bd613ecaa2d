package clearance

import (
	"time"

	"kouan/declarations"
)

// PaymentDeadline is until when customs waits for the duties that it asked
// for. It says nothing about a payment, because no receipt does: Met is that
// customs released, closed or took a guarantee after its last demand.
type PaymentDeadline struct {
	Due      Day           `json:"due" doc:"Day at the port on which the time of customs' last demand ends"`
	DaysLeft *int          `json:"days_left,omitempty" doc:"Negative when it is past; absent when it is over"`
	State    DeadlineState `json:"state" enum:"open,met,overdue,void"`
	MetAt    time.Time     `json:"met_at,omitzero" doc:"When customs released, closed or took a guarantee; whether duties were paid no receipt tells"`
	Remind   []Day         `json:"reminders,omitempty" doc:"Days on which a reminder is sent"`
	Text     string        `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// PaymentDeadlineOf is the deadline that the receipts about duties set; ok is
// false when the last demand has no date, which is never made up. Of the
// instant that customs told, the day at the port counts, the whole of it.
func PaymentDeadlineOf(d *declarations.Duties, now time.Time) (p PaymentDeadline, ok bool) {
	if d.AskedUntil.IsZero() {
		return PaymentDeadline{}, false
	}
	p = PaymentDeadline{Due: DayOf(d.AskedUntil), Evidence: declarations.Secondary, Basis: "RES 13, 14, 15"}
	p.Remind = remindOn(p.Due)
	switch d.State {
	case declarations.DutyVoid:
		p.State = Void
	case declarations.DutyGuaranteed, declarations.DutyReleasedSince:
		p.State, p.MetAt = Met, d.SettledAt
	default:
		p.State, p.DaysLeft = count(p.Due, now)
	}
	return p, true
}

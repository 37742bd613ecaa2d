package clearance

import "time"

// The kinds of deadlines.
const (
	FilingKind  = "two_step_full" // the full declaration of a two-step one
	PaymentKind = "duty_payment"  // the duties that customs asked for
)

// Countdown is a deadline of any kind in its shortest form.
type Countdown struct {
	Kind     string        `json:"kind" enum:"two_step_full,duty_payment"`
	State    DeadlineState `json:"state" enum:"open,met,overdue,void"`
	Due      Day           `json:"due,omitzero" format:"date" doc:"Last day, at the port; absent while it is not known"`
	DaysLeft *int          `json:"days_left,omitempty" doc:"Negative when it is past; absent without a last day or when it is over"`
	Text     string        `json:"text" doc:"In the caller's language, with what to do"`

	source string // of the day of entry
	late   bool
}

// CountdownOf is a deadline as it was kept, counted anew: a day may have
// passed since. source is where the day of entry is from, "" for other kinds;
// metAt is zero when it was not met or nothing tells when.
func CountdownOf(kind string, state DeadlineState, due Day, source string, metAt, now time.Time) Countdown {
	c := Countdown{Kind: kind, State: state, Due: due, source: source}
	switch state {
	case Open, Overdue:
		c.State, c.DaysLeft = count(due, now)
	case Met:
		c.late = kind == FilingKind && due != "" && !metAt.IsZero() && DayOf(metAt) > due
	}
	return c
}

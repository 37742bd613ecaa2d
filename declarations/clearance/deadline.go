package clearance

import (
	"time"

	"kouan/declarations"
)

// FullWithin is the time for the full declaration: 14 calendar days from the
// day on which the conveyance declared its entry (clearance-modes.md §3.3,
// secondary). Whether the end moves when it falls on a day of rest was not
// found in a source; it is not moved.
const FullWithin = 14

// Reminders are sent when so many days are left (own rule; forms in use warn
// after 10, 12 and 13 days, which is the same thought).
var Reminders = []int{7, 3, 1}

// Where the day of entry is known from.
const (
	EntryFromFact     = "fact"     // the conveyance's entry was reported
	EntryFromDocument = "declared" // IEDate of the declaration
	EntryFromEstimate = "estimate" // an expected entry was reported
)

// Entry is the day on which the conveyance declared its entry, as well as it
// is known. Of several reports that of customs counts, else the newest one;
// what was seen counts before what the declarant wrote, and that before what
// is only expected.
func Entry(d *declarations.Declaration, facts []Known) (day Day, source string) {
	var seen, expected *Known
	for _, f := range standing(facts, ShipArrival) {
		to := &seen
		if f.Estimated {
			to = &expected
		}
		if *to == nil || outranks(f, *to) {
			*to = f
		}
	}
	if seen != nil {
		return DayOf(seen.At()), EntryFromFact
	}
	if day, ok := ParseDay(d.Transport.ImportExportDate); ok {
		return day, EntryFromDocument
	}
	if expected != nil {
		return DayOf(expected.At()), EntryFromEstimate
	}
	return "", ""
}

func outranks(a, b *Known) bool {
	if (a.Role == "customs") != (b.Role == "customs") {
		return a.Role == "customs"
	}
	if !a.HeardAt.Equal(b.HeardAt) {
		return a.HeardAt.After(b.HeardAt)
	}
	return a.ID > b.ID
}

// DeadlineState says what became of a deadline.
type DeadlineState string

// Open may have no day yet. Met: customs holds the full declaration, late or
// not. Void: the declaration was deleted or is no two-step one any more.
const (
	Open    DeadlineState = "open"
	Met     DeadlineState = "met"
	Overdue DeadlineState = "overdue"
	Void    DeadlineState = "void"
)

// FilingDeadline is the end of the time for the full declaration.
type FilingDeadline struct {
	Entry    Day           `json:"entry_day,omitzero" doc:"Day on which the conveyance declared its entry, at the port; absent while it is not known"`
	Source   string        `json:"entry_source,omitzero" enum:"fact,declared,estimate"`
	Due      Day           `json:"due,omitzero" doc:"Last day; absent while the day of entry is not known"`
	DaysLeft *int          `json:"days_left,omitempty" doc:"Negative when it is past; absent without a last day or when it is over"`
	State    DeadlineState `json:"state" enum:"open,met,overdue,void"`
	MetAt    time.Time     `json:"met_at,omitzero"`
	Late     bool          `json:"late,omitzero" doc:"Met after the last day"`
	Remind   []Day         `json:"reminders,omitempty" doc:"Days on which a reminder is sent"`
	Text     string        `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// DeadlineOf computes the deadline of a two-step declaration.
func DeadlineOf(d *declarations.Declaration, c *Course, facts []Known, now time.Time) FilingDeadline {
	out := FilingDeadline{State: Open, Evidence: declarations.Secondary, Basis: "GACC 2019-127, 2019-216"}
	out.Entry, out.Source = Entry(d, facts)
	out.Due = out.Entry.Add(FullWithin)
	out.Remind = remindOn(out.Due)
	switch s := c.Result.Status; {
	case s == declarations.StatusDeleted, s == declarations.StatusCancelled, !IsTwoStep(d):
		out.State = Void
	case fullStatus(s):
		out.State = Met
		out.MetAt = c.metAt()
		out.Late = out.Due != "" && !out.MetAt.IsZero() && DayOf(out.MetAt) > out.Due
	default:
		out.State, out.DaysLeft = count(out.Due, now)
	}
	return out
}

// count is the state of a deadline that nothing has ended; a last day that is
// not known leaves it open.
func count(due Day, now time.Time) (DeadlineState, *int) {
	if due == "" {
		return Open, nil
	}
	left := DayOf(now).Until(due)
	if left < 0 {
		return Overdue, &left
	}
	return Open, &left
}

// remindOn are the days of the reminders before a last day.
func remindOn(due Day) []Day {
	if due == "" {
		return nil
	}
	days := make([]Day, 0, len(Reminders))
	for _, n := range Reminders {
		days = append(days, due.Add(-n))
	}
	return days
}

// metAt is the first receipt of the unbroken run of full statuses that leads
// to now: a full declaration that was returned did not meet anything.
func (c *Course) metAt() time.Time {
	at := time.Time{}
	for i := len(c.Result.Trail) - 1; i >= 0 && fullStatus(c.Result.Trail[i].Status); i-- {
		if h := c.Result.History[i].At; !h.IsZero() {
			at = h
		}
	}
	return at
}

// ReminderFor is the reminder that is due with so many days left: the
// smallest step that has been reached. 0 is none, -1 says that it is overdue.
func ReminderFor(left int) int {
	if left < 0 {
		return -1
	}
	found := 0
	for _, n := range Reminders {
		if left <= n {
			found = n
		}
	}
	return found
}

// ReminderBit is the place of a reminder in a set of those sent: bit 0 for
// the first, one more after the last for overdue.
func ReminderBit(reminder int) int64 {
	for i, n := range Reminders {
		if n == reminder {
			return 1 << i
		}
	}
	return 1 << len(Reminders)
}

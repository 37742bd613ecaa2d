package complaint

import (
	"slices"
	"strings"
	"time"
)

// Entry is one complaint as the figures see it: no words, no names.
type Entry struct {
	Collector string
	State     State
	Received  time.Time
	Forwarded time.Time
	Answered  time.Time
	Verdict   State
	Reason    string
	Escalated bool
	Due       time.Time
}

// Month are the figures of one body in one month, by the day of receipt. A
// body of no name is what was not passed on to anybody.
type Month struct {
	Month     string // 2026-11
	Collector string
	Received  int
	Excluded  int // withdrawn, duplicate or not of this authority before anybody had to act
	Forwarded int // passed on, or answered by the authority itself
	Answered  int
	Closed    int
	Accepted  int // the complainant accepted the answer
	Rejected  int
	Upheld    int
	Escalated int
	Overdue   int // now

	MedianHours *int // from passing on to the first answer; nil: no answer yet
	MedianDays  *int // the same in working days; nil as well when their calendar is not known
}

// Rate is a part of a whole; a whole of none is unknown.
type Rate struct{ Part, Of int }

// Tenths is the rate in tenths of a percent, rounded down, so that 949 is
// never shown as a target that was reached.
func (r Rate) Tenths() (int, bool) {
	if r.Of <= 0 {
		return 0, false
	}
	return r.Part * 1000 / r.Of, true
}

// The measures of the plan, in tenths of a percent.
const (
	TargetForwarded = 950
	TargetClosed    = 900
	TargetSatisfied = 850
)

// Meets reports whether a target is reached; known is false without a rate.
func (r Rate) Meets(target int) (meets, known bool) {
	if r.Of <= 0 {
		return false, false
	}
	return r.Part*1000 >= target*r.Of, true
}

// ForwardedRate is which part was passed on, of those that somebody had to act on.
func (m *Month) ForwardedRate() Rate { return Rate{m.Forwarded, m.Received - m.Excluded} }

// ClosedRate is which part is closed.
func (m *Month) ClosedRate() Rate { return Rate{m.Closed, m.Received - m.Excluded} }

// SatisfiedRate is which part of those who said a word accepted the answer.
// Silence is no acceptance.
func (m *Month) SatisfiedRate() Rate { return Rate{m.Accepted, m.Accepted + m.Rejected} }

// excluded: it ended before anybody had to act.
func (e *Entry) excluded() bool {
	return e.State == Closed && e.Forwarded.IsZero() && e.Answered.IsZero() && slices.Contains([]string{Withdrawn, Duplicate, NotCompetent}, e.Reason)
}

// tally gathers what a month's figures stand on.
type tally struct {
	Month
	hours, days []int
	unknown     bool // some answer has no known number of working days
}

// Figures are the months of each body, the newest first, then by name. all
// adds them up over bodies: its Collector is empty in every month.
func Figures(entries []Entry, now time.Time) (byBody, all []Month) {
	bodies, months := map[string]*tally{}, map[string]*tally{}
	for i := range entries {
		e := &entries[i]
		month := e.Received.In(port).Format("2006-01")
		of(bodies, month, e.Collector).add(e, now)
		of(months, month, "").add(e, now)
	}
	return sorted(bodies), sorted(months)
}

func of(m map[string]*tally, month, collector string) *tally {
	key := month + "\x00" + collector
	if m[key] == nil {
		m[key] = &tally{Month: Month{Month: month, Collector: collector}}
	}
	return m[key]
}

func (t *tally) add(e *Entry, now time.Time) {
	t.Received++
	if e.excluded() {
		t.Excluded++
		return
	}
	count(&t.Forwarded, !e.Forwarded.IsZero() || !e.Answered.IsZero())
	count(&t.Answered, !e.Answered.IsZero())
	count(&t.Closed, e.State == Closed)
	count(&t.Accepted, e.Verdict == Accepted)
	count(&t.Rejected, e.Verdict == Rejected)
	count(&t.Upheld, e.Reason == Upheld)
	count(&t.Escalated, e.Escalated)
	count(&t.Overdue, e.State != Closed && !e.Due.IsZero() && now.After(e.Due))
	if e.Forwarded.IsZero() || e.Answered.Before(e.Forwarded) {
		return
	}
	t.hours = append(t.hours, int(e.Answered.Sub(e.Forwarded)/time.Hour))
	if days, known := WorkingBetween(e.Forwarded, e.Answered); known {
		t.days = append(t.days, days)
	} else {
		t.unknown = true
	}
}

func count(n *int, when bool) {
	if when {
		*n++
	}
}

func sorted(m map[string]*tally) []Month {
	out := make([]Month, 0, len(m))
	for _, t := range m {
		t.MedianHours = median(t.hours)
		if !t.unknown {
			t.MedianDays = median(t.days)
		}
		out = append(out, t.Month)
	}
	slices.SortFunc(out, func(a, b Month) int {
		if c := strings.Compare(b.Month, a.Month); c != 0 {
			return c
		}
		return strings.Compare(a.Collector, b.Collector)
	})
	return out
}

// median is the middle one; of two middle ones the longer, so that a reply
// time is never made to look shorter than it was.
func median(list []int) *int {
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	middle := list[len(list)/2]
	return &middle
}

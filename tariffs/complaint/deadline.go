package complaint

import (
	"cmp"
	"strconv"
	"time"
)

// The keys of time limits that belong to no charging body. A limit under the
// name of a body is the one for its answers.
const (
	LimitForward = "*forward" // the authority passes a complaint on
	LimitAnswer  = "*answer"  // a body without a limit of its own answers
	LimitReact   = "*react"   // the complainant says what he thinks of an answer
	LimitSettle  = "*settle"  // the authority decides what came back to it
)

// Units of a limit.
const (
	CalendarDays = "calendar"
	WorkingDays  = "working"
)

// Limit is a number of days that the operator set.
type Limit struct {
	Key    string `json:"key"` // a collector, or one of those above
	Days   int    `json:"days"`
	Unit   string `json:"unit"`
	Source string `json:"source,omitzero"` // what it stands on, in the operator's words
	Own    bool   `json:"own_choice"`      // nobody set it: the gateway's own choice
}

// MostDays bounds a limit.
const MostDays = 365

// defaults are own choices. No legal time limit is on file for complaints
// about port charges (formats/tariffs.md §11 reads 180 days in the Yangtze
// text only, and that for claims).
var defaults = []Limit{
	{Key: LimitForward, Days: 3, Unit: CalendarDays, Own: true},
	{Key: LimitAnswer, Days: 15, Unit: CalendarDays, Own: true},
	{Key: LimitReact, Days: 30, Unit: CalendarDays, Own: true},
	{Key: LimitSettle, Days: 15, Unit: CalendarDays, Own: true},
}

// Limits are the operator's, over the defaults.
type Limits []Limit

// For is the limit of a key: of a body its own, else that of all bodies.
func (l Limits) For(key string) Limit {
	for _, list := range [][]Limit{l, defaults} {
		for i := range list {
			if list[i].Key == key {
				return list[i]
			}
		}
	}
	if key != LimitAnswer {
		return l.For(LimitAnswer)
	}
	return Limit{}
}

// All are the limits in force: those of nobody first, then the operator's
// for single bodies.
func (l Limits) All() []Limit {
	out := make([]Limit, 0, len(defaults)+len(l))
	for i := range defaults {
		out = append(out, l.For(defaults[i].Key))
	}
	for i := range l {
		if l[i].Key != "" && l[i].Key[0] != '*' {
			out = append(out, l[i])
		}
	}
	return out
}

// Of is the limit for the side whose turn it is in a state; none when nobody's.
func (l Limits) Of(s State, collector string) Limit {
	switch s {
	case Received:
		return l.For(LimitForward)
	case Forwarded:
		return l.For(cmp.Or(collector, LimitAnswer))
	case Answered:
		return l.For(LimitReact)
	case Accepted, Rejected, Escalated:
		return l.For(LimitSettle)
	}
	return Limit{}
}

// After is until when the side whose turn it is has to act, when a complaint
// comes into a state at a moment. Zero: nobody has to, or the calendar of
// working days is not known so far.
func (l Limits) After(s State, collector string, at time.Time) time.Time {
	limit := l.Of(s, collector)
	if limit.Days == 0 {
		return time.Time{}
	}
	due, _ := limit.Due(at)
	return due
}

// CheckDays finds what is wrong with a number of days.
func CheckDays(days int) []Fault {
	if days > 0 && days <= MostDays {
		return nil
	}
	return []Fault{{CodeLimit, "days", map[string]string{"value": strconv.Itoa(days), "limit": strconv.Itoa(MostDays)}}}
}

// Due is the end of the last day: the day of the beginning does not count.
// known is false when the days of a year that it runs into are not published.
func (l Limit) Due(from time.Time) (due time.Time, known bool) {
	day := startOfDay(from)
	if l.Unit != WorkingDays {
		return day.AddDate(0, 0, l.Days+1), true
	}
	for left := l.Days; left > 0; {
		day = day.AddDate(0, 0, 1)
		works, known := Working(day)
		if !known {
			return time.Time{}, false
		}
		if works {
			left--
		}
	}
	return day.AddDate(0, 0, 1), true
}

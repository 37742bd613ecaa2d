package tariffs

import "time"

// Day is a calendar day of the port, 2026-11-25; empty is open. Days compare
// as text.
type Day string

// port is the time of the port's calendar: China has one, without summer time.
var port = time.FixedZone("Asia/Shanghai", 8*60*60)

// DayOf is the port's calendar day of an instant.
func DayOf(t time.Time) Day { return Day(t.In(port).Format(time.DateOnly)) }

// ParseDay reads YYYY-MM-DD; a day that no calendar has is refused.
func ParseDay(s string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Day(s), err == nil && t.Format(time.DateOnly) == s
}

// Begin is the instant at which the day begins at the port; false for no day.
func (d Day) Begin() (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, string(d), port)
	return t, err == nil
}

// Span is from a first day to a last one, both inclusive; empty is open.
type Span struct{ From, To Day }

// Holds reports whether a day is in the span.
func (s Span) Holds(d Day) bool {
	return (s.From == "" || s.From <= d) && (s.To == "" || d <= s.To)
}

// Overlaps reports whether two spans share a day.
func (s Span) Overlaps(o Span) bool {
	return (s.To == "" || o.From == "" || o.From <= s.To) && (o.To == "" || s.From == "" || s.From <= o.To)
}

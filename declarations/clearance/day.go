package clearance

import "time"

// port is the zone in which days are counted: China Standard Time, which has
// no summer time since 1991, so that no zone file is needed.
var port = time.FixedZone("CST", 8*60*60)

// Day is a day of the port's calendar, 2026-01-19; empty when it is not known.
type Day string

// DayOf is the day of an instant at the port.
func DayOf(t time.Time) Day { return Day(t.In(port).Format(time.DateOnly)) }

// ParseDay reads a date of the message, yyyyMMdd; ok is false for no date.
func ParseDay(text string) (d Day, ok bool) {
	t, err := time.ParseInLocation("20060102", text, port)
	if err != nil {
		return "", false
	}
	return DayOf(t), true
}

// Add is the day so many days later; an unknown day stays unknown.
func (d Day) Add(days int) Day {
	t, err := time.ParseInLocation(time.DateOnly, string(d), port)
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// Until counts the days to another day, negative when it is past; 0 when
// either is not known, so ask first.
func (d Day) Until(other Day) int {
	from, err := time.ParseInLocation(time.DateOnly, string(d), port)
	if err != nil {
		return 0
	}
	to, err := time.ParseInLocation(time.DateOnly, string(other), port)
	if err != nil {
		return 0
	}
	return int(to.Sub(from) / (24 * time.Hour))
}

// Start is the first instant of the day at the port.
func (d Day) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), port)
	if err != nil {
		return time.Time{}
	}
	return t
}

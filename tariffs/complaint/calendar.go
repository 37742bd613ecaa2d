package complaint

import (
	"bufio"
	_ "embed"
	"strings"
	"sync"
	"time"
)

// holidaysCSV are the days off and the make-up days of State Council notices,
// 2024 to 2026: the data set NateScarlet/holiday-cn (MIT), checked against the
// notice of 4 November 2025. Later years are not published.
//
//go:embed tables/holidays.csv
var holidaysCSV string

// port is the zone of the port's calendar: China has one, without summer time.
var port = time.FixedZone("Asia/Shanghai", 8*60*60)

type calendar struct {
	days  map[string]string // holiday, workday
	years map[string]bool
}

var holidays = sync.OnceValue(func() calendar {
	c := calendar{map[string]string{}, map[string]bool{}}
	lines := bufio.NewScanner(strings.NewReader(holidaysCSV))
	for lines.Scan() {
		day, kind, _ := strings.Cut(lines.Text(), ",")
		if day == "date" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil || kind != "holiday" && kind != "workday" {
			panic("table of holidays: " + lines.Text()) // a mistake of this package
		}
		c.days[day] = kind
		c.years[day[:4]] = true
	}
	return c
})

// Working reports whether the port's day of an instant is a working day;
// known is false for a year whose notice is not in the table.
func Working(t time.Time) (works, known bool) {
	t, c := t.In(port), holidays()
	day := t.Format(time.DateOnly)
	if !c.years[day[:4]] {
		return false, false
	}
	switch c.days[day] {
	case "holiday":
		return false, true
	case "workday":
		return true, true
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, true
}

// WorkingBetween counts the working days after the day of from up to that of
// to: an answer on the same day took none.
func WorkingBetween(from, to time.Time) (days int, known bool) {
	last := startOfDay(to)
	for day := startOfDay(from).AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		works, known := Working(day)
		if !known {
			return 0, false
		}
		if works {
			days++
		}
	}
	return days, true
}

func startOfDay(t time.Time) time.Time {
	t = t.In(port)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, port)
}

package intake

import (
	"regexp"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// date reads a number under a date format: a day in a column of dates, and
// nothing that may be used anywhere else.
func (r *reading) date(c *cells.Cell) {
	switch {
	case r.col.kind == declarations.Number || r.col.kind == declarations.Whole, r.col.kind == declarations.Text && !isDay(r.col):
		r.refuse(codeCellType, "name", r.called(), "value", clip(shownDate(c)), "reason", "date_elsewhere")
		return
	case c.Shown == "":
		r.refuse(codeCellType, "name", r.called(), "value", clip(c.Text), "reason", "no_date")
		return
	}
	day, ok := r.dayOf(c.Shown)
	if !ok {
		r.refuse(codeCellType, "name", r.called(), "value", clip(c.Shown), "reason", "no_date")
		return
	}
	r.becomes(day, "reason", "serial_date")
}

// isDay reports the few fields that are text in the message and hold a day.
func isDay(c *column) bool {
	return c.path == "items[].valid_until" || c.path == "items[].production_dates"
}

func shownDate(c *cells.Cell) string {
	if c.Shown == "" {
		return c.Text
	}
	return c.Shown
}

// Days that can be read in one way only: the year stands first.
var yearFirst = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,2}))?)?)?$`)

// typedDate reads a day written as text; what is no day is left to the rules.
func (r *reading) typedDate() {
	if !r.col.isList() {
		if day, ok := r.dayOf(r.value); ok {
			r.becomes(day, "reason", "date_form")
		}
		return
	}
	parts := strings.Split(r.value, ";")
	for i := range parts {
		if day, ok := r.dayOf(trim(parts[i])); ok {
			parts[i] = day
		}
	}
	r.becomes(strings.Join(parts, ";"), "reason", "date_form")
}

// dayOf gives a day the form of the field.
func (r *reading) dayOf(v string) (string, bool) {
	m := yearFirst.FindStringSubmatch(v)
	if m == nil {
		return "", false
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	day := m[1] + two(m[2]) + two(m[3])
	if _, err := time.Parse("20060102", day); err != nil {
		return "", false
	}
	switch r.col.kind {
	case declarations.DashedDay:
		return m[1] + "-" + two(m[2]) + "-" + two(m[3]), true
	case declarations.Instant:
		clock := two(m[4]) + two(m[5]) + two(m[6])
		if _, err := time.Parse("150405", clock); err != nil {
			return "", false
		}
		return day + clock + (m[7] + "00")[:2], true
	}
	return day, true
}

package inspection

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// port is the zone in which hours are told: China Standard Time, without summer time.
var port = time.FixedZone("CST", 8*60*60)

// Slot is one span of time in which a consignee may choose to be inspected.
type Slot struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Places int       `json:"places,omitzero"` // how many fit; 0: not on file
}

// SlotsFor are the slots of a day at the port (2026-11-26), by the hour. No
// slot is not the same as closed: without hours on file nothing is offered,
// and somebody must ask the terminal. Holidays are by appointment with it.
func SlotsFor(c Capability, day string) []Slot {
	start, err := time.ParseInLocation(time.DateOnly, day, port)
	if err != nil {
		return nil
	}
	var slots []Slot
	for _, h := range c.Hours {
		from, until, ok := h.span()
		if !ok || !slices.Contains(h.Days, start.Weekday()) {
			continue
		}
		for at := from; at < until; at += 60 {
			end := min(at+60, until)
			slots = append(slots, Slot{From: start.Add(minutes(at)), Until: start.Add(minutes(end)), Places: c.SlotsPerHour})
		}
	}
	slices.SortFunc(slots, func(a, b Slot) int { return a.From.Compare(b.From) })
	return slices.CompactFunc(slots, func(a, b Slot) bool { return a.From.Equal(b.From) })
}

// Open says whether a time is inside the hours of the inspection desk; a span
// that ends at or before its beginning runs past midnight.
func Open(c Capability, t time.Time) bool {
	local := t.In(port)
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, port)
	for _, back := range []int{0, 1} {
		day := today.AddDate(0, 0, -back)
		for _, h := range c.Hours {
			from, until, ok := h.span()
			if !ok || !slices.Contains(h.Days, day.Weekday()) {
				continue
			}
			if since := local.Sub(day); since >= minutes(from) && since < minutes(until) {
				return true
			}
		}
	}
	return false
}

// CheckAppointment says why a time cannot be chosen: hours_unknown,
// outside_hours, in_past, full. Taken counts the appointments that stand in
// the same hour. Empty: it can.
func CheckAppointment(c Capability, at, now time.Time, taken int) string {
	switch {
	case len(c.Hours) == 0:
		return "hours_unknown"
	case !Open(c, at):
		return "outside_hours"
	case at.Before(now):
		return "in_past"
	case c.SlotsPerHour > 0 && taken >= c.SlotsPerHour:
		return "full"
	}
	return ""
}

// span is from when until when, in minutes of the day; until may be past 24:00.
func (h *Hours) span() (from, until int, ok bool) {
	from, ok = minuteOf(h.From)
	if !ok {
		return 0, 0, false
	}
	if until, ok = minuteOf(h.Until); !ok {
		return 0, 0, false
	}
	if until <= from {
		until += 24 * 60
	}
	return from, until, true
}

// minuteOf reads 08:00 to 24:00.
func minuteOf(s string) (int, bool) {
	hour, minute, ok := strings.Cut(s, ":")
	if !ok || len(hour) != 2 || len(minute) != 2 || !digits(hour) || !digits(minute) {
		return 0, false
	}
	h, err := strconv.Atoi(hour)
	if err != nil {
		return 0, false
	}
	m, err := strconv.Atoi(minute)
	if err != nil || m > 59 || h > 24 || h == 24 && m != 0 {
		return 0, false
	}
	return h*60 + m, true
}

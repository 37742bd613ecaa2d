package tariffs

import (
	"slices"
	"strings"
	"time"
)

// Period is a stretch of days in which nothing about an item's rows changes:
// neither a figure nor a factor nor how its legal basis stands.
type Period struct {
	Span
	Rows []Row
}

// Periods are those of an item from the first to the last that is on file,
// oldest first. The first one is open to the past, the last one to the future.
func (c *Catalogue) Periods(item string) []Period {
	it := c.items[item]
	if it == nil {
		return nil
	}
	first := c.turns(it)
	if len(first) == 0 {
		return []Period{{Rows: c.rowsOf(it, "")}} // the same on every day
	}
	out := []Period{{Span: Span{To: first[0].before()}, Rows: c.rowsOf(it, first[0].before())}}
	for i, day := range first {
		p := Period{Span: Span{From: day}, Rows: c.rowsOf(it, day)}
		if i+1 < len(first) {
			p.To = first[i+1].before()
		}
		if last := &out[len(out)-1]; slices.Equal(last.Rows, p.Rows) {
			last.To = p.To
			continue
		}
		out = append(out, p)
	}
	return out
}

// turns are the first days of what may differ from the day before, in order.
func (c *Catalogue) turns(it *Item) []Day {
	var days []Day
	span := func(s Span) {
		if s.From != "" {
			days = append(days, s.From)
		}
		if s.To != "" {
			days = append(days, s.To.after())
		}
	}
	basis := func(ids string) {
		for id := range strings.SplitSeq(ids, ";") {
			if n := c.Instrument(strings.TrimSpace(id)); n != nil && n.Effective.To != "" {
				days = append(days, n.Effective.To.after())
			}
		}
	}
	span(it.Valid)
	basis(it.LegalBasis)
	for _, r := range c.rates[it.Code] {
		if slices.Contains(places, r.Place) {
			span(r.Valid)
			basis(r.Instrument)
		}
	}
	for i := range c.Modifiers {
		if m := &c.Modifiers[i]; m.Kind == "port_factor" && slices.Contains(m.Items, it.Code) && slices.Contains(places, m.Place) {
			span(m.Valid)
		}
	}
	switch it.Code {
	case "TONNAGE_DUES":
		for i := range c.Dues {
			span(c.Dues[i].Valid)
		}
	case "SPECIAL_PORT_FEE":
		for _, rows := range [][]SpecialRow{c.Special.Rates, c.Special.States} {
			for i := range rows {
				for _, at := range []time.Time{rows[i].From, rows[i].To} {
					if !at.IsZero() {
						days = append(days, DayOf(at))
					}
				}
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// after is the next day; before the one before.
func (d Day) after() Day  { return d.moved(1) }
func (d Day) before() Day { return d.moved(-1) }

func (d Day) moved(by int) Day {
	t, err := time.ParseInLocation(time.DateOnly, string(d), port)
	if err != nil {
		return d // no day: it was refused when it was read
	}
	return DayOf(t.AddDate(0, 0, by))
}

// Standing is how a legal basis stands on a day: in_force, superseded,
// applied_after_stated_term …; not_on_file for one that is not in the table.
func (c *Catalogue) Standing(id string, day Day) string { return c.standing(id, day) }

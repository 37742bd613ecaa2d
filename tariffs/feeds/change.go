package feeds

import (
	"slices"
	"strings"
	"time"

	"kouan/tariffs"
)

// Change is a cell of the list that is otherwise than before. Before is nil
// when the list had no such cell, After when it has none any more.
type Change struct{ Before, After *tariffs.Row }

// Row is the row as it is now, or was last.
func (ch *Change) Row() *tariffs.Row {
	if ch.After != nil {
		return ch.After
	}
	return ch.Before
}

// Changes are the cells that differ between two lists, in the order of the
// second; what it has no more comes last. A list has no change from itself.
func Changes(before, after []tariffs.Row) []Change {
	name := naming(before, after)
	old, blank := map[string]*tariffs.Row{}, map[string]*tariffs.Row{}
	for i := range before {
		r := &before[i]
		old[name(r)] = r
		if r.ID == "" {
			blank[r.Item] = r
		}
	}
	var out []Change
	now, blankNow := map[string]bool{}, map[string]*tariffs.Row{}
	for i := range after {
		r := &after[i]
		now[name(r)] = true
		was := old[name(r)]
		switch {
		case r.ID == "":
			blankNow[r.Item] = r
			if was == nil && slices.ContainsFunc(before, func(o tariffs.Row) bool { return o.Item == r.Item }) {
				continue // told below, cell by cell
			}
		case was == nil:
			was = blank[r.Item] // the item had no figure until now
		}
		if was == nil || told(was) != told(r) {
			out = append(out, Change{was, r})
		}
	}
	for i := range before {
		r := &before[i]
		if now[name(r)] || r.ID == "" && slices.ContainsFunc(after, func(o tariffs.Row) bool { return o.Item == r.Item }) {
			continue
		}
		out = append(out, Change{r, blankNow[r.Item]})
	}
	return out
}

// naming tells rows apart: by their cell and, where several who charge have a
// price of their own for one cell, by who charges. Where there is one it is no
// part of the name: that another one charges now is a change of the row.
func naming(lists ...[]tariffs.Row) func(*tariffs.Row) string {
	several := map[string]bool{}
	for _, rows := range lists {
		seen := map[string]bool{}
		for i := range rows {
			name := cell(&rows[i])
			several[name] = several[name] || seen[name]
			seen[name] = true
		}
	}
	return func(r *tariffs.Row) string {
		if name := cell(r); !several[name] {
			return name
		}
		return cellOf(r)
	}
}

// told is what of a row its change is told by. Of a charge of which nobody
// knows whether it is collected the row that would hold says nothing (§4.7):
// the next one is no news.
func told(r *tariffs.Row) tariffs.Row {
	out := *r
	if r.Status == tariffs.UnknownStatus {
		out.ID, out.Version, out.ValidFrom, out.ValidTo = "", "", "", ""
	}
	return out
}

// cellOf is the cell of one who charges.
func cellOf(r *tariffs.Row) string { return cell(r) + "\x00" + r.Collector }

// cell names what a price is for, whatever the price is and wherever it is from:
// harbour dues on the ton by weight and by measurement differ in the unit alone.
func cell(r *tariffs.Row) string {
	return strings.Join([]string{r.Item, r.Component, r.Kind, r.Trade, r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.ShipType,
		r.RateKind, r.Term, r.NTFrom, r.NTTo, r.LOAFrom, r.LOATo, r.DistanceFrom, r.DistanceTo, r.Unit}, "\x00")
}

// Coming are the changes that an edition already has for days after since,
// each with the day from which it holds.
type Coming struct {
	Day     tariffs.Day
	Changes []Change
}

// ComingOf are those of a catalogue, the nearest first.
func ComingOf(c *tariffs.Catalogue, since tariffs.Day) []Coming {
	var out []Coming
	before := c.Rows(since, tariffs.RowFilter{})
	for _, day := range borders(c, since) {
		after := c.Rows(day, tariffs.RowFilter{})
		if changes := Changes(before, after); len(changes) > 0 {
			out = append(out, Coming{day, changes})
		}
		before = after
	}
	return out
}

// borders are the days after since on which anything begins or has just ended.
func borders(c *tariffs.Catalogue, since tariffs.Day) []tariffs.Day {
	var days []tariffs.Day
	begins := func(d tariffs.Day) {
		if d > since {
			days = append(days, d)
		}
	}
	span := func(s tariffs.Span) {
		begins(s.From)
		if t, err := time.Parse(time.DateOnly, string(s.To)); err == nil {
			begins(tariffs.Day(t.AddDate(0, 0, 1).Format(time.DateOnly)))
		}
	}
	for i := range c.Items {
		span(c.Items[i].Valid)
	}
	for i := range c.Rates {
		span(c.Rates[i].Valid)
	}
	for i := range c.Modifiers {
		span(c.Modifiers[i].Valid)
	}
	for i := range c.Instruments {
		span(c.Instruments[i].Effective)
	}
	for i := range c.Dues {
		span(c.Dues[i].Valid)
	}
	for _, rows := range [][]tariffs.SpecialRow{c.Special.Rates, c.Special.States} {
		for i := range rows {
			for _, at := range []time.Time{rows[i].From, rows[i].To} {
				if !at.IsZero() {
					begins(tariffs.DayOf(at))
				}
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Expired are the legal texts whose stated term had ended by a day, and which
// rows of that day still stand on.
func Expired(c *tariffs.Catalogue, day tariffs.Day) []*tariffs.Instrument {
	var out []*tariffs.Instrument
	rows := c.Rows(day, tariffs.RowFilter{})
	for i := range c.Instruments {
		n := &c.Instruments[i]
		if n.Effective.To == "" || n.Effective.To >= day {
			continue
		}
		if slices.ContainsFunc(rows, func(r tariffs.Row) bool { return stands(&r, n.ID) }) {
			out = append(out, n)
		}
	}
	return out
}

// stands reports whether a row cites a legal text.
func stands(r *tariffs.Row, id string) bool {
	for part := range strings.SplitSeq(r.LegalBasis, ";") {
		if strings.TrimSpace(part) == id {
			return true
		}
	}
	return false
}

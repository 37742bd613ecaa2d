package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// repeated: L19. The number of a row is no content.
func (l *lint) repeated() {
	seen := map[string]int{}
	for i := range l.rows {
		r := &l.rows[i]
		var key strings.Builder
		for _, column := range slices.Concat(SheetColumns[1:], SheetOptional) {
			key.WriteString(strconv.Quote(r.text(column)))
		}
		if first, ok := seen[key.String()]; ok {
			r.find("(row)", "FEE-L19", Reject, "line", strconv.Itoa(first))
			continue
		}
		seen[key.String()] = r.Line
	}
}

// numbers: L18. One number stands over one charge: under another it is that of
// a merged cell.
func (l *lint) numbers() {
	first := map[string]*lintRow{}
	for i := range l.rows {
		r := &l.rows[i]
		number, code := r.text("row_no"), r.text("item_code")
		if number == "" || code == "" {
			continue
		}
		f := first[number]
		switch {
		case f == nil:
			first[number] = r
		case f.text("item_code") != code:
			r.find("row_no", "FEE-L18", Reject, "value", clipped(number), "line", strconv.Itoa(f.Line), "reason", "number_of_another")
		}
	}
}

// overlaps: L08. Two rows of one collector meet: of one key, or because each
// leaves blank what the other says. Both are told: which of them is wrong is
// not ours to say. A row that is narrower than the other in all is no overlap
// but an exception.
func (l *lint) overlaps() {
	byCharge := map[[2]string][]*cellRows{}
	for i := range l.rows {
		r := &l.rows[i]
		if _, ok := r.span(); !ok || r.text("item_code") == "" || r.has("FEE-L19", CodeChoice, CodeNumber) {
			continue
		}
		charge := [2]string{r.text("item_code"), r.text("collector_zh")}
		s := r.scope()
		at := slices.IndexFunc(byCharge[charge], func(c *cellRows) bool {
			return c.trade == s.trade && c.dims == s.dims && c.kind == r.text("schedule_kind") && c.unit == r.text("unit")
		})
		if at < 0 {
			at = len(byCharge[charge])
			byCharge[charge] = append(byCharge[charge], &cellRows{scope: scope{trade: s.trade, dims: s.dims}, kind: r.text("schedule_kind"), unit: r.text("unit")})
		}
		c := byCharge[charge][at]
		c.rows = append(c.rows, placedRow{r, s})
	}
	for _, charge := range byCharge {
		for i, c := range charge {
			c.repeats()
			for _, other := range charge[i+1:] {
				if c.competes(other) {
					c.meet(other)
				}
			}
		}
	}
}

// cellRows are the rows of a collector whose words choose the same cell; they
// differ in their bands and days.
type cellRows struct {
	scope
	kind, unit string
	rows       []placedRow
}

type placedRow struct {
	*lintRow
	scope scope
}

// competes reports whether a call could find rows of both. Rows in other units
// count something else; a fixed sum takes the place of the tiers (§4).
func (c *cellRows) competes(o *cellRows) bool {
	replaces := c.kind == string(FixedAbove) && o.kind == string(Progressive) || c.kind == string(Progressive) && o.kind == string(FixedAbove)
	return c.unit == o.unit && !replaces && c.covers(&o.scope)
}

// repeats finds rows of one cell that share a measure and a day. Bands of one
// period that overlap are told by the rule about bands.
func (c *cellRows) repeats() {
	slices.SortStableFunc(c.rows, func(a, b placedRow) int { return cmp.Compare(a.scope.nt.From, b.scope.nt.From) })
	for i, a := range c.rows {
		for _, b := range c.rows[i+1:] {
			if a.scope.nt.HasTo && b.scope.nt.HasFrom && a.scope.nt.To <= b.scope.nt.From {
				break // so do all behind it
			}
			same := a.scope.nt == b.scope.nt && a.scope.loa == b.scope.loa && a.scope.distance == b.scope.distance
			if (same || a.scope.valid != b.scope.valid) && a.meets(b) {
				break
			}
		}
	}
}

// meet finds rows of two cells that share a call.
func (c *cellRows) meet(o *cellRows) {
	for _, a := range c.rows {
		a.meetsOne(o.rows)
	}
}

func (p placedRow) meetsOne(of []placedRow) bool { return slices.ContainsFunc(of, p.meets) }

// meets tells two rows of each other when some call finds both. Of those that
// a row meets the first is told: rows without end would make findings without end.
func (p placedRow) meets(o placedRow) bool {
	if !p.scope.meets(&o.scope) || p.exceptionTo(o) || o.exceptionTo(p) {
		return false
	}
	if o.Line < p.Line {
		p, o = o, p
	}
	p.find("valid_to", "FEE-L08", Reject, "line", strconv.Itoa(o.Line))
	o.find("valid_from", "FEE-L08", Reject, "line", strconv.Itoa(p.Line))
	return true
}

// exceptionTo reports a row that another one gives way to: of rows about cargo
// the calculator takes the one written for the case (Rate.givesWay). What a
// ship is charged by has no such rule, and neither have bands.
func (p placedRow) exceptionTo(o placedRow) bool {
	a, b := p.scope.cargoCell(), o.scope.cargoCell()
	return p.item != nil && p.item.Regime != GovernmentGuided && b.covers(a) && !a.covers(b) &&
		p.scope.dims[0] == o.scope.dims[0] && p.scope.dims[5] == o.scope.dims[5] && p.scope.nt == o.scope.nt && p.scope.loa == o.scope.loa && p.scope.distance == o.scope.distance
}

// cargoCell are the words of a scope that the calculator weighs rows of cargo by.
func (s *scope) cargoCell() *Rate {
	return &Rate{Trade: s.trade, CargoClass: s.dims[1], ContainerSize: s.dims[2], LoadState: s.dims[3], Direction: s.dims[4]}
}

// bands: L09. Tiers of one key meet: a gap or an overlap between neighbours is
// wrong; a missing first or last band is told, because the list may end there.
func (l *lint) bands() {
	for _, dimension := range []struct{ from, to string }{{"nt_from", "nt_to"}, {"loa_from", "loa_to"}} {
		groups := map[string][]*lintRow{}
		for i := range l.rows {
			r := &l.rows[i]
			if (r.text(dimension.from) != "" || r.text(dimension.to) != "") && r.text("item_code") != "" {
				key := r.key(dimension.from, dimension.to) + r.text("valid_from") + "/" + r.text("valid_to")
				groups[key] = append(groups[key], r)
			}
		}
		for _, rows := range groups {
			l.neighbours(rows, dimension.from, dimension.to)
		}
	}
}

func (l *lint) neighbours(rows []*lintRow, from, to string) {
	at := func(r *lintRow, column string) Measure {
		m, _ := ParseMeasure(r.text(column)) // an open or faulty bound sorts first
		return m
	}
	slices.SortStableFunc(rows, func(a, b *lintRow) int { return cmp.Compare(at(a, from), at(b, from)) })
	if first := rows[0]; at(first, from) > 0 {
		first.find(from, "FEE-L09", Warn, "value", first.text(from), "reason", "first_band")
	}
	for i := 1; i < len(rows); i++ {
		before, r := rows[i-1], rows[i]
		if before.text(to) != r.text(from) && at(before, to) != at(r, from) && !r.has("FEE-L19") {
			r.find(from, "FEE-L09", Reject, "value", r.text(from), "limit", before.text(to), "reason", "neighbour")
		}
	}
	if last := rows[len(rows)-1]; last.text(to) != "" {
		last.find(to, "FEE-L09", Warn, "value", last.text(to), "reason", "last_band")
	}
}

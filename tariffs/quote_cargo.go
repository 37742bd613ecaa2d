package tariffs

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// cargo is what boxes cost: dues on cargo, the security fee while it was a
// charge of its own, the all-in charge of the terminal.
func (b *builder) cargo() {
	groups := grouped(b.call.Boxes)
	for i := range groups {
		b.cargoDues(&groups[i])
	}
	// Since 2022-04-01 the security fee is part of the all-in charge, and before
	// that it was always a charge of its own: never both, and never neither.
	if it := b.c.items["SECURITY"]; it.inside(b.day) == "" && covers(it.Trade, b.trade) {
		for i := range groups {
			b.security(&groups[i])
		}
	}
	for i := range groups {
		b.handling(&groups[i])
	}
}

// grouped puts alike boxes together, in an order that does not depend on the
// order in which they were given.
func grouped(in []Boxes) []Boxes {
	var out []Boxes
	for _, g := range in {
		g.Class = cmp.Or(g.Class, general)
		i := slices.IndexFunc(out, func(o Boxes) bool {
			return o.Size == g.Size && o.State == g.State && o.Direction == g.Direction && o.Class == g.Class && o.Rule45 == g.Rule45
		})
		if i >= 0 {
			out[i].Count += g.Count
			continue
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Boxes) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.State, b.State), cmp.Compare(a.Direction, b.Direction),
			cmp.Compare(a.Class, b.Class), cmp.Compare(a.Rule45, b.Rule45))
	})
	return out
}

func (b *Boxes) part() string {
	part := b.Size + "-" + b.State + "-" + b.Direction
	if b.Class != general {
		part += "-" + b.Class
	}
	return part
}

// boxes prepares the line of a group: folded empties become laden boxes, and
// a size outside the list needs a rule. Without cells the line may not go on.
func (b *builder) boxes(item string, g *Boxes, match func(*Rate) bool) (l *drawn, cells []*Rate, count int64, ok bool) {
	l = b.line(item, "", g.part())
	count = int64(g.Count)
	if g.State == "folded" {
		count = (count + foldedStack - 1) / foldedStack
		l.rounding("folded_empties", "R-BOX-FOLDED", strconv.Itoa(g.Count), strconv.FormatInt(count, 10))
	}
	cells = b.boxCells(item, g.Size, match)
	switch {
	case g.Size != "45" || len(cells) > 0: // a list that has the size needs no rule
		return l, cells, count, true
	case g.Rule45 == "":
		// Two rules compete: by inner volume, and as 40 ft. We do not choose.
		l.needs("boxes.rule_45")
		return l, nil, 0, false
	}
	l.rounding("size_45_as_40", "R-BOX-VOLUME", "45", "40")
	l.trust("R-BOX-VOLUME", Secondary)
	return l, b.boxCells(item, "40", match), count, true
}

// foldedStack is how many stacked folded empties count as one laden box (R-BOX-FOLDED).
const foldedStack = 4

func (b *builder) cargoDues(g *Boxes) {
	if g.Direction == "transit" {
		l := b.line("CARGO_DUES", "", g.part())
		found := b.cells("CARGO_DUES", "", Flat, func(r *Rate) bool { return r.CargoClass == "transit" })
		l.exempt(found, "transit_exempt")
		return
	}
	l, cells, count, ok := b.boxes("CARGO_DUES", g, g.fits)
	switch {
	case !ok:
		l.finish()
	case g.State == "empty":
		l.exempt(cells, "empty_exempt")
	default:
		l.boxLine(cells, count)
	}
}

// fits reports whether a row is for cargo of the group; what a row leaves open
// it holds for.
func (b *Boxes) fits(r *Rate) bool {
	return (r.LoadState == "" || r.LoadState == b.loaded()) && (r.Direction == "" || r.Direction == b.Direction) &&
		(r.CargoClass == "" || r.CargoClass == b.Class || r.CargoClass == b.Direction)
}

// loaded is the state that rows know: folded empties count as laden boxes.
func (b *Boxes) loaded() string {
	if b.State == "folded" {
		return "laden"
	}
	return b.State
}

// exempt finishes a line whose row says zero; without the row it is unknown.
func (l *drawn) exempt(cells []*Rate, why string) {
	if len(cells) != 1 || cells[0].Amount == nil || !cells[0].Amount.IsZero() {
		l.unknown("no_row").finish()
		return
	}
	l.on(cells[0])
	l.step("exemption", cells[0].ID, "", "0", cells[0].Instrument, cells[0].Word)
	l.free(why)
}

// boxLine is the cell times the count, times the temporary factors of the day.
func (l *drawn) boxLine(cells []*Rate, count int64) {
	shown := strconv.FormatInt(count, 10)
	factors := l.b.modifiers("temporary_factor", l.Item, "")
	if len(factors) == 0 || len(cells) != 1 || cells[0].Amount == nil {
		l.simple(cells, decimal.NewFromInt(count), shown)
		return
	}
	r := cells[0]
	l.on(r)
	l.Quantity, l.Rate = shown, r.figure()
	l.exact = decimal.NewFromInt(count).Mul(*r.Amount)
	l.step("cell", r.ID, shown+" × "+l.Rate, l.exact.String(), r.Instrument, r.Word)
	for _, m := range factors {
		f, ok := plainDecimal(m.Value)
		if !ok {
			l.unknown("not_on_file")
			break
		}
		before := l.exact
		l.exact = before.Mul(f)
		l.modifier(m, "factor", before.String()+" × "+m.Value, l.exact.String())
	}
	l.finish()
}

// security is the line while the fee was a charge of its own. That empties are
// exempt is a row; whether boxes in transit are is not on file.
func (b *builder) security(g *Boxes) {
	l, cells, count, ok := b.boxes("SECURITY", g, func(r *Rate) bool { return g.fits(r) && !r.Ceiling })
	switch {
	case !ok:
		l.finish()
	case g.State == "empty":
		l.exempt(cells, "empty_exempt")
	case g.Direction == "transit":
		l.unknown("transit_not_on_file").finish()
	default:
		l.boxLine(cells, count)
	}
}

// handling is the all-in charge by the terminal's price list; what is inside
// it is told in the path and is no line.
func (b *builder) handling(g *Boxes) {
	l, cells, count, ok := b.boxes("HANDLING_ALL_IN", g, g.fits)
	if !ok {
		l.finish()
		return
	}
	for i := range b.c.Items {
		if it := &b.c.Items[i]; it.inside(b.day) != "" {
			l.step("includes", it.Code, "", "", it.LegalBasis, it.Word)
		}
	}
	l.simple(cells, decimal.NewFromInt(count), strconv.FormatInt(count, 10))
}

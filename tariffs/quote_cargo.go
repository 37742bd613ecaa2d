package tariffs

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// cargo is what boxes and other cargo cost: dues on cargo, the security fee
// while it was a charge of its own, the all-in charge of the terminal, the yard.
func (b *builder) cargo() {
	groups, loose := grouped(b.call.Boxes), bulks(b.call.Cargo)
	each := func(box func(*boxGroup), other func(*bulk)) {
		for i := range groups {
			box(&groups[i])
		}
		for i := range loose {
			other(&loose[i])
		}
	}
	each(b.cargoDues, b.bulkDues)
	// Since 2022-04-01 the security fee is part of the all-in charge, and before
	// that it was always a charge of its own: never both, and never neither.
	if it := b.c.items["SECURITY"]; it.inside(b.day) == "" && covers(it.Trade, b.trade) {
		each(b.security, b.bulkSecurity)
	}
	each(b.handling, b.bulkHandling)
	each(b.boxYard, b.bulkYard)
}

// boxGroup is alike boxes, and how long they lie where.
type boxGroup struct {
	Boxes
	stays []stay
}

// grouped puts alike boxes together, in an order that does not depend on the
// order in which they were given.
func grouped(in []Boxes) []boxGroup {
	var out []boxGroup
	for _, g := range in {
		g.Class = cmp.Or(g.Class, general)
		if g.Size != "45" {
			g.Rule45 = "" // says how a size outside the list is charged
		}
		count, yard := g.Count, g.Yard
		g.Count, g.Yard = 0, nil
		i := slices.IndexFunc(out, func(o boxGroup) bool {
			o.Count = 0
			return o.Boxes == g
		})
		if i < 0 {
			i = len(out)
			out = append(out, boxGroup{Boxes: g})
		}
		out[i].Count += count
		if yard != nil {
			out[i].stays = append(out[i].stays, stay{Measure(laden(g.State, count)) * thousandths, yard})
		}
	}
	slices.SortFunc(out, func(a, b boxGroup) int {
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
	switch {
	case b.Size != "45":
	case b.Rule45 == "":
		part += "-no_rule"
	case b.Rule45 == "volume":
		part += "-by_volume"
	}
	return part
}

// foldedStack is how many stacked folded empties count as one laden box (R-BOX-FOLDED).
const foldedStack = 4

// laden is how many boxes are charged.
func laden(state string, count int) int64 {
	if state == "folded" {
		return (int64(count) + foldedStack - 1) / foldedStack
	}
	return int64(count)
}

// boxLine is the line of a group before it is priced.
type boxLine struct {
	*drawn
	g     *boxGroup
	cells []*Rate
	count int64
	by40  Measure // inner volume that the price is for; 0: the size has its own
}

// boxes prepares the line of a group: folded empties become laden boxes, and
// a size outside the list needs a rule.
func (b *builder) boxes(item string, g *boxGroup, suffix string, match func(*Rate) bool) *boxLine {
	l := &boxLine{drawn: b.line(item, "", g.part()), g: g, count: laden(g.State, g.Count)}
	if g.State == "folded" {
		l.rounding("folded_empties", "R-BOX-FOLDED", strconv.Itoa(g.Count), strconv.FormatInt(l.count, 10))
	}
	cells := func(size string) []*Rate {
		return b.cargoCells(item, func(r *Rate) bool { return r.perBox(size, suffix) && match(r) })
	}
	l.cells = cells(g.Size)
	if g.Size != "45" || len(l.cells) > 0 { // a list that has the size needs no rule
		return l
	}
	switch g.Rule45 {
	case "": // two rules compete: by inner volume, and as 40 ft. We do not choose.
		l.needs("boxes.rule_45")
		return l
	case "volume":
		l.byVolume()
	default:
		l.rounding("size_45_as_40", "R-BOX-VOLUME", "45", "40")
	}
	l.trust("R-BOX-VOLUME", Secondary)
	l.cells = cells("40")
	return l
}

// byVolume asks for the two inner volumes that are not stated.
func (l *boxLine) byVolume() {
	v := &l.b.call.Volumes
	if v.Box == "" {
		l.needs("volumes_45.inner_volume_m3")
	}
	if v.Listed == "" {
		l.needs("volumes_45.inner_volume_40_m3")
	}
	l.by40, _ = ParseMeasure(v.Listed) // Check has read it
}

// charge is the cell times the count.
func (l *boxLine) charge() {
	l.price(decimal.NewFromInt(l.count), strconv.FormatInt(l.count, 10))
}

// price is the cell times a quantity of boxes. By volume it is divided at the
// end, so that no digit is lost before the line is rounded.
func (l *boxLine) price(quantity decimal.Decimal, shown string) {
	if l.Unknown != "" {
		l.finish()
		return
	}
	if l.by40 == 0 {
		l.simple(l.cells, quantity, shown)
		return
	}
	volume, _ := ParseMeasure(l.b.call.Volumes.Box) // Check has read it
	shown += " × " + volume.String()
	l.cell(l.cells, quantity.Mul(volume.Decimal()), shown)
	l.Quantity = shown + " ÷ " + l.by40.String()
	l.over = l.by40.Decimal()
	if l.Unknown == "" {
		l.rounding("volume_ratio", "R-BOX-VOLUME", l.exact.String()+" ÷ "+l.by40.String(), l.shown())
	}
	l.finish()
}

// shown is the value of the line before it is rounded; a quotient that does
// not end is cut for the eye only.
func (l *drawn) shown() string {
	if l.over.IsZero() {
		return l.exact.String()
	}
	const places = 6
	return l.rounded(places).String()
}

// rounded is the value of the line half-up, away from zero at exactly half.
func (l *drawn) rounded(places int32) decimal.Decimal {
	if l.over.IsZero() {
		return l.exact.Round(places)
	}
	return l.exact.DivRound(l.over, places)
}

func (b *builder) cargoDues(g *boxGroup) {
	if g.Direction == "transit" {
		b.transitDues(g.part())
		return
	}
	l := b.boxes("CARGO_DUES", g, "", g.fits)
	if l.Unknown == "" && g.State == "empty" {
		l.exempt(l.cells, "empty_exempt")
		return
	}
	l.charge()
}

// transitDues: cargo in transit is exempt by a row of its own.
func (b *builder) transitDues(part string) {
	l := b.line("CARGO_DUES", "", part)
	l.exempt(b.cells("CARGO_DUES", "", Flat, func(r *Rate) bool { return r.CargoClass == "transit" }), "transit_exempt")
}

// fits reports whether a row is for cargo of the group; what a row leaves open
// it holds for.
func (b *Boxes) fits(r *Rate) bool {
	state := b.State
	if state == "folded" {
		state = "laden"
	}
	return (r.LoadState == "" || r.LoadState == state) && (r.Direction == "" || r.Direction == b.Direction) &&
		(r.CargoClass == "" || r.CargoClass == b.Class || r.CargoClass == b.Direction)
}

// security is the line while the fee was a charge of its own. That empties are
// exempt is a row; whether boxes in transit are is not on file.
func (b *builder) security(g *boxGroup) {
	l := b.boxes("SECURITY", g, "", func(r *Rate) bool { return g.fits(r) && !r.Ceiling })
	switch {
	case l.Unknown == "" && g.State == "empty":
		l.exempt(l.cells, "empty_exempt")
	case l.Unknown == "" && g.Direction == "transit":
		l.unknown("transit_not_on_file").finish()
	default:
		l.charge()
	}
}

// handling is the all-in charge by the terminal's price list.
func (b *builder) handling(g *boxGroup) {
	l := b.boxes("HANDLING_ALL_IN", g, "", g.fits)
	l.includes()
	l.charge()
}

// includes tells what is inside the charge and may be no line.
func (l *drawn) includes() {
	for i := range l.b.c.Items {
		if it := &l.b.c.Items[i]; it.inside(l.b.day) == l.Item {
			l.step("includes", it.Code, "", "", it.LegalBasis, it.Word)
		}
	}
}

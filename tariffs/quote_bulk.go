package tariffs

import (
	"cmp"
	"slices"
)

// bulkClass is how the security fee and price lists call all cargo that is
// not in boxes.
const bulkClass = "bulk_breakbulk"

// bulk is alike cargo that is not in boxes, and how long it lies where.
type bulk struct {
	Cargo
	unit     string // tonne, cubicMetre; empty: no quantity is stated
	quantity Measure
	stays    []stay
}

// bulks puts alike cargo together, in an order that does not depend on the
// order in which it was given. Tonnes and cubic metres do not add up.
func bulks(in []Cargo) []bulk {
	var out []bulk
	for _, c := range in {
		g := bulk{Cargo: c}
		switch {
		case c.Tonnes != "":
			g.unit = tonne
			g.quantity, _ = ParseMeasure(c.Tonnes) // Check has read it
		case c.Cubic != "":
			g.unit = cubicMetre
			g.quantity, _ = ParseMeasure(c.Cubic)
		}
		if c.Yard != nil {
			g.stays = []stay{{g.quantity, c.Yard}}
		}
		i := slices.IndexFunc(out, func(o bulk) bool { return o.Class == g.Class && o.Direction == g.Direction && o.unit == g.unit })
		if i >= 0 {
			out[i].quantity += g.quantity
			out[i].stays = append(out[i].stays, g.stays...)
			continue
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b bulk) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.unit, b.unit))
	})
	return out
}

// unitWords tell lines by the tonne from those by the cubic metre.
var unitWords = map[string]string{tonne: "by_tonne", cubicMetre: "by_cubic_metre"}

func (g *bulk) part() string {
	part := g.Direction
	if g.Class != "" {
		part = g.Class + "-" + part
	}
	if g.unit != "" {
		part += "-" + unitWords[g.unit]
	}
	return part
}

// fits reports whether a row is for the cargo, by its unit or, where suffix
// says so, by its unit and day.
func (g *bulk) fits(r *Rate, suffix string) bool {
	return r.ContainerSize == "" && r.counts(g.unit, suffix) && (r.Direction == "" || r.Direction == g.Direction) &&
		(r.CargoClass == "" || r.CargoClass == bulkClass || r.CargoClass == g.Class || r.CargoClass == g.Direction)
}

// line begins one; without a class and a quantity it cannot go on. A class is
// needed only where rows differ by it.
func (b *builder) bulkLine(item string, g *bulk, byClass bool) *drawn {
	l := b.line(item, "", g.part())
	if byClass && g.Class == "" {
		l.needs("cargo.cargo_class")
	}
	if g.unit == "" {
		l.needs("cargo.tonnes", "cargo.cubic_metres")
	}
	return l
}

func (b *builder) bulkDues(g *bulk) {
	if g.Direction == "transit" {
		b.transitDues(g.part())
		return
	}
	l := b.bulkLine("CARGO_DUES", g, true)
	l.byQuantity(g, b.cargoCells("CARGO_DUES", func(r *Rate) bool { return r.LoadState == "" && g.fits(r, "") }))
}

func (b *builder) bulkSecurity(g *bulk) {
	l := b.bulkLine("SECURITY", g, false)
	if g.Direction == "transit" {
		l.unknown("transit_not_on_file").finish()
		return
	}
	l.byQuantity(g, b.cargoCells("SECURITY", func(r *Rate) bool { return !r.Ceiling && g.fits(r, "") }))
}

func (b *builder) bulkHandling(g *bulk) {
	l := b.bulkLine("HANDLING_ALL_IN", g, false)
	l.includes()
	l.byQuantity(g, b.cargoCells("HANDLING_ALL_IN", func(r *Rate) bool { return g.fits(r, "") }))
}

// byQuantity is the one cell times the quantity as it is stated: how weight is
// rounded is not on file (R-WEIGHT-GROSS and R-WEIGHT-CT compete).
func (l *drawn) byQuantity(g *bulk, cells []*Rate) {
	if l.Unknown != "" {
		l.finish()
		return
	}
	l.simple(cells, g.quantity.Decimal(), g.quantity.String())
}

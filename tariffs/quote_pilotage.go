package tariffs

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// components of pilotage: the international table and the domestic one.
var pilotageOf = map[string]struct{ base, over, lock, shift string }{
	international: {"1A", "1B", "1C", "1D"},
	domestic:      {"A", "B", "C", "D"},
}

// baseMiles is the distance that the base of pilotage covers; beyond it each
// mile counts (table 5 No. 1).
const baseMiles = 10 * thousandths

func (b *builder) pilotage() {
	p := b.call.Pilotage
	if p == nil {
		return
	}
	part := pilotageOf[b.trade]
	for _, way := range []struct {
		does bool
		name string
	}{{p.In, "in"}, {p.Out, "out"}} {
		if !way.does {
			continue
		}
		b.pilotageBase(part.base, way.name)
		b.pilotageOver(part.over, way.name)
	}
	if p.Shifts > 0 {
		b.perJob("SHIFTING", part.shift, p.Shifts)
	}
	if p.Locks > 0 {
		b.perJob("PILOT_LOCK", part.lock, p.Locks)
	}
}

// pilotageBase is 1A: a fixed sum for the largest ships, else the tiers times
// the port factor.
func (b *builder) pilotageBase(component, way string) {
	l := b.line("PILOTAGE", component, way)
	n, ok := l.netTons(component)
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	l.Quantity = n.String()
	if fixed := b.cells("PILOTAGE", component, FixedAbove, func(r *Rate) bool { return n > r.NT.From }); len(fixed) > 0 {
		l.fixedSum(fixed)
		return
	}
	tiers := b.cells("PILOTAGE", component, Progressive, nil)
	flat := b.cells("PILOTAGE", component, Flat, func(r *Rate) bool { return r.NT.Holds(n) })
	if len(tiers) == 0 || nearer(flat, tiers) {
		l.cell(l.inBand(component, Flat, n), n.Decimal(), n.String())
	} else {
		l.progressive(tiers, n)
	}
	l.portFactor(component)
	l.surcharge(component)
	l.finish()
}

// nearer reports whether cells are those of a more specific place than others.
func nearer(cells, others []*Rate) bool {
	return len(cells) > 0 && slices.Index(places, cells[0].Place) < slices.Index(places, others[0].Place)
}

// fixedSum replaces the tiers for a ship above the bound, within the base
// distance; the port factor is inside it.
func (l *drawn) fixedSum(cells []*Rate) {
	r := cells[0]
	if !l.ofOneBody(cells) {
		l.finish()
		return
	}
	l.on(r)
	t := l.b.terminal
	switch {
	case len(cells) > 1:
		l.unknown("several_rows").finish()
		return
	case t == nil:
		l.needs("terminal").finish()
		return
	case !t.Known:
		l.unknown("distance_not_on_file").finish()
		return
	case r.Amount == nil:
		l.unknown("not_on_file").finish()
		return
	}
	l.Rate, l.Unit, l.exact = r.figure(), r.Unit, *r.Amount
	l.step("fixed_sum", r.ID, l.Quantity, l.exact.String(), r.Instrument, r.Word)
	if t.Distance > baseMiles {
		// The wording covers ten miles and less. Tiers and sum agree at the bound,
		// so the figure is the same; that it applies is the open question.
		if m := l.b.c.Modifier("M-FIX-OVER10"); m != nil {
			l.modifier(m, "open_question", t.Distance.String(), "")
		}
	}
	l.surcharge(l.Component)
	l.finish()
}

// progressive adds up what each tier takes; the rate of a tier is for the
// tons in it only. Tons that no tier takes, or two of them do, have no price
// (§7: the sum is continuous and never falls).
func (l *drawn) progressive(tiers []*Rate, n Measure) {
	if !l.ofOneBody(tiers) {
		return
	}
	slices.SortStableFunc(tiers, func(a, b *Rate) int { return cmp.Compare(a.NT.From, b.NT.From) })
	reached := Measure(0)
	for _, r := range tiers {
		share := r.NT.share(n)
		if share == 0 {
			continue
		}
		l.on(r)
		switch {
		case r.NT.From > reached:
			l.gap("tons_not_on_file", reached.String()+" – "+r.NT.From.String())
		case r.NT.From < reached:
			l.unknown("several_rows")
			return
		}
		reached = r.NT.From + share
		if r.Amount == nil {
			l.gap("tons_not_on_file", r.NT.From.String()+" – "+reached.String())
			continue
		}
		part := share.Decimal().Mul(*r.Amount)
		l.exact = l.exact.Add(part)
		l.step("tier", r.ID, share.String()+" × "+r.figure(), part.String(), r.Instrument, r.Word)
	}
	switch {
	case len(tiers) == 0 || n == 0:
		l.unknown("no_row")
	case reached < n:
		l.gap("tons_not_on_file", reached.String()+" – "+n.String())
	}
}

// portFactor is the factor of the port's group, on the base of pilotage only.
func (l *drawn) portFactor(component string) {
	if l.Unknown != "" {
		return
	}
	found := l.b.modifiers("port_factor", "PILOTAGE", component)
	if len(found) == 0 {
		return
	}
	m := found[0]
	factor, ok := plainDecimal(m.Value)
	if !ok {
		l.unknown("not_on_file")
		return
	}
	before := l.exact
	l.exact = before.Mul(factor)
	l.modifier(m, "factor", before.String()+" × "+m.Value, l.exact.String())
}

// surcharge of night and holiday: its value is in conflict, so a job in that
// time has no known price unless whoever asks turned a value on.
func (l *drawn) surcharge(component string) {
	p := l.b.call.Pilotage
	if l.Unknown != "" || !p.Night && !p.Holiday || l.b.trade != international {
		return
	}
	found := l.b.modifiers("surcharge", l.Item, component)
	want := "M-SUR-NIGHT-A"
	if p.Night && p.Holiday {
		want = "M-SUR-NIGHT-HOL"
	}
	for _, m := range found {
		if m.ID != want {
			continue
		}
		percent, ok := plainDecimal(m.Value)
		if !ok {
			break
		}
		add := l.exact.Mul(percent).Shift(-2)
		before := l.exact
		l.exact = l.exact.Add(add)
		l.modifier(m, "surcharge", before.String()+" + "+m.Value+" %", l.exact.String())
		return
	}
	l.unknown("surcharge_in_conflict")
}

// pilotageOver is 1B, the miles beyond the base distance; there is no line
// within it.
func (b *builder) pilotageOver(component, way string) {
	if t := b.terminal; t != nil && t.Known && t.Distance <= baseMiles {
		return
	}
	l := b.line("PILOTAGE", component, way)
	switch {
	case b.terminal == nil:
		l.needs("terminal").finish()
		return
	case !b.terminal.Known:
		l.trust(b.terminal.Code, b.terminal.Word)
		l.unknown("distance_not_on_file").finish()
		return
	}
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	miles := b.terminal.Distance - baseMiles
	l.step("miles_beyond", b.terminal.Code, b.terminal.Distance.String(), miles.String(), b.terminal.Instrument, b.terminal.Word)
	l.trust(b.terminal.Code, b.terminal.Word)
	l.simple(l.inBand(component, Flat, n), n.Decimal().Mul(miles.Decimal()), n.String()+" × "+miles.String())
}

// perJob is tons times jobs times the one rate: shifting, locks. At night
// and on holidays a surcharge is on shifting as it is on 1A.
func (b *builder) perJob(item, component string, jobs int) {
	l := b.line(item, component, "")
	n, ok := l.netTons(component)
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	l.cell(l.inBand(component, Flat, n), n.Decimal().Mul(decimal.NewFromInt(int64(jobs))), n.String()+" × "+strconv.Itoa(jobs))
	if item == "SHIFTING" {
		l.surcharge(component)
	}
	l.finish()
}

// netTons is the net tonnage that is charged: rounded up; without one gross,
// then deadweight, then the number of the rules; not below a minimum that is
// turned on.
func (l *drawn) netTons(component string) (Measure, bool) {
	ship := &l.b.call.Ship
	for _, given := range []struct{ value, step string }{{ship.NT, "round_up"}, {ship.GT, "gross_for_net"}, {ship.DWT, "deadweight_for_net"}} {
		if given.value == "" {
			continue
		}
		m, ok := ParseMeasure(given.value)
		if !ok {
			return 0, false
		}
		if given.step != "round_up" && !ship.NoTons {
			return 0, false // a ship has a net tonnage unless its owner says that it has none
		}
		n := m.Ceil()
		l.rounding(given.step, "R-NT-UP", given.value, n.String())
		return l.minimum(n, component), true
	}
	if !ship.NoTons {
		return 0, false
	}
	if found := l.b.modifiers("substitute_quantity", l.Item, component); len(found) > 0 {
		n, ok := ParseMeasure(found[0].Value)
		l.modifier(found[0], "without_tonnage", "", n.String())
		return l.minimum(n, component), ok
	}
	return 0, false
}

func (l *drawn) minimum(n Measure, component string) Measure {
	if component == "" {
		return n
	}
	for _, m := range l.b.modifiers("minimum_quantity", l.Item, component) {
		if low, ok := ParseMeasure(m.Value); ok && low > n {
			l.modifier(m, "minimum", n.String(), low.String())
			return low
		}
	}
	return n
}

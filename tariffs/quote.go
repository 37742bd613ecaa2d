package tariffs

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Quote computes a call by the rows of its day (§5 of the tariff format:
// select, exempt, round quantities, minimums, triggers, base, factors,
// surcharges, round the line, sum). knownOn is the day on which it is asked.
// The call must have passed Check.
func Quote(c *Catalogue, call *Call, knownOn Day) Quotation {
	b := compute(c, call, knownOn)
	b.across()
	b.notes()
	return b.q
}

// compute is the lines and sums of a call by the rows of one day.
func compute(c *Catalogue, call *Call, knownOn Day) *builder {
	b := &builder{c: c, call: call, day: call.On, trade: cmp.Or(call.Trade, international)}
	if b.day == "" {
		b.day = DayOf(call.Arrival)
	}
	b.q = Quotation{Engine: Engine, Catalogue: c.Version, On: b.day, KnownOn: knownOn, Lines: make([]Line, 0, 16)}
	b.terminal = c.Terminal(call.Terminal)
	b.pilotage()
	b.towage()
	b.berth()
	b.boom()
	b.cargo()
	b.tonnageDues()
	b.specialFee()
	b.sums()
	return b
}

// builder makes one quotation.
type builder struct {
	c        *Catalogue
	call     *Call
	day      Day
	trade    string
	terminal *Terminal
	q        Quotation
}

// places are the places whose rows hold at the port, the most specific first.
// That Dalian is in the group of 90 % is the wording of M-PORT-90.
var places = []string{homePort, "CN-GROUP-90", "CN"}

// cells are the rows of an item's component that hold on the day and pass
// match, those of the most specific place only. A body that the call names is
// charged by its own rows, and by those of no body where it has none. Who
// names none is told the ceiling that binds all of them, not the price of one
// that happens to have published it.
func (b *builder) cells(item, component string, kind ScheduleKind, match func(*Rate) bool) []*Rate {
	var all, found []*Rate
	best, body, bound := len(places), b.call.Collectors[item], false
	for _, r := range b.c.rates[item] {
		if r.Component != component || !covers(r.Trade, b.trade) || !r.Valid.Holds(b.day) || match != nil && !match(r) ||
			body != "" && r.Stated.Collector != "" && r.Stated.Collector != body {
			continue
		}
		bound = bound || body == "" && bindsAll(r) // in whatever form the body writes its own
		if r.Kind == kind {
			all = append(all, r)
		}
	}
	if bound {
		all = slices.DeleteFunc(all, func(r *Rate) bool { return r.Stated.Collector != "" && b.ownPrice(r.Stated.Collector) })
	}
	for _, r := range all {
		switch at := slices.Index(places, r.Place); {
		case at < 0 || at > best:
		case at < best:
			found, best = append(found[:0], r), at
		default:
			found = append(found, r)
		}
	}
	if body != "" && slices.ContainsFunc(found, func(r *Rate) bool { return r.Stated.Collector == body }) {
		found = slices.DeleteFunc(found, func(r *Rate) bool { return r.Stated.Collector != body })
	}
	return found
}

// bindsAll: a ceiling of the authorities, at a place of the port.
func bindsAll(r *Rate) bool {
	return r.Ceiling && r.Amount != nil && r.Stated.Collector == "" && slices.Contains(places, r.Place)
}

// ownPrice notes that a body has a price of its own that was not used.
func (b *builder) ownPrice(body string) bool {
	if n := (Note{"own_price", body}); !slices.Contains(b.q.Notes, n) {
		b.q.Notes = append(b.q.Notes, n)
	}
	return true
}

// inBand are the cells whose band holds a tonnage. For a band that nobody
// published there is none, and the line says which.
func (l *drawn) inBand(component string, kind ScheduleKind, n Measure) []*Rate {
	found := l.b.cells(l.Item, component, kind, func(r *Rate) bool { return r.NT.Holds(n) })
	if len(found) == 0 && len(l.b.cells(l.Item, component, kind, nil)) > 0 {
		l.gap("tons_not_on_file", n.String())
	}
	return found
}

// modifiers are those of a kind that act on a component of an item on the
// day, the most specific place first.
func (b *builder) modifiers(kind, item, component string) []*Modifier {
	var found []*Modifier
	for i := range b.c.Modifiers {
		m := &b.c.Modifiers[i]
		if m.Kind != kind || !m.acts(item, component) || !covers(m.Trade, b.trade) || !m.Valid.Holds(b.day) || !slices.Contains(places, m.Place) {
			continue
		}
		if m.Enabled || slices.Contains(b.call.Enabled, m.ID) {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b *Modifier) int {
		return cmp.Compare(slices.Index(places, a.Place), slices.Index(places, b.Place))
	})
	return found
}

func (m *Modifier) acts(item, component string) bool {
	return (slices.Contains(m.Items, item) || slices.Contains(m.Items, "*")) &&
		(len(m.Components) == 0 || slices.Contains(m.Components, component))
}

// drawn is a line on its way: what it stands on, and its exact value.
type drawn struct {
	b *builder
	Line
	exact decimal.Decimal
	over  decimal.Decimal // what exact is divided by when the line is rounded; zero: nothing
}

func (b *builder) line(item, component, part string) *drawn {
	it := b.c.items[item]
	l := &drawn{b: b, Line: Line{Item: item, Component: component, Part: part, Collector: it.Collector, Payer: it.Payer, Regime: it.Regime,
		Article: it.Article, Word: OfficialText, Path: make([]Step, 0, 6)}}
	return l
}

// on makes a row what the line stands on.
func (l *drawn) on(r *Rate) {
	l.Row, l.RowVersion, l.Instrument, l.Unit = r.ID, r.Version, r.Instrument, r.Unit
	l.Collector, l.Article = cmp.Or(r.Stated.Collector, l.Collector), cmp.Or(r.Stated.Article, l.Article)
	l.AtMost = r.Ceiling || l.Regime == GovernmentGuided
	if n := l.b.c.Instrument(r.Instrument); n != nil && n.Effective.To != "" && n.Effective.To < l.b.day {
		l.Basis = n.Status // applied after its stated term
	}
	l.trust(r.ID, r.Word)
}

// trust notes that the line stands on something of that word.
func (l *drawn) trust(by string, w Word) {
	l.Word = weaker(l.Word, w)
	if !w.Plain() && !slices.ContainsFunc(l.Taints, func(t Taint) bool { return t.By == by }) {
		l.Taints = append(l.Taints, Taint{by, w})
	}
}

func (l *drawn) step(step, by, in, out, instrument string, w Word) {
	l.Path = append(l.Path, Step{step, by, in, out, instrument, w})
}

// rounding is a step of a rounding rule of the table.
func (l *drawn) rounding(step, rule, in, out string) {
	i := slices.IndexFunc(l.b.c.Roundings, func(r Rounding) bool { return r.ID == rule })
	if i < 0 {
		l.step(step, rule, in, out, "", Unverified)
		return
	}
	r := &l.b.c.Roundings[i]
	l.step(step, rule, in, out, r.Instrument, r.Word)
}

// modifier is a step of a modifier.
func (l *drawn) modifier(m *Modifier, step, in, out string) {
	l.step(step, m.ID, in, out, m.Instrument, m.Word)
	l.trust(m.ID, m.Word)
}

// needs says that a part of the call is missing.
func (l *drawn) needs(paths ...string) *drawn {
	l.Needs, l.Unknown = append(l.Needs, paths...), "not_stated"
	return l
}

// gap says what of a schedule nobody published: the tons or the length that
// no band holds.
func (l *drawn) gap(why, at string) *drawn {
	l.Unknown, l.About = why, append(l.About, at)
	return l
}

// ofOneBody reports whether all cells are of the same body. When several have
// prices of their own, which of them serves the ship is asked, not guessed
// (§10, price lists of operators).
func (l *drawn) ofOneBody(cells []*Rate) bool {
	var bodies []string
	for _, r := range cells {
		if by := cmp.Or(r.Stated.Collector, l.Collector); !slices.Contains(bodies, by) {
			bodies = append(bodies, by)
		}
	}
	if len(bodies) < 2 {
		return true
	}
	slices.Sort(bodies)
	l.needs("collectors." + l.Item)
	l.Unknown, l.About = "several_collectors", bodies
	return false
}

// unknown says why there is no amount.
func (l *drawn) unknown(why string) *drawn {
	l.Unknown = why
	return l
}

// finish rounds the line once and puts it into the quotation. How a line is
// rounded is our own choice and marks nothing: both figures stay visible.
// Where no figure was read there is none that a word could belong to.
func (l *drawn) finish() {
	if l.Unknown == "" {
		if fen, ok := inFen(l.rounded(2)); ok {
			l.Amount = &fen
			l.rounding("round_fen", "R-AMOUNT-FEN", l.shown(), fen.String())
			l.wholeYuan()
		} else {
			l.unknown("amount_too_large")
		}
	}
	if l.Amount == nil && l.Rate == "" {
		l.Word = ""
	}
	l.b.q.Lines = append(l.b.q.Lines, l.Line)
}

// free finishes a line that costs nothing, and says why.
func (l *drawn) free(why string) {
	zero := Fen(0)
	l.Zero, l.Amount = why, &zero
	l.b.q.Lines = append(l.b.q.Lines, l.Line)
}

// simple is quantity times the one cell, and the whole line.
func (l *drawn) simple(cells []*Rate, quantity decimal.Decimal, shown string) {
	l.cell(cells, quantity, shown)
	l.finish()
}

// cell is quantity times the one cell.
func (l *drawn) cell(cells []*Rate, quantity decimal.Decimal, shown string) {
	l.Quantity = shown
	switch {
	case l.Unknown != "" || !l.ofOneBody(cells):
	case len(cells) == 0:
		l.unknown("no_row")
	case len(cells) > 1:
		l.unknown("several_rows")
	default:
		r := cells[0]
		l.on(r)
		if r.Amount == nil {
			l.unknown("not_on_file")
			break
		}
		l.Rate = r.figure()
		l.exact = quantity.Mul(*r.Amount)
		l.step("cell", r.ID, shown+" × "+l.Rate, l.exact.String(), r.Instrument, r.Word)
		l.factors()
	}
}

package tariffs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// pilotage: each operation is billed once, by the way that the line says; a
// line that says none is for what the others leave.
func (j *judge) pilotage(m *matched) AccountFinding {
	component := pilotageOf[j.b.trade].base
	if m.component == partOver {
		component = pilotageOf[j.b.trade].over
	}
	all := j.expected("PILOTAGE", component)
	switch {
	case j.a.Call.Pilotage == nil:
		return unknown("pilotage")
	case len(all) == 0 && m.component == partOver: // a way within the base distance has no miles beyond it
		f := held(m.billed, 0, true, Unverified, "")
		f.Verdicts[0] = QuantityWrong
		return f
	}
	lines := slices.DeleteFunc(slices.Clone(all), func(l *Line) bool { return m.way != "" && l.Part != m.way })
	if len(lines) == 0 {
		return unknown("pilotage." + m.way)
	}
	free := slices.DeleteFunc(slices.Clone(lines), func(l *Line) bool { return j.used[l] })
	if len(free) == 0 {
		return j.restOf(m, lines)
	}
	free = free[:j.operations(m, len(free))]
	sum := Fen(0)
	for _, l := range free {
		if l.Amount == nil {
			return unknown(l.Needs...)
		}
		j.billed[l] = max(0, min(m.billed-sum, *l.Amount))
		sum += *l.Amount
		j.used[l] = true
	}
	j.pilotedTons(m, len(free))
	f := held(m.billed, sum, free[0].AtMost, free[0].Word, free[0].Row)
	if t := j.b.terminal; m.component == partOver && t != nil && len(m.quantity) > 1 && !m.quantity[1].Equal((t.Distance - baseMiles).Decimal()) {
		f.Verdicts[0] = QuantityWrong
	}
	return f
}

// restOf holds a line against what other lines have left of a job: tiers may
// be billed one by one, and are no repetition while they stay within the job.
func (j *judge) restOf(m *matched, lines []*Line) AccountFinding {
	of, most := lines[0], Fen(0)
	for _, l := range lines {
		if l.Amount == nil {
			return unknown(l.Needs...)
		}
		left := *l.Amount - j.billed[l]
		// The job that it fits into best, else the one with the most left.
		if fits := left >= m.billed; left > most && (!fits || most < m.billed) || fits && left < most {
			of, most = l, left
		}
	}
	if most == 0 {
		return billedAgain(m, of)
	}
	j.billed[of] += min(m.billed, most)
	f := held(m.billed, most, true, of.Word, of.Row)
	if f.Difference != nil {
		f.Verdicts[0] = QuantityWrong
		f.because("repeated")
	}
	return f
}

// operations is how many operations a line is for: one, unless it says more,
// or is the only line and says nothing at all.
func (j *judge) operations(m *matched, most int) int {
	own := 1 // tons
	if m.component == partOver {
		own = 2 // tons and miles
	}
	n, known := ParseMeasure(j.a.Call.Ship.NT)
	switch {
	case m.way != "":
		return 1
	case m.countsJobs(most):
		return max(1, int(m.quantity[0].IntPart()))
	case len(m.quantity) == own+1 && m.quantity[own].IsInteger():
		return max(1, min(most, int(m.quantity[own].IntPart())))
	case len(m.quantity) == own && known && m.quantity[0].Equal(n.Ceil().Decimal().Mul(decimal.NewFromInt(int64(most)))):
		return most
	case len(m.quantity) == 0 && j.alone(m):
		return most
	}
	return 1
}

// countsJobs reports a line whose quantity is jobs and no tons: 2 × the price
// of one.
func (m *matched) countsJobs(most int) bool {
	return (m.line.Unit == "C62" || m.line.Unit == "") && len(m.quantity) == 1 && m.quantity[0].IsInteger() &&
		m.quantity[0].LessThanOrEqual(decimal.NewFromInt(int64(most)))
}

// tiered reports a line for a part of the ship's tons, where the lines of its
// kind have all of them together.
func (j *judge) tiered(m *matched, tons decimal.Decimal) bool {
	if !tons.IsPositive() || len(m.quantity) == 0 || !m.quantity[0].LessThan(tons) {
		return false
	}
	sum := decimal.Zero
	for i := range j.lines {
		if o := &j.lines[i]; o.item == m.item && o.component == m.component && o.way == m.way && !o.margin && len(o.quantity) > 0 {
			sum = sum.Add(o.quantity[0])
		}
	}
	return sum.IsPositive() && sum.Mod(tons).IsZero()
}

// alone reports a line that is the only one of its item and component.
func (j *judge) alone(m *matched) bool {
	n := 0
	for i := range j.lines {
		if o := &j.lines[i]; o.item == m.item && o.component == m.component && !o.margin {
			n++
		}
	}
	return n == 1
}

// pilotedTons is the quantity that the line should have.
func (j *judge) pilotedTons(m *matched, operations int) {
	n, ok := ParseMeasure(j.a.Call.Ship.NT)
	tons := n.Ceil().Decimal()
	count, _ := m.product()
	atPriceOfJob := m.countsJobs(operations) && count.Mul(m.rate).GreaterThanOrEqual(m.amount)
	if !ok || atPriceOfJob || j.tiered(m, tons) {
		return
	}
	want := tons.Mul(decimal.NewFromInt(int64(operations)))
	if m.component == partOver {
		want = want.Mul((j.b.terminal.Distance - baseMiles).Decimal())
	}
	m.want = &want
}

// tugs are judged by the cells that the stated facts leave: where all of them
// say the same, the line is judged without the others. Their number is the
// user's own business unless the call states it.
func (j *judge) tugs(m *matched) AccountFinding {
	var needs []string
	loa, long := ParseMeasure(j.a.Call.Ship.LOA)
	if !long {
		needs = append(needs, "ship.length_overall_m")
	}
	typ := j.a.Call.Ship.Type
	if typ == "" {
		needs = append(needs, "ship.type")
	}
	cells := j.b.towageCells(func(r *Rate) bool {
		return (typ == "" || r.ShipType == "" || r.ShipType == typ) && (!long || r.LOA.Holds(loa))
	})
	var stated *int
	if t := j.a.Call.Tugs; t != nil {
		switch {
		case m.way == "in":
			stated = t.In
		case m.way == "out":
			stated = t.Out
		case t.In != nil && t.Out != nil:
			stated = new(*t.In + *t.Out)
		}
	}
	return j.perJob(m, cells, needs, stated, "tugs")
}

// boom is the sum of the band that holds the tonnage, for each use.
func (j *judge) boom(m *matched) AccountFinding {
	var needs []string
	n, ok := ParseMeasure(j.a.Call.Ship.NT)
	if !ok {
		needs = []string{"ship.net_tonnage"}
	}
	var stated *int
	if uses := j.a.Call.Boom; uses > 0 {
		stated = &uses
	}
	return j.perJob(m, j.b.cells("BOOM", "", Slab, func(r *Rate) bool { return !ok || r.NT.Holds(n.Ceil()) }), needs, stated, "boom_uses")
}

// perJob judges a line of so many jobs at a price for each, within the cheapest
// and the dearest cell that it may have. stated is how many the call has.
func (j *judge) perJob(m *matched, cells []*Rate, needs []string, stated *int, count string) AccountFinding {
	if len(cells) == 0 || slices.ContainsFunc(cells, func(r *Rate) bool { return r.Amount == nil }) {
		return unknown(needs...)
	}
	low, high, word, row := *cells[0].Amount, *cells[0].Amount, cells[0].Word, cells[0].ID
	for _, r := range cells[1:] {
		low, high, word, row = decimal.Min(low, *r.Amount), decimal.Max(high, *r.Amount), weaker(word, r.Word), ""
	}
	if j.severalBodies(m.item, cells) {
		needs = append(needs, "collectors."+m.item.Code) // as the quotation asks
	}
	jobs, said := m.product()
	left := decimal.NewFromInt(-1)
	if stated != nil {
		// Of a way for itself and of both together: neither is billed more often than it is.
		left = decimal.Max(decimal.NewFromInt(int64(*stated)).Sub(j.jobs[count+m.way]), decimal.Zero)
	}
	switch {
	case !said && stated != nil:
		jobs = left
	case !said && m.billed <= round(low):
		jobs = decimal.NewFromInt(1) // there is one at least
	case !said:
		return unknown(append(needs, count)...)
	}
	for _, key := range slices.Compact([]string{count, count + m.way}) {
		j.jobs[key] = j.jobs[key].Add(jobs)
	}
	if stated != nil && jobs.GreaterThan(left) {
		f := held(m.billed, round(high.Mul(left)), true, word, row)
		f.Verdicts[0] = QuantityWrong
		return f
	}
	switch least, most := round(low.Mul(jobs)), round(high.Mul(jobs)); {
	case m.billed <= least:
		return held(m.billed, least, true, word, row)
	case m.billed > most:
		return held(m.billed, most, true, word, row)
	}
	return unknown(needs...)
}

// severalBodies reports cells that more than one body has published.
func (j *judge) severalBodies(it *Item, cells []*Rate) bool {
	by := func(r *Rate) string { return cmp.Or(r.Stated.Collector, it.Collector) }
	return slices.ContainsFunc(cells, func(r *Rate) bool { return by(r) != by(cells[0]) })
}

// boxes: the group of boxes is the one that the line tells by size, direction
// and state, then by its price, then by its count and amount. What cannot be
// told is asked for.
func (j *judge) boxes(m *matched) AccountFinding {
	market := func(f AccountFinding) AccountFinding {
		if m.item.Regime == Market {
			return found(Unverified, MarketPrice)
		}
		return f
	}
	all := j.expected(m.item.Code, "")
	lines := slices.DeleteFunc(slices.Clone(all), func(l *Line) bool { return !m.tells(j.group(l)) })
	needs := "boxes"
	if m.line.Unit == "TNE" || m.line.Unit == "MTQ" {
		needs = "cargo"
		lines = slices.DeleteFunc(lines, func(l *Line) bool { return j.group(l).Size != "" })
	}
	if len(lines) == 0 {
		return market(unknown(needs))
	}
	if slices.ContainsFunc(lines, func(l *Line) bool { return l.Amount == nil }) {
		return market(unknown(lines[0].Needs...))
	}
	narrow := func(fits func(*Line) bool) {
		if kept := slices.DeleteFunc(slices.Clone(lines), func(l *Line) bool { return !fits(l) }); len(lines) > 1 && len(kept) > 0 {
			lines = kept
		}
	}
	sum := Fen(0)
	for _, l := range lines {
		sum += *l.Amount
	}
	if len(lines) > 1 && m.billed == sum && j.alone(m) { // one line for all of them
		for _, l := range lines {
			j.used[l] = true
		}
		return held(m.billed, sum, lines[0].AtMost || lines[0].Regime == Market, lines[0].Word, "")
	}
	count, counted := m.product()
	narrow(func(l *Line) bool { return (j.group(l).Class == dangerousOrReefer) == m.special })
	narrow(func(l *Line) bool {
		rate, ok := plainDecimal(l.Rate)
		return m.priced && ok && l.Rate != "" && rate.Equal(m.rate)
	})
	narrow(func(l *Line) bool { return counted && j.count(l).Equal(count) })
	narrow(func(l *Line) bool { return *l.Amount == m.billed })
	narrow(func(l *Line) bool { return j.count(l).GreaterThan(j.taken[l]) })
	switch {
	case len(lines) == 1:
		return j.ofGroup(m, lines[0])
	case m.billed > sum: // more than all of them together
		return held(m.billed, sum, true, lines[0].Word, "")
	}
	f := unknown(needs)
	f.because("several_groups")
	return f
}

// ofGroup holds a line against a group of boxes; a line for a part of them has
// that part of the amount, and all lines together no more boxes than there are.
func (j *judge) ofGroup(m *matched, l *Line) AccountFinding {
	all := j.count(l)
	left := decimal.Max(all.Sub(j.taken[l]), decimal.Zero)
	count, counted := m.product()
	if !counted {
		count = left
	}
	j.taken[l] = j.taken[l].Add(count)
	part := decimal.Min(count, left)
	f := held(m.billed, round(decimal.New(int64(*l.Amount), -2).Mul(part).Div(all)), l.AtMost || l.Regime == Market, l.Word, l.Row)
	if count.GreaterThan(left) || part.IsZero() {
		f.Verdicts[0] = QuantityWrong
		if left.IsZero() {
			f.because("repeated")
		}
	}
	return f
}

// group is the group of boxes of a quoted line; of other cargo it has the
// direction only.
func (j *judge) group(l *Line) *Boxes {
	for i := range j.groups {
		if j.groups[i].part() == l.Part {
			return &j.groups[i].Boxes
		}
	}
	for part := range strings.SplitSeq(l.Part, "-") {
		if part == "import" || part == "export" {
			return &Boxes{Direction: part}
		}
	}
	return &Boxes{}
}

// count is how many boxes a quoted line is for: folded empties are fewer.
func (j *judge) count(l *Line) decimal.Decimal {
	if d, ok := decimalOf(l.Quantity); ok && d.IsPositive() {
		return d
	}
	return decimal.NewFromInt(int64(max(1, j.group(l).Count)))
}

// tells reports whether what a line says of its boxes is true of a group.
func (m *matched) tells(g *Boxes) bool {
	way := map[string]string{"in": "import", "out": "export"}[m.way]
	return (m.size == "" || m.size == g.Size || m.size == "40" && g.Size == "45") && (way == "" || way == g.Direction) && (!m.empty || g.State != "laden")
}

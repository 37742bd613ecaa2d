package tariffs

import "slices"

// sums adds the lines up, by payer, by collector and all. An unknown amount
// withholds every sum that it belongs to.
func (b *builder) sums() {
	if !b.asked() {
		b.q.Total = Total{Status: TotalWithheld}
		return
	}
	total := tally{}
	payers, collectors := tallies{}, tallies{}
	for i := range b.q.Lines {
		l := &b.q.Lines[i]
		total.add(l)
		payers.of(l.Payer).add(l)
		collectors.of(l.Collector).add(l)
	}
	b.q.Total = total.total("")
	b.q.ByPayer, b.q.ByCollector = payers.totals(), collectors.totals()
}

// asked reports whether anything that is charged was asked for. That a ship
// calls brings the question of the special port fee with it; that it is
// suspended is no quotation of nothing else.
func (b *builder) asked() bool {
	return b.call.Special != nil && len(b.q.Lines) > 0 || slices.ContainsFunc(b.q.Lines, func(l Line) bool {
		return l.Item != "SPECIAL_PORT_FEE" || l.Amount == nil || *l.Amount != 0
	})
}

type tally struct {
	of      string
	lines   int
	sum     Fen
	yuan    Fen
	inYuan  bool
	atMost  bool
	taints  []Taint
	unknown []string
}

func (t *tally) add(l *Line) {
	t.lines++
	if l.Amount == nil {
		if !slices.Contains(t.unknown, l.Item) {
			t.unknown = append(t.unknown, l.Item)
		}
		return
	}
	t.sum += *l.Amount
	if l.WholeYuan != nil {
		t.yuan, t.inYuan = t.yuan+*l.WholeYuan, true
	}
	t.atMost = t.atMost || l.AtMost && *l.Amount != 0
	for _, taint := range l.Taints {
		if !slices.Contains(t.taints, taint) {
			t.taints = append(t.taints, taint)
		}
	}
}

func (t *tally) total(of string) Total {
	out := Total{Of: of, AtLeast: t.sum, AtMost: t.atMost, Taints: t.taints, Unknown: t.unknown}
	switch {
	case len(t.unknown) > 0 || t.lines == 0:
		out.Status = TotalWithheld
		return out
	case len(t.taints) > 0:
		out.Status = TotalIndicative
	default:
		out.Status = TotalPlain
	}
	sum := t.sum
	out.Amount = &sum
	if yuan := t.yuan; t.inYuan {
		out.Yuan = &yuan
	}
	return out
}

// tallies keep the order in which they were first asked for.
type tallies struct{ list []*tally }

func (ts *tallies) of(name string) *tally {
	for _, t := range ts.list {
		if t.of == name {
			return t
		}
	}
	ts.list = append(ts.list, &tally{of: name})
	return ts.list[len(ts.list)-1]
}

func (ts *tallies) totals() []Total {
	out := make([]Total, 0, len(ts.list))
	for _, t := range ts.list {
		out = append(out, t.total(t.of))
	}
	return out
}

// notes are what the reader must know besides the lines.
func (b *builder) notes() {
	note := func(slug, by string) { b.q.Notes = append(b.q.Notes, Note{slug, by}) }
	if b.q.On > b.q.KnownOn {
		note("future", "") // as known on the day of asking
	}
	if len(b.q.Across) > 0 {
		note("call_spans_change", "")
	}
	b.unused()
	for i := range b.q.Lines {
		if b.q.Lines[i].Basis != "" {
			note("basis_status", b.q.Lines[i].Instrument)
			break
		}
	}
	if !b.asked() {
		note("nothing_asked", "")
	}
	if p := b.call.Pilotage; p != nil && (p.In || p.Out || p.Shifts > 0) {
		switch asked := p.Night || p.Holiday; {
		case !asked && b.trade == international:
			note("night_not_asked", "")
		case asked && b.trade == domestic:
			note("night_not_counted", "")
		}
	}
	if d := b.call.Dues; d != nil && d.LicenceUntil >= b.day && b.lastDay() > d.LicenceUntil {
		note("licence_ends_in_stay", string(d.LicenceUntil))
	}
	if work, idle := b.amountOf("BERTH_WORKING"), b.amountOf("BERTH_IDLE"); idle > work && idle > 0 {
		note("idle_above_working", "") // per hour, not per day: the dearest slip
	}
}

// lastDay is the last day of the stay that the call states; empty: none.
func (b *builder) lastDay() Day {
	last := b.call.Leaving
	if s := b.call.Berth; s != nil && s.To.After(last) {
		last = s.To
	}
	if last.IsZero() || b.call.On != "" {
		return ""
	}
	return DayOf(last)
}

func (b *builder) amountOf(item string) Fen {
	sum := Fen(0)
	for i := range b.q.Lines {
		if b.q.Lines[i].Item == item && b.q.Lines[i].Amount != nil {
			sum += *b.q.Lines[i].Amount
		}
	}
	return sum
}

package tariffs

import (
	"cmp"
	"slices"
	"strings"
)

// found is a verdict without a figure beside it. A quoted line without a
// figure has no word: nobody read it anywhere.
func found(word Word, v Verdict) AccountFinding {
	return AccountFinding{Verdicts: []Verdict{v}, Word: cmp.Or(word, Unverified)}
}

// because adds what more is known of the verdict, as a slug.
func (f *AccountFinding) because(reason string) { f.Reason = reason }

// unknown is a line that cannot be judged; needs are what would have to be stated.
func unknown(needs ...string) AccountFinding {
	return AccountFinding{Verdicts: []Verdict{StatusUnknown}, Word: Unverified, Needs: needs}
}

// held is a billed amount beside a reference. Verdict and difference come from
// the same two figures, so that they cannot disagree.
func held(billed, reference Fen, atMost bool, word Word, row string) AccountFinding {
	f := found(word, Equal)
	f.Reference, f.Row = &reference, row
	switch {
	case billed > reference:
		difference := billed - reference
		f.Verdicts[0], f.Difference = AboveCeiling, &difference
	case atMost:
		f.Verdicts[0] = WithinCeiling
	case billed < reference:
		f.Verdicts[0] = BasisWrong // a set price is neither more nor less
	}
	return f
}

// billedAgain is a job that other lines have billed already: nothing is left.
func billedAgain(m *matched, l *Line) AccountFinding {
	f := held(m.billed, 0, true, l.Word, l.Row)
	f.Verdicts[0] = QuantityWrong
	f.because("repeated")
	return f
}

// against holds a line against a quoted one; what the quotation does not know
// is asked for.
func (m *matched) against(l *Line) AccountFinding {
	if l.Amount == nil {
		return unknown(l.Needs...)
	}
	return held(m.billed, *l.Amount, l.AtMost || l.Regime == Market, l.Word, l.Row)
}

// line judges one line: by what it is, then by its own arithmetic.
func (j *judge) line(m *matched) AccountFinding {
	var f AccountFinding
	switch {
	case m.margin:
		f = j.margin(m)
	case m.denied != nil && m.denied.from <= j.day:
		f = j.denied(m)
	case m.finding != "":
		f = found(Unverified, m.finding)
	case m.item == nil:
		f = found(Unverified, NotListed)
	default:
		f = j.ofItem(m)
		j.byGrossTonnage(m, &f)
	}
	f.Line, f.Suggestion = m.line.Line, m.suggest
	if f.Items == nil && m.item != nil {
		f.Items = []string{m.item.Code}
	}
	m.addsUp(&f)
	return f
}

// ofItem judges a line by the kind of its item.
func (j *judge) ofItem(m *matched) AccountFinding {
	switch code := m.item.Code; {
	case strings.HasPrefix(code, "CARRIER_") || code == "AGENCY_FEE":
		return found(Unverified, NotAPortCharge) // classified, not judged
	case j.elsewhere(m.item):
		f := found(m.item.Word, BasisWrong)
		f.because("not_at_this_port")
		return f
	case m.item.Parent == "HANDLING_ALL_IN" && m.item.Valid.From != "" && m.item.Valid.From <= j.day:
		return j.notSeparate(m)
	case strings.HasPrefix(m.item.Basis, "abolished") || m.item.Basis == "exempt":
		return j.zero(m)
	case code == "PILOTAGE":
		return j.pilotage(m)
	case code == "BERTH_WORKING" || code == "BERTH_IDLE":
		return j.berth(m)
	case code == "TONNAGE_DUES":
		return j.dues(m)
	case code == "TOWAGE":
		return j.tugs(m)
	case code == "BOOM":
		return j.boom(m)
	case code == "CARGO_DUES" || code == "SECURITY" || code == "HANDLING_ALL_IN":
		return j.boxes(m)
	}
	return j.other(m)
}

// margin: an agent who collects a charge may add nothing (M-AGENT-NO-MARGIN).
func (j *judge) margin(m *matched) AccountFinding {
	word := Unverified
	for i := range j.c.Modifiers {
		mod := &j.c.Modifiers[i]
		if mod.Kind == "prohibition" && mod.acts(m.item.Code, "") && mod.Valid.Holds(j.day) {
			word = mod.Word
		}
	}
	return found(word, AgentMargin)
}

// denied: the deny list of sources. Where the item is known and the list only
// speaks of its basis, the figure by the right basis stands beside it.
func (j *judge) denied(m *matched) AccountFinding {
	f := found(m.denied.word, BasisWrong)
	if m.item != nil {
		f.Word = weaker(f.Word, m.item.Word)
		if m.denied.id == "gross_tonnage" {
			if by := j.ofItem(m); by.Reference != nil {
				f.Reference, f.Difference, f.Row, f.Word = by.Reference, by.Difference, by.Row, weaker(f.Word, by.Word)
			}
		}
	}
	f.because(m.denied.id)
	return f
}

// byGrossTonnage: a charge on net tonnage whose quantity is the ship's gross
// tonnage has the wrong basis, whatever its unit says.
func (j *judge) byGrossTonnage(m *matched, f *AccountFinding) {
	gt, ok := ParseMeasure(j.a.Call.Ship.GT)
	nt, known := ParseMeasure(j.a.Call.Ship.NT)
	if !ok || !known || gt.Ceil() == nt.Ceil() || len(m.quantity) == 0 || !strings.HasPrefix(m.item.Unit, "NTT") ||
		!m.quantity[0].Equal(gt.Decimal()) && !m.quantity[0].Equal(gt.Ceil().Decimal()) {
		return
	}
	f.Verdicts, f.Needs = []Verdict{BasisWrong}, nil
	f.because("gross_tonnage")
}

// elsewhere reports an item all of whose rates of the day are for ports of
// another kind: it is none of this port's.
func (j *judge) elsewhere(it *Item) bool {
	some := false
	for _, r := range j.c.rates[it.Code] {
		if r.Valid.Holds(j.day) {
			some = true
			if slices.Contains(places, r.Place) {
				return false
			}
		}
	}
	return some
}

// zero judges an item that has an explicit zero row: it was abolished, or is
// not charged. A row for some ships only needs the ship's type.
func (j *judge) zero(m *matched) AccountFinding {
	i := slices.IndexFunc(j.c.rates[m.item.Code], func(r *Rate) bool {
		return r.Valid.Holds(j.day) && slices.Contains(places, r.Place) && (r.Groundless || r.Amount != nil && r.Amount.IsZero())
	})
	if i < 0 {
		return unknown() // of a day on which it was charged; that price is not on file
	}
	row := j.c.rates[m.item.Code][i]
	switch typ := j.a.Call.Ship.Type; {
	case row.ShipType == shipNotOil && typ == "":
		return unknown("ship.type")
	case row.ShipType == shipNotOil && typ == shipOil:
		return unknown()
	}
	gone := m.billed > 0 && strings.HasPrefix(m.item.Basis, "abolished")
	if row.Groundless { // no instrument says so: it is asked about, and against no zero (§1)
		if m.billed == 0 {
			return unknown()
		}
		f := found(Unverified, BasisWrong)
		if gone {
			f.Verdicts[0] = Abolished
		} else {
			f.because("not_charged") // items.csv: a billed line is a finding
		}
		f.Row = row.ID
		return f
	}
	f := held(m.billed, 0, false, weaker(m.item.Word, row.Word), row.ID)
	if gone {
		f.Verdicts[0] = Abolished
	}
	return f
}

// The words of zero rows that hold for some ships only, and the type that they leave out.
const (
	shipNotOil = "cargo_non_oil"
	shipOil    = "oil_chemical_gas"
)

// notSeparate: what is part of the all-in charge is no line of its own; above
// its cap it is that as well.
func (j *judge) notSeparate(m *matched) AccountFinding {
	f := found(m.item.Word, NoSeparateCharge)
	count, counted := m.product()
	for _, r := range j.c.rates[m.item.Code] {
		if !r.Ceiling || !r.Valid.Holds(j.day) || r.Amount == nil || r.LoadState != "laden" || r.ContainerSize != m.size || r.Unit != m.line.Unit {
			continue
		}
		f.Row, f.Word = r.ID, weaker(f.Word, r.Word)
		if !counted {
			continue
		}
		by := held(m.billed, round(r.Amount.Mul(count)), true, f.Word, r.ID)
		f.Reference, f.Difference = by.Reference, by.Difference
		if by.Difference != nil {
			f.Verdicts = append(f.Verdicts, AboveCeiling)
		}
	}
	return f
}

// dues: the cell that was billed is found by its rate, or by its amount; the
// ordinary rate is a question about the flag unless the call answers it.
func (j *judge) dues(m *matched) AccountFinding {
	quoted := j.expected("TONNAGE_DUES", "")
	if len(quoted) == 1 && quoted[0].Zero != "" {
		return m.against(quoted[0]) // a licence on board covers the call, or the sum is exempt
	}
	n, ok := ParseMeasure(j.a.Call.Ship.NT)
	if !ok {
		return unknown("ship.net_tonnage")
	}
	tons := n.Ceil().Decimal()
	m.want = &tons
	byRate := m.priced && !m.rate.Equal(m.amount) // 1 × the sum tells no rate
	for i := range j.c.Dues {
		d := &j.c.Dues[i]
		reference := round(tons.Mul(d.Amount))
		if !d.NT.Holds(n.Ceil()) || !d.Valid.Holds(j.day) || byRate && !d.Amount.Equal(m.rate) || !byRate && m.billed != reference {
			continue
		}
		if j.licensed { // one licence covers its whole term
			return billedAgain(m, &Line{Word: d.Word, Row: d.ID})
		}
		j.licensed = true
		f := held(m.billed, reference, false, d.Word, d.ID)
		asked := j.a.Call.Dues
		switch {
		case m.billed != reference:
			f.Verdicts[0] = QuantityWrong
		case d.RateKind == "ordinary" && (asked == nil || asked.RateKind != "ordinary"):
			f.Verdicts[0] = RateKindQuestion
		}
		return f
	}
	f := found(Secondary, BasisWrong)
	if len(quoted) == 1 && quoted[0].Amount != nil { // the call says which rate it is
		f = m.against(quoted[0])
		f.Verdicts[0] = BasisWrong
	}
	f.because("no_such_rate")
	return f
}

// other holds a line against what the quotation has of its item, each quoted
// line once.
func (j *judge) other(m *matched) AccountFinding {
	lines := j.expected(m.item.Code, "")
	if len(lines) == 0 {
		if m.item.Regime == Market {
			return found(Unverified, MarketPrice) // compare with the operator's own row
		}
		return j.byRate(m)
	}
	for _, l := range lines {
		if !j.used[l] {
			j.used[l] = true
			if l.Amount == nil && m.item.Regime == Market {
				return found(Unverified, MarketPrice)
			}
			return m.against(l)
		}
	}
	return billedAgain(m, lines[0])
}

// byRate: how often a job was done is not stated, so its amount cannot be
// judged; a price for one above the one cell is above it however often that was.
func (j *judge) byRate(m *matched) AccountFinding {
	asked := unknown(askedFor[m.item.Code]...)
	count, ok := m.product()
	cells := j.b.cells(m.item.Code, pilotageOf[j.b.trade].shift, Flat, nil)
	if m.item.Code != "SHIFTING" || !ok || !m.priced || len(cells) != 1 || cells[0].Amount == nil || !m.rate.GreaterThan(*cells[0].Amount) {
		return asked
	}
	if f := held(m.billed, round(count.Mul(*cells[0].Amount)), true, cells[0].Word, cells[0].ID); f.Difference != nil {
		return f
	}
	return asked
}

// askedFor are the facts of a call without which an item has no line.
var askedFor = map[string][]string{"SHIFTING": {"pilotage.shifts"}, "PILOT_LOCK": {"pilotage.locks"}, "ANCHORAGE": {"berth.anchorage_hours"}}

package tariffs

import (
	"strings"

	"github.com/shopspring/decimal"
)

// line judges one line by the kind of its item.
func (j *judge) line(m *matched) {
	switch {
	case m.item == nil:
		j.add(m, Unverified, NotListed)
	case m.margin:
		j.margin(m)
	case strings.HasPrefix(m.item.Code, "CARRIER_") || m.item.Code == "AGENCY_FEE":
		j.add(m, Unverified, NotAPortCharge) // classified, not judged
	case strings.HasPrefix(m.item.Basis, "abolished"):
		j.add(m, m.item.Word, Abolished)
	case m.item.Parent == "HANDLING_ALL_IN" && m.item.Valid.From != "" && m.item.Valid.From <= j.day:
		j.notSeparate(m)
	case m.item.Code == "PILOTAGE" && (m.component == "1B" || m.component == "B"):
		j.overDistance(m)
	case m.item.Code == "BERTH_WORKING" || m.item.Code == "BERTH_IDLE":
		j.berth(m)
	case m.item.Code == "TONNAGE_DUES":
		j.dues(m)
	case m.item.Code == "TOWAGE":
		j.unitPrice(m)
	default:
		j.ceiling(m)
	}
}

// margin: an agent who collects a charge may add nothing (M-AGENT-NO-MARGIN).
func (j *judge) margin(m *matched) {
	word := Unverified
	for i := range j.c.Modifiers {
		mod := &j.c.Modifiers[i]
		if mod.Kind == "prohibition" && mod.acts(m.item.Code, "") && mod.Valid.Holds(j.day) {
			word = mod.Word
		}
	}
	j.add(m, word, AgentMargin)
}

// notSeparate: what is part of the all-in charge is no line of its own; above
// its cap it is that as well.
func (j *judge) notSeparate(m *matched) {
	f := j.add(m, m.item.Word, NoSeparateCharge)
	for _, r := range j.c.rates[m.item.Code] {
		if r.Ceiling && r.Valid.Holds(j.day) && r.Unit == m.line.Unit && r.LoadState == "laden" && r.Amount != nil && (r.ContainerSize == "20") == (r.Unit == "20") && r.ContainerSize != "45" {
			f.Row, f.Word = r.ID, weaker(f.Word, r.Word)
			if m.rate.GreaterThan(*r.Amount) {
				f.Verdicts = append(f.Verdicts, AboveCeiling)
			}
		}
	}
}

// overDistance: only the miles beyond the base distance count.
func (j *judge) overDistance(m *matched) {
	lines := j.expected("PILOTAGE", m.component)
	if len(lines) == 0 || lines[0].Amount == nil {
		j.add(m, Unverified, QuantityWrong)
		return
	}
	l := lines[0]
	f := j.against(m, l)
	t := j.c.Terminal(j.a.Call.Terminal)
	if t != nil && len(m.quantity) == 2 && !m.quantity[1].Equal((t.Distance - baseMiles).Decimal()) {
		f.Verdicts = []Verdict{QuantityWrong}
	}
}

// ceiling holds the amount of a line against the quoted one. A market price
// without a row on file is judged by nobody.
func (j *judge) ceiling(m *matched) {
	lines := j.expected(m.item.Code, m.component)
	if m.item.Regime == Market {
		j.add(m, Unverified, MarketPrice) // compare with the operator's own row
		return
	}
	for _, l := range lines {
		if l.Amount != nil {
			j.against(m, l)
			return
		}
	}
	j.add(m, Unverified, StatusUnknown)
}

// against compares a billed amount with a quoted line.
func (j *judge) against(m *matched, l *Line) *AccountFinding {
	billed := round(m.amount)
	v := Equal
	switch {
	case billed > *l.Amount:
		v = AboveCeiling
	case l.AtMost:
		v = WithinCeiling
	case billed < *l.Amount:
		v = BasisWrong // a set price is neither more nor less
	}
	f := j.add(m, l.Word, v)
	reference := *l.Amount
	f.Reference, f.Row = &reference, l.Row
	if billed > reference {
		difference := billed - reference
		f.Difference = &difference
	}
	return f
}

// unitPrice judges a line by its price for one: the number of tugs is the
// user's own business.
func (j *judge) unitPrice(m *matched) {
	var cell *Line
	for _, l := range j.expected(m.item.Code, "") {
		if l.Row != "" && l.Rate != "" {
			cell = l
		}
	}
	if cell == nil {
		j.add(m, Unverified, StatusUnknown)
		return
	}
	limit, _ := plainDecimal(cell.Rate)
	if len(m.quantity) == 0 {
		j.add(m, Unverified, StatusUnknown) // nobody says how many tugs
		return
	}
	// The amount decides, not the price for one that stands beside it: it is
	// what is paid, and a blank price is no low one.
	reference, billed := round(limit.Mul(m.quantity[0])), round(m.amount)
	v := WithinCeiling
	if billed > reference || m.rate.GreaterThan(limit) {
		v = AboveCeiling
	}
	f := j.add(m, cell.Word, v)
	f.Row, f.Reference = cell.Row, &reference
	if d := billed - reference; d > 0 {
		f.Difference = &d
	}
}

// berth: the days that fit into the stay, by started periods of 24 hours up
// to the trigger; what comes after it belongs to the hourly rate.
func (j *judge) berth(m *matched) {
	work, idle := j.expected("BERTH_WORKING", ""), j.expected("BERTH_IDLE", "")
	if len(work) == 0 || work[0].Amount == nil {
		j.add(m, Unverified, StatusUnknown)
		return
	}
	from, to := j.berthed()
	days := decimal.NewFromInt(startedDays(to.Sub(from)))
	if len(m.quantity) > 0 && (m.quantity[0].GreaterThan(days) || len(idle) > 0) {
		f := j.add(m, work[0].Word, QuantityWrong)
		f.Items = []string{"BERTH_WORKING"}
		sum := *work[0].Amount
		if len(idle) > 0 && idle[0].Amount != nil {
			f.Items = append(f.Items, "BERTH_IDLE")
			sum += *idle[0].Amount
		}
		f.Reference, f.Row = &sum, work[0].Row
		if d := round(m.amount) - sum; d > 0 {
			f.Difference = &d
		}
		return
	}
	j.against(m, work[0])
}

// dues: the cell that was billed is found by its rate; the ordinary rate is a
// question about the flag, not a fault.
func (j *judge) dues(m *matched) {
	n, ok := ParseMeasure(j.a.Call.Ship.NT)
	if !ok {
		j.add(m, Unverified, StatusUnknown)
		return
	}
	n = n.Ceil()
	for i := range j.c.Dues {
		d := &j.c.Dues[i]
		if !d.NT.Holds(n) || !d.Valid.Holds(j.day) || !d.Amount.Equal(m.rate) {
			continue
		}
		reference := round(n.Decimal().Mul(d.Amount))
		v := Equal
		switch {
		case round(m.amount) != reference:
			v = QuantityWrong
		case d.RateKind == "ordinary":
			v = RateKindQuestion
		}
		f := j.add(m, d.Word, v)
		f.Reference, f.Row = &reference, d.ID
		return
	}
	j.add(m, Secondary, BasisWrong)
}

// whole judges what no single line shows: a sum that is not the sum, a way
// without its over-distance, a charge whose status nobody knows.
func (j *judge) whole(lines []matched) {
	over := 0
	sum := decimal.Zero
	for i := range lines {
		sum = sum.Add(lines[i].amount)
		if m := &lines[i]; m.item != nil && m.item.Code == "PILOTAGE" && m.component == "1B" {
			over++
		}
	}
	if want := j.expected("PILOTAGE", "1B"); over > 0 && over < len(want) {
		f := j.add(nil, want[0].Word, LineMissing)
		f.Items = []string{"PILOTAGE"}
	}
	if total, ok := decimalOf(j.a.Total); ok && !total.Equal(sum) {
		f := j.add(nil, OfficialText, SumWrong) // arithmetic needs no source
		reference := round(sum)
		f.Reference = &reference
		if d := round(total) - reference; d > 0 {
			f.Difference = &d
		}
	}
	for _, l := range j.expected("SPECIAL_PORT_FEE", "") {
		if l.Amount == nil {
			f := j.add(nil, Unverified, StatusUnknown)
			f.Items = []string{"SPECIAL_PORT_FEE"}
		}
	}
}

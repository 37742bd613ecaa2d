package tariffs

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// wholeTons rounds the tons of a line up, as the call's are (R-NT-UP): a bill
// may print the tonnage of the certificate beside the amount of whole tons.
// What it printed stays for its arithmetic.
func (j *judge) wholeTons(m *matched) {
	m.printed = m.quantity
	tons := strings.HasPrefix(m.line.Unit, "NTT")
	if len(m.quantity) == 0 || !tons && len(m.quantity) == 1 {
		return
	}
	up := m.quantity[0].Ceil()
	n, known := ParseMeasure(j.a.Call.Ship.NT)
	switch {
	case !known && m.line.Unit != "NTT", known && n == n.Ceil() && up.Equal(m.quantity[0]):
		return
	case known && !up.Equal(n.Ceil().Decimal()):
		if len(m.quantity) > 1 || !n.Decimal().IsPositive() {
			return
		}
		times := m.quantity[0].Div(n.Decimal()) // tons by days, half hours or jobs, multiplied
		if !times.Mul(n.Decimal()).Equal(m.quantity[0]) || !times.Mul(decimal.NewFromInt(2)).IsInteger() {
			return
		}
		up = times.Mul(n.Ceil().Decimal())
	}
	m.quantity = slices.Clone(m.quantity)
	m.quantity[0] = up
}

// addsUp: quantity × rate gives the amount, within a fen. A quantity that is
// not the call's is the fault when there is one. Arithmetic needs no source.
func (m *matched) addsUp(f *AccountFinding) {
	count, ok := m.product()
	if !ok || !m.priced || slices.Contains(f.Verdicts, QuantityWrong) {
		return
	}
	exact := count.Mul(m.rate)
	off := exact.Sub(m.amount).Abs()
	if off.LessThanOrEqual(oneFen) || product(m.printed).Mul(m.rate).Sub(m.amount).Abs().LessThanOrEqual(oneFen) {
		return
	}
	if f.Reference != nil && m.billed <= *f.Reference && !m.otherQuantity(count) {
		// A bill may show the rate of the list beside an amount with the factors in
		// force: what is not above the catalogue is not wrong by a rate above it.
		if exact.GreaterThan(m.amount) {
			return
		}
		// A price for one that is an average over tiers stands rounded beside an
		// amount that is exact: that amount is right.
		if m.billed == *f.Reference && off.LessThanOrEqual(count.Mul(halfUnit(m.rate))) {
			return
		}
	}
	wrong := SumWrong
	if m.otherQuantity(count) {
		wrong = QuantityWrong
	}
	switch v := f.Verdicts[0]; {
	case TooMuch(v) || v == RateKindQuestion:
		f.Verdicts = append(f.Verdicts, wrong)
	case wrong == QuantityWrong: // the amount is not above what the call gives
		f.Verdicts = []Verdict{wrong}
	default:
		f.Verdicts = append(slices.DeleteFunc(f.Verdicts, func(v Verdict) bool { return v == Equal || v == WithinCeiling }), SumWrong)
		sum := held(m.billed, round(exact), true, OfficialText, "")
		f.Word, f.Row, f.Reference, f.Difference = sum.Word, "", sum.Reference, sum.Difference
	}
}

func (m *matched) otherQuantity(count decimal.Decimal) bool {
	return m.want != nil && !m.want.Equal(count)
}

var oneFen = decimal.New(1, -2)

// halfUnit is half of the last place in which a rate is written.
func halfUnit(rate decimal.Decimal) decimal.Decimal { return decimal.New(5, min(rate.Exponent(), 0)-1) }

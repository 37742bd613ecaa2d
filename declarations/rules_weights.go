package declarations

import (
	"math/big"
	"math/bits"
	"strings"
)

const (
	grossPath = "declaration.total_gross_weight_kg"
	netPath   = "declaration.total_net_weight_kg"
)

// V031: a weight below 1 kg is declared as 1 (填制规范). Numbers out of form are V012.
func smallWeights(c *check) {
	for _, w := range [2]struct {
		path, element string
		value         Decimal
	}{{grossPath, "GrossWet", c.d.Header.TotalGrossWeightKg}, {netPath, "NetWt", c.d.Header.TotalNetWeightKg}} {
		if order, ok := compare(w.value, "1"); ok && order < 0 {
			c.fault(w.path, w.element, "value", shown(string(w.value)))
		}
	}
}

// Units of weight among the units of measure.
const (
	kilogram = "035"
	gram     = "036"
)

// amount is an exact number of hundred-millionths, for sums of quantities of
// five decimals in grams: 22 digits and some for a hundred thousand lines.
type amount struct{ hi, lo uint64 }

func (a amount) plus(b amount) amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return amount{hi, lo}
}

func (a amount) above(b amount) bool { return a.hi > b.hi || a.hi == b.hi && a.lo > b.lo }

// weightDecimals is the scale of an amount.
const weightDecimals = 8

// weightOf is a weight of the N 19,5 form in kg, or in grams; ok is false when it is out of form.
func weightOf(v Decimal, grams bool) (a amount, ok bool) {
	n, ok := scaled(v, 19, 5)
	if !ok {
		return a, false
	}
	factor := uint64(1000)
	if grams {
		factor = 1
	}
	a.hi, a.lo = bits.Mul64(n, factor)
	return a, true
}

// scaled is an unsigned plain decimal of at most length digits as a whole
// number of its last decimal place: 15.5 with 4 decimals is 155000. Length 19
// is what 64 bits hold.
func scaled(v Decimal, length, decimals int) (n uint64, ok bool) {
	if !v.Fits(length, decimals, false) {
		return 0, false
	}
	whole, frac, _ := strings.Cut(string(v), ".")
	for i := range len(whole) {
		n = n*10 + uint64(whole[i]-'0')
	}
	for i := range decimals {
		n *= 10
		if i < len(frac) {
			n += uint64(frac[i] - '0')
		}
	}
	return n, true
}

// lineWeight is the weight of a line, when one of its quantities is one. The
// statutory quantity in kg is the net weight (填制规范), so it comes first.
func lineWeight(r *Item) (a amount, ok bool) {
	q := r.Quantities()
	for _, i := range [3]int{1, 2, 0} {
		if unit := q[i].Unit; unit == kilogram || unit == gram {
			return weightOf(q[i].Value, unit == gram)
		}
	}
	return a, false
}

// V032: the lines do not weigh more than the net weight. The fault stands at
// the line that goes beyond it.
func lineWeights(c *check) {
	if c.d.IsSummary() {
		return
	}
	net, ok := weightOf(c.d.Header.TotalNetWeightKg, false)
	if !ok {
		return // empty: V010; out of form: V012
	}
	var sum amount
	beyond := -1
	for i := range c.d.Items {
		w, ok := lineWeight(&c.d.Items[i])
		if !ok {
			continue
		}
		sum = sum.plus(w)
		if beyond < 0 && sum.above(net) {
			beyond = i
		}
	}
	if beyond >= 0 {
		c.fault(IndexPath("items", beyond, ""), "DecList", "value", sum.text(), "net", shown(string(c.d.Header.TotalNetWeightKg)))
	}
}

// text is the amount as a plain decimal.
func (a amount) text() string {
	n := new(big.Int).SetUint64(a.hi)
	n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(a.lo))
	s := n.String()
	if pad := weightDecimals + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	point := len(s) - weightDecimals
	return strings.TrimSuffix(s[:point]+"."+strings.TrimRight(s[point:], "0"), ".")
}

// V033: total = price × quantity. The total may be rounded to 0.01, and the
// price to its fourth decimal, which moves the product by half of that for
// every unit of quantity.
func lineTotals(c *check) {
	for i := range c.d.Items {
		r := &c.d.Items[i]
		price, ok1 := scaled(r.UnitPrice, 19, 4)
		quantity, ok2 := scaled(r.TransactionQuantity, 19, 5)
		total, ok3 := scaled(r.LineAmount, 19, 4)
		if !ok1 || !ok2 || !ok3 {
			continue
		}
		const cent = 10_000_000 // 0.01 at nine decimals
		var product, stated amount
		product.hi, product.lo = bits.Mul64(price, quantity)
		stated.hi, stated.lo = bits.Mul64(total, 100_000)
		tolerance := amount{lo: cent}.plus(amount{lo: quantity / 2}) // 0.00005 at nine decimals, of five
		if stated.above(product.plus(tolerance)) || product.above(stated.plus(tolerance)) {
			c.fault(IndexPath("items", i, "line_amount"), "DeclTotal", "value", shown(string(r.LineAmount)))
			if c.full() {
				return
			}
		}
	}
}

// V067: quantity and total of a line that is declared are above zero; empty
// and misformed ones are V010 and V012.
func positiveQuantities(c *check) {
	for i := range c.d.Items {
		r := &c.d.Items[i]
		for _, q := range [3]struct {
			field, element string
			value          Decimal
		}{{"transaction_quantity", "GQty", r.TransactionQuantity}, {"first_statutory_quantity", "FirstQty", r.FirstStatutoryQuantity}, {"line_amount", "DeclTotal", r.LineAmount}} {
			if isZero(q.value) {
				c.fault(IndexPath("items", i, q.field), q.element, "value", shown(string(q.value)))
			}
		}
		if c.full() {
			return
		}
	}
}

// isZero reports a plain decimal whose value is nothing.
func isZero(v Decimal) bool {
	return v.Fits(64, 32, false) && strings.Trim(string(v), "0.") == ""
}

// V034: the second quantity and its unit go together.
func secondQuantities(c *check) {
	for i := range c.d.Items {
		r := &c.d.Items[i]
		noQuantity, noUnit := blank(string(r.SecondStatutoryQuantity)), blank(r.SecondStatutoryUnitCode)
		switch {
		case noQuantity && !noUnit:
			c.fault(IndexPath("items", i, "second_statutory_quantity"), "SecondQty")
		case noUnit && !noQuantity:
			c.fault(IndexPath("items", i, "second_statutory_unit_code"), "SecondUnit")
		}
		if c.full() {
			return
		}
	}
}

package declarations

// Marks of a charge (FeeMark, InsurMark, OtherMark).
const (
	byRate  = "1"
	byUnit  = "2" // freight only
	byTotal = "3"
)

// charge is one of the three charges beside the price: its fields in the
// order in which they are judged, and what it may be.
type charge struct {
	mark, rate, currency slot[Declaration]
	byUnit, negative     bool
}

func chargeOf(prefix string, byUnit, negative bool) charge {
	of := func(part string) slot[Declaration] { return named(HeadFields, prefix+part)[0] }
	return charge{of("Mark"), of("Rate"), of("Curr"), byUnit, negative}
}

var (
	freight   = chargeOf("Fee", true, false)
	insurance = chargeOf("Insur", false, false)
	charges   = [3]*charge{&freight, &insurance, new(chargeOf("Other", false, true))}
)

// V035: freight is a rate, a price per unit or a total, the others a rate or a total.
func chargeMarks(c *check) {
	for _, ch := range charges {
		switch v := ch.mark.value(c.d); {
		case v == "", v == byRate, v == byTotal, v == byUnit && ch.byUnit:
		default:
			c.fault(ch.mark.path, ch.mark.element, "value", shown(v))
		}
	}
}

// V036: a rate has no currency.
func rateCurrency(c *check) {
	for _, ch := range charges {
		if v := ch.currency.value(c.d); ch.mark.value(c.d) == byRate && !blank(v) {
			c.fault(ch.currency.path, ch.currency.element, "value", shown(v))
		}
	}
}

// V037: a rate is 0.0001 to 99 percent with four decimals at most; a
// deduction among the other charges is negative. What is no number is V012.
func rateRange(c *check) {
	for _, ch := range charges {
		if ch.mark.value(c.d) != byRate {
			continue
		}
		v := Decimal(ch.rate.value(c.d))
		size := v
		if ch.negative && len(v) > 1 && v[0] == '-' {
			size = v[1:]
		}
		low, number := compare(size, "0.0001")
		high, _ := compare(size, "99")
		if v == "" || number && (low < 0 || high > 0 || !size.Fits(64, 4, false)) {
			c.fault(ch.rate.path, ch.rate.element, "value", shown(string(v)))
		}
	}
}

// V038: a price per unit or a total has an amount in a currency.
func chargeAmounts(c *check) {
	for _, ch := range charges {
		if v := ch.mark.value(c.d); v != byUnit && v != byTotal {
			continue
		}
		for _, f := range [2]*slot[Declaration]{&ch.currency, &ch.rate} {
			if blank(f.value(c.d)) {
				c.fault(f.path, f.element)
			}
		}
	}
}

// Terms of delivery (成交方式) whose price holds freight, insurance or both.
// transaction_terms.csv says the same by its columns import_freight and import_insurance.
const (
	termsCIF = "1"
	termsCF  = "2"
	termsFOB = "3"
	termsCI  = "4"
)

// V039, V040, V041: an import whose price holds a charge does not state it again.
func importCIF(c *check) { c.empty(termsCIF, &freight, &insurance) }
func importCF(c *check)  { c.empty(termsCF, &freight) }
func importCI(c *check)  { c.empty(termsCI, &insurance) }

// V042: an export free on board has no freight and insurance.
func exportFOB(c *check) { c.empty(termsFOB, &freight, &insurance) }

// empty reports each charge of which anything is filled under the terms.
func (c *check) empty(terms string, of ...*charge) {
	if c.d.Terms.DeliveryTermsCode != terms {
		return
	}
	for _, ch := range of {
		for _, f := range [3]*slot[Declaration]{&ch.mark, &ch.rate, &ch.currency} {
			if v := f.value(c.d); !blank(v) {
				c.fault(f.path, f.element, "value", shown(v))
				break
			}
		}
	}
}

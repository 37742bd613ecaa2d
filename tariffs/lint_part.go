package tariffs

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// CodePartUnknown is an item of which it is not on file whether it may be
// charged by itself; args: item, parent.
const CodePartUnknown = "FEE-1333"

// notSeparate: L22. What is part of another charge is no charge of its own, on
// no day on which it is a part. PASSENGER_HANDLING has its place inside the
// all-in charge recalled only, and no day (items.csv): that is told, not judged.
func (r *lintRow) notSeparate() {
	if r.item == nil || r.item.Parent != "HANDLING_ALL_IN" || r.isZero() {
		return
	}
	days, ok := r.span()
	switch {
	case !ok || days.From == "":
	case r.item.Valid.From == "":
		r.find("item_code", CodePartUnknown, Warn, "item", r.item.Code, "parent", r.item.Parent)
	case days.Overlaps(r.item.Valid):
		r.find("item_code", "FEE-L22", Reject, "item", r.item.Code, "parent", r.item.Parent)
	}
}

var (
	// A price list says that it has multiplied: 已乘港口系数0.90, port factor 0.95 applied.
	portFactorSaid = regexp.MustCompile(`(?i)港口系数|口岸系数|port\s+(factor|coefficient)`)
	surchargeSaid  = regexp.MustCompile(`(?i)(夜班|夜间|节假日)[^，。；,;]{0,6}(附加|加收)|(night|holiday)[^,.;]{0,12}surcharge`)
	factorNote     = regexp.MustCompile(`(?i)\bfactor\b|系数|折扣`)
)

// factorWhereItDoesNotAct: L24. A factor of the port shows in the price or is
// named in the note, on a component that is not in its list; a surcharge is
// named. The factor of 2022 acts on 1A only: not on 1B, 1C, 1D (M-PORT-90).
// A note is read for what it says of the row: that the price is multiplied is
// refused, that it is not is right, and what is neither is told.
func (r *lintRow) factorWhereItDoesNotAct(amount decimal.Decimal, met []limit) {
	component, note := r.text("component"), r.text("note")
	for i := range r.c.Modifiers {
		m := &r.c.Modifiers[i]
		var said saying
		switch {
		case !slices.Contains(places, m.Place) || m.acts(r.item.Code, component):
			continue
		case m.Kind == "port_factor" && m.Place != "CN": // 1.00 is no factor
			said = saidOf(note, portFactorSaid, component)
		case m.Kind == "surcharge" && r.kin(m):
			said = saidOf(note, surchargeSaid, component)
		default:
			continue
		}
		shows := m.Kind == "port_factor" && r.kin(m) && multiplied(amount, m.Value, met)
		severity := Reject
		switch {
		case shows || said == saidApplied:
		case said == saidInDoubt:
			severity = Warn
		default:
			continue
		}
		column := "amount"
		if said != unsaid || factorNote.MatchString(note) {
			column = "note"
		}
		r.find(column, "FEE-L24", severity, "component", component, "row", m.ID)
		return
	}
}

// kin reports whether a modifier acts on a charge of the row's family:
// shifting and locks are parts of pilotage.
func (r *lintRow) kin(m *Modifier) bool {
	return slices.ContainsFunc(m.Items, func(code string) bool {
		it := r.c.items[code]
		return it != nil && it.head() == r.item.head()
	})
}

func (it *Item) head() string {
	if it.Parent != "" {
		return it.Parent
	}
	return it.Code
}

// multiplied reports whether an amount is that of a row times a factor.
func multiplied(amount decimal.Decimal, value string, met []limit) bool {
	factor, ok := plainDecimal(value)
	return ok && slices.ContainsFunc(met, func(l limit) bool { return l.amount != nil && amount.Equal(l.amount.Mul(factor)) })
}

// basis: L26. The words about what is counted must be those of the unit, and
// the unit of what the government prices must be one of the charge's own.
func (r *lintRow) basis() {
	basis, unit := r.text("basis_zh"), r.text("unit")
	switch {
	case strings.Contains(unit, "NTT") && strings.Contains(basis, "总吨"):
	case strings.HasSuffix(unit, ".HUR") && !strings.Contains(basis, "小时") && strings.Contains(basis, "日"):
	case strings.HasSuffix(unit, ".DAY") && strings.Contains(basis, "小时") && !strings.Contains(basis, "24小时"):
	case r.text("item_code") == "TOWAGE" && strings.Contains(basis, "马力"): // by the tug since 2017 (MOT-2017-104)
	default:
		if r.item == nil || r.item.Regime == Market || !KnownUnit(unit) {
			return
		}
		if own := r.countedIn(); !slices.Contains(own, unit) {
			r.find("unit", "FEE-L26", Reject, "value", enumerated(slices.Clone(own)), "unit", unit)
		}
		return
	}
	r.find("basis_zh", "FEE-L26", Reject, "value", clipped(basis), "unit", unit)
}

// countedIn are the units in which the catalogue counts the row's component.
func (r *lintRow) countedIn() []string {
	component := r.text("component")
	at := [2]string{r.item.Code, component}
	units, cached := r.unitsBy[at]
	if !cached {
		units = strings.Split(r.item.Unit, "|")
		for _, c := range r.c.rates[r.item.Code] {
			if c.Stated.Collector == "" && (component == "" || c.Component == "" || c.Component == component) && !slices.Contains(units, c.Unit) {
				units = append(units, c.Unit)
			}
		}
		r.unitsBy[at] = units
	}
	return units
}

package tariffs

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

func indexOf(list []string, s string) int {
	for i := range list {
		if list[i] == s {
			return i
		}
	}
	return -1
}

// prices: L20, L21, L23, L24, L25.
func (r *lintRow) prices() {
	amount, ok := r.amount()
	if !ok || r.item == nil {
		return
	}
	met, some := r.limits()
	abolished := strings.HasPrefix(r.item.Basis, "abolished") || r.item.Basis == "exempt"
	switch {
	case abolished && !amount.IsZero():
		r.find("amount", "FEE-L21", Reject, "value", amount.String(), "item", r.item.Code)
		return
	case amount.IsZero() && !abolished && !anyZero(met):
		r.find("amount", "FEE-L25", Reject, "item", r.item.Code)
		return
	}
	if !abolished {
		r.held(amount, met, some)
	}
	r.factorWhereItDoesNotAct(amount, met)
}

func anyZero(met []limit) bool {
	return slices.ContainsFunc(met, func(l limit) bool { return l.amount != nil && l.amount.IsZero() })
}

// factorWhereItDoesNotAct: L24. A factor of the port shows in the price or is
// named in the note, on a component that is not in its list.
func (r *lintRow) factorWhereItDoesNotAct(amount decimal.Decimal, met []limit) {
	component := r.text("component")
	for i := range r.c.Modifiers {
		m := &r.c.Modifiers[i]
		if m.Kind != "port_factor" || !indexed(places, m.Place) || m.Place == "CN" || m.acts(r.item.Code, component) || !indexed(m.Items, r.item.Code) {
			continue
		}
		factor, ok := plainDecimal(m.Value)
		if !ok {
			continue
		}
		for _, c := range met {
			if c.amount == nil || !amount.Equal(c.amount.Mul(factor)) {
				continue
			}
			column := "amount"
			if factorNote.MatchString(r.text("note")) {
				column = "note"
			}
			r.find(column, "FEE-L24", Reject, "component", component, "row", m.ID)
			return
		}
	}
}

func indexed(list []string, s string) bool { return indexOf(list, s) >= 0 }

// notSeparate: L22. What is part of another charge is no charge of its own.
func (r *lintRow) notSeparate() {
	if r.item == nil || r.item.Parent != "HANDLING_ALL_IN" || r.item.Valid.From == "" || r.isZero() {
		return
	}
	from, ok := ParseDay(r.text("valid_from"))
	if ok && r.item.Valid.From <= from {
		r.find("item_code", "FEE-L22", Reject, "item", r.item.Code, "parent", r.item.Parent)
	}
}

// basis: L26. The words about what is counted must be those of the unit.
func (r *lintRow) basis() {
	basis, unit := r.text("basis_zh"), r.text("unit")
	switch {
	case strings.Contains(unit, "NTT") && strings.Contains(basis, "总吨"):
	case strings.HasSuffix(unit, ".HUR") && !strings.Contains(basis, "小时") && strings.Contains(basis, "日"):
	case strings.HasSuffix(unit, ".DAY") && strings.Contains(basis, "小时") && !strings.Contains(basis, "24小时"):
	default:
		return
	}
	r.find("basis_zh", "FEE-L26", Reject, "value", basis, "unit", unit)
}

// forbidden are renderings that say something else (terms.csv, false friends).
var forbidden = []struct{ item, rendering string }{
	{"HANDLING_ALL_IN", "charter"}, {"ANCHORAGE", "demurrage"}, {"BERTH_WORKING", "demurrage"}, {"BERTH_IDLE", "demurrage"},
	{"TONNAGE_DUES", "tonnage tax"}, {"TONNAGE_DUES", "Tonnagesteuer"}, {"TOWAGE", "salvage"}, {"YARD", "demurrage"},
}

// renderings: L27.
func (r *lintRow) renderings() {
	name := strings.ToLower(r.text("item_en"))
	for _, f := range forbidden {
		if f.item == r.text("item_code") && strings.Contains(name, strings.ToLower(f.rendering)) {
			r.find("item_en", "FEE-L27", Warn, "value", r.text("item_en"), "name", f.rendering)
		}
	}
}

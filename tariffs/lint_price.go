package tariffs

import (
	"strings"

	"github.com/shopspring/decimal"
)

func (r *lintRow) amount() (decimal.Decimal, bool) {
	s := r.text("amount")
	if s == "" {
		return decimal.Decimal{}, false
	}
	return plainDecimal(s)
}

func (r *lintRow) isZero() bool {
	d, ok := r.amount()
	return ok && d.IsZero()
}

// reference are the catalogue's own cells of the row on its first day: what a
// price is held against. What a collector stated himself binds nobody.
func (r *lintRow) reference() []*Rate {
	from, ok := ParseDay(r.text("valid_from"))
	if !ok || r.item == nil {
		return nil
	}
	var found []*Rate
	best := len(places)
	for _, c := range r.c.rates[r.item.Code] {
		at := indexOf(places, c.Place)
		if at < 0 || at > best || c.Stated.Collector != "" || !c.Valid.Holds(from) || c.Amount == nil || !r.same(c) {
			continue
		}
		if at < best {
			found, best = found[:0], at
		}
		found = append(found, c)
	}
	return found
}

// same reports whether a cell of the catalogue is the cell of the row.
func (r *lintRow) same(c *Rate) bool {
	for _, d := range []struct{ given, row string }{
		{c.Component, r.text("component")}, {string(c.Kind), r.text("schedule_kind")}, {c.CargoClass, r.text("cargo_class")},
		{c.ContainerSize, r.text("container_size")}, {c.LoadState, r.text("load_state")}, {c.Direction, r.text("direction")}, {c.ShipType, r.text("ship_type")},
	} {
		if d.given != d.row {
			return false
		}
	}
	return (c.Trade == r.text("trade") || c.Trade == "both" || r.text("trade") == "both") &&
		c.NT.is(r.text("nt_from"), r.text("nt_to")) && c.LOA.is(r.text("loa_from"), r.text("loa_to"))
}

// is reports whether the band has the two bounds as a row writes them.
func (b Band) is(from, to string) bool {
	bound := func(given string, m Measure, has bool) bool {
		v, ok := ParseMeasure(given)
		return ok == has && (!ok || v == m)
	}
	return bound(from, b.From, b.HasFrom) && bound(to, b.To, b.HasTo)
}

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
	cells := r.reference()
	abolished := strings.HasPrefix(r.item.Basis, "abolished") || r.item.Basis == "exempt"
	switch {
	case abolished && !amount.IsZero():
		r.find("amount", "FEE-L21", Reject, "value", amount.String(), "item", r.item.Code)
		return
	case amount.IsZero() && !abolished && !anyZero(cells):
		r.find("amount", "FEE-L25", Reject, "item", r.item.Code)
		return
	}
	for _, c := range cells {
		switch {
		case r.item.Regime == GovernmentSet && !amount.Equal(*c.Amount):
			f := r.find("amount", "FEE-L23", Reject, "value", amount.String(), "row", c.ID)
			f.Repair = c.Amount.String()
		case c.Ceiling && amount.GreaterThan(*c.Amount):
			r.find("amount", "FEE-L20", Reject, "value", amount.String(), "limit", c.Amount.String(), "row", c.ID)
		}
	}
	r.factorWhereItDoesNotAct(amount, cells)
}

func anyZero(cells []*Rate) bool {
	for _, c := range cells {
		if c.Amount.IsZero() {
			return true
		}
	}
	return false
}

// factorWhereItDoesNotAct: L24. A factor of the port shows in the price or is
// named in the note, on a component that is not in its list.
func (r *lintRow) factorWhereItDoesNotAct(amount decimal.Decimal, cells []*Rate) {
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
		for _, c := range cells {
			if !amount.Equal(c.Amount.Mul(factor)) {
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

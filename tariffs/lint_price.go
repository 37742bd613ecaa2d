package tariffs

import (
	"slices"
	"strings"
)

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
	if !abolished && !r.has("FEE-L22") {
		r.held(amount, met, some)
	}
	r.factorWhereItDoesNotAct(amount, met)
}

func anyZero(met []limit) bool {
	return slices.ContainsFunc(met, func(l limit) bool { return l.amount != nil && l.amount.IsZero() })
}

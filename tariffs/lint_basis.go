package tariffs

import (
	"slices"
	"strings"
)

// legalBasis: L05.
func (r *lintRow) legalBasis() {
	basis := r.text("legal_basis")
	government := strings.HasPrefix(r.text("regime"), "government")
	if basis == "" {
		if government || r.isZero() {
			r.find("legal_basis", "FEE-L05", Reject)
		}
		return
	}
	if government && r.c.Cited(basis) == nil {
		r.find("legal_basis", "FEE-L05", Reject, "value", clipped(basis))
	}
}

// inForce: L32.
func (r *lintRow) inForce() {
	basis := r.text("legal_basis")
	n := r.c.Cited(basis)
	from, ok := ParseDay(r.text("valid_from"))
	if n == nil || !ok {
		return // told by the rules about what is cited, and about days
	}
	if why := r.c.notInForce(n, r.text("item_code"), from); why != nil {
		r.find("legal_basis", "FEE-L32", Reject, append([]string{"value", clipped(basis), "from", string(from)}, why...)...)
	}
}

// Cited finds an instrument by its id or number; nil when none is on file.
func (c *Catalogue) Cited(basis string) *Instrument {
	i := slices.IndexFunc(c.Instruments, func(n Instrument) bool {
		return n.ID == basis || n.Number != "" && strings.Contains(basis, n.Number)
	})
	if i < 0 {
		return nil
	}
	return &c.Instruments[i]
}

// Statuses of instruments that say more than from when until when they hold
// (instruments.csv, column status).
const (
	appliedAfterTerm     = "applied_after_stated_term" // its status is the note that §9 L32 asks for
	supersededStatus     = "superseded"
	expiredStatus        = "expired"
	elsewhereStatus      = "not_applicable_dalian"
	suspendedThenUnknown = "suspended_then_unknown"
)

// notInForce says why an instrument is no basis of an item's price on a day,
// as arguments of a finding; nil when it is in force, or when its status says
// that it is applied after its term.
func (c *Catalogue) notInForce(n *Instrument, item string, on Day) []string {
	switch {
	case n.Status == elsewhereStatus:
		return []string{"reason", "basis_elsewhere"}
	case n.Effective.From != "" && on < n.Effective.From:
		return []string{"reason", "basis_not_yet", "day", string(n.Effective.From)}
	case n.Status == appliedAfterTerm:
		return nil
	case n.Effective.To != "" && n.Effective.To < on:
		return []string{"reason", "basis_ended", "day", string(n.Effective.To)}
	case n.Effective.To != "":
		return nil
	case n.Status == suspendedThenUnknown && !c.specialApplied(on):
		return []string{"reason", "basis_suspended"}
	// Its last day is not on file: it was in force as long as a row of the
	// tables stands on it.
	case (n.Status == supersededStatus || n.Status == expiredStatus) && !c.standsOn(n.ID, item, on):
		return []string{"reason", "basis_superseded"}
	}
	return nil
}

func (c *Catalogue) standsOn(instrument, item string, on Day) bool {
	return slices.ContainsFunc(c.rates[item], func(r *Rate) bool {
		return r.Instrument == instrument && r.Stated.Collector == "" && r.Valid.Holds(on)
	})
}

// specialApplied reports whether the special port fee was collected at the
// beginning of a day: the only instruments that were suspended are its own.
func (c *Catalogue) specialApplied(on Day) bool {
	at, ok := on.Begin()
	return ok && slices.ContainsFunc(c.Special.States, func(s SpecialRow) bool { return s.ID == "SPF-S1" && s.holds(at) })
}

package tariffs

import "slices"

// isGap reports whether the catalogue leaves out the very cell of a row that
// meets none: it has alike ones, of other cargo or the other trade, and none of
// the same trade under another component. A 45 ft box is such a cell (§2, §4.3);
// miles within the base are not, because the catalogue says what they cost.
func (r *lintRow) isGap() bool {
	s, unit := r.scope(), r.text("unit")
	beside, other := s, s
	beside.trade, other.dims[0] = "", ""
	for i := 1; i < len(s.dims)-1; i++ {
		beside.dims[i] = "" // words about cargo
	}
	alike := false
	for _, l := range r.limitsBy[r.item.Code] {
		if !slices.Contains(places, l.place) || l.unit != unit {
			continue
		}
		if other.meets(&l.scope) {
			return false
		}
		alike = alike || beside.meets(&l.scope)
	}
	return alike
}

// documented reports whether a row brings what raises a figure above a
// recalled one: an instrument on file, its article, and the document with its
// SHA-256 (§1).
func (r *lintRow) documented() bool {
	return r.c.Cited(r.text("legal_basis")) != nil && r.text("article") != "" && NamesDigest(r.text("attachment"))
}

// limitUnknown reports a price of which Lint warns that nothing on file bears it.
func (r *lintRow) limitUnknown() bool {
	r.prices()
	return r.has(CodeLimitUnknown)
}

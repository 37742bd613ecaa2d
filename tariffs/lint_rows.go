package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// repeated: L19. The number of a row is no content.
func (l *lint) repeated() {
	seen := map[string]int{}
	for i := range l.rows {
		r := &l.rows[i]
		var key strings.Builder
		for _, column := range slices.Concat(SheetColumns[1:], SheetOptional) {
			key.WriteString(strconv.Quote(r.text(column)))
		}
		if first, ok := seen[key.String()]; ok {
			r.find("(row)", "FEE-L19", Reject, "line", strconv.Itoa(first))
			continue
		}
		seen[key.String()] = r.Line
	}
}

// overlaps: L08. Both rows are told: which of them is wrong is not ours to say.
func (l *lint) overlaps() {
	byKey := map[string][]*lintRow{}
	for i := range l.rows {
		r := &l.rows[i]
		if _, ok := r.span(); ok && r.text("item_code") != "" && !r.has("FEE-L19") {
			byKey[r.key()] = append(byKey[r.key()], r)
		}
	}
	for _, rows := range byKey {
		for i, r := range rows {
			for _, later := range rows[i+1:] {
				a, _ := r.span()
				b, _ := later.span()
				if !a.Overlaps(b) {
					continue
				}
				r.find("valid_to", "FEE-L08", Reject, "line", strconv.Itoa(later.Line))
				later.find("valid_from", "FEE-L08", Reject, "line", strconv.Itoa(r.Line))
			}
		}
	}
}

// bands: L09. Tiers of one key meet: a gap or an overlap between neighbours is
// wrong; a missing first or last band is told, because the list may end there.
func (l *lint) bands() {
	for _, dimension := range []struct{ from, to string }{{"nt_from", "nt_to"}, {"loa_from", "loa_to"}} {
		groups := map[string][]*lintRow{}
		for i := range l.rows {
			r := &l.rows[i]
			if (r.text(dimension.from) != "" || r.text(dimension.to) != "") && r.text("item_code") != "" {
				key := r.key(dimension.from, dimension.to) + r.text("valid_from") + "/" + r.text("valid_to")
				groups[key] = append(groups[key], r)
			}
		}
		for _, rows := range groups {
			l.neighbours(rows, dimension.from, dimension.to)
		}
	}
}

func (l *lint) neighbours(rows []*lintRow, from, to string) {
	at := func(r *lintRow, column string) Measure {
		m, _ := ParseMeasure(r.text(column)) // an open or faulty bound sorts first
		return m
	}
	slices.SortStableFunc(rows, func(a, b *lintRow) int { return cmp.Compare(at(a, from), at(b, from)) })
	if first := rows[0]; at(first, from) > 0 {
		first.find(from, "FEE-L09", Warn, "value", first.text(from), "reason", "first_band")
	}
	for i := 1; i < len(rows); i++ {
		before, r := rows[i-1], rows[i]
		if before.text(to) != r.text(from) && at(before, to) != at(r, from) && !r.has("FEE-L19") {
			r.find(from, "FEE-L09", Reject, "value", r.text(from), "limit", before.text(to), "reason", "neighbour")
		}
	}
	if last := rows[len(rows)-1]; last.text(to) != "" {
		last.find(to, "FEE-L09", Warn, "value", last.text(to), "reason", "last_band")
	}
}

package tariffs

import "slices"

// Change is a line of two quotations side by side. Before or After is nil
// when only one of them has the line.
type Change struct {
	Item       string `json:"item"`
	Component  string `json:"component,omitzero"`
	Part       string `json:"part,omitzero"`
	Before     *Line  `json:"before,omitzero"`
	After      *Line  `json:"after,omitzero"`
	Difference *Fen   `json:"difference_fen,omitzero"` // nil: not known on one side
	Changed    bool   `json:"changed"`
	Why        string `json:"why,omitzero"` // slug: line_added, line_dropped, line_included, other_row, other_quantity, other_steps, unknown_side
}

// Compare puts the lines of two quotations side by side, in the order of the
// first; what only the second has comes last. A quotation compared with
// itself shows no difference.
func Compare(a, b *Quotation) []Change {
	var out []Change
	type key struct{ item, component, part string }
	of := func(l *Line) key { return key{l.Item, l.Component, l.Part} }
	after := map[key]*Line{}
	for i := range b.Lines {
		after[of(&b.Lines[i])] = &b.Lines[i]
	}
	seen := map[key]bool{}
	for i := range a.Lines {
		l := &a.Lines[i]
		seen[of(l)] = true
		ch := change(l, after[of(l)])
		if ch.After == nil && b.includes(l.Item) {
			ch.Why = "line_included"
		}
		out = append(out, ch)
	}
	for i := range b.Lines {
		if l := &b.Lines[i]; !seen[of(l)] {
			out = append(out, change(nil, l))
		}
	}
	return out
}

// includes reports whether a charge is inside another one of the quotation.
func (q *Quotation) includes(item string) bool {
	return slices.ContainsFunc(q.Lines, func(l Line) bool {
		return slices.ContainsFunc(l.Path, func(s Step) bool { return s.Step == "includes" && s.By == item })
	})
}

func change(before, after *Line) Change {
	some := before
	if some == nil {
		some = after
	}
	ch := Change{Item: some.Item, Component: some.Component, Part: some.Part, Before: before, After: after}
	switch {
	case before == nil:
		ch.Why = "line_added"
		ch.difference(nil, after.Amount)
	case after == nil:
		ch.Why = "line_dropped"
		ch.difference(before.Amount, nil)
	case before.Amount == nil || after.Amount == nil:
		if before.Unknown != after.Unknown || before.Row != after.Row {
			ch.Why = "unknown_side"
		}
	case before.Row != after.Row:
		ch.Why = "other_row"
		ch.difference(before.Amount, after.Amount)
	case before.Quantity != after.Quantity:
		ch.Why = "other_quantity"
		ch.difference(before.Amount, after.Amount)
	case *before.Amount != *after.Amount:
		ch.Why = "other_steps" // a factor, an exemption: the paths differ
		ch.difference(before.Amount, after.Amount)
	default:
		ch.difference(before.Amount, after.Amount)
	}
	ch.Changed = ch.Why != ""
	return ch
}

// difference is after less before; a line that is not there costs nothing,
// one whose amount is unknown makes the difference unknown.
func (ch *Change) difference(before, after *Fen) {
	if ch.Before != nil && before == nil || ch.After != nil && after == nil {
		return
	}
	var d Fen
	if after != nil {
		d += *after
	}
	if before != nil {
		d -= *before
	}
	ch.Difference = &d
}

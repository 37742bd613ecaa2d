package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// factorKinds are the kinds of modifiers that multiply a line (§5 step 8):
// cuts for a time, what a city waives, the addition for a tug from afar, the
// relief of a kind of ship.
var factorKinds = []string{"temporary_factor", "local_waiver", "surcharge_ceiling", "relief"}

// factors multiplies the line by what acts on it on the day, in the order of
// the table.
func (l *drawn) factors() {
	if l.Unknown != "" {
		return
	}
	var found []*Modifier
	for _, kind := range factorKinds {
		found = append(found, l.b.modifiers(kind, l.Item, l.Component)...)
	}
	slices.SortStableFunc(found, func(a, b *Modifier) int { return cmp.Compare(a.order(), b.order()) })
	for _, m := range found {
		f, ok := plainDecimal(m.Value)
		if !ok || f.IsZero() && m.Instrument == "" { // zero is legal only with an instrument (§1)
			l.unknown("not_on_file")
			return
		}
		before := l.exact
		l.exact = before.Mul(f)
		l.AtMost = l.AtMost || m.Kind == "surcharge_ceiling"
		l.modifier(m, "factor", before.String()+" × "+m.Value, l.exact.String())
	}
}

// order is the place of the modifier among others; what says none is last.
func (m *Modifier) order() int {
	n, err := strconv.Atoi(m.Order)
	if err != nil {
		return 1000
	}
	return n
}

// CanCount reports whether naming the modifier in a call can change a
// quotation: its kind is one that lines know, and the table says how much. A
// free case without an instrument is none (§1: zero is legal only with one).
func (m *Modifier) CanCount() bool {
	if m.Enabled {
		return true
	}
	value, ok := plainDecimal(m.Value)
	if !ok || !slices.Contains(places, m.Place) || value.IsZero() && m.Instrument == "" {
		return false
	}
	switch m.Kind {
	case "port_factor", "surcharge", "minimum_quantity", "substitute_quantity", "exemption":
		return true
	}
	return slices.Contains(factorKinds, m.Kind)
}

// CanBeNamed are the ids that enabled_modifiers may hold and that are off
// unless it does.
func (c *Catalogue) CanBeNamed() []string {
	var ids []string
	for i := range c.Modifiers {
		if m := &c.Modifiers[i]; !m.Enabled && m.CanCount() {
			ids = append(ids, m.ID)
		}
	}
	if r := c.rule(inYuan); r != nil && r.Enabled != "yes" {
		ids = append(ids, r.ID)
	}
	return ids
}

// checkEnabled finds names that are of no modifier, that change nothing, or
// whose conditions exclude each other: a tug comes from one distance.
func (c *Catalogue) checkEnabled(ids []string) []InputFault {
	var out []InputFault
	distance := ""
	for i, id := range ids {
		wrong := InputFault{Path: "enabled_modifiers[" + strconv.Itoa(i) + "]", Value: id}
		m, r := c.Modifier(id), c.rule(id)
		switch {
		case m == nil && r == nil:
			wrong.Reason = "modifier"
		case m == nil && id != inYuan, m != nil && !m.CanCount():
			wrong.Reason, wrong.Known = "no_effect", strings.Join(c.CanBeNamed(), ", ")
		case m != nil && m.Kind == "surcharge_ceiling" && distance != "" && distance != id:
			wrong.Reason, wrong.Known = "either_or", distance
		default:
			if m != nil && m.Kind == "surcharge_ceiling" {
				distance = id
			}
			continue
		}
		out = append(out, wrong)
	}
	return out
}

// unused tells of modifiers that were named and act on no line: of another
// day, or of something that the call has not.
func (b *builder) unused() {
	for i, id := range b.call.Enabled {
		acts := slices.ContainsFunc(b.q.Lines, func(l Line) bool {
			return slices.ContainsFunc(l.Path, func(s Step) bool { return s.By == id })
		})
		if !acts && !slices.Contains(b.call.Enabled[:i], id) {
			b.q.Notes = append(b.q.Notes, Note{"modifier_unused", id})
		}
	}
}

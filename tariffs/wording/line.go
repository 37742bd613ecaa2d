package wording

import (
	"strings"
	"time"

	"kouan/tariffs"
)

// Line names a line: pilotage 1A, inward.
func (w Words) Line(item, component, part string) string {
	name := w.Item(item)
	if component != "" {
		name += " " + component
	}
	if part != "" {
		name += w.marks().comma + w.part(part)
	}
	return name
}

func (w Words) part(part string) string {
	words := strings.Split(part, "-")
	for i := range words {
		words[i] = w.choice(words[i])
	}
	return strings.Join(words, w.marks().comma)
}

// Computed is quantity × rate of a line.
func (w Words) Computed(l *tariffs.Line) string {
	if l.Quantity == "" || l.Rate == "" {
		return w.Numbers(l.Quantity + l.Rate)
	}
	return w.Numbers(l.Quantity + " × " + l.Rate)
}

// Price is the amount of a line: money, with why it is zero, or what is unknown.
func (w Words) Price(l *tariffs.Line) string {
	switch {
	case l.Amount == nil:
		return w.unknown(l)
	case l.Zero != "":
		return w.Money(*l.Amount) + " (" + w.slug("fee_zero.", l.Zero, nil) + ")"
	case l.AtMost:
		return w.Text("fee_price.at_most", map[string]string{"amount": w.Money(*l.Amount)})
	}
	return w.Money(*l.Amount)
}

func (w Words) unknown(l *tariffs.Line) string { return w.Unknown(l.Unknown, l.Needs, l.About) }

// Unknown says why there is no amount, and what is needed for one. about are
// charging bodies to choose from, or bands without a price.
func (w Words) Unknown(why string, needs, about []string) string {
	named := make([]string, len(about))
	for i, name := range about {
		if named[i] = w.Party(name); why != "several_collectors" {
			named[i] = w.Numbers(name)
		}
	}
	return w.slug("fee_unknown.", why, map[string]string{"paths": strings.Join(needs, ", "), "about": strings.Join(named, w.marks().comma)})
}

// Step is one step of the rule path.
func (w Words) Step(s *tariffs.Step) string {
	text := w.slug("fee_step.", s.Step, nil)
	in, out := w.value(s.In), w.value(s.Out)
	switch {
	case s.Step == "state":
		out = w.state(s.By)
	case s.Step == "includes":
		out = w.Item(s.By)
	}
	switch {
	case in != "" && out != "":
		text = w.Labelled(text, in+" = "+out)
	case in+out != "":
		text = w.Labelled(text, in+out)
	}
	by := make([]string, 0, 3)
	for _, name := range []string{s.By, s.Instrument} {
		if name != "" {
			by = append(by, name)
		}
	}
	if s.Word != "" {
		by = append(by, w.Sure(s.Word))
	}
	if len(by) > 0 {
		text += " [" + strings.Join(by, ", ") + "]"
	}
	return text
}

// state of the special port fee.
func (w Words) state(id string) string {
	switch id {
	case "SPF-S1":
		return w.Term("ui.in_force")
	case "SPF-S2":
		return w.Term("ui.suspended")
	}
	return w.Term("ui.unknown")
}

// value of a step: an expression, or a length of time.
func (w Words) value(s string) string {
	d, err := time.ParseDuration(s)
	if err != nil || !strings.HasSuffix(s, "s") {
		return w.Numbers(s)
	}
	text := d.String() // 30h0m0s
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Sum is a total without its status: the amount, or at least what is known.
func (w Words) Sum(t *tariffs.Total) string {
	switch {
	case t.IsEmpty():
		return "–"
	case t.Amount == nil:
		return w.Text("fee_price.at_least", map[string]string{"amount": w.Money(t.AtLeast)})
	case t.AtMost:
		return w.Text("fee_price.at_most", map[string]string{"amount": w.Money(*t.Amount)})
	}
	return w.Money(*t.Amount)
}

// Status says whether a total is plain, and what makes it indicative or
// withholds it.
func (w Words) Status(t *tariffs.Total) string {
	if t.IsEmpty() {
		return w.slug("fee_total.", "nothing_asked", nil)
	}
	items, taints := make([]string, len(t.Unknown)), make([]string, len(t.Taints))
	for i, code := range t.Unknown {
		items[i] = w.Item(code)
	}
	for i, taint := range t.Taints {
		taints[i] = taint.By + " (" + w.Sure(taint.Word) + ")"
	}
	return w.slug("fee_total.", t.Status, map[string]string{"items": strings.Join(items, ", "), "taints": strings.Join(taints, ", ")})
}

// Note is a sentence about the whole quotation.
func (w Words) Note(n *tariffs.Note) string {
	return w.slug("fee_note.", n.Note, map[string]string{"by": n.By})
}

// Why says what made a line differ between two quotations.
func (w Words) Why(ch *tariffs.Change) string {
	if ch.Why == "" {
		return ""
	}
	row := ""
	switch {
	case ch.Why == "other_steps":
		row = factorOf(ch.Before) + " → " + factorOf(ch.After)
	case ch.Before != nil && ch.After != nil:
		row = ch.Before.Row + " → " + ch.After.Row
	}
	return w.slug("fee_why.", ch.Why, map[string]string{"row": row})
}

// factorOf names the factors and exemptions that acted on a line.
func factorOf(l *tariffs.Line) string {
	var by []string
	for i := range l.Path {
		switch s := &l.Path[i]; s.Step {
		case "factor", "surcharge", "exemption", "fixed_sum", "minimum":
			by = append(by, s.By)
		}
	}
	if len(by) == 0 {
		return "–"
	}
	return strings.Join(by, "+")
}

package tariffs

import "slices"

// Across is a day in a stay on which lines begin to be charged otherwise: a
// row, a factor, an exemption or the state of a fee changes. Before is the
// line until then, After the one from that day on.
type Across struct {
	On      Day      `json:"on"`
	Changes []Change `json:"changes"`
}

// across lists both sides of every change in the stay (§5 step 1). The day of
// arrival decides what is charged; whoever asks for the rows of a stated day
// has decided otherwise.
func (b *builder) across() {
	before := &b.q
	for _, day := range b.c.turnsIn(b.day, b.lastDay()) {
		call := *b.call
		call.On = day
		after := &compute(b.c, &call, b.q.KnownOn).q
		changes := slices.DeleteFunc(Compare(before, after), func(ch Change) bool { return !ch.Changed })
		if len(changes) > 0 {
			b.q.Across = append(b.q.Across, Across{day, changes})
		}
		before = after
	}
}

// turnsIn are the days after the first one, up to the last, on which
// something in the catalogue begins or has ended.
func (c *Catalogue) turnsIn(first, last Day) []Day {
	from, exact := slices.BinarySearch(c.days, first)
	if exact {
		from++
	}
	to, exact := slices.BinarySearch(c.days, last)
	if exact {
		to++
	}
	return c.days[from:max(from, to)]
}

// allTurns are the first days of whatever may make a line another one.
func (c *Catalogue) allTurns() []Day {
	var days []Day
	for i := range c.Items {
		days = append(days, c.turns(&c.Items[i])...)
	}
	for i := range c.Modifiers {
		span := c.Modifiers[i].Valid
		if span.From != "" {
			days = append(days, span.From)
		}
		if span.To != "" {
			days = append(days, span.To.after())
		}
	}
	for _, rows := range [][]SpecialRow{c.Special.Rates, c.Special.States} {
		for i := range rows { // one that begins within a day holds for ships of the next
			if from := rows[i].From; !from.IsZero() {
				days = append(days, DayOf(from).after())
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

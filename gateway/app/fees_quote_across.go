package app

import (
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// quoteAcross lists both sides of what changes during the stay; the first
// side is charged.
func (c *console) quoteAcross(w wording.Words, across []tariffs.Across) error {
	for i := range across {
		a := &across[i]
		day := w.Text("page.quote.across_day", map[string]string{"day": string(a.On)})
		if err := c.print("%s\n", w.Labelled(w.Text("page.quote.across", nil), day)); err != nil {
			return err
		}
		grid := make([][]string, 0, len(a.Changes))
		for j := range a.Changes {
			ch := &a.Changes[j]
			grid = append(grid, []string{w.Line(ch.Item, ch.Component, ch.Part), side(w, ch.Before) + " → " + side(w, ch.After), w.Why(ch)})
		}
		if err := c.printGrid(grid); err != nil {
			return err
		}
	}
	return nil
}

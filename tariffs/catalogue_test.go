package tariffs

import (
	"testing"
)

func TestBuiltInTablesAreRead(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	for name, got := range map[string][2]int{
		"items": {len(c.Items), 39}, "rates": {len(c.Rates), 143}, "modifiers": {len(c.Modifiers), 33}, "terminals": {len(c.Terminals), 20},
		"dues": {len(c.Dues), 24}, "instruments": {len(c.Instruments), 17},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d rows, want %d", name, got[0], got[1])
		}
	}
	for i := range c.Rates {
		if a := c.Rates[i].Amount; a != nil && a.IsZero() && c.Rates[i].Note == "" {
			t.Errorf("rate %s is zero without a reason", c.Rates[i].ID)
		}
	}
}

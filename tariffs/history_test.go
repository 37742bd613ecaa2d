package tariffs

import (
	"slices"
	"testing"
)

// TestPeriodsCoverEveryDayOnce: each period begins the day after the one
// before it ended, and shows on each of its edges what Rows shows on that day.
func TestPeriodsCoverEveryDayOnce(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	for i := range c.Items {
		it := &c.Items[i]
		periods := c.Periods(it.Code)
		if len(periods) == 0 {
			t.Fatalf("%s has no period", it.Code)
		}
		if periods[0].From != "" || periods[len(periods)-1].To != "" {
			t.Errorf("%s: the periods are closed: %s … %s", it.Code, periods[0].From, periods[len(periods)-1].To)
		}
		for j, p := range periods {
			if j > 0 && p.From != periods[j-1].To.after() {
				t.Errorf("%s: %s follows %s", it.Code, p.From, periods[j-1].To)
			}
			for _, day := range []Day{p.From, p.To} {
				if day == "" {
					continue
				}
				rows := c.Rows(day, RowFilter{Item: it.Code})
				rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Item != it.Code })
				if !slices.Equal(rows, p.Rows) {
					t.Errorf("%s on %s: the period %s – %s shows other rows", it.Code, day, p.From, p.To)
				}
			}
		}
	}
}

func TestThePeriodsOfPilotageAreThoseOfItsInstruments(t *testing.T) {
	t.Parallel()
	var first []Day
	for _, p := range BuiltIn().Periods("PILOTAGE") {
		first = append(first, p.From)
	}
	// 2022-04-01: the port factor; 2024-04-01: the stated term of the 2019 Measures is over
	for _, day := range []Day{"2017-09-15", "2019-04-01", "2022-04-01", "2024-04-01"} {
		if !slices.Contains(first, day) {
			t.Errorf("nothing begins on %s: %v", day, first)
		}
	}
	if BuiltIn().Periods("NO_SUCH_ITEM") != nil {
		t.Error("an item that is not there has a history")
	}
}

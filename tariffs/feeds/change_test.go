package feeds

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/tariffs"
)

func TestACellIsNamedOnce(t *testing.T) {
	t.Parallel()
	for _, day := range append(borders(tariffs.BuiltIn(), "2014-01-01"), "2014-01-01") {
		seen := map[string]string{}
		for _, r := range tariffs.BuiltIn().Rows(day, tariffs.RowFilter{}) {
			if other, twice := seen[cell(&r)]; twice {
				t.Errorf("%s: rows %q and %q are the same cell", day, other, r.ID)
			}
			seen[cell(&r)] = r.ID
		}
	}
}

func brief(changes []Change) []string {
	var out []string
	for _, ch := range changes {
		side := func(r *tariffs.Row) string {
			if r == nil {
				return "–"
			}
			return r.Component + " " + r.Amount + r.Status[:1]
		}
		out = append(out, ch.Row().Item+" "+side(ch.Before)+" → "+side(ch.After))
	}
	return out
}

func TestChangesOfALaw(t *testing.T) {
	t.Parallel()
	c := tariffs.BuiltIn()
	// 2022-04-01: the factor 0.90 on three tiers of 1A, the sum of the port's
	// group in place of the national one, the security fee inside the all-in charge.
	of := func(day tariffs.Day) []tariffs.Row { return c.Rows(day, tariffs.RowFilter{Item: "PILOTAGE"}) }
	got := brief(Changes(of("2022-03-31"), of("2022-04-01")))
	for _, want := range []string{"PILOTAGE 1A 0.45p → 1A 0.45p", "PILOTAGE 1A 49000p → 1A 44100p"} {
		if !slices.Contains(got, want) {
			t.Errorf("missing: %s in\n%q", want, got)
		}
	}
	for _, r := range c.Rows("2026-11-25", tariffs.RowFilter{}) {
		same := []tariffs.Row{r}
		if changes := Changes(same, same); len(changes) > 0 {
			t.Fatalf("a row differs from itself: %+v", changes)
		}
	}
}

func TestWhatComesGoesAndBecomesKnown(t *testing.T) {
	t.Parallel()
	row := func(id, item, component, amount, status string) tariffs.Row {
		return tariffs.Row{ID: id, Item: item, Component: component, Amount: amount, Status: status}
	}
	one, two, blank := row("r1", "A", "1", "0.40", "priced"), row("r2", "A", "2", "0.50", "priced"), row("", "A", "", "", "not_on_file")
	dearer := row("r3", "A", "1", "0.45", "priced")
	for _, tc := range []struct {
		name          string
		before, after []tariffs.Row
		want          []string
	}{
		{"nothing", []tariffs.Row{one, two}, []tariffs.Row{one, two}, nil},
		{"order is no change", []tariffs.Row{one, two}, []tariffs.Row{two, one}, nil},
		{"another price", []tariffs.Row{one, two}, []tariffs.Row{dearer, two}, []string{"A 1 0.40p → 1 0.45p"}},
		{"a new cell", []tariffs.Row{one}, []tariffs.Row{one, two}, []string{"A – → 2 0.50p"}},
		{"a cell less", []tariffs.Row{one, two}, []tariffs.Row{two}, []string{"A 1 0.40p → –"}},
		{"unknown becomes known", []tariffs.Row{blank}, []tariffs.Row{one, two}, []string{"A  n → 1 0.40p", "A  n → 2 0.50p"}},
		{"known becomes unknown", []tariffs.Row{one, two}, []tariffs.Row{blank}, []string{"A 1 0.40p →  n", "A 2 0.50p →  n"}},
		{"a new item without a figure", nil, []tariffs.Row{blank}, []string{"A – →  n"}},
		{"an item less", []tariffs.Row{blank}, nil, []string{"A  n → –"}},
	} {
		if diff := cmp.Diff(tc.want, brief(Changes(tc.before, tc.after))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestWhatAnEditionHasForDaysToCome(t *testing.T) {
	t.Parallel()
	coming := ComingOf(tariffs.BuiltIn(), "2026-11-25")
	for i, c := range coming {
		if c.Day <= "2026-11-25" || i > 0 && c.Day <= coming[i-1].Day || len(c.Changes) == 0 {
			t.Errorf("%s: %d changes", c.Day, len(c.Changes))
		}
		// the yearly steps of 17 April are no rates as long as nobody knows whether the fee is collected (§4.7)
		if slices.ContainsFunc(c.Changes, func(ch Change) bool { return ch.Row().Item == "SPECIAL_PORT_FEE" }) {
			t.Errorf("%s: of the special port fee nothing is known, and this is announced: %q", c.Day, brief(c.Changes))
		}
	}
	ends := ComingOf(tariffs.BuiltIn(), "2026-11-09")
	if len(ends) == 0 || ends[0].Day != "2026-11-10" || !slices.Contains(brief(ends[0].Changes), "SPECIAL_PORT_FEE  640s →  s") {
		t.Errorf("the end of the suspension is not announced: %+v", ends)
	}
	// Seen from 2022-03-01 the notice of 2022 is to come, seen from its day it is not.
	days := func(since tariffs.Day) []tariffs.Day {
		var out []tariffs.Day
		for _, c := range ComingOf(tariffs.BuiltIn(), since) {
			out = append(out, c.Day)
		}
		return out
	}
	if !slices.Contains(days("2022-03-01"), "2022-04-01") || slices.Contains(days("2022-04-01"), "2022-04-01") {
		t.Errorf("coming since 2022-03-01: %v; since 2022-04-01: %v", days("2022-03-01"), days("2022-04-01"))
	}
}

// withRows is the built-in catalogue with more rates.
func withRows(t *testing.T, rates ...map[string]string) *tariffs.Catalogue {
	t.Helper()
	records := slices.Clone(tariffs.BuiltIn().Records())
	for _, cells := range rates {
		r, err := tariffs.NewRecord("rates", cells)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	c, err := tariffs.FromRecords(records)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tug is a price for the ships of 180 to 220 m that a company published.
func tug(id, company, amount string) map[string]string {
	return map[string]string{"rate_id": id, "place": "CNDLC", "item": "TOWAGE", "schedule_kind": "matrix", "trade": "international", "ship_type": "bulk_general_other",
		"loa_from": "180", "loa_to": "220", "amount": amount, "currency": "CNY", "unit": "C62", "ceiling": "true", "valid_from": "2027-01-01", "instrument": "MOT-2019-2",
		"verification": "secondary", "collector_zh": company}
}

func TestTwoCollectorsOfOneCellAreNoChange(t *testing.T) {
	t.Parallel()
	c := withRows(t, tug("T-1", "大连甲拖轮有限公司", "8500"), tug("T-2", "大连乙拖轮有限公司", "8000"))
	for _, coming := range ComingOf(c, "2027-01-02") {
		if slices.ContainsFunc(coming.Changes, func(ch Change) bool { return ch.Row().Item == "TOWAGE" }) {
			t.Errorf("%s: nothing changes, and this is announced: %q", coming.Day, brief(coming.Changes))
		}
	}
	dearer := withRows(t, tug("T-1", "大连甲拖轮有限公司", "8500"), tug("T-2", "大连乙拖轮有限公司", "8200"))
	of := func(c *tariffs.Catalogue) []tariffs.Row {
		return c.Rows("2027-02-01", tariffs.RowFilter{Item: "TOWAGE"})
	}
	if diff := cmp.Diff([]string{"TOWAGE  8000p →  8200p"}, brief(Changes(of(c), of(dearer)))); diff != "" {
		t.Errorf("one of two prices rises (-want +got):\n%s", diff)
	}
}

func TestTermsThatEnded(t *testing.T) {
	t.Parallel()
	ids := func(day tariffs.Day) []string {
		var out []string
		for _, n := range Expired(tariffs.BuiltIn(), day) {
			out = append(out, n.ID)
		}
		return out
	}
	if got := ids("2026-11-25"); !slices.Contains(got, "MOT-2019-2") {
		t.Errorf("the term of MOT-2019-2 ended on 2024-03-31 and it is not told: %v", got)
	}
	if got := ids("2024-03-31"); slices.Contains(got, "MOT-2019-2") {
		t.Errorf("on its last day it has not ended: %v", got)
	}
}

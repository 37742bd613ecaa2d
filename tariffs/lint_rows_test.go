package tariffs

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two rows price one call when each leaves blank what the other says; one that
// is narrower in all is an exception to the other.
func TestRowsThatMeetAreTold(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	for _, tc := range []struct {
		name  string
		item  string
		cells map[string]string // of the second row
		want  []string
	}{
		{"another price of the cell", "HANDLING_ALL_IN", map[string]string{"valid_from": "2026-05-01"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"both trades, and an exception for one", "HANDLING_ALL_IN", map[string]string{"trade": "both"}, nil},
		{"all classes, and an exception for one", "HANDLING_ALL_IN", map[string]string{"cargo_class": ""}, nil},
		{"narrower in one word and broader in another", "HANDLING_ALL_IN", map[string]string{"load_state": "", "direction": "import"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"both trades of a tug, which nothing chooses between", "TOWAGE", map[string]string{"trade": "both"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"a trade by its other name", "HANDLING_ALL_IN", map[string]string{"trade": "international"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"the other trade", "HANDLING_ALL_IN", map[string]string{"trade": "domestic"}, nil},
		{"any state, and an exception for one", "HANDLING_ALL_IN", map[string]string{"load_state": ""}, nil},
		{"another kind", "HANDLING_ALL_IN", map[string]string{"schedule_kind": "matrix"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"the other state", "HANDLING_ALL_IN", map[string]string{"load_state": "empty"}, nil},
		{"another unit", "HANDLING_ALL_IN", map[string]string{"load_state": "", "container_size": "", "unit": "TNE"}, nil},
		{"another collector", "HANDLING_ALL_IN", map[string]string{"collector_zh": "另一码头(虚构)"}, nil},
		{"after the first has ended", "HANDLING_ALL_IN", map[string]string{"valid_from": "2025-01-01", "valid_to": "2025-12-31", "published_at": "2024-11-01"}, nil},
		{"a part of a band from another day", "BOOM", map[string]string{"nt_from": "500", "nt_to": "2000", "valid_from": "2026-03-01"}, []string{"2 FEE-L08 valid_to", "3 FEE-L08 valid_from"}},
		{"the next band", "BOOM", map[string]string{"nt_from": "1000", "nt_to": "3000"}, nil},
	} {
		second := changedRow(t, rows, tc.item, map[string]string{"amount": "1"})
		for column, cell := range tc.cells {
			second[slices.Index(rows[0], column)] = cell
		}
		second[0] = "99"
		var got []string
		for _, f := range Lint(BuiltIn(), sheet([][]string{rows[0], changedRow(t, rows, tc.item, nil), second})) {
			if f.Severity == Reject {
				got = append(got, fmt.Sprint(f.Line, " ", f.Code, " ", f.Column))
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// The fixed sum for the largest ships stands over the tiers by right.
func TestAFixedSumMeetsNoTier(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	tier := changedRow(t, rows, "PILOTAGE 1A", map[string]string{"nt_from": "80000", "nt_to": "", "amount": "0.375"})
	fixed := changedRow(t, rows, "PILOTAGE 1A", map[string]string{"row_no": "9", "schedule_kind": "fixed_above", "nt_from": "120000", "nt_to": "", "amount": "44100", "unit": "C62"})
	for _, f := range Lint(BuiltIn(), sheet([][]string{rows[0], tier, fixed})) {
		if f.Severity == Reject {
			t.Errorf("%+v", f)
		}
	}
}

func TestOneNumberStandsOverOneCharge(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	yard, tally := changedRow(t, rows, "YARD", nil), changedRow(t, rows, "TALLY", nil)
	tally[0] = yard[0]
	found := Lint(BuiltIn(), sheet([][]string{rows[0], yard, tally}))
	if len(found) != 1 || found[0].Code != "FEE-L18" || found[0].Line != 3 || found[0].Column != "row_no" || found[0].Args["line"] != "2" {
		t.Errorf("two items under one number: %+v", found)
	}
	again := changedRow(t, rows, "YARD", map[string]string{"container_size": "40", "unit": "21.DAY"})
	if found := Lint(BuiltIn(), sheet([][]string{rows[0], yard, again})); len(found) > 0 {
		t.Errorf("two cells of one item under its number: %+v", found)
	}
}

// A list in which every row meets every other one is told of, not counted out.
func TestRowsWithoutEndMakeNoFindingsWithoutEnd(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	list := [][]string{rows[0]}
	for n := range 500 {
		row := changedRow(t, rows, "YARD", map[string]string{"row_no": strconv.Itoa(n), "amount": strconv.Itoa(n)})
		if n%2 == 0 {
			row[slices.Index(rows[0], "load_state")] = ""
		}
		list = append(list, row)
	}
	found := Lint(BuiltIn(), sheet(list))
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Code == "FEE-L08" }) || len(found) > 5*len(list) {
		t.Errorf("%d findings of %d rows", len(found), len(list))
	}
}

package tariffs

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lintCase is one row of the clean price list with some cells changed: the
// first row of the item, or of one of its components.
type lintCase struct {
	name  string
	item  string // PILOTAGE, or PILOTAGE 1B
	cells map[string]string
	want  []string // every code, in order
}

// lintCases looks each row over by itself. Warnings about a band that begins
// above zero or ends are left out: one row alone has no neighbours.
func lintCases(t *testing.T, cases []lintCase) {
	t.Helper()
	rows := samples(t, "catalogue-clean.csv")
	for _, tc := range cases {
		row := changedRow(t, rows, tc.item, tc.cells)
		var got []string
		for _, f := range Lint(BuiltIn(), sheet([][]string{rows[0], row})) {
			if f.Code != "FEE-L09" || f.Severity == Reject {
				got = append(got, f.Code)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s %v: codes (-want +got):\n%s", tc.name, tc.cells, diff)
		}
	}
}

func changedRow(t *testing.T, rows [][]string, item string, cells map[string]string) []string {
	t.Helper()
	code, component, _ := strings.Cut(item, " ")
	i := slices.IndexFunc(rows, func(row []string) bool { return row[1] == code && (component == "" || row[2] == component) })
	if i < 0 {
		t.Fatalf("no row of %s", item)
	}
	row := slices.Clone(rows[i])
	for column, cell := range cells {
		at := slices.Index(rows[0], column)
		if at < 0 {
			t.Fatalf("no column %s", column)
		}
		row[at] = cell
	}
	return row
}

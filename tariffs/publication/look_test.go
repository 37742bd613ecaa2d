package publication

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/tariffs"
)

// changed is a sheet of one row of the clean price list with some cells changed.
func changed(t *testing.T, item string, cells ...map[string]string) *tariffs.Sheet {
	t.Helper()
	s := sheet(t, "catalogue-clean.csv")
	i := slices.IndexFunc(s.Rows, func(r tariffs.SheetRow) bool { return r.Cells[1] == item })
	one := &tariffs.Sheet{Columns: s.Columns}
	for n, change := range cells {
		row := tariffs.SheetRow{Line: n + 2, Cells: slices.Clone(s.Rows[i].Cells)}
		for column, cell := range change {
			row.Cells[slices.Index(s.Columns, column)] = cell
		}
		one.Rows = append(one.Rows, row)
	}
	return one
}

func lookedAt(found []tariffs.Finding) []string {
	var out []string
	for _, f := range found {
		if f.Severity == tariffs.Reject {
			out = append(out, f.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Nothing that refuses a draft is new to whoever looked first.
func TestALookSaysWhatADraftSays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		sheet *tariffs.Sheet
		want  []string
	}{
		{"nothing", changed(t, "YARD", nil), nil},
		{"a figure called official without its document", changed(t, "SHIFTING", map[string]string{"verification": "official_text"}), []string{CodeWord}},
		{"a price that closes a gap, without its document", changed(t, "TOWAGE", map[string]string{"trade": "domestic", "amount": "5000", "verification": "secondary"}), nil},
		{"the same, called official", changed(t, "TOWAGE", map[string]string{"trade": "domestic", "amount": "5000", "verification": "official_text"}), []string{CodeWord}},
		{"the same, with its document", changed(t, "TOWAGE", map[string]string{"trade": "domestic", "amount": "5000", "verification": "official_text", "attachment": "notice.pdf " + strings.Repeat("ab", 32)}), nil},
		{"a kind that is none", changed(t, "YARD", map[string]string{"schedule_kind": "banana"}), []string{tariffs.CodeChoice}},
		{"a distance that ends before it begins", changed(t, "YARD", map[string]string{"distance_from_nm": "30", "distance_to_nm": "10"}), []string{"FEE-L09"}},
		{"a faulty row beside one that only the gate refuses", changed(t, "SHIFTING", map[string]string{"verification": "official_text"}, map[string]string{"amount": "9", "row_no": "6", "collector_zh": "另一站(虚构)"}), []string{CodeWord, "FEE-L20"}},
		{"a document without an article", changed(t, "YARD", map[string]string{"verification": "triangulated", "article": ""}), nil},
	} {
		found := Look(tariffs.BuiltIn(), tc.sheet)
		if diff := cmp.Diff(tc.want, lookedAt(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		for _, f := range found {
			if len(slices.DeleteFunc(slices.Clone(found), func(o tariffs.Finding) bool { return !cmp.Equal(o, f) })) > 1 {
				t.Errorf("%s: %s is told twice", tc.name, f.Code)
			}
			if f.Line < 2 || !slices.Contains(tariffs.SheetColumns, f.Column) {
				t.Errorf("%s: %s stands at line %d, column %q", tc.name, f.Code, f.Line, f.Column)
			}
		}
		// as a draft sees it
		settings, drafted := FromSheet(tariffs.BuiltIn(), tc.sheet)
		if !Rejected(drafted) {
			next, more := Apply(tariffs.BuiltIn(), &Draft{Settings: settings}, nil)
			drafted = append(drafted, more...)
			if next != nil {
				drafted = append(drafted, Gate(tariffs.BuiltIn(), next.Catalogue, next.Changes, Terms{Reason: "更正"})...)
			}
		}
		for _, f := range drafted {
			if f.Severity == tariffs.Reject && !slices.Contains(lookedAt(found), f.Code) {
				t.Errorf("%s: a draft is refused by %s, which the look does not say", tc.name, f.Code)
			}
		}
	}
}

// The clean list says where its bands begin and end, and nothing else.
func TestALookAtTheCleanListFindsNothing(t *testing.T) {
	t.Parallel()
	for _, f := range Look(tariffs.BuiltIn(), sheet(t, "catalogue-clean.csv")) {
		if f.Code != "FEE-L09" || f.Severity != tariffs.Warn {
			t.Errorf("%+v", f)
		}
	}
}

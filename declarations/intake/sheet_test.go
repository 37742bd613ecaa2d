package intake

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// sheetOf writes declarations under the columns of the template.
func sheetOf(t testing.TB, ds ...*declarations.Declaration) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := newCSV(&out)
	if err != nil {
		t.Fatal(err)
	}
	columns := templateColumns()
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.labels.Zh
	}
	rows := [][]string{names}
	for _, d := range ds {
		rows = append(rows, lines(d, columns)...)
	}
	if err := writeCSV(w, rows); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	return out.Bytes()
}

// Every sample without groups that a sheet does not have comes back whole.
func TestSheetGivesTheDeclarationBack(t *testing.T) {
	t.Parallel()
	checked := 0
	for name, data := range samples(t, "valid-*.xml") {
		row := Read(data, XML)[0]
		want := row.Declaration
		if declarations.Rejected(row.Faults) || len(want.Items) == 0 || !inSheets(&want) {
			continue
		}
		checked++
		got := Read(sheetOf(t, &want), CSV)
		if len(got) != 1 {
			t.Fatalf("%s: %d rows", name, len(got))
		}
		for _, f := range got[0].Faults {
			t.Errorf("%s: %v", name, f)
		}
		if diff := cmp.Diff(want, got[0].Declaration); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if checked < 3 {
		t.Errorf("only %d samples were compared", checked)
	}
}

// inSheets reports a declaration whose groups all have columns.
func inSheets(d *declarations.Declaration) bool {
	m, err := Marshal(d)
	if err != nil {
		return false
	}
	for _, group := range []string{"carried", "extensions", "licences", "control_elements", "certificate_requests", "authorisations", "users", "mark_images", "transit", "supplements", "promises", "royalty", "two_step_access", "tax_return", "risk"} {
		if strings.Contains(string(m), `"`+group+`":`) {
			return false
		}
	}
	return true
}

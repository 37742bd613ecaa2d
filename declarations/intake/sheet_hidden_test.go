package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Hidden columns are read, and told by their letters; those without a header
// hold nothing and are passed over.
func TestHiddenColumnsAreNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, cols string
		want       []string
	}{
		{"one", `<col min="2" max="2" hidden="1"/>`, []string{"CSV-1017 Sheet1 0:0 map[name:B reason:hidden_columns]"}},
		{"a range and one, up to the end of the sheet", `<col min="2" max="3" hidden="true"/><col min="5" max="16384" hidden="1"/>`, []string{"CSV-1017 Sheet1 0:0 map[name:B:C, E reason:hidden_columns]"}},
		{"without a width", `<col min="4" max="4" width="0" customWidth="1"/>`, []string{"CSV-1017 Sheet1 0:0 map[name:D reason:hidden_columns]"}},
		{"behind the table", `<col min="6" max="16384" hidden="1"/>`, nil},
		{"seen", `<col min="1" max="9" width="12"/>`, nil},
		{"no range", `<col min="3" max="2" hidden="1"/>`, []string{"CSV-1019  0:0 map[name:Sheet1 reason:broken_workbook]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := aWorkbook(header1("Client reference", "HS code", "Product name", "Contract number", "Remarks")+`<row r="2"><c t="s"><v>0</v></c></row>`, "")
			p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], "<sheetData>", "<cols>"+tc.cols+"</cols><sheetData>", 1)
			rows := Read(p.zip(t), XLSX)
			var got []string
			for _, said := range said(rows[0].Faults) {
				if !strings.HasPrefix(said, "CSV-1003") { // names that this test need not know
					got = append(got, said)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

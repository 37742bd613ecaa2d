package tariffs

import (
	"slices"
	"strings"
	"testing"
)

// Whatever stands in the cells of a list is told or let through; nothing breaks
// the linter, and each finding has its place.
func FuzzLint(f *testing.F) {
	f.Add("TOWAGE|matrix|international||C62|99999|180|200|MOT-2019-2|2026-01-01||see attachment")
	f.Add("PILOTAGE|progressive|both|1A|NTT|.5|abc|40000|MOC-1997-3|2026-13-01|0000-00-00| =1　　４０英寸")
	f.Add("TONNAGE_DUES|slab|||NTT|9.0||||||含代理手续费5% port factor")
	f.Add("||||||||||||")
	columns := []string{"item_code", "schedule_kind", "trade", "component", "unit", "amount", "loa_from", "loa_to", "legal_basis", "valid_from", "valid_to", "note", "basis_zh", "item_en"}
	f.Fuzz(func(t *testing.T, cells string) {
		row := make([]string, len(SheetColumns))
		for i, cell := range strings.Split(cells, "|") {
			if i < len(columns) {
				row[slices.Index(SheetColumns, columns[i])] = cell
			}
		}
		short := row[:len(row)/2]
		s := &Sheet{Columns: SheetColumns, Rows: []SheetRow{{2, row}, {3, slices.Clone(row)}, {4, short}}}
		for _, found := range Lint(BuiltIn(), s) {
			if found.Code == "" || found.Column == "" || found.Line < 2 || found.Line > 4 {
				t.Errorf("%+v", found)
			}
		}
		SheetRates(BuiltIn(), s)
	})
}

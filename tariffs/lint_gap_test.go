package tariffs

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The gaps of §2.4 are closed by a price list: with its document a price
// stands, without it it stands as unverified.
func TestAPriceListClosesAGap(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	document := map[string]string{"attachment": "instrument.pdf " + strings.Repeat("ab", 32), "article": "art. 9", "legal_basis": "MOT-2019-2"}
	for _, tc := range []struct {
		name, item string
		cells      map[string]string
	}{
		{"bulk cargo", "CARGO_DUES", map[string]string{"cargo_class": "group2_unlisted", "container_size": "", "load_state": "", "unit": "TNE", "amount": "1.40"}},
		{"45 ft", "CARGO_DUES", map[string]string{"container_size": "45", "unit": "21", "amount": "68.00"}},
		{"tugs on domestic lines", "TOWAGE", map[string]string{"trade": "domestic", "amount": "5000"}},
		{"idle on domestic lines", "BERTH_IDLE", map[string]string{"trade": "domestic", "amount": "0.05"}},
		{"anchorage", "BERTH_WORKING", map[string]string{"item_code": "ANCHORAGE", "item_zh": "停泊费(锚地)", "amount": "0.05"}},
		{"buoy", "BERTH_WORKING", map[string]string{"item_code": "BUOY", "item_zh": "停泊费(浮筒)", "amount": "0.25"}},
	} {
		row := changedRow(t, rows, tc.item, tc.cells)
		list := sheet([][]string{rows[0], row})
		if diff := cmp.Diff([]string{"FEE-1331 warn amount"}, lintBrief(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		rates, found := SheetRates(BuiltIn(), list)
		if len(found) > 0 || len(rates) != 1 || rates[0].Cells["verification"] != "unverified" {
			t.Errorf("%s stands as %v %v", tc.name, rates, found)
		}
		with := maps.Clone(tc.cells)
		maps.Copy(with, document)
		with["verification"] = "official_text"
		list = sheet([][]string{rows[0], changedRow(t, rows, tc.item, with)})
		if diff := cmp.Diff([]string(nil), lintBrief(list)); diff != "" {
			t.Errorf("%s with its document (-want +got):\n%s", tc.name, diff)
		}
		if rates, _ := SheetRates(BuiltIn(), list); len(rates) != 1 || rates[0].Cells["verification"] != "official_text" {
			t.Errorf("%s with its document stands as %v", tc.name, rates)
		}
	}
}

// lintBrief are the findings of a list without those about bands that end.
func lintBrief(s *Sheet) []string {
	var out []string
	for _, f := range Lint(BuiltIn(), s) {
		if f.Code != "FEE-L09" || f.Severity == Reject {
			out = append(out, strings.Join([]string{f.Code, string(f.Severity), f.Column}, " "))
		}
	}
	return out
}

// What is no gap stays refused: the cell is priced under another component, in
// another band or at other ports.
func TestWhatTheCatalogueHasIsNoGap(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	for _, tc := range []struct {
		item  string
		cells map[string]string
	}{
		{"PILOTAGE 1A", map[string]string{"trade": "domestic"}},
		{"PILOTAGE 1B", map[string]string{"distance_from_nm": "0", "distance_to_nm": "5"}},
		{"CARGO_DUES", map[string]string{"direction": "transit"}},
	} {
		if got := lintBrief(sheet([][]string{rows[0], changedRow(t, rows, tc.item, tc.cells)})); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "FEE-1330 reject") }) {
			t.Errorf("%s %v: %v", tc.item, tc.cells, got)
		}
	}
}

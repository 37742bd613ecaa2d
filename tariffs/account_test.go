package tariffs

import (
	"testing"
)

// TestNamesAreReadInEitherScript: agents of Hong Kong and Taiwan write
// Traditional characters; it is the same charge.
func TestNamesAreReadInEitherScript(t *testing.T) {
	t.Parallel()
	names := BuiltIn().names()
	for billed, want := range map[string]string{"引航費（進）": "PILOTAGE", "拖 輪 費": "TOWAGE", "船舶噸稅": "TONNAGE_DUES", "停泊費": "BERTH_WORKING", "代理費": "AGENCY_FEE"} {
		if m := names.match(&AccountLine{TextZH: billed, Amount: "1"}); m.item == nil || m.item.Code != want {
			t.Errorf("%s is %+v, want %s", billed, m.item, want)
		}
	}
}

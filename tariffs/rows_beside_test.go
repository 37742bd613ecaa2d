package tariffs

import (
	"slices"
	"testing"
)

func TestWhatTheTablesSayBesideARow(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	named, channels := 0, 0
	for _, r := range c.Rows("2026-11-26", RowFilter{}) {
		if r.Channel == "CH-12345-DL" {
			channels++
		}
		if r.Authority != "" {
			named++
		}
		switch r.Item {
		case "SPECIAL_PORT_FEE":
			if r.Authority != "交通运输部" {
				t.Errorf("the announcement names the ministry, the row %q", r.Authority)
			}
		case "TONNAGE_DUES": // no table names who answers for the law
			if r.Authority != "" {
				t.Errorf("invented: %q", r.Authority)
			}
		}
		if r.Reason != "" || r.Payment != "" || r.Published != "" {
			t.Errorf("%s: no table says why, how it is paid or when it was published: %q %q %q", r.ID, r.Reason, r.Payment, r.Published)
		}
	}
	if all := len(c.Rows("2026-11-26", RowFilter{})); channels != all || named == 0 || named == all {
		t.Errorf("of %d rows %d have the line for any complaint, %d an authority", all, channels, named)
	}
}

func TestWhatARowSaysItselfStands(t *testing.T) {
	t.Parallel()
	cells := tugPrice("T-1", "大连甲拖轮有限公司", "8500")
	cells["published_at"], cells["complaint_channel"], cells["authority_zh"] = "2026-12-01", "CH-12328", "大连市交通运输局(示例)"
	c := published(t, cells, tugPrice("T-2", "大连乙拖轮有限公司", "8000"))
	c.PublishedOn(map[string]Day{"T-1": "2026-12-05", "T-2": "2026-12-06"})
	for _, r := range c.Rows("2027-02-01", RowFilter{Item: "TOWAGE"}) {
		got := [3]string{r.Published, r.Channel, r.Authority}
		switch r.ID {
		case "T-1":
			if got != [3]string{"2026-12-01", "CH-12328", "大连市交通运输局(示例)"} {
				t.Errorf("what its publisher says is not what the row says: %q", got)
			}
		case "T-2":
			if got != [3]string{"2026-12-06", "CH-12345-DL", ""} {
				t.Errorf("%q", got)
			}
		default:
			if r.Published != "" {
				t.Errorf("%s was published on %s", r.ID, r.Published)
			}
		}
	}
}

func TestAPriceListMayNameTheAuthority(t *testing.T) {
	t.Parallel()
	s := &Sheet{Columns: slices.Concat(SheetColumns, SheetOptional)}
	cells := make([]string, len(s.Columns))
	for column, v := range map[string]string{"item_code": "TOWAGE", "item_zh": "拖轮费", "regime": "government_guided", "collector_zh": "大连甲拖轮有限公司", "amount_kind": "at_most",
		"authority_zh": "交通运输部"} {
		cells[slices.Index(s.Columns, column)] = v
	}
	s.Rows = []SheetRow{{Line: 2, Cells: cells}}
	rates, found := SheetRates(BuiltIn(), s)
	if len(rates) != 1 || rates[0].Cells["authority_zh"] != "交通运输部" || len(found) > 0 {
		t.Errorf("the authority of the list is lost: %+v, %+v", rates, found)
	}
	for _, f := range Lint(BuiltIn(), &Sheet{Columns: SheetColumns}) { // it may be missing
		t.Errorf("%+v", f)
	}
}

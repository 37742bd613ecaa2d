package publication

import (
	"slices"
	"strconv"
	"testing"

	"kouan/tariffs"
)

// A list of ten thousand prices is looked at in less than two seconds.
func BenchmarkLook(b *testing.B) {
	s := &tariffs.Sheet{Columns: tariffs.SheetColumns}
	for n := range 10_000 {
		row := make([]string, len(tariffs.SheetColumns))
		for column, v := range map[string]string{"item_code": "YARD", "item_zh": "库场使用费", "item_en": "Storage", "regime": "market", "collector_zh": "示例 " + strconv.Itoa(n), "payer_zh": "货方",
			"schedule_kind": "flat", "trade": "foreign", "container_size": "20", "load_state": "laden", "basis_zh": "箱·日历日", "amount": "4.10", "amount_kind": "exact", "currency": "CNY", "unit": "20.DAY",
			"reason_zh": "超期堆存", "when_how_paid_zh": "月结", "legal_basis": "企业定价公示", "valid_from": "2026-01-01", "published_at": "2025-11-01", "complaint_channel": "CH-12345-DL", "verification": "unverified"} {
			row[slices.Index(tariffs.SheetColumns, column)] = v
		}
		s.Rows = append(s.Rows, tariffs.SheetRow{Line: n + 2, Cells: row})
	}
	c := tariffs.BuiltIn()
	b.ReportAllocs()
	for b.Loop() {
		if found := Look(c, s); tariffs.Rejected(found) {
			b.Fatal(found[0])
		}
	}
}

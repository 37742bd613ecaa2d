package desk_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"testing"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// tenThousand is a price list of 10,000 rows of 25 collectors.
func tenThousand(b *testing.B, amount string) []byte {
	b.Helper()
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	if err := w.Write(tariffs.SheetColumns); err != nil {
		b.Fatal(err)
	}
	for n := range 10_000 {
		from := n % 400 * 100
		row := make([]string, len(tariffs.SheetColumns))
		for column, v := range map[string]string{"row_no": strconv.Itoa(n + 1), "item_code": "BOOM", "item_zh": "围油栏使用费", "regime": "government_guided",
			"collector_zh": "示例 " + strconv.Itoa(n/400), "payer_zh": "船方", "schedule_kind": "slab", "trade": "both", "nt_from": strconv.Itoa(from), "nt_to": strconv.Itoa(from + 100),
			"basis_zh": "次", "amount": amount, "amount_kind": "at_most", "currency": "CNY", "unit": "C62", "reason_zh": "防污染", "when_how_paid_zh": "月结", "legal_basis": "MOT-2019-2",
			"valid_from": "2027-06-01", "published_at": "2026-11-01", "complaint_channel": "CH-12345-DL", "verification": "unverified"} {
			row[slices.Index(tariffs.SheetColumns, column)] = v
		}
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	w.Flush()
	return body.Bytes()
}

// BenchmarkFeeImport keeps a draft of 10,000 new prices: read, looked over,
// set on the edition in force, judged by the gate, committed.
func BenchmarkFeeImport(b *testing.B) {
	d := setup(b)
	body := tenThousand(b, "3000")
	for b.Loop() {
		out, err := d.DraftFees(b.Context(), desk.FeeDrafting{By: anna.By, Actor: anna.Actor, Files: []desk.FeeFile{{Name: "prices.csv", Body: body}}})
		if err != nil || len(out.Changes) < 10_000 {
			b.Fatalf("%d changes, %v", len(out.Changes), toldFee(err))
		}
	}
}

// BenchmarkFloorFeeImport is the same bytes and the same number of rows
// committed, without a thought.
func BenchmarkFloorFeeImport(b *testing.B) {
	d := setup(b)
	body := tenThousand(b, "3000")
	version := 0
	for b.Loop() {
		version++
		f := &store.FeeChange{Edition: &store.FeeEdition{Number: version, State: "draft", Rows: 10_000, DraftedBy: "a", DraftedAt: 1},
			Sources: []store.FeeSource{{Edition: version, Number: 1, Body: body}}}
		for i := range 10_000 {
			key := "K" + strconv.Itoa(i)
			f.Rows = append(f.Rows, store.FeeRow{Kind: "rates", Key: key, Version: version, Body: body[i*200 : i*200+600], RecordedAt: 1})
			f.Holds = append(f.Holds, store.FeeEditionRow{Kind: "rates", Key: key, Version: version})
		}
		if err := d.store.Commit(b.Context(), store.Change{Fees: f}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFeeQuote is a quotation with its keeping, one after another.
func BenchmarkFeeQuote(b *testing.B) {
	d := setup(b)
	call := aCall()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.QuoteFees(b.Context(), call); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFeeEdition is what a page pays for the catalogue.
func BenchmarkFeeEdition(b *testing.B) {
	d := setup(b)
	if _, err := d.FeeEdition(b.Context()); err != nil {
		b.Fatal(err)
	}
	fixed := time.Now()
	d.Clock = func() time.Time { return fixed }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.FeeEdition(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

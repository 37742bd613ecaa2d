package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
	"kouan/tariffs"
)

// feeRow is a version of a row whose body says which it is.
func feeRow(key string, version int) store.FeeRow {
	body := fmt.Appendf(nil, `{"rate_id":"%s","note":"%d"}`, key, version)
	return store.FeeRow{Kind: "rates", Key: key, Version: version, Replaces: version - 1, ValidFrom: "2026-01-01", SHA256: digest(body), Body: body, RecordedAt: now}
}

// feeDraft is a draft of rows made from an edition; rows of the first version
// stand for new ones.
func feeDraft(number, base int, fresh []store.FeeRow, held ...store.FeeRow) store.Change {
	sum := tariffs.NewDigester()
	f := &store.FeeChange{Rows: fresh}
	for _, r := range append(held, fresh...) {
		f.Holds = append(f.Holds, store.FeeEditionRow{Kind: r.Kind, Key: r.Key, Version: r.Version})
		sum.Add(r.Kind, r.Key, r.Version, r.SHA256)
	}
	file := fmt.Appendf(nil, "file of %d", number)
	f.Edition = &store.FeeEdition{Number: number, State: "draft", Base: base, Digest: sum.Sum(), Rows: len(f.Holds), Note: "note", DraftedBy: "anna", DraftedAt: now}
	f.Sources = []store.FeeSource{{Edition: number, Number: 1, Name: "prices.csv", ContentType: "text/csv", SHA256: digest(file), Body: file}}
	return store.Change{Fees: f, Audit: []store.AuditEntry{{At: now, Actor: "anna", Action: "fees.draft", Subject: fmt.Sprint(number)}}}
}

// feeFirst is the edition that needs no other before it.
func feeFirst(rows ...store.FeeRow) store.Change {
	c := feeDraft(1, 0, rows)
	e := c.Fees.Edition
	e.State, e.CheckedBy, e.CheckedAt, e.PublishedBy, e.PublishedAt, e.EffectiveAt = "published", "first start", now, "first start", now, now
	return c
}

func feeCheck(number int, by string) store.Change {
	return store.Change{Fees: &store.FeeChange{Check: &store.FeeEdition{Number: number, CheckedBy: by, CheckedAt: now}}}
}

func feePublish(number, base int, at int64) store.Change {
	return store.Change{Fees: &store.FeeChange{Publish: &store.FeeEdition{Number: number, Base: base, PublishedBy: "anna", PublishedAt: now, EffectiveAt: at}}}
}

func feeWithdraw(number, base int) store.Change {
	return store.Change{Fees: &store.FeeChange{Withdraw: &store.FeeEdition{Number: number, Base: base, WithdrawnBy: "anna", WithdrawnAt: now, WithdrawnWhy: "wrong"}}}
}

func (b *bundle) edition(t *testing.T, number int) store.FeeEdition {
	t.Helper()
	e, err := b.FeeEdition(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// feeEditions: what was published stays as it is when the next comes, and
// each step follows from the one before.
func feeEditions(t *testing.T, b *bundle) {
	first, second, corrected := feeRow("A", 1), feeRow("B", 1), feeRow("A", 2)
	b.commit(t, feeFirst(first, second))
	b.commit(t, feeDraft(2, 1, []store.FeeRow{corrected}, second))
	wantConflict(t, "publish what nobody checked", b.Commit(t.Context(), feePublish(2, 1, now+1)), "fee_edition")
	wantConflict(t, "checked by who drafted it", b.Commit(t.Context(), feeCheck(2, "anna")), "fee_edition")
	b.commit(t, feeCheck(2, "boris"))
	wantConflict(t, "checked twice", b.Commit(t.Context(), feeCheck(2, "boris")), "fee_edition")
	wantConflict(t, "in force before the one that it follows", b.Commit(t.Context(), feePublish(2, 1, now-1)), "fee_edition")
	b.commit(t, feePublish(2, 1, now+1))
	wantConflict(t, "published twice", b.Commit(t.Context(), feePublish(2, 1, now+1)), "fee_edition")
	wantConflict(t, "withdrawn although another follows it", b.Commit(t.Context(), feeWithdraw(1, 0)), "fee_edition")
	for _, want := range []struct {
		number int
		rows   []store.FeeRow
	}{{1, []store.FeeRow{first, second}}, {2, []store.FeeRow{second, corrected}}} {
		rows, err := b.FeeEditionRows(t.Context(), want.number)
		if diff := cmp.Diff(want.rows, rows); err != nil || diff != "" {
			t.Errorf("rows of edition %d (-want +got), %v:\n%s", want.number, err, diff)
		}
	}
	if e := b.edition(t, 1); e.SupersededBy != 2 || e.State != "published" {
		t.Errorf("edition 1 after the publication of 2: %+v", e)
	}
	wantSound(t, b.Store)
	b.commit(t, feeWithdraw(2, 1))
	if e := b.edition(t, 1); e.SupersededBy != 0 {
		t.Errorf("edition 1 after the withdrawal of 2: %+v", e)
	}
	if e := b.edition(t, 2); e.State != "withdrawn" || e.WithdrawnWhy != "wrong" || e.EffectiveAt != now+1 {
		t.Errorf("withdrawn edition: %+v", e)
	}
	versions, err := b.FeeRowVersions(t.Context(), "rates", "A")
	if diff := cmp.Diff([]store.FeeRow{corrected, first}, versions); err != nil || diff != "" {
		t.Errorf("versions of a row (-want +got), %v:\n%s", err, diff)
	}
	holds, err := b.FeeRowHolds(t.Context(), "rates", "A")
	if diff := cmp.Diff([]store.FeeRowHold{{Edition: 1, Version: 1}, {Edition: 2, Version: 2}}, holds); err != nil || diff != "" {
		t.Errorf("editions of a row (-want +got), %v:\n%s", err, diff)
	}
	sources, err := b.FeeSources(t.Context(), 2)
	if err != nil || len(sources) != 1 || string(sources[0].Body) != "file of 2" {
		t.Errorf("files of a draft: %+v, %v", sources, err)
	}
	_, err = b.FeeEdition(t.Context(), 9)
	wantErr(t, "an edition that is not there", err, store.ErrNotFound)
	wantSound(t, b.Store)
}

// feeOverwrite: neither a row, an edition nor what it holds is ever written over.
func feeOverwrite(t *testing.T, b *bundle) {
	b.commit(t, feeFirst(feeRow("A", 1)))
	other := feeRow("A", 1)
	other.Body = []byte(`{"rate_id":"A","note":"other"}`)
	other.SHA256 = digest(other.Body)
	wantConflict(t, "another first version of a row", b.Commit(t.Context(), feeDraft(2, 1, []store.FeeRow{other})), "fee_edition")
	if _, err := b.FeeEdition(t.Context(), 2); err == nil {
		t.Error("a refused draft left its edition behind")
	}
	if sources, err := b.FeeSources(t.Context(), 2); err != nil || len(sources) > 0 {
		t.Errorf("a refused draft left files behind: %v, %v", sources, err)
	}
	wantConflict(t, "another edition of the same number", b.Commit(t.Context(), feeFirst(feeRow("B", 1))), "fee_edition")
	versions, err := b.FeeRowVersions(t.Context(), "rates", "B")
	if err != nil || len(versions) > 0 {
		t.Errorf("a refused edition left rows behind: %v, %v", versions, err)
	}
	rows, err := b.FeeEditionRows(t.Context(), 1)
	if diff := cmp.Diff([]store.FeeRow{feeRow("A", 1)}, rows); err != nil || diff != "" {
		t.Errorf("rows of the edition (-want +got), %v:\n%s", err, diff)
	}
	wantSound(t, b.Store)
}

// feeRace: of many drafts that would follow one edition one does, whichever
// process publishes it.
func feeRace(t *testing.T, b *bundle) {
	const racers = 12
	b.commit(t, feeFirst(feeRow("A", 1)))
	for n := 2; n < 2+racers; n++ {
		b.commit(t, feeDraft(n, 1, []store.FeeRow{feeRow("A", n)}))
		b.commit(t, feeCheck(n, "boris"))
	}
	stores := []*store.Store{b.Store, b.open(t, store.Options{})}
	won := 0
	for _, err := range together(racers, func(i int) error {
		return stores[i%2].Commit(t.Context(), feePublish(2+i, 1, now+1))
	}) {
		if err == nil {
			won++
			continue
		}
		wantConflict(t, "who came second", err, "fee_edition")
	}
	if won != 1 {
		t.Errorf("%d drafts follow one edition, want 1", won)
	}
	wantSound(t, b.Store)
}

// feeWithdrawRace: an edition is withdrawn, or followed, never both.
func feeWithdrawRace(t *testing.T, b *bundle) {
	b.commit(t, feeFirst(feeRow("A", 1)))
	other := b.open(t, store.Options{})
	for n := 2; n < 22; n += 2 {
		base := 1
		for _, e := range mustEditions(t, b) {
			if e.State == "published" && e.SupersededBy == 0 {
				base = e.Number
			}
		}
		for k, on := range []int{base, n} {
			b.commit(t, feeDraft(n+k, on, []store.FeeRow{feeRow("A", n+k)}))
			b.commit(t, feeCheck(n+k, "boris"))
		}
		b.commit(t, feePublish(n, base, now+int64(n)))
		errs := together(2, func(i int) error {
			if i == 0 {
				return b.Commit(t.Context(), feeWithdraw(n, base))
			}
			return other.Commit(t.Context(), feePublish(n+1, n, now+int64(n)+1))
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("withdrawal: %v, publication: %v; want one of them", errs[0], errs[1])
		}
	}
	wantSound(t, b.Store)
}

func mustEditions(t *testing.T, b *bundle) []store.FeeEdition {
	t.Helper()
	all, err := b.FeeEditions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func feeQuote(edition int) store.FeeQuote {
	body := []byte(`{"engine":"1"}`)
	return store.FeeQuote{Number: ID(), At: now, Edition: edition, Engine: "1", Request: []byte(`{}`), SHA256: digest(body), Body: body}
}

// feeQuotes: a quotation keeps its bytes; its number is never given twice.
func feeQuotes(t *testing.T, b *bundle) {
	b.commit(t, feeFirst(feeRow("A", 1)))
	want := feeQuote(1)
	b.commit(t, store.Change{Fees: &store.FeeChange{Quotes: []store.FeeQuote{want}}})
	got, err := b.FeeQuote(t.Context(), want.Number)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("quotation (-want +got), %v:\n%s", err, diff)
	}
	again := want
	again.Body = []byte(`{"engine":"2"}`)
	wantConflict(t, "the same number", b.Commit(t.Context(), store.Change{Fees: &store.FeeChange{Quotes: []store.FeeQuote{again}}}), "fee_quote")
	_, err = b.FeeQuote(t.Context(), ID())
	wantErr(t, "a number that was never given", err, store.ErrNotFound)
	if n, err := b.FeeQuoteCount(t.Context()); n != 1 || err != nil {
		t.Errorf("%d quotations, %v", n, err)
	}
}

// feesRestored: editions, rows, files and quotations come back from a backup.
func feesRestored(t *testing.T, b *bundle) {
	b.commit(t, feeFirst(feeRow("A", 1)))
	b.commit(t, feeDraft(2, 1, []store.FeeRow{feeRow("A", 2)}))
	b.commit(t, feeCheck(2, "boris"))
	b.commit(t, feePublish(2, 1, now+1))
	quote := feeQuote(1)
	b.commit(t, store.Change{Fees: &store.FeeChange{Quotes: []store.FeeQuote{quote}}})
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	again := setup(t, b.fresh)
	if err := again.Restore(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mustEditions(t, b), mustEditions(t, again)); diff != "" {
		t.Errorf("editions (-want +got):\n%s", diff)
	}
	for _, n := range []int{1, 2} {
		want, err := b.FeeEditionRows(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := again.FeeEditionRows(t.Context(), n)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("rows of %d (-want +got), %v:\n%s", n, err, diff)
		}
	}
	if got, err := again.FeeQuote(t.Context(), quote.Number); err != nil || !bytes.Equal(got.Body, quote.Body) {
		t.Errorf("quotation %s, %v", got.Body, err)
	}
	wantSound(t, again.Store)
}

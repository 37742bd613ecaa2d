package storetest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// feeBill is a checked account with one agreeing line of each body, and a
// questioned one of the last.
func feeBill(account, secret, month string, bodies ...string) store.Change {
	file := []byte("file of " + account)
	b := &store.FeeBill{ID: ID(), SecretHash: digest([]byte(secret)), Identity: digest([]byte(account)), Kind: "final", Edition: 1, Format: "csv",
		ContentType: "text/csv", SHA256: digest(file), Size: int64(len(file)), StoredSHA: digest(file), Body: file, Document: []byte(`{"secret of":"` + account + `"}`),
		Month: month, IdemTenant: "fee-bills", IdemKey: digest([]byte("key of " + secret)), CreatedAt: now}
	c := store.Change{FeeBill: b, Idempotency: &store.Idempotency{Tenant: b.IdemTenant, Key: b.IdemKey, RequestSHA: digest([]byte("request " + secret)), Status: 201, ContentType: "application/json",
		Body: []byte("answer about " + account), CreatedAt: now}}
	for i, body := range bodies {
		c.FeeBillShares = append(c.FeeBillShares, store.FeeBillShare{BillID: b.ID, Body: body, Word: "official_text", Lines: 1, Agreeing: 1, BilledFen: 1000})
		if i == len(bodies)-1 {
			c.FeeBillShares = append(c.FeeBillShares, store.FeeBillShare{BillID: b.ID, Body: body, Word: "secondary", Lines: 1, Questioned: 1, BilledFen: 500, OverFen: 200})
		}
	}
	return c
}

func rated(c *store.Change, body string) store.Change {
	return store.Change{FeeRatings: []store.FeeRating{{ID: ID(), BillID: c.FeeBill.ID, Body: body, Identity: c.FeeBill.Identity, Standing: "equal", Clarity: 4,
		Answer: "same_day", Words: []byte("清楚"), CreatedAt: now}}}
}

func replied(rating string, number int) store.Change {
	return store.Change{FeeRatingReplies: []store.FeeRatingReply{{RatingID: rating, Number: number, Words: []byte("谢谢"), Partner: ID(), Role: "authority", CreatedAt: now}}}
}

func feeBillKept(t *testing.T, b *bundle) {
	c := feeBill("A1", "secret", "2026-09", "pilot-station", "")
	b.commit(t, c)
	for name, read := range map[string]func() (store.FeeBill, error){
		"by its secret": func() (store.FeeBill, error) { return b.FeeBill(t.Context(), c.FeeBill.SecretHash) },
		"by its id":     func() (store.FeeBill, error) { return b.FeeBillByID(t.Context(), c.FeeBill.ID) },
	} {
		got, err := read()
		if diff := cmp.Diff(*c.FeeBill, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	_, err := b.FeeBill(t.Context(), digest([]byte("another")))
	wantErr(t, "another secret", err, store.ErrNotFound)
	wantSound(t, b.Store)
}

// feeBillDeleted: nothing that was in an account outlives its deletion, in no table.
func feeBillDeleted(t *testing.T, b *bundle) {
	c, other := feeBill("A1", "secret", "2026-09", "pilot-station", "customs"), feeBill("A2", "second", "2026-09", "customs")
	b.commit(t, c)
	b.commit(t, other)
	r := rated(&c, "customs")
	b.commit(t, r)
	b.commit(t, replied(r.FeeRatings[0].ID, 1))
	b.commit(t, rated(&other, "customs"))
	b.commit(t, store.Change{DeleteFeeBill: &store.FeeBillDeletion{ID: c.FeeBill.ID, At: now + 1}})
	_, err := b.FeeBill(t.Context(), c.FeeBill.SecretHash)
	wantErr(t, "deleted account", err, store.ErrNotFound)
	_, err = b.FeeBillByID(t.Context(), c.FeeBill.ID)
	wantErr(t, "deleted account by id", err, store.ErrNotFound)
	_, err = b.FeeRating(t.Context(), r.FeeRatings[0].ID)
	wantErr(t, "rating of a deleted account", err, store.ErrNotFound)
	left, err := b.FeeRatings(t.Context(), "customs", 0)
	if err != nil || len(left) != 1 || left[0].BillID != other.FeeBill.ID {
		t.Errorf("the other rating: %v, %v", left, err)
	}
	row, err := b.IdempotencyRow(t.Context(), c.FeeBill.IdemTenant, c.FeeBill.IdemKey)
	if err != nil || row.Status != 410 || len(row.Body) != 0 {
		t.Errorf("answer to the upload: %+v, %v", row, err)
	}
	wantErr(t, "deleted twice", b.Commit(t.Context(), store.Change{DeleteFeeBill: &store.FeeBillDeletion{ID: c.FeeBill.ID, At: now + 2}}), store.ErrNotFound)
	wantErr(t, "rated after deletion", b.Commit(t.Context(), rated(&c, "pilot-station")), store.ErrNotFound)
	wantErr(t, "reply after deletion", b.Commit(t.Context(), replied(r.FeeRatings[0].ID, 2)), store.ErrNotFound)
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatalf("backup: %v", err)
	}
	if text := unpacked(t, &file); bytes.Contains(text, []byte(c.FeeBill.SHA256)) || bytes.Contains(text, []byte(c.FeeBill.Identity)) {
		t.Error("a digest of the deleted account is still there")
	}
	months, err := b.FeeBodyMonths(t.Context(), "2026-01")
	if err != nil || len(months) != 1 || months[0].Bills != 1 {
		t.Errorf("figures after deletion: %+v, %v", months, err)
	}
	wantSound(t, b.Store)
}

// feeRatingOnce: of 20 racers with one account in 20 files one rates a body.
func feeRatingOnce(t *testing.T, b *bundle) {
	bills := make([]store.Change, 20)
	for i := range bills {
		bills[i] = feeBill("A1", number("secret", i), "2026-09", "customs")
		b.commit(t, bills[i])
	}
	won := 0
	for _, err := range together(len(bills), func(i int) error { return b.Commit(t.Context(), rated(&bills[i], "customs")) }) {
		if err == nil {
			won++
			continue
		}
		wantConflict(t, "second rating", err, "fee_rating")
	}
	if won != 1 {
		t.Errorf("%d ratings of one account", won)
	}
	wantSound(t, b.Store)
}

func feeReplies(t *testing.T, b *bundle) {
	c := feeBill("A1", "secret", "2026-09", "customs")
	b.commit(t, c)
	r := rated(&c, "customs")
	b.commit(t, r)
	rating := r.FeeRatings[0].ID
	wantErr(t, "reply to nothing", b.Commit(t.Context(), replied(ID(), 1)), store.ErrNotFound)
	b.commit(t, replied(rating, 1))
	wantConflict(t, "taken number", b.Commit(t.Context(), replied(rating, 1)), "fee_rating_reply")
	b.commit(t, replied(rating, 2))
	all, err := b.FeeRatingReplies(t.Context(), "customs", now)
	if err != nil || len(all) != 2 || all[0].Number != 1 || string(all[1].Words) != "谢谢" {
		t.Errorf("replies %+v, %v", all, err)
	}
	if n, err := b.FeeRatingHeard(t.Context(), rating); err != nil || n != 2 {
		t.Errorf("%d replies, %v", n, err)
	}
	if list, err := b.FeeRatings(t.Context(), "customs", now+1); err != nil || len(list) != 0 {
		t.Errorf("ratings before the window: %v, %v", list, err)
	}
}

// feeFigures: an account in three files counts once, an estimate and what is
// deleted never, and what was hidden behind a deleted copy counts again.
func feeFigures(t *testing.T, b *bundle) {
	first := feeBill("A1", "s1", "2026-09", "pilot-station", "customs")
	copied := feeBill("A1", "s2", "2026-09", "pilot-station", "customs")
	copied.FeeBill.Partner = ID()
	estimate := feeBill("A0", "s3", "2026-09", "customs")
	estimate.FeeBill.Kind = "estimate"
	other := feeBill("A2", "s4", "2026-09", "customs", "pilot-station")
	old := feeBill("A3", "s5", "2025-12", "customs")
	for _, c := range []store.Change{first, copied, estimate, other, old} {
		b.commit(t, c)
	}
	want := []store.FeeBodyMonth{
		{Month: "2026-09", Body: "customs", Bills: 2, Judged: 2, Equal: 1, BilledFen: 2500},
		{Month: "2026-09", Body: "pilot-station", Bills: 2, Judged: 2, Equal: 1, BilledFen: 2500},
	}
	got, err := b.FeeBodyMonths(t.Context(), "2026-01")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("months %v (-want +got)\n%s", err, diff)
	}
	words, err := b.FeeBodyWords(t.Context(), "2026-01")
	wantWords := []store.FeeBodyWord{
		{Month: "2026-09", Body: "customs", Word: "official_text", Lines: 2, Agreeing: 2},
		{Month: "2026-09", Body: "customs", Word: "secondary", Lines: 1, Questions: 1, OverFen: 200},
		{Month: "2026-09", Body: "pilot-station", Word: "official_text", Lines: 2, Agreeing: 2},
		{Month: "2026-09", Body: "pilot-station", Word: "secondary", Lines: 1, Questions: 1, OverFen: 200},
	}
	if diff := cmp.Diff(wantWords, words); err != nil || diff != "" {
		t.Errorf("words %v (-want +got)\n%s", err, diff)
	}
	b.commit(t, store.Change{DeleteFeeBill: &store.FeeBillDeletion{ID: first.FeeBill.ID, At: now}})
	got, err = b.FeeBodyMonths(t.Context(), "2026-01")
	want[0].Partners, want[1].Partners = 1, 1
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("after the first copy is gone: %v (-want +got)\n%s", err, diff)
	}
}

func feeBillsRestored(t *testing.T, b *bundle) {
	c := feeBill("A1", "secret", "2026-09", "customs")
	b.commit(t, c)
	r := rated(&c, "customs")
	b.commit(t, r)
	b.commit(t, replied(r.FeeRatings[0].ID, 1))
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatalf("backup: %v", err)
	}
	other := setup(t, b.fresh)
	if err := other.Restore(t.Context(), &file, nil); err != nil {
		t.Fatalf("restore: %v", err)
	}
	got, err := other.FeeBill(t.Context(), c.FeeBill.SecretHash)
	if diff := cmp.Diff(*c.FeeBill, got); err != nil || diff != "" {
		t.Errorf("account: %v (-want +got)\n%s", err, diff)
	}
	replies, err := other.FeeRatingReplies(t.Context(), "customs", 0)
	if err != nil || len(replies) != 1 {
		t.Errorf("replies: %v, %v", replies, err)
	}
	months, err := other.FeeBodyMonths(t.Context(), "")
	if err != nil || len(months) != 1 {
		t.Errorf("figures: %v, %v", months, err)
	}
	wantSound(t, other.Store)
}

func feeBillDoctor(t *testing.T, b *bundle) {
	c := feeBill("A1", "secret", "2026-09", "customs")
	c.FeeBill.StoredSHA = digest([]byte("other bytes"))
	c.FeeBillShares = nil
	b.commit(t, c)
	stray := feeBill("A2", "second", "2026-09", "customs")
	b.commit(t, stray)
	b.commit(t, rated(&stray, "a body that is not on it"))
	r := rated(&stray, "customs")
	b.commit(t, r)
	b.commit(t, replied(r.FeeRatings[0].ID, 2)) // the first is missing
	half := feeBill("A3", "third", "2026-09", "customs")
	half.FeeBill.DeletedAt = now // and yet everything is there
	b.commit(t, half)
	findings, err := b.DoctorAll(t.Context(), nil)
	if err != nil {
		t.Fatalf("doctor: %v", err)
	}
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	for _, want := range []string{"fee-bill-digest", "fee-bill-without-shares", "fee-bill-not-gone", "fee-rating-without-bill", "fee-reply-stray"} {
		if !slices.Contains(codes, want) {
			t.Errorf("doctor does not find %s: %v", want, codes)
		}
	}
}

func feeBillInvalid(t *testing.T, b *bundle) {
	good := feeBill("A1", "secret", "2026-09", "customs")
	for name, spoil := range map[string]func(*store.Change){
		"kind":       func(c *store.Change) { c.FeeBill.Kind = "other" },
		"month":      func(c *store.Change) { c.FeeBill.Month = "September 2026" },
		"no id":      func(c *store.Change) { c.FeeBill.ID = "" },
		"long body":  func(c *store.Change) { c.FeeBillShares[0].Body = string(bytes.Repeat([]byte("b"), 129)) },
		"clarity 6":  func(c *store.Change) { *c = rated(&good, "customs"); c.FeeRatings[0].Clarity = 6 },
		"a standing": func(c *store.Change) { *c = rated(&good, "customs"); c.FeeRatings[0].Standing = "good" },
	} {
		c := feeBill("A2", "other"+name, "2026-09", "customs")
		spoil(&c)
		if err := b.Commit(t.Context(), c); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

// unpacked is a backup as text.
func unpacked(t *testing.T, file *bytes.Buffer) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

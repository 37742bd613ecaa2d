package desk_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

const seqNo = "I20260000000000001"

// path is a whole way to closed, with P and R in the same second.
func path(ref string) [][]byte {
	return [][]byte{
		importResponse(ref, seqNo, "0", ""),
		result(seqNo, "7", "2026-01-05T10:00:00"), result(seqNo, "L", "2026-01-05T10:00:05"),
		result(seqNo, "J", "2026-01-05T10:01:00"), result(seqNo, "P", "2026-01-05T10:02:00"),
		result(seqNo, "R", "2026-01-05T10:02:00"),
	}
}

func TestReceiptsInAnyOrderWithDuplicatesGiveOneHistory(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seed := uint64(20260105)
	rng := rand.New(rand.NewPCG(seed, seed))
	var want []string
	for round := range 12 {
		ref := "EX" + string(rune('A'+round))
		a := b.mustSubmit(t, b.alice, ref)
		receipts := path(ref)
		for i := range receipts { // every round its own number
			receipts[i] = []byte(replaceSeq(string(receipts[i]), round))
		}
		order := rng.Perm(len(receipts))
		order = append(order, rng.IntN(len(receipts)), rng.IntN(len(receipts)))
		if round == 0 {
			order = []int{0, 1, 2, 3, 4, 5}
		}
		for _, i := range order {
			b.hear(t, receipts[i])
		}
		row, events, err := b.Timeline(t.Context(), b.alice, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range events {
			if e.Kind == "receipt" {
				got = append(got, e.Code)
			}
		}
		if round == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || row.Status != "closed" {
			t.Errorf("seed %d, order %v: status %s, history (-want +got):\n%s", seed, order, row.Status, diff)
		}
	}
}

func replaceSeq(s string, round int) string {
	out := []byte(s)
	for i := 0; i+len(seqNo) <= len(out); i++ {
		if string(out[i:i+len(seqNo)]) == seqNo {
			out[i+len(seqNo)-2] = byte('A' + round)
		}
	}
	return string(out)
}

func TestOrphanIsKeptAndMatchedByTheNumberThatComesLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	orphan := b.hear(t, result(seqNo, "L", "2026-01-05T10:00:05"))
	if orphan.Matched || orphan.Reason != "unknown" {
		t.Errorf("orphan: %+v", orphan)
	}
	if got := b.status(t, b.alice, a.ID); got != "queued" {
		t.Errorf("an orphan moved the declaration to %s", got)
	}
	h := b.hear(t, importResponse("EX1", seqNo, "0", ""))
	if !h.Matched || h.Status != "received" {
		t.Errorf("import response: %+v", h)
	}
	again := b.hear(t, result(seqNo, "L", "2026-01-05T10:00:05"))
	if !again.Duplicate || !again.Matched || again.ID != orphan.ID {
		t.Errorf("second copy: %+v", again)
	}
	left, err := b.store.UnmatchedReceipts(t.Context(), store.UnmatchedFilter{Limit: 10})
	if err != nil || len(left) != 0 {
		t.Errorf("still unmatched: %v, %v", left, err)
	}
}

func TestReferenceOfTwoPartnersDoesNotMatchByGuess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine := b.mustSubmit(t, b.alice, "EX1")
	theirs := b.mustSubmit(t, b.bob, "EX1")
	if h := b.hear(t, importResponse("EX1", seqNo, "0", "")); h.Matched || h.Reason != "ambiguous" {
		t.Errorf("guessed: %+v", h)
	}
	name := "Successed_" + b.out(t, "bob", theirs.ID).FileName + "_20260105093101.xml"
	h, err := b.HearReceipt(t.Context(), b.duty, desk.Heard{Body: importResponse("EX1", seqNo, "0", ""), FileName: name})
	if err != nil || h.Tenant != "bob" || h.DeclarationID != theirs.ID {
		t.Errorf("the file name decides: %+v, %v", h, err)
	}
	if got := b.status(t, b.alice, mine.ID); got != "queued" {
		t.Errorf("the other partner's declaration moved to %s", got)
	}
}

func TestSentIsOurOwnWordUntilTheFirstReceipt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	item := b.claim(t)
	if err := b.Delivered(t.Context(), item, portadapters.Receipt{Peer: "customs", Detail: "200"}); err != nil {
		t.Fatal(err)
	}
	if got := b.status(t, b.alice, a.ID); got != "sent" {
		t.Errorf("status %s", got)
	}
	if err := b.Delivered(t.Context(), item, portadapters.Receipt{}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("recorded twice: %v", err)
	}
	late := b.mustSubmit(t, b.alice, "EX2")
	b.hear(t, importResponse("EX2", seqNo, "0", ""))
	if err := b.Delivered(t.Context(), b.claim(t), portadapters.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if got := b.status(t, b.alice, late.ID); got != "imported" {
		t.Errorf("our word overrode a receipt: %s", got)
	}
}

func TestDeadLetterIsReplayedWithTheSameIdOrCancelled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	item := b.claim(t)
	if err := b.Buried(t.Context(), item, errors.New("no such mailbox")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Replay(t.Context(), "operator", item.ID); err != nil {
		t.Fatal(err)
	}
	again := b.claim(t)
	if again.ID != item.ID || again.MessageID != item.MessageID || again.Tries != 1 {
		t.Errorf("replayed as %+v", again)
	}
	if err := b.Deferred(t.Context(), again, time.Now().Add(time.Hour), errors.New("later")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.CancelMessage(t.Context(), "operator", item.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.status(t, b.alice, a.ID); got != "cancelled" {
		t.Errorf("status %s", got)
	}
}

func TestDropFilesAreMatchedRetriedOrQuarantined(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mustSubmit(t, b.alice, "EX1")
	for _, row := range []struct{ name, body, want string }{
		{"Receipt_huge.xml", "", "rejected"},
		{"Successed_x_1.xml", string(importResponse("EX1", seqNo, "0", "")), "matched"},
		{"Receipt_other.xml", string(result("I20260000000000999", "L", "2026-01-05T10:00:00")), "unmatched"},
		{"Receipt_cut.xml", "<DEC_RESULT><CUS_CIQ_NO>I2026", "retry"},
		{"Receipt_page.xml", "<html><body>log in</body></html>", "rejected"},
	} {
		f := desk.DropFile{Channel: "drop", Name: row.name, SHA256: row.name, Body: []byte(row.body), RetryAt: time.Now()}
		if row.body == "" {
			f.Rejected = "too large"
		}
		got, err := b.HearFile(t.Context(), f)
		if err != nil || got.State != row.want {
			t.Errorf("%s: %+v, %v, want %s", row.name, got, err, row.want)
		}
		kept, err := b.store.InboxFile(t.Context(), "drop", row.name)
		if err != nil || kept.State != row.want || kept.Tries != 1 {
			t.Errorf("%s in the ledger: %+v, %v", row.name, kept, err)
		}
	}
}

// claim takes the one due item as the outbox would.
func (b *bundle) claim(t *testing.T) store.OutboxItem {
	t.Helper()
	leases, err := b.store.Lease(t.Context(), "desk-test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	items, err := b.store.Claim(t.Context(), leases, nil, 10)
	if err != nil || len(items) != 1 {
		t.Fatalf("claimed %d items: %v", len(items), err)
	}
	return items[0]
}

func TestReceiptsHeardAtTheSameTimeAllFindTheirDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for round := range 20 {
		ref := "EX" + string(rune('A'+round))
		a := b.mustSubmit(t, b.alice, ref)
		var wg sync.WaitGroup
		for _, body := range path(ref) {
			wg.Go(func() {
				if _, err := b.HearReceipt(t.Context(), b.duty, desk.Heard{Body: []byte(replaceSeq(string(body), round))}); err != nil {
					t.Errorf("hear: %v", err)
				}
			})
		}
		wg.Wait()
		if got := b.status(t, b.alice, a.ID); got != "closed" {
			t.Errorf("round %d: status %s", round, got)
		}
	}
	left, err := b.store.UnmatchedReceipts(t.Context(), store.UnmatchedFilter{Limit: 10})
	if err != nil || len(left) != 0 {
		t.Errorf("%d receipts were left unmatched, %v", len(left), err)
	}
}

func TestRematchFindsWhatACrashLeftBetweenTwoCommits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	b.hear(t, result(seqNo, "L", "2026-01-05T10:00:05"))
	// The number becomes known without anybody looking for kept receipts.
	err := b.store.Commit(t.Context(), store.Change{Sequences: []store.SequenceNumber{{SeqNo: seqNo, Tenant: "alice", DeclarationID: a.ID, Attempt: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := b.Rematch(t.Context()); err != nil || n != 1 {
		t.Errorf("matched %d, %v", n, err)
	}
	if got := b.status(t, b.alice, a.ID); got != "received" {
		t.Errorf("status %s", got)
	}
	if n, err := b.Rematch(t.Context()); err != nil || n != 0 {
		t.Errorf("matched again: %d, %v", n, err)
	}
}

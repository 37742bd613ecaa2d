package desk_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

func TestSubmitQueuesOneMessageWithExactBytes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := b.xml("EX1")
	a, err := b.Submit(t.Context(), b.alice, submission(body, "k1"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != "queued" || a.Attempt != 1 || b.woken.Load() != 1 {
		t.Errorf("got status %s, attempt %d, woken %d", a.Status, a.Attempt, b.woken.Load())
	}
	list, err := b.store.Messages(t.Context(), "alice", a.ID)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range list {
		kinds = append(kinds, m.Direction+" "+m.Kind)
	}
	if diff := cmp.Diff([]string{"in submission", "out decmessage"}, kinds); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	in, err := b.MessageBody(t.Context(), b.alice, a.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(in.Body, body) {
		t.Error("what came in is not kept byte for byte")
	}
	out := b.out(t, "alice", a.ID)
	if !bytes.Contains(out.Body, []byte("<ClientSeqNo>EX1</ClientSeqNo>")) || !strings.HasPrefix(out.FileName, "I_EX1_t-1_") {
		t.Errorf("outgoing message %s: %s", out.FileName, out.Body)
	}
}

func TestRepeatedSubmissionGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	first, err := b.Submit(ctx, b.alice, submission(b.xml("EX1"), "k1"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Submit(ctx, b.alice, submission(b.xml("EX1"), "k1"))
	if err != nil || !again.Repeated || string(again.Answer.Body) != first.ID {
		t.Errorf("same key, same body: %+v, %v", again, err)
	}
	if _, err := b.Submit(ctx, b.alice, submission(b.xml("EX2"), "k1")); !errors.Is(err, desk.ErrIdempotency) {
		t.Errorf("same key, other body: %v", err)
	}
	other, err := b.Submit(ctx, b.alice, submission(b.xml("EX1"), "k2"))
	if err != nil || !other.Existing || other.ID != first.ID {
		t.Errorf("other key, same content: %+v, %v", other, err)
	}
	changed := bytes.Replace(b.xml("EX1"), []byte("EXAMPLE STAR"), []byte("EXAMPLE MOON"), 1)
	var held *desk.ReferenceError
	if _, err := b.Submit(ctx, b.alice, submission(changed, "k3")); !errors.As(err, &held) || held.ID != first.ID {
		t.Errorf("same reference, other content: %v", err)
	}
	if mine, err := b.Submit(ctx, b.bob, submission(b.xml("EX1"), "k1")); err != nil || mine.ID == first.ID || mine.Repeated {
		t.Errorf("another partner's same key and reference: %+v, %v", mine, err)
	}
}

func TestRacersOnOneReferenceMakeOneDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const racers = 50
	ids := make([]string, racers)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			key := ""
			if i%2 == 0 {
				key = "one"
			}
			a, err := b.Submit(t.Context(), b.alice, submission(b.xml("EX1"), key))
			if err != nil {
				t.Errorf("racer %d: %v", i, err)
				return
			}
			ids[i] = a.ID
			if a.Repeated {
				ids[i] = string(a.Answer.Body)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("racers got different ids: %v", ids)
		}
	}
	l, err := b.store.Ledger(t.Context())
	if err != nil || l.Accepted != 1 || l.Waiting != 1 {
		t.Errorf("ledger %+v, %v", l, err)
	}
}

func TestCorrectionAfterReturnIsTheNextAttempt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	first := b.out(t, "alice", a.ID)
	b.hear(t, importResponse("EX1", "I20260000000000001", "0", ""))
	b.hear(t, result("I20260000000000001", "E", "2026-01-05T10:00:00"))
	if got := b.status(t, b.alice, a.ID); got != "returned" {
		t.Fatalf("status %s", got)
	}
	corrected := bytes.Replace(b.xml("EX1"), []byte("EXAMPLE STAR"), []byte("EXAMPLE MOON"), 1)
	second, err := b.Submit(t.Context(), b.alice, submission(corrected, "k2"))
	if err != nil {
		t.Fatal(err)
	}
	if second.ID != a.ID || second.Attempt != 2 || second.Status != "queued" {
		t.Errorf("correction: %+v", second)
	}
	out := b.out(t, "alice", a.ID)
	if out.ID == first.ID || !bytes.Contains(out.Body, []byte("EXAMPLE MOON")) {
		t.Errorf("the correction has no message of its own")
	}
	if got := b.status(t, b.alice, a.ID); got != "queued" {
		t.Errorf("status after correction %s", got)
	}
}

func TestDraftIsKeptWithItsFaultsAndSentWithoutAny(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	faulty := bytes.Replace(b.xml("EX1"), []byte("<TradeName>大连示例贸易有限公司</TradeName>"), []byte("<TradeName/>"), 1)
	s := submission(faulty, "")
	s.Draft = true
	draft, err := b.Submit(ctx, b.alice, s)
	if err != nil {
		t.Fatal(err)
	}
	if draft.Status != "draft" || draft.Attempt != 0 || len(draft.Faults) != 1 || draft.Faults[0].Code != "DEC-0010" {
		t.Errorf("draft: %+v", draft)
	}
	var faults *desk.FaultsError
	if _, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "")); !errors.As(err, &faults) {
		t.Errorf("a draft with a fault was sent: %v", err)
	}
	if _, err := b.Edit(ctx, b.alice, draft.ID, draft.Version+1, submission(b.xml("EX1"), "")); !errors.Is(err, desk.ErrVersion) {
		t.Errorf("edit of another version: %v", err)
	}
	edited, err := b.Edit(ctx, b.alice, draft.ID, draft.Version, submission(b.xml("EX1"), ""))
	if err != nil {
		t.Fatal(err)
	}
	sent, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "send"))
	if err != nil || sent.Status != "queued" || sent.Attempt != 1 || sent.Version != edited.Version+1 {
		t.Errorf("send: %+v, %v", sent, err)
	}
	var state *desk.StateError
	if _, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "send-2")); !errors.As(err, &state) {
		t.Errorf("sent twice: %v", err)
	}
	if _, err := b.Edit(ctx, b.bob, draft.ID, sent.Version, submission(b.xml("EX1"), "")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another partner's declaration: %v", err)
	}
}

func TestFaultyOrForbiddenSubmissionWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	faulty := bytes.Replace(b.xml("EX1"), []byte("<EntryType>M"), []byte("<EntryType>Q"), 1)
	var faults *desk.FaultsError
	if _, err := b.Submit(t.Context(), b.alice, submission(faulty, "k1")); !errors.As(err, &faults) || len(faults.Faults) != 1 {
		t.Fatalf("faulty: %v", err)
	}
	if f := faults.Faults[0]; f.Code != "DEC-0014" || f.Path != "/DecMessage/DecHead/EntryType" || f.Line == 0 || f.Column == 0 {
		t.Errorf("fault %+v", f)
	}
	if _, err := b.Submit(t.Context(), b.duty, submission(b.xml("EX1"), "")); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("customs may not submit: %v", err)
	}
	if list, _, err := b.Declarations(t.Context(), b.alice, store.Filter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("written: %v, %v", list, err)
	}
	if _, err := b.store.IdempotencyRow(t.Context(), "alice", "k1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("key of a refused submission is stored: %v", err)
	}
}

func TestDraftOfAnythingReadableIsKeptUnlessItsReferenceCannotBeAKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	long := strings.Repeat("示", 1000)
	for _, row := range []struct {
		name, from, to string
		kept           bool
	}{
		{"direction and office of any length", "<CustomMaster>0900</CustomMaster>", "<CustomMaster>" + long + "</CustomMaster>", true},
		{"unknown direction of any length", "<IEFlag>I</IEFlag>", "<IEFlag>" + long + "</IEFlag>", true},
		{"reference too long", "EX1", long, false},
		{"reference that ends with a blank", "EX1", "EX1 ", false},
		{"no reference", "EX1", "", false},
	} {
		s := submission(bytes.Replace(b.xml("EX1"), []byte(row.from), []byte(row.to), 1), "")
		s.Body = bytes.Replace(s.Body, []byte("<ClientSeqNo>EX1<"), []byte("<ClientSeqNo>"+strings.ReplaceAll(row.name, " ", "")[:10]+"<"), 1)
		s.Draft = true
		_, err := b.Submit(t.Context(), b.alice, s)
		var faults *desk.FaultsError
		if row.kept && err != nil || !row.kept && !errors.As(err, &faults) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

package desk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

var errGone = fmt.Errorf("%w: answered 410: %w", portadapters.ErrGone, portadapters.ErrPermanent)

// states counts an endpoint's messages.
func (b *bundle) states(t *testing.T, p auth.Principal, endpoint string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for _, it := range b.log(t, p, endpoint) {
		got[it.State]++
	}
	return got
}

func (b *bundle) attempts(t *testing.T, p auth.Principal, id string) []string {
	t.Helper()
	_, list, err := b.DeliveryAttempts(t.Context(), p, id)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for i, a := range list {
		if a.Number != int64(i+1) {
			t.Errorf("attempt %d has number %d", i+1, a.Number)
		}
		got = append(got, a.Result+" "+a.Detail+" by "+a.Actor)
	}
	return got
}

func TestTheLogTellsWhatDidNotSimplySucceed(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("all"))
	receiver := store.ReceiverOf(e.ID)
	b.mustSubmit(t, b.alice, "EX1")
	now := time.Now()
	next := func() store.OutboxItem {
		it, ok := b.claimed(t)[receiver]
		if !ok {
			t.Fatal("nothing to claim")
		}
		return it
	}
	for _, cause := range []error{
		fmt.Errorf("%w: held", portadapters.ErrUnsent),
		errors.New("answered 503"),
		fmt.Errorf("time-out: %w", portadapters.ErrUnknown),
	} {
		it := next()
		if err := b.Deferred(t.Context(), it, now, cause); err != nil {
			t.Fatal(err)
		}
	}
	it := next()
	if it.Tries != 3 {
		t.Errorf("%d tries, want 3: what was given back unsent is none", it.Tries)
	}
	if err := b.Delivered(t.Context(), it, portadapters.Receipt{At: now, Peer: "hooks.example", Detail: "204 No Content"}); err != nil {
		t.Fatal(err)
	}
	want := []string{"temporary answered 503 by outbox", "unknown time-out: outcome unknown by outbox", "delivered 204 No Content by outbox"}
	if diff := cmp.Diff(want, b.attempts(t, b.alice, it.ID)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}

	b.hear(t, importResponse("EX1", "I20260000999900001", "0", ""))
	it = next()
	if err := b.Delivered(t.Context(), it, portadapters.Receipt{At: now, Peer: "hooks.example", Detail: "200 OK"}); err != nil {
		t.Fatal(err)
	}
	if got := b.attempts(t, b.alice, it.ID); len(got) != 0 {
		t.Errorf("a delivery that simply succeeded has attempts: %v", got)
	}
	if err := b.Delivered(t.Context(), it, portadapters.Receipt{}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("recorded twice: %v", err)
	}
}

func TestGoneDisablesTheEndpointAndTellsTheOthers(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("gone"))
	other := b.endpoint(t, b.alice, hook("other", "endpoint.*"))
	deaf := b.endpoint(t, b.alice, hook("deaf", "notice.*"))
	b.mustSubmit(t, b.alice, "EX1")
	b.mustSubmit(t, b.alice, "EX2")
	leases, err := b.store.Lease(t.Context(), "desk-test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	items, err := b.store.Claim(t.Context(), leases, []string{"customs"}, 10)
	if err != nil || len(items) != 2 {
		t.Fatalf("claimed %d, %v", len(items), err)
	}
	changes := b.EndpointChanges()
	for _, it := range items { // two at once meet the same answer
		if err := b.Buried(t.Context(), it, errGone); err != nil {
			t.Fatal(err)
		}
	}
	if b.EndpointChanges() == changes {
		t.Error("those who remember the endpoint are not told that it changed")
	}
	row, err := b.store.Endpoint(t.Context(), "alice", e.ID)
	if err != nil || row.State != "disabled" || row.Reason != "gone" {
		t.Errorf("the endpoint is %s because %q, %v", row.State, row.Reason, err)
	}
	if diff := cmp.Diff(map[string]int{"dead": 2}, b.states(t, b.alice, e.ID)); diff != "" {
		t.Errorf("its messages (-want +got):\n%s", diff)
	}
	heard := b.log(t, b.alice, other.ID)
	if len(heard) != 1 || heard[0].Kind != "endpoint.disabled" || len(b.log(t, b.alice, deaf.ID)) != 0 {
		t.Errorf("the others are told %+v", heard)
	}
	held, err := b.store.HeldEndpoints(t.Context())
	if err != nil || len(held) != 1 || held[0].ID != e.ID {
		t.Errorf("held: %+v, %v", held, err)
	}
	b.mustSubmit(t, b.alice, "EX3")
	if diff := cmp.Diff(map[string]int{"dead": 2, "waiting": 1}, b.states(t, b.alice, e.ID)); diff != "" {
		t.Errorf("what comes later is kept (-want +got):\n%s", diff)
	}
	if _, err := b.TestEndpoint(t.Context(), b.alice, e.ID); faultsOf(err)[0] != "NOT-1616" {
		t.Errorf("a test of it: %v", err)
	}
}

func TestDeletingAnEndpointCancelsWhatWaits(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("all"))
	kept := b.endpoint(t, b.alice, hook("kept"))
	b.mustSubmit(t, b.alice, "EX1")
	it := b.claimed(t)[store.ReceiverOf(e.ID)] // under way
	b.mustSubmit(t, b.alice, "EX2")
	dead := b.claimed(t)[store.ReceiverOf(e.ID)]
	if err := b.Buried(t.Context(), dead, fmt.Errorf("answered 400: %w", portadapters.ErrPermanent)); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		b.mustSubmit(t, b.alice, fmt.Sprint("EX", 3+n))
	}
	if err := b.DeleteEndpoint(t.Context(), b.bob, e.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another deletes it: %v", err)
	}
	if err := b.DeleteEndpoint(t.Context(), b.alice, e.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"cancelled": 4, "sending": 1}, b.states(t, b.alice, e.ID)); diff != "" {
		t.Errorf("its messages (-want +got):\n%s", diff)
	}
	if err := b.Deferred(t.Context(), it, time.Now(), errors.New("answered 503")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"cancelled": 5}, b.states(t, b.alice, e.ID)); diff != "" {
		t.Errorf("when the last one came back (-want +got):\n%s", diff)
	}
	b.mustSubmit(t, b.alice, "EX9")
	if got := len(b.log(t, b.alice, e.ID)); got != 5 {
		t.Errorf("%d messages to a deleted endpoint, want 5", got)
	}
	if got := len(b.log(t, b.alice, kept.ID)); got != 6 {
		t.Errorf("%d messages to the other one, want 6", got)
	}
	for _, err := range []error{b.DeleteEndpoint(t.Context(), b.alice, e.ID), second(b.SetEndpointState(t.Context(), b.alice, e.ID, "active")),
		second(b.TestEndpoint(t.Context(), b.alice, e.ID)), second(b.RotateEndpoint(t.Context(), b.alice, e.ID, desk.Rotation{}))} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a deleted endpoint exists: %v", err)
		}
	}
	if _, err := b.Replay(t.Context(), "operator", dead.ID); faultsOf(err)[0] != "NOT-1616" {
		t.Errorf("the operator replays to it: %v", err)
	}
	row, err := b.store.Endpoint(t.Context(), "alice", e.ID)
	if err != nil || len(row.Secrets) != 0 {
		t.Errorf("%d bytes of secrets are kept, %v", len(row.Secrets), err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestReplayFindsWhatIsMeant(t *testing.T) {
	t.Parallel()
	b := told(t)
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	b.Desk.Clock = func() time.Time { return now }
	e := b.endpoint(t, b.alice, hook("all"))
	foreign := b.endpoint(t, b.bob, hook("all"))
	a := b.mustSubmit(t, b.alice, "EX1")
	b.mustSubmit(t, b.bob, "EX8")
	now = now.Add(time.Hour)
	b.hear(t, importResponse("EX1", "I20260000999900001", "0", ""))
	other := b.mustSubmit(t, b.alice, "EX2")
	b.hear(t, result("I20260000999900001", "L", "2026-01-05T10:17:00"))
	ids := map[string]string{}
	for range 3 {
		for _, it := range b.claimedAll(t) {
			if it.Receiver == "customs" {
				continue // that would tell more
			}
			if err := b.Delivered(t.Context(), it, portadapters.Receipt{At: now}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var last string
	for _, it := range b.log(t, b.alice, e.ID) {
		ids[it.ID] = fmt.Sprintf("%s %d", it.Subject[len("declaration/"):], it.Sequence)
		last = it.ID
	}
	own := func(n int) string { return fmt.Sprintf("%s %d", a.ID, n) }
	for _, row := range []struct {
		name string
		q    desk.ReplayQuery
		want []string
	}{
		{"a subject", desk.ReplayQuery{Subject: "declaration/" + other.ID}, []string{other.ID + " 1"}},
		{"a part of it", desk.ReplayQuery{Subject: "declaration/" + a.ID, FromSequence: 2, ToSequence: 2}, []string{own(2)}},
		{"from a number on", desk.ReplayQuery{Subject: "declaration/" + a.ID, FromSequence: 2}, []string{own(2), own(3)}},
		{"before a time", desk.ReplayQuery{To: now}, []string{own(1)}},
		{"from a time on", desk.ReplayQuery{From: now, Subject: "declaration/" + a.ID}, []string{own(2), own(3)}},
		{"by id", desk.ReplayQuery{IDs: []string{last}}, []string{ids[last]}},
		{"by id, if it is dead", desk.ReplayQuery{IDs: []string{last}, State: "dead"}, nil},
		{"only dead ones", desk.ReplayQuery{Subject: "declaration/" + a.ID, State: "dead"}, nil},
	} {
		row.q.DryRun = true
		got, err := b.ReplayDeliveries(t.Context(), b.alice, e.ID, row.q)
		if err != nil || got.Done || got.More {
			t.Errorf("%s: %v, done %v, more %v", row.name, err, got.Done, got.More)
		}
		var found []string
		for _, it := range got.Items {
			found = append(found, ids[it.ID])
		}
		if diff := cmp.Diff(row.want, found); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	for name, q := range map[string]desk.ReplayQuery{
		"nothing": {}, "only a state": {State: "dead"}, "a number without its subject": {From: now, FromSequence: 1},
		"an end before the beginning": {From: now, To: now}, "numbers turned round": {Subject: "x", FromSequence: 3, ToSequence: 2},
	} {
		if _, err := b.ReplayDeliveries(t.Context(), b.alice, e.ID, q); len(faultsOf(err)) == 0 || faultsOf(err)[0] != "NOT-1617" && faultsOf(err)[0] != "NOT-1618" {
			t.Errorf("%s: %v", name, err)
		}
	}
	theirs := b.log(t, b.bob, foreign.ID)[0].ID
	if _, err := b.ReplayDeliveries(t.Context(), b.alice, e.ID, desk.ReplayQuery{IDs: []string{last, theirs}}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("with another's id: %v", err)
	}
	if got := b.states(t, b.alice, e.ID); got["waiting"] != 0 {
		t.Errorf("a dry or refused replay moved something: %v", got)
	}

	body := func() string {
		m, err := b.DeliveryBody(t.Context(), b.alice, last)
		if err != nil {
			t.Fatal(err)
		}
		return m.SHA256 + string(m.Body)
	}
	before := body()
	if got, err := b.ReplayDeliveries(t.Context(), b.alice, e.ID, desk.ReplayQuery{IDs: []string{last}}); err != nil || !got.Done {
		t.Fatalf("replay: %v, done %v", err, got.Done)
	}
	it := b.claimed(t)[store.ReceiverOf(e.ID)]
	if it.ID != last || body() != before {
		t.Errorf("the replayed item is %s, want %s with the same bytes", it.ID, last)
	}
	if again, err := b.WasReplayed(t.Context(), last); err != nil || !again {
		t.Errorf("it does not tell that it was replayed: %v", err)
	}
	if diff := cmp.Diff([]string{"replayed  by k-alice"}, b.attempts(t, b.alice, last)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestWhatAPartnerFetchedIsNotSentAnyMore(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, desk.NewEndpoint{Name: "fetch", Wire: "pull"})
	b.mustSubmit(t, b.alice, "EX1")
	b.hear(t, importResponse("EX1", "I20260000999900001", "0", ""))
	list := b.log(t, b.alice, e.ID)
	if len(list) != 2 || list[0].State != "waiting" {
		t.Fatalf("to fetch: %+v", list)
	}
	for _, want := range []bool{false, true} {
		if again, err := b.TakeDelivery(t.Context(), b.alice, list[0].ID); err != nil || again != want {
			t.Errorf("taken: again %v, %v; want %v", again, err, want)
		}
	}
	if _, err := b.TakeDelivery(t.Context(), b.bob, list[1].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another takes it: %v", err)
	}
	if got, err := b.store.OutboxItem(t.Context(), b.out(t, "alice", list[0].DeclarationID).ID); err != nil {
		t.Fatal(err)
	} else if _, err := b.TakeDelivery(t.Context(), b.alice, got.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a message to customs is taken: %v", err)
	}
	it := b.claimed(t)[store.ReceiverOf(e.ID)]
	if it.ID != list[1].ID {
		t.Fatalf("next is %s, want %s", it.ID, list[1].ID)
	}
	if _, err := b.TakeDelivery(t.Context(), b.alice, it.ID); faultsOf(err)[0] != "NOT-1620" {
		t.Errorf("what is under way is taken: %v", err)
	}
	if diff := cmp.Diff(map[string]int{"delivered": 1, "sending": 1}, b.states(t, b.alice, e.ID)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestATestMessageGoesTheWayOfAll(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("few", "notice.*"))
	id, err := b.TestEndpoint(t.Context(), b.alice, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	list := b.log(t, b.alice, e.ID)
	if len(list) != 1 || list[0].ID != id || list[0].Kind != "endpoint.test" {
		t.Errorf("sent %+v", list)
	}
	edi := hook("edi")
	edi.Format = "edifact"
	if _, err := b.TestEndpoint(t.Context(), b.alice, b.endpoint(t, b.alice, edi).ID); faultsOf(err)[0] != "NOT-1621" {
		t.Errorf("a test in EDIFACT: %v", err)
	}
}

// Partners are remembered for a second; what this process changes is seen at once.
func TestTheBookForgetsWhatChanges(t *testing.T) {
	t.Parallel()
	b := told(t)
	now := time.Now()
	b.Desk.Clock = func() time.Time { return now }
	b.mustSubmit(t, b.alice, "EX1") // nobody to tell is remembered as well
	e := b.endpoint(t, b.alice, hook("all"))
	b.mustSubmit(t, b.alice, "EX2")
	if got := len(b.log(t, b.alice, e.ID)); got != 1 {
		t.Fatalf("%d messages right after it was made, want 1", got)
	}
	elsewhere := &desk.Desk{Store: b.store, Clock: b.Desk.Clock, NewID: b.Desk.NewID, Wake: func() {}, Logger: b.Desk.Logger, Seal: b.Desk.Seal, Random: b.Desk.Random}
	far, err := elsewhere.AddEndpoint(context.WithoutCancel(t.Context()), b.alice, hook("far"))
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	b.mustSubmit(t, b.alice, "EX3")
	if got := len(b.log(t, b.alice, far.ID)); got != 1 {
		t.Errorf("%d messages a second after another process made it, want 1", got)
	}
}

package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// parking moves what cannot leave out of the way of claims, and only that;
// everything comes back when its reason is gone.
func parking(t *testing.T, b *bundle) {
	dead, well, held := endpoint("dct", "down"), endpoint("dct", "well"), endpoint("dct", "letter")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{dead, well, held}})
	leases := b.lease(t, b.Store, "p1", time.Minute)
	var c store.Change
	for i := range 40 {
		c.Pushes = append(c.Pushes, push(dead, fmt.Sprint("notice/", i), "x"))
	}
	first := push(held, "notice/0", "x")
	c.Pushes = append(c.Pushes, first, push(held, "notice/0", "x"), push(held, "notice/0", "x"))
	b.commit(t, c)
	down := store.ReceiverOf(dead.ID)
	for _, o := range claim(t, b.Store, leases, down) {
		b.commit(t, done(o, "dead")) // the first of the line
	}
	b.commit(t, store.Change{Pushes: []store.Push{push(well, "notice/0", "x"), push(well, "notice/0", "x")}})
	due := func(want int) {
		t.Helper()
		if n, err := b.Overdue(t.Context(), leases, 1000); err != nil || n != want {
			t.Errorf("%d due, %v, want %d", n, err, want)
		}
	}
	due(44)
	if n, err := b.Overdue(t.Context(), leases, 7); err != nil || n != 7 {
		t.Errorf("%d due of at most 7, %v", n, err)
	}
	for moved := 0; ; {
		n, err := b.Park(t.Context(), leases, []string{down}, 30)
		if err != nil {
			t.Fatal(err)
		}
		if moved += n; n == 0 {
			if moved != 42 {
				t.Errorf("%d parked, want those of the receiver and those behind the dead letter", moved)
			}
			break
		}
	}
	due(2) // what only waits for its turn is not parked
	// A probe finds the receiver's items where they are.
	probe, err := b.ClaimFor(t.Context(), leases, down, 1)
	if err != nil || len(probe) != 1 || probe[0].Receiver != down || probe[0].Carried == nil {
		t.Fatalf("probe %+v, %v", probe, err)
	}
	b.commit(t, done(probe[0], "delivered"))
	for _, want := range []int{30, 9, 0} {
		if n, err := b.Unpark(t.Context(), leases, down, 30); err != nil || n != want {
			t.Errorf("%d brought back, %v, want %d", n, err, want)
		}
	}
	due(41)
	// The letter that held its line goes: the next comes out, and each brings the one behind it.
	b.commit(t, store.Change{Requeue: []store.Requeue{{ID: first.ID, From: []string{"dead"}, To: "waiting", At: time.Now().UnixMilli()}}})
	due(44)
	b.commit(t, store.Change{Done: nil, Requeue: []store.Requeue{{ID: first.ID, From: []string{"waiting"}, To: "cancelled", At: now}}})
	var order []int64
	for range 2 {
		items, err := b.ClaimFor(t.Context(), leases, first.Receiver, 5)
		if err != nil || len(items) != 1 {
			t.Fatalf("line %+v, %v", items, err)
		}
		order = append(order, items[0].Sequence)
		b.commit(t, done(items[0], "delivered"))
	}
	if diff := cmp.Diff([]int64{2, 3}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	parkedNext(t, b, well, leases)
	wantSound(t, b.Store)
}

// parkedNext: an item that was parked behind one that waits comes out when
// that one is done.
func parkedNext(t *testing.T, b *bundle, e store.Endpoint, leases []store.Lease) {
	items, err := b.ClaimFor(t.Context(), leases, store.ReceiverOf(e.ID), 5)
	if err != nil || len(items) != 1 {
		t.Fatalf("head %+v, %v", items, err)
	}
	later := done(items[0], "waiting")
	later.Done[0].NextAt = time.Now().Add(time.Hour).UnixMilli()
	b.commit(t, later)
	if n, err := b.Park(t.Context(), leases, nil, 100); err != nil || n != 1 {
		t.Fatalf("%d parked behind a head that comes back later, %v", n, err)
	}
	b.commit(t, store.Change{Requeue: []store.Requeue{{ID: items[0].ID, From: []string{"waiting"}, To: "waiting", At: now}}})
	if items, err = b.ClaimFor(t.Context(), leases, store.ReceiverOf(e.ID), 5); err != nil || len(items) != 1 {
		t.Fatalf("head %+v, %v", items, err)
	}
	if n, err := b.Park(t.Context(), leases, []string{store.ReceiverOf(e.ID)}, 100); err != nil || n != 1 {
		t.Fatalf("%d parked, %v", n, err)
	}
	b.commit(t, done(items[0], "delivered"))
	if items = claim(t, b.Store, leases, store.ReceiverOf("another")); !hasSequence(items, store.ReceiverOf(e.ID), 2) {
		t.Errorf("the next of a line stayed parked: %+v", items)
	}
}

func hasSequence(items []store.OutboxItem, receiver string, n int64) bool {
	for i := range items {
		if items[i].Receiver == receiver && items[i].Sequence == n {
			return true
		}
	}
	return false
}

func breakers(t *testing.T, b *bundle) {
	e := endpoint("dct", "a")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	down := store.Breaker{Receiver: store.ReceiverOf(e.ID), Openings: 1, ProbeAt: now + 5, Since: now, LastError: "connection refused"}
	other := store.Breaker{Receiver: "customs", Openings: 2, ProbeAt: now, Since: now}
	for _, w := range []store.Breaker{down, other, {Receiver: down.Receiver, Openings: 2, ProbeAt: now + 15, Since: now + 9, LastError: "503"}} {
		if err := b.SaveBreaker(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	down.Openings, down.ProbeAt, down.LastError = 2, now+15, "503" // since when stays
	want := func(rows ...store.Breaker) {
		t.Helper()
		got, err := b.Breakers(t.Context())
		if diff := cmp.Diff(rows, got); err != nil || diff != "" {
			t.Errorf("breakers (-want +got), %v:\n%s", err, diff)
		}
	}
	want(other, down)
	if err := b.ClearBreaker(t.Context(), "customs"); err != nil {
		t.Fatal(err)
	}
	want(down)
	b.commit(t, store.Change{ResetBreakers: []string{down.Receiver, "customs"}})
	want()
	if err := b.SaveBreaker(t.Context(), down); err != nil {
		t.Fatal(err)
	}
	e.Version, e.State = 1, "deleted" // nobody waits for it any more
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	want()
}

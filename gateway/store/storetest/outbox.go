package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// line is n messages of one subject to one receiver.
func line(receiver, subject string, n int) store.Change {
	var c store.Change
	for i := range n {
		id := ID()
		c.Outbox = append(c.Outbox, store.OutboxItem{ID: id, Receiver: receiver, Subject: subject, Sequence: int64(i + 1), Tenant: "a",
			DeclarationID: subject, MessageID: id, CreatedAt: now})
	}
	return c
}

func (b *bundle) lease(t *testing.T, s *store.Store, owner string, ttl time.Duration) []store.Lease {
	t.Helper()
	leases, err := s.Lease(t.Context(), owner, ttl)
	if err != nil {
		t.Fatalf("lease: %v", err)
	}
	return leases
}

func claim(t *testing.T, s *store.Store, leases []store.Lease, skip ...string) []store.OutboxItem {
	t.Helper()
	items, err := s.Claim(t.Context(), leases, skip, 100)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return items
}

func done(o store.OutboxItem, state string) store.Change {
	return store.Change{Done: []store.OutboxChange{{ID: o.ID, Epoch: o.Epoch, State: state, NextAt: now + 1, At: now + 2, Peer: "peer", LastError: state}}}
}

func headOfLine(t *testing.T, b *bundle) {
	c := line("customs", "D1", 3)
	b.commit(t, c)
	leases := b.lease(t, b.Store, "p1", time.Minute)
	if len(leases) != store.Shards {
		t.Fatalf("%d shards, want all", len(leases))
	}
	var got, want []string
	for i := range c.Outbox {
		items := claim(t, b.Store, leases)
		if len(items) != 1 {
			t.Fatalf("%d items at once, want the head only", len(items))
		}
		if more := claim(t, b.Store, leases); len(more) != 0 {
			t.Fatalf("%v claimed while the head is under way", more)
		}
		if i == 0 { // a failed try keeps the line in order
			b.commit(t, done(items[0], "waiting"))
			if items = claim(t, b.Store, leases); len(items) != 1 || items[0].Tries != 2 || items[0].LastError != "waiting" {
				t.Fatalf("after a failed try: %+v", items)
			}
		}
		b.commit(t, done(items[0], "delivered"))
		got, want = append(got, items[0].ID), append(want, c.Outbox[i].ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	o, err := b.OutboxItem(t.Context(), want[0])
	if err != nil || o.State != "delivered" || o.Peer != "peer" || o.DoneAt != now+2 {
		t.Errorf("delivered item %+v, %v", o, err)
	}
	future := line("customs", "D2", 1)
	future.Outbox[0].NextAt = time.Now().Add(time.Hour).UnixMilli()
	b.commit(t, future)
	if items := claim(t, b.Store, leases); len(items) != 0 {
		t.Errorf("claimed before it is due: %+v", items)
	}
	if at, err := b.NextDue(t.Context(), leases); err != nil || at != future.Outbox[0].NextAt {
		t.Errorf("next due at %d, %v, want %d", at, err, future.Outbox[0].NextAt)
	}
}

func deadHead(t *testing.T, b *bundle) {
	b.commit(t, line("customs", "D1", 2))
	b.commit(t, line("customs", "D2", 2))
	b.commit(t, line("terminal", "D1", 2))
	leases := b.lease(t, b.Store, "p1", time.Minute)
	heads := claim(t, b.Store, leases)
	if len(heads) != 3 {
		t.Fatalf("%d heads, want 3", len(heads))
	}
	var dead store.OutboxItem
	for _, o := range heads {
		if o.Receiver == "customs" && o.Subject == "D1" {
			dead = o
			b.commit(t, done(o, "dead"))
		} else {
			b.commit(t, done(o, "delivered"))
		}
	}
	next := claim(t, b.Store, leases)
	if len(next) != 2 || slices.ContainsFunc(next, func(o store.OutboxItem) bool { return o.Receiver == "customs" && o.Subject == "D1" }) {
		t.Errorf("behind a dead head: %+v, want the two other lines", next)
	}
	b.commit(t, store.Change{Requeue: []store.Requeue{{ID: dead.ID, From: []string{"dead"}, To: "cancelled", At: now}}})
	if next = claim(t, b.Store, leases); len(next) != 1 || next[0].Sequence != 2 {
		t.Errorf("after the dead head was cancelled: %+v", next)
	}
}

func skipped(t *testing.T, b *bundle) {
	for _, r := range []string{"r1", "r2", "r3"} {
		b.commit(t, line(r, "D1", 1))
	}
	leases := b.lease(t, b.Store, "p1", time.Minute)
	items := claim(t, b.Store, leases, "r1", "r3")
	if len(items) != 1 || items[0].Receiver != "r2" {
		t.Errorf("claimed %+v, want that of r2", items)
	}
	if items = claim(t, b.Store, leases[:0]); len(items) != 0 {
		t.Errorf("claimed %+v without a lease", items)
	}
	rows, err := b.Backlog(t.Context())
	want := []store.Backlog{{Receiver: "r1", State: "waiting", Count: 1, OldestAt: now}, {Receiver: "r2", State: "sending", Count: 1, OldestAt: now},
		{Receiver: "r3", State: "waiting", Count: 1, OldestAt: now}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("backlog, %v (-want +got):\n%s", err, diff)
	}
	list, err := b.OutboxItems(t.Context(), store.OutboxFilter{State: "waiting", Receiver: "r3"})
	if err != nil || len(list) != 1 {
		t.Errorf("operators' list %+v, %v", list, err)
	}
}

func claimAll(t *testing.T, b *bundle) {
	var c store.Change
	for i := range 200 {
		c.Outbox = append(c.Outbox, line("customs", number("D", i), 1).Outbox...)
	}
	b.commit(t, c)
	leases := b.lease(t, b.Store, "p1", time.Minute)
	seen := map[string]bool{}
	for range 50 {
		items, err := b.Claim(t.Context(), leases, nil, 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(items) > 7 {
			t.Fatalf("%d items, want at most 7", len(items))
		}
		for _, o := range items {
			if seen[o.ID] || o.Tries != 1 || o.State != "sending" || o.Shard != store.ShardOf(o.Receiver, o.Subject) {
				t.Errorf("claimed %+v, seen before: %v", o, seen[o.ID])
			}
			seen[o.ID] = true
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d of 200 items claimed", len(seen))
	}
}

func sharing(t *testing.T, b *bundle) {
	two := b.open(t, store.Options{})
	first := b.lease(t, b.Store, "p1", time.Minute)
	second := b.lease(t, two, "p2", time.Minute)
	if len(first) != 32 || len(second) != 0 {
		t.Fatalf("%d and %d shards, want 32 and 0", len(first), len(second))
	}
	first = b.lease(t, b.Store, "p1", time.Minute)
	second = b.lease(t, two, "p2", time.Minute)
	if len(first) != 16 || len(second) != 16 {
		t.Fatalf("%d and %d shards, want 16 each", len(first), len(second))
	}
	held := map[int]int64{}
	for _, l := range append(first, second...) {
		if _, twice := held[l.Shard]; twice {
			t.Errorf("shard %d has two owners", l.Shard)
		}
		held[l.Shard] = l.Epoch
	}
	for _, l := range second {
		if l.Epoch != 2 {
			t.Errorf("shard %d changed hands under epoch %d, want 2", l.Shard, l.Epoch)
		}
	}
	if err := two.ReleaseLeases(t.Context(), "p2"); err != nil {
		t.Fatal(err)
	}
	if again := b.lease(t, b.Store, "p1", time.Minute); len(again) != 32 {
		t.Errorf("%d shards after the other left, want 32", len(again))
	}
}

func draining(t *testing.T, b *bundle) {
	var c store.Change
	for i := range 200 {
		c.Outbox = append(c.Outbox, line("customs", number("D", i), 2).Outbox...)
	}
	b.commit(t, c)
	two := b.open(t, store.Options{})
	first := b.lease(t, b.Store, "p1", time.Minute)
	busy := map[int]store.OutboxItem{}
	for len(busy) < store.Shards {
		for _, o := range claim(t, b.Store, first) {
			if _, more := busy[o.Shard]; more {
				b.commit(t, done(o, "delivered"))
			} else {
				busy[o.Shard] = o
			}
		}
	}
	b.lease(t, two, "p2", time.Minute)
	first = b.lease(t, b.Store, "p1", time.Minute)
	if len(first) != 32 {
		t.Fatalf("%d shards, want all: each has an item under way", len(first))
	}
	from := map[int]bool{}
	for _, o := range claim(t, b.Store, first) {
		from[o.Shard] = true
		b.commit(t, done(o, "delivered"))
	}
	if len(from) > 16 {
		t.Errorf("claims came from %d shards, want at most the share of 16", len(from))
	}
	for _, o := range busy {
		b.commit(t, done(o, "delivered")) // also for a draining shard
	}
	first = b.lease(t, b.Store, "p1", time.Minute)
	second := b.lease(t, two, "p2", time.Minute)
	if len(first) != 16 || len(second) != 16 {
		t.Errorf("%d and %d shards after draining, want 16 each", len(first), len(second))
	}
}

func fencing(t *testing.T, b *bundle) {
	b.commit(t, line("customs", "D1", 2))
	two := b.open(t, store.Options{})
	old := b.lease(t, b.Store, "p1", time.Millisecond)
	items := claim(t, b.Store, old)
	if len(items) != 1 {
		t.Fatalf("claimed %+v", items)
	}
	var taken []store.Lease
	eventually(t, "the lease runs out and is taken", func() bool {
		taken = b.lease(t, two, "p2", time.Minute)
		return len(taken) == store.Shards
	})
	wantErr(t, "late result", b.Commit(t.Context(), done(items[0], "delivered")), store.ErrFenced)
	if got, err := b.Claim(t.Context(), old, nil, 10); err != nil || len(got) != 0 {
		t.Errorf("claim under the old lease: %+v, %v", got, err)
	}
	if n, err := two.Recover(t.Context(), taken); err != nil || n != 1 {
		t.Errorf("recovered %d, %v, want 1", n, err)
	}
	if n, err := two.Recover(t.Context(), taken); err != nil || n != 0 {
		t.Errorf("recovered again %d, %v, want 0", n, err)
	}
	given := claim(t, two, taken)[0]
	back := done(given, "waiting")
	back.Done[0].Unsent = true
	b.commit(t, back)
	again := claim(t, two, taken)
	if len(again) != 1 || again[0].ID != items[0].ID || again[0].Tries != 2 || again[0].Epoch <= items[0].Epoch {
		t.Fatalf("claimed by the new owner: %+v", again)
	}
	wantErr(t, "result after the takeover", b.Commit(t.Context(), done(items[0], "delivered")), store.ErrFenced)
	b.commit(t, done(again[0], "delivered"))
	wantErr(t, "result twice", b.Commit(t.Context(), done(again[0], "delivered")), store.ErrFenced)
}

func earlierLife(t *testing.T, b *bundle) {
	b.commit(t, line("customs", "D1", 1))
	items := claim(t, b.Store, b.lease(t, b.Store, "p1", time.Minute))
	reborn := b.open(t, store.Options{})
	leases := b.lease(t, reborn, "p1", time.Minute)
	if len(leases) != store.Shards || leases[0].Epoch != 2 {
		t.Fatalf("%d shards under epoch %d, want all under 2", len(leases), leases[0].Epoch)
	}
	if n, err := reborn.Recover(t.Context(), leases); err != nil || n != 1 {
		t.Errorf("recovered %d, %v, want 1", n, err)
	}
	wantErr(t, "result of the earlier life", b.Commit(t.Context(), done(items[0], "delivered")), store.ErrFenced)
}

func requeue(t *testing.T, b *bundle) {
	b.commit(t, line("customs", "D1", 1))
	leases := b.lease(t, b.Store, "p1", time.Minute)
	o := claim(t, b.Store, leases)[0]
	replay := store.Change{Requeue: []store.Requeue{{ID: o.ID, From: []string{"dead", "delivered"}, To: "waiting", At: now}}}
	wantConflict(t, "replay of what is under way", b.Commit(t.Context(), replay), "outbox")
	b.commit(t, done(o, "dead"))
	b.commit(t, replay)
	o = claim(t, b.Store, leases)[0]
	if o.Tries != 1 || o.LastError != "dead" {
		t.Errorf("replayed item %+v, want the first of new tries", o)
	}
	b.commit(t, done(o, "delivered"))
	b.commit(t, replay)
	b.commit(t, store.Change{Requeue: []store.Requeue{{ID: o.ID, From: []string{"waiting"}, To: "cancelled", At: now}}})
	wantConflict(t, "replay of what was cancelled", b.Commit(t.Context(), replay), "outbox")
	wantErr(t, "requeue to a wrong state", b.Commit(t.Context(),
		store.Change{Requeue: []store.Requeue{{ID: o.ID, From: []string{"waiting"}, To: "sending"}}}), store.ErrInvalid)
}

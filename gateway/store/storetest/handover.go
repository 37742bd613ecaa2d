package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// taker is an engine that takes as much as it is told to and remembers it.
type taker struct {
	mu     sync.Mutex
	leases []store.Lease
	room   int
	refuse bool
	open   int // Begins without an End
	items  []store.OutboxItem
	rests  int
	failed []error
}

func (k *taker) Begin(receivers []string) ([]store.Lease, map[string]int, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refuse {
		return nil, nil, false
	}
	k.open++
	room := map[string]int{}
	for _, r := range receivers {
		room[r] = k.room
	}
	return k.leases, room, true
}

func (k *taker) End(items []store.OutboxItem, rest bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open--
	if err != nil {
		k.failed = append(k.failed, err)
		return
	}
	k.items = append(k.items, items...)
	if rest {
		k.rests++
	}
}

func (k *taker) Rest() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rests++
}

func (k *taker) Quiet() bool { return true }

// took forgets what was taken and returns it.
func (k *taker) took() (items []store.OutboxItem, rests int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	items, rests = k.items, k.rests
	k.items, k.rests = nil, 0
	return items, rests
}

func ids(items []store.OutboxItem) (out []string) {
	for i := range items {
		out = append(out, items[i].ID)
	}
	return out
}

// handingOver: an item is handed over when it is the head of its line, its
// shard is leased and there is room; it is then claimed, by nobody else.
func handingOver(t *testing.T, b *bundle) {
	e, other := endpoint("dct", "a"), endpoint("dct", "b")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e, other}})
	k := &taker{room: 2, leases: b.lease(t, b.Store, "p1", time.Minute)}
	b.HandTo(k)
	one, behind := push(e, "notice/1", "x"), push(e, "notice/1", "x")
	two, three, elsewhere := push(e, "notice/2", "x"), push(e, "notice/3", "x"), push(other, "notice/1", "x")
	b.commit(t, store.Change{Pushes: []store.Push{one, behind, two, three, elsewhere}})
	items, rests := k.took()
	if diff := cmp.Diff([]string{one.ID, two.ID, elsewhere.ID}, ids(items)); diff != "" || rests != 1 {
		t.Errorf("handed over (-want +got), %d told of a rest:\n%s", rests, diff)
	}
	for i := range items {
		o, err := b.OutboxItem(t.Context(), items[i].ID)
		if err != nil || o.State != "sending" || o.Tries != 1 || o.Epoch != items[i].Epoch || items[i].Tries != 1 || items[i].Carried == nil {
			t.Errorf("item %+v, as handed over %+v, %v", o, items[i], err)
		}
		if m, err := b.Outgoing(t.Context(), &items[i]); err != nil || string(m.Body) != string(items[i].Carried.Body) || m.SHA256 != items[i].Carried.SHA256 {
			t.Errorf("carried %s, stored %s, %v", items[i].Carried.Body, m.Body, err)
		}
	}
	if diff := cmp.Diff([]string{three.ID}, ids(claim(t, b.Store, k.leases))); diff != "" {
		t.Errorf("left to claim (-want +got):\n%s", diff)
	}
	// Something older waits in the line: it goes first.
	b.commit(t, done(items[0], "delivered"))
	late := push(e, "notice/1", "x")
	b.commit(t, store.Change{Pushes: []store.Push{late}})
	if items, rests := k.took(); len(items) != 0 || rests != 1 {
		t.Errorf("%v handed over before the one that waits", ids(items))
	}
	for _, want := range []string{behind.ID, late.ID} {
		items := claim(t, b.Store, k.leases)
		if diff := cmp.Diff([]string{want}, ids(items)); diff != "" {
			t.Fatalf("line (-want +got):\n%s", diff)
		}
		b.commit(t, done(items[0], "delivered"))
	}
	next := push(e, "notice/1", "x") // nothing is left before it
	b.commit(t, store.Change{Pushes: []store.Push{next}})
	if items, _ := k.took(); len(items) != 1 || items[0].Sequence != 4 {
		t.Errorf("%+v handed over, want the fourth of the line", items)
	}
	wantSound(t, b.Store)
	// Somebody else takes the shards: nothing is handed over under an old lease.
	if err := b.ReleaseLeases(t.Context(), "p1"); err != nil {
		t.Fatal(err)
	}
	b.commit(t, store.Change{Pushes: []store.Push{push(e, "notice/9", "x")}})
	if items, rests := k.took(); len(items) != 0 || rests != 1 {
		t.Errorf("%v handed over without a lease", ids(items))
	}
	if k.open != 0 || len(k.failed) > 0 {
		t.Errorf("%d Begins without End, failed %v", k.open, k.failed)
	}
}

// handOverTells: everything that a claim could find is told, a change that
// fails hands nothing over, and many at once end as they should.
func handOverTells(t *testing.T, b *bundle) {
	e := endpoint("dct", "a")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	k := &taker{room: 100, refuse: true}
	b.HandTo(k)
	k.leases = b.lease(t, b.Store, "p1", time.Minute)
	first := push(e, "notice/1", "x")
	for what, c := range map[string]store.Change{
		"a push to an engine that takes nothing": {Pushes: []store.Push{first}},
		"a message to customs":                   accept("a", "R1"),
		"a cancelled item":                       {Requeue: []store.Requeue{{ID: first.ID, From: []string{"waiting"}, To: "cancelled", At: now}}},
		"what supersedes":                        {Supersede: []store.Supersession{{Receiver: first.Receiver, Subject: "notice/2", Reason: "x", At: now}}},
	} {
		if what == "a cancelled item" {
			other := push(e, "notice/3", "x")
			b.commit(t, store.Change{Pushes: []store.Push{other}})
			c.Requeue[0].ID = other.ID
		}
		k.took()
		b.commit(t, c)
		if _, rests := k.took(); rests == 0 {
			t.Errorf("%s is not told", what)
		}
	}
	b.commit(t, store.Change{BoxPlaces: []store.BoxPlace{{Container: "C", At: 1}}})
	if _, rests := k.took(); rests != 0 {
		t.Errorf("told of a rest where there is none")
	}
	k.mu.Lock()
	k.refuse = false
	k.mu.Unlock()
	taken := push(e, "notice/4", "x")
	taken.ID = first.ID
	wantConflict(t, "a push of the same id", b.Commit(t.Context(), store.Change{Pushes: []store.Push{taken}}), "push")
	if items, _ := k.took(); len(items) != 0 || len(k.failed) == 0 {
		t.Errorf("%v handed over by a change that failed: %v", ids(items), k.failed)
	}
	k.failed = nil
	errs := together(40, func(i int) error {
		p := push(e, fmt.Sprint("notice/", 10+i%4), "x")
		if i%10 == 0 {
			p.ID = first.ID
		}
		return b.Commit(t.Context(), store.Change{Pushes: []store.Push{p}})
	})
	good := 0
	for _, err := range errs {
		if err == nil {
			good++
		} else if !store.IsConflict(err, "push") {
			t.Error(err)
		}
	}
	items, _ := k.took()
	var lines []string
	for i := range items {
		lines = append(lines, items[i].Subject)
		if items[i].Sequence != 1 {
			t.Errorf("%s %d handed over while its head is under way", items[i].Subject, items[i].Sequence)
		}
	}
	slices.Sort(lines)
	if good != 36 || len(slices.Compact(lines)) != len(items) || k.open != 0 {
		t.Errorf("%d good, handed over %v, %d Begins without End", good, lines, k.open)
	}
	b.Unhand(&taker{}) // somebody else
	b.Unhand(k)
	b.commit(t, store.Change{Pushes: []store.Push{push(e, "notice/20", "x")}})
	if items, rests := k.took(); len(items) != 0 || rests != 0 {
		t.Errorf("%v handed over to an engine that is gone", ids(items))
	}
	wantSound(t, b.Store)
}

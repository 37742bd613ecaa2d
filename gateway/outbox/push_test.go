package outbox_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kouan/gateway/outbox"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// Pushes that are handed over as they are committed, and those that wait for
// their turn or come back after a failure, arrive once and in order, whatever
// way they take and whichever of two processes committed them.
func TestPushesArriveOnceAndInOrderWhicheverWayTheyTake(t *testing.T) {
	t.Parallel()
	const committers, each, lines = 8, 25, 12
	url := "sqlite:" + filepath.Join(t.TempDir(), "kouan.db")
	r := &receiver{every: 13, last: map[string]int64{}, taken: map[string]int{}, all: committers * each, full: make(chan struct{})}
	var stores []*store.Store
	for _, owner := range []string{"a", "b"} {
		s, err := store.Open(t.Context(), url, store.Options{Owner: owner})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		e := &outbox.Engine{Store: s, Desk: clerk{s}, Owner: owner, TTL: 5 * time.Second, Poll: 20 * time.Millisecond,
			Backoff: outbox.Backoff{Base: 5 * time.Millisecond}, Breaker: outbox.Breaker{Failures: 1000},
			Resolve: func(string) (portadapters.Adapter, bool) { return r, true }}
		stop := run(t, e)
		defer func() {
			stop()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		stores = append(stores, s)
	}
	var wg sync.WaitGroup
	for c := range committers {
		wg.Go(func() {
			for n := range each {
				p := store.Push{ID: uuid.Must(uuid.NewV7()).String(), Tenant: "p", About: "d", Receiver: "endpoint:r", Subject: fmt.Sprint("declaration/", (c*n)%lines),
					Kind: "x", ContentType: "application/json", Head: []byte(`{"sequence":`), Tail: []byte("}"), At: time.Now().UnixMilli()}
				if err := stores[c%2].Commit(t.Context(), store.Change{Pushes: []store.Push{p}}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	select {
	case <-r.full:
	case <-time.After(2 * time.Minute): // under the race detector, on a busy machine
		t.Fatalf("%d of %d arrived", len(r.taken), r.all)
	}
	for ledger, err := stores[0].Ledger(t.Context()); ledger.Delivered < int64(r.all); ledger, err = stores[0].Ledger(t.Context()) {
		if err != nil || ledger.Difference() != 0 {
			t.Fatalf("ledger %+v, %v", ledger, err)
		}
		time.Sleep(time.Millisecond)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.wrong {
		t.Errorf("out of order: %s", w)
	}
	for id, n := range r.taken {
		if n != 1 {
			t.Errorf("%s arrived %d times", id, n)
		}
	}
}

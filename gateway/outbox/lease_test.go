package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// steal gives every shard to another owner under a higher epoch, as a
// database does whose clock says that the leases are over.
func (f *fake) steal(owner string, ttl time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.shards {
		f.shards[i] = fakeShard{owner: owner, until: time.Now().Add(ttl), epoch: f.shards[i].epoch + 1}
	}
}

func TestALeaseLostMidDeliveryCutsItOffAndRecordsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		id := f.put("customs", "d")
		for s := range 7 { // more than failures that would open the breaker
			f.put("customs", fmt.Sprint("e", s))
		}
		w := &wire{answer: func(ctx context.Context, m portadapters.Message) error {
			if m.Attempt == 1 {
				return hang(ctx, m)
			}
			return nil
		}}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
		stop := start(e)
		time.Sleep(time.Second)
		f.steal("b", time.Minute)
		time.Sleep(5 * time.Second) // the renewal at 5 s tells
		if got := f.item(id); got.State != "sending" || got.Epoch != 1 {
			t.Errorf("item is %s under epoch %d; want it untouched for the next owner", got.State, got.Epoch)
		}
		calls := w.log()
		if len(calls) != 8 {
			t.Fatalf("%d deliveries, want 8", len(calls))
		}
		if took := calls[0].end.Sub(calls[0].start); took > 5*time.Second {
			t.Errorf("the delivery went on for %s after the lease was lost", took-time.Second)
		}
		if e.Status().Breakers["customs"] != "closed" || e.Status().Leases != 0 {
			t.Errorf("status %+v", e.Status())
		}
		time.Sleep(70 * time.Second) // b is gone, its leases end
		if got := f.item(id); got.State != "delivered" || got.Tries != 2 {
			t.Errorf("item is %s after %d tries, want delivered after 2", got.State, got.Tries)
		}
		stopped(t, stop)
	})
}

func TestNoDeliveryOutlivesItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		begin := time.Now()
		var down atomic.Bool
		f.fault = func(op, _ string) error {
			if op == "lease" && down.Load() {
				return store.ErrUnavailable
			}
			if op == "lease:done" {
				time.Sleep(2 * time.Second) // the answer is slow; the lease began before it
			}
			return nil
		}
		for s := range 2000 {
			f.put("customs", fmt.Sprint("d", s))
		}
		w := &wire{answer: func(context.Context, portadapters.Message) error { time.Sleep(200 * time.Millisecond); return nil }}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
		e.setup() // its defaults are read below
		stop := start(e)
		time.Sleep(3 * time.Second)
		down.Store(true) // nothing is renewed from here on
		end := begin.Add(e.TTL - e.margin())
		time.Sleep(30 * time.Second)
		if w.count() == 0 {
			t.Fatal("nothing was delivered")
		}
		for _, c := range w.log() {
			if c.deadline.After(end) {
				t.Errorf("%s was given until %s, the lease ends at %s", c.ID, c.deadline.Sub(begin), end.Sub(begin))
			}
			if left := c.deadline.Sub(c.start); left < e.floor() {
				t.Errorf("%s was started with %s left", c.ID, left)
			}
		}
		if got := e.Status().Leases; got != 0 {
			t.Errorf("%d leases held after they ended", got)
		}
		down.Store(false)
		<-f.empty
		stopped(t, stop)
		if w.count() != 2000 {
			t.Errorf("%d deliveries of 2000 items", w.count())
		}
	})
}

func TestTwoEnginesNeverDeliverOneItemTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		random := locked(t)
		adapters := func(w *wire) map[string]portadapters.Adapter {
			w.answer = func(context.Context, portadapters.Message) error {
				time.Sleep(time.Duration(random() * float64(3*time.Second)))
				return nil
			}
			return map[string]portadapters.Adapter{"customs": w, "terminal": w}
		}
		const items = 3000
		for n := range items {
			f.put([]string{"customs", "terminal"}[n%2], fmt.Sprint("d", n%300))
		}
		var wires [3]wire
		var stops [3]func() error
		for n := range wires { // they join one after the other and give leases up to each other
			stops[n] = start(engine(f, fmt.Sprint("owner", n), adapters(&wires[n])))
			time.Sleep(20 * time.Second)
		}
		stopped(t, stops[0])
		<-f.empty
		stopped(t, stops[1])
		stopped(t, stops[2])
		once := map[string]int{}
		for n := range wires {
			if wires[n].count() == 0 {
				t.Errorf("owner%d delivered nothing", n)
			}
			for _, c := range wires[n].log() {
				once[c.ID]++
			}
		}
		for id, n := range once {
			if n != 1 {
				t.Errorf("%s delivered %d times", id, n)
			}
		}
		if len(once) != items {
			t.Errorf("%d items delivered, want %d", len(once), items)
		}
	})
}

// cutCable is a store and desk that a partitioned process no longer reaches.
type cutCable struct {
	*fake
	cut atomic.Bool
}

func (c *cutCable) err() error {
	if c.cut.Load() {
		return store.ErrUnavailable
	}
	return nil
}

func (c *cutCable) Lease(ctx context.Context, owner string, ttl time.Duration) ([]store.Lease, error) {
	if err := c.err(); err != nil {
		return nil, err
	}
	return c.fake.Lease(ctx, owner, ttl)
}

func (c *cutCable) Claim(ctx context.Context, l []store.Lease, skip []string, n int) ([]store.OutboxItem, error) {
	if err := c.err(); err != nil {
		return nil, err
	}
	return c.fake.Claim(ctx, l, skip, n)
}

func (c *cutCable) Delivered(ctx context.Context, it store.OutboxItem, r portadapters.Receipt) error {
	if err := c.err(); err != nil {
		return err
	}
	return c.fake.Delivered(ctx, it, r)
}

func (c *cutCable) Deferred(ctx context.Context, it store.OutboxItem, next time.Time, cause error) error {
	if err := c.err(); err != nil {
		return err
	}
	return c.fake.Deferred(ctx, it, next, cause)
}

func (c *cutCable) ReleaseLeases(ctx context.Context, owner string) error {
	if err := c.err(); err != nil {
		return err
	}
	return c.fake.ReleaseLeases(ctx, owner)
}

func TestTakeoverFromAProcessThatIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		first := &cutCable{fake: f}
		slow := func(context.Context, portadapters.Message) error { time.Sleep(500 * time.Millisecond); return nil }
		a, b := &wire{answer: slow}, &wire{answer: slow}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": a})
		e.Store, e.Desk = first, first
		for n := range 1000 {
			f.put("customs", fmt.Sprint("d", n%100))
		}
		stopFirst := start(e)
		time.Sleep(3 * time.Second)
		stop := start(engine(f, "b", map[string]portadapters.Adapter{"customs": b}))
		time.Sleep(2200 * time.Millisecond)
		first.cut.Store(true)
		begin := time.Now()
		<-f.empty
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("all done %s after the first process was gone", took)
		}
		stopped(t, stop)
		if err := stopFirst(); err == nil {
			t.Error("Run of the cut off process = nil, want the failed release")
		}
		seen := map[string][]call{}
		for _, c := range append(a.log(), b.log()...) {
			seen[c.ID] = append(seen[c.ID], c)
		}
		doubled := 0
		for id, calls := range seen {
			if len(calls) > 2 {
				t.Errorf("%s delivered %d times", id, len(calls))
			}
			if len(calls) == 2 {
				doubled++
				if !calls[1].start.After(calls[0].end) {
					t.Errorf("%s was under way twice at once", id)
				}
				if !calls[1].Redelivery {
					t.Errorf("%s came again without saying so", id)
				}
			}
		}
		if len(seen) != 1000 || doubled == 0 || doubled > 110 {
			t.Errorf("%d items delivered, %d of them twice; want 1000, and twice only what was claimed when the cable was cut", len(seen), doubled)
		}
	})
}

func TestAClaimWithUnknownOutcomeLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		var failed atomic.Bool
		f.fault = func(op, _ string) error {
			if op == "claim:done" && failed.CompareAndSwap(false, true) {
				return fmt.Errorf("commit: %w", store.ErrUnknown)
			}
			return nil
		}
		for s := range 100 {
			f.put("customs", fmt.Sprint("d", s))
		}
		begin := time.Now()
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		<-f.empty
		stopped(t, stop)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("took %s to notice what the claim had taken", took)
		}
		if w.count() != 100 {
			t.Errorf("%d deliveries of 100 items", w.count())
		}
	})
}

func TestRecoveryIsRepeatedUntilItSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		var tries atomic.Int32
		f.fault = func(op, _ string) error {
			if op == "recover" && tries.Add(1) < 4 {
				return store.ErrUnavailable
			}
			return nil
		}
		id := f.put("customs", "d")
		f.shards[shardOf("customs", "d")].epoch = 7
		f.items[id].State, f.items[id].Epoch, f.items[id].Tries = "sending", 7, 1
		f.ready = map[string][]*line{}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		<-f.empty
		stopped(t, stop)
		calls := w.log()
		if len(calls) != 1 || !calls[0].Redelivery {
			t.Errorf("calls = %+v, want one redelivery", calls)
		}
	})
}

func TestLeaseTable(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	fresh := func(leases ...store.Lease) *leaseTable {
		table := newLeaseTable(time.Second)
		table.work = t.Context()
		table.renew(leases, begin, 10*time.Second)
		return table
	}
	one, two := store.Lease{Shard: 1, Epoch: 4}, store.Lease{Shard: 2, Epoch: 9}

	t.Run("the end is measured from the request", func(t *testing.T) {
		t.Parallel()
		table := fresh(one)
		if got := table.good(begin.Add(6*time.Second), 3*time.Second); len(got) != 1 {
			t.Errorf("3 s before its end: %v, want the lease", got)
		}
		if got := table.good(begin.Add(6*time.Second+1), 3*time.Second); len(got) != 0 {
			t.Errorf("less than 3 s before its end: %v, want none", got)
		}
	})
	t.Run("another epoch is another lease", func(t *testing.T) {
		t.Parallel()
		table := fresh(one, two)
		l, _, _ := table.find(store.OutboxItem{Shard: 1, Epoch: 4})
		isFresh, _ := table.renew([]store.Lease{{Shard: 1, Epoch: 5}, two}, begin, time.Second)
		if !isFresh || !errors.Is(context.Cause(l.ctx), errCutOff) {
			t.Errorf("fresh = %v, cause = %v", isFresh, context.Cause(l.ctx))
		}
		if _, _, ok := table.find(store.OutboxItem{Shard: 1, Epoch: 4}); ok {
			t.Error("the old epoch still counts")
		}
	})
	t.Run("what is not renewed is lost", func(t *testing.T) {
		t.Parallel()
		table := fresh(one, two)
		l, _, _ := table.find(store.OutboxItem{Shard: 2, Epoch: 9})
		isFresh, _ := table.renew([]store.Lease{one}, begin, time.Second)
		if isFresh || context.Cause(l.ctx) == nil {
			t.Errorf("fresh = %v, cause = %v", isFresh, context.Cause(l.ctx))
		}
	})
	t.Run("items left behind need a higher epoch", func(t *testing.T) {
		t.Parallel()
		table := fresh(one, two)
		table.leave(one)
		var got []bool
		for _, epoch := range []int64{4, 4, 5, 5} {
			_, stuck := table.renew([]store.Lease{{Shard: 1, Epoch: epoch}, two}, begin, time.Second)
			got = append(got, stuck)
		}
		if diff := cmp.Diff([]bool{true, true, false, false}, got); diff != "" {
			t.Errorf("stuck (-want +got):\n%s", diff)
		}
	})
}

// The same with the real scheduler, for the race detector.
func TestTwoEnginesWithRealTime(t *testing.T) {
	t.Parallel()
	f := newFake()
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	fails := func(context.Context, portadapters.Message) error {
		mu.Lock()
		defer mu.Unlock()
		switch random.IntN(20) {
		case 0:
			return errors.New("connection refused")
		case 1:
			panic("no such field")
		}
		return nil
	}
	w := &wire{answer: fails}
	adapters := map[string]portadapters.Adapter{}
	for n := range 2000 {
		receiver := fmt.Sprint("r", n%10)
		adapters[receiver] = w
		f.put(receiver, fmt.Sprint("d", n%100))
	}
	var stops []func() error
	for _, owner := range []string{"a", "b"} {
		e := engine(f, owner, adapters)
		e.TTL, e.Poll, e.Backoff.Base, e.Breaker.Open = 600*time.Millisecond, 5*time.Millisecond, time.Millisecond, 5*time.Millisecond
		stops = append(stops, start(e))
	}
	<-f.empty
	for _, stop := range stops {
		stopped(t, stop)
	}
	if diff := cmp.Diff(map[string]int{"delivered": 2000}, f.states()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

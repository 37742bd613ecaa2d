package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"kouan/gateway/store"
)

// errCutOff ends deliveries before their deadline: the lease is lost or the
// engine stops. It says nothing about the receiver.
var errCutOff = errors.New("cut off by this side")

// lease is one leased shard as this process may trust it.
type lease struct {
	store.Lease
	good time.Time       // by our own clock: nothing of the shard is under way after it
	ctx  context.Context // ends when the lease is lost
	lose context.CancelCauseFunc
}

// leaseTable holds what the engine may work on. The end of a lease is
// measured here, from the moment before the store was asked, so that neither
// the time the answer took nor the database's clock can lengthen it.
type leaseTable struct {
	margin time.Duration
	work   context.Context // parent of every delivery

	mu      sync.Mutex
	held    map[int]*lease
	left    map[int]int64 // shard -> epoch under which items were left sending
	changed chan struct{} // closed at the next renewal
	renewed time.Time
}

func newLeaseTable(margin time.Duration) *leaseTable {
	return &leaseTable{margin: margin, held: map[int]*lease{}, left: map[int]int64{}, changed: make(chan struct{})}
}

// renew takes the store's answer to a request that began at start. fresh says
// that an epoch is new to us, stuck that items of a lease that we still hold
// were left sending: only a higher epoch brings them back.
func (t *leaseTable) renew(got []store.Lease, start time.Time, ttl time.Duration) (fresh, stuck bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := make(map[int]*lease, len(got))
	for _, g := range got {
		l := t.held[g.Shard]
		if l == nil || l.Epoch != g.Epoch {
			fresh = true
			if l != nil {
				l.lose(errCutOff)
			}
			l = &lease{}
			l.ctx, l.lose = context.WithCancelCause(t.work)
		}
		delete(t.held, g.Shard)
		l.Lease, l.good = g, start.Add(ttl-t.margin)
		next[g.Shard] = l
		switch left, ok := t.left[g.Shard]; {
		case ok && left >= g.Epoch:
			stuck = true
		case ok:
			delete(t.left, g.Shard)
		}
	}
	for _, lost := range t.held {
		lost.lose(errCutOff)
	}
	t.held, t.renewed = next, start
	t.announce()
	return fresh, stuck
}

// lapse drops the leases whose time is over by our own clock.
func (t *leaseTable) lapse(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for shard, l := range t.held {
		if !l.good.After(now) {
			l.lose(errCutOff)
			delete(t.held, shard)
		}
	}
	t.announce()
}

func (t *leaseTable) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.held {
		l.lose(errCutOff)
	}
	t.held = map[int]*lease{}
	t.announce()
}

func (t *leaseTable) announce() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// good lists the leases that last at least floor longer.
func (t *leaseTable) good(now time.Time, floor time.Duration) []store.Lease {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]store.Lease, 0, len(t.held))
	for _, l := range t.held {
		if l.good.Sub(now) >= floor {
			out = append(out, l.Lease)
		}
	}
	return out
}

// find returns the lease under which an item was claimed, by value, or false
// when it is lost; changed ends at the next renewal.
func (t *leaseTable) find(it store.OutboxItem) (l lease, changed <-chan struct{}, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.held[it.Shard]
	if held == nil || held.Epoch != it.Epoch {
		return lease{}, nil, false
	}
	return *held, t.changed, true
}

// leave remembers that items of these leases may stay in state sending
// although nobody works on them.
func (t *leaseTable) leave(leases ...store.Lease) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range leases {
		t.left[l.Shard] = max(t.left[l.Shard], l.Epoch)
	}
}

func (t *leaseTable) status() (held int, renewed time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.held), t.renewed
}

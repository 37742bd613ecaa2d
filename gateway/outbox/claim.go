package outbox

import (
	"context"
	"errors"
	"time"

	"kouan/gateway/store"
)

// pace is the shortest time between two claims when the first took all there
// was: what wakes the engine within it is claimed together.
const pace = 5 * time.Millisecond

// claimLoop claims when woken, and by polling for what becomes due by itself.
func (e *Engine) claimLoop(ctx context.Context) {
	idle := e.Poll
	polled := true
	for ctx.Err() == nil {
		n, full := e.claimRound(polled)
		if n > 0 {
			idle = e.Poll
		}
		if n >= e.Batch {
			continue // there may be more, for receivers that were not yet full
		}
		if !full && !sleep(ctx, pace) {
			return
		}
		timer := time.NewTimer(idle)
		select {
		case <-ctx.Done():
		case <-e.wake:
			polled, idle = false, e.Poll
		case <-timer.C:
			polled, idle = true, min(2*idle, 4*e.Poll)
		}
		timer.Stop()
	}
}

// claimRound claims one batch for the receivers that can take more, and one
// item for each that is due for a probe. It returns the size of the batch and
// whether a receiver was left out because it has enough to do.
func (e *Engine) claimRound(polled bool) (n int, full bool) {
	now := e.Clock()
	leases := e.leases.good(now, e.floor())
	if len(leases) == 0 || !e.beginClaim() {
		return 0, false
	}
	defer e.endClaim()
	skip, probes, full := e.survey(now, e.askHeld())
	if polled {
		e.park(leases)
	}
	e.unpark(leases)
	// Without Resolve only the poll looks when every receiver is skipped: items
	// of unknown receivers are found by it and buried.
	if polled || e.Resolve != nil || len(skip) < len(e.names) {
		n = e.claim(leases, func(ctx context.Context) ([]store.OutboxItem, error) {
			return e.Store.Claim(ctx, leases, skip, e.Batch)
		})
	}
	for _, receiver := range probes {
		e.claim(leases, func(ctx context.Context) ([]store.OutboxItem, error) {
			return e.Store.ClaimFor(ctx, leases, receiver, 1)
		})
	}
	return n, full
}

func (e *Engine) claim(leases []store.Lease, take func(context.Context) ([]store.OutboxItem, error)) int {
	// Not under the context of Run: a claim that is cut off may have been
	// committed without telling us.
	ctx, done := context.WithTimeout(e.books, storeTimeout)
	defer done()
	items, err := take(ctx)
	if err != nil {
		e.Metrics.claimFailures.Inc()
		e.Logger.Warn("outbox items not claimed", "error", err)
		if !errors.Is(err, store.ErrUnavailable) {
			e.leases.leave(leases...)
		}
		return 0
	}
	e.dispatch(items)
	return len(items)
}

// survey says which receivers a claim must leave out, which of those are due
// for a probe, and whether one has enough to do. A receiver is left out while
// it has enough to do, is down or is held: none of them may fill the batches
// of others.
func (e *Engine) survey(now time.Time, held []string) (skip, probes []string, full bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held = nil
	if len(held) > 0 {
		e.held = make(map[string]bool, len(held))
		skip = append(skip, held...)
	}
	for _, name := range held {
		e.held[name] = true
	}
	for _, name := range e.names {
		l := e.lanes[name]
		l.skipped = false
		if e.held[name] {
			continue
		}
		switch h := l.health(now); {
		case h == down:
			skip = append(skip, name)
		case h == probe:
			skip = append(skip, name)
			if l.active == 0 && len(l.queue) == 0 {
				probes = append(probes, name)
			}
		case l.full():
			l.skipped, full = true, true
			skip = append(skip, name)
		}
	}
	return skip, probes, full
}

func (e *Engine) askHeld() []string {
	if e.Held == nil {
		return nil
	}
	return e.Held()
}

func (e *Engine) isHeld(receiver string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.held[receiver]
}

func (e *Engine) beginClaim() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped || e.paused || e.recording >= recordLimit {
		return false
	}
	e.claiming = true
	return true
}

func (e *Engine) endClaim() {
	e.mu.Lock()
	e.claiming = false
	e.mu.Unlock()
}

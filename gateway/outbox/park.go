package outbox

import (
	"context"

	"kouan/gateway/store"
)

const (
	// parkFrom is how much may wait in vain before it is moved out of the way
	// of claims: so much costs a claim about a tenth of a millisecond.
	parkFrom  = 200
	parkBatch = 2000 // moved at one poll
)

// park moves what cannot leave out of the way of claims when it has become
// much: the items of receivers that are down or held, and those behind a dead
// letter. Each poll looks.
func (e *Engine) park(leases []store.Lease) {
	ctx, done := context.WithTimeout(e.books, storeTimeout)
	defer done()
	due, err := e.Store.Overdue(ctx, leases, parkFrom)
	if err != nil || due < parkFrom {
		return // a claim that fails says so itself
	}
	still := e.outOfReach()
	n, err := e.Store.Park(ctx, leases, still, parkBatch)
	if err != nil {
		e.Logger.Warn("items that cannot leave were not parked", "error", err)
		return
	}
	if n == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, receiver := range still {
		e.parked[receiver] = true
	}
}

// outOfReach are the receivers to which nothing may go now.
func (e *Engine) outOfReach() (receivers []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.Clock()
	for receiver := range e.held {
		receivers = append(receivers, receiver)
	}
	for receiver, l := range e.lanes {
		if !e.held[receiver] && l.health(now) != well {
			receivers = append(receivers, receiver)
		}
	}
	return receivers
}

// unpark brings back what was parked of receivers that can take more, a
// little more than they can take at once: the rest stays parked until then.
func (e *Engine) unpark(leases []store.Lease) {
	for _, receiver := range e.unparkable() {
		ctx, done := context.WithTimeout(e.books, storeTimeout)
		n, err := e.Store.Unpark(ctx, leases, receiver, 4*e.PerReceiver)
		done()
		if err != nil {
			e.Logger.Warn("parked items were not brought back", "receiver", receiver, "error", err)
			continue
		}
		if n < 4*e.PerReceiver {
			e.mu.Lock()
			delete(e.parked, receiver)
			e.mu.Unlock()
		}
	}
}

func (e *Engine) unparkable() (receivers []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.Clock()
	for receiver := range e.parked {
		l := e.lanes[receiver]
		if !e.held[receiver] && (l == nil || l.health(now) == well && !l.full()) {
			receivers = append(receivers, receiver)
		}
	}
	return receivers
}

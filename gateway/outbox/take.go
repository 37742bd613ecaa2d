package outbox

import (
	"errors"

	"kouan/gateway/store"
)

var _ store.Taker = (*Engine)(nil)

// Begin lets a transaction of this process hand its pushes over: those of
// receivers that can start at once and of which nothing older is known to
// wait. Until End it counts as a claim.
func (e *Engine) Begin(receivers []string) (leases []store.Lease, room map[string]int, ok bool) {
	now := e.Clock()
	leases = e.leases.good(now, e.floor())
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped || e.paused || e.behind || e.recording >= recordLimit || len(leases) == 0 {
		return nil, nil, false
	}
	room = make(map[string]int, len(receivers))
	for _, receiver := range receivers {
		if e.held[receiver] || e.parked[receiver] {
			continue
		}
		switch l := e.lanes[receiver]; {
		case l == nil:
			room[receiver] = e.PerReceiver // the lane comes into being with the item
		case l.health(now) == well && !l.skipped:
			room[receiver] = l.limit() - l.active - len(l.queue)
		}
	}
	if !e.told.Swap(true) {
		e.look.Store(true) // what was there before
	}
	e.claiming++
	e.running.Add(1)
	return leases, room, true
}

// End starts what was handed over.
func (e *Engine) End(items []store.OutboxItem, rest bool, err error) {
	defer e.running.Done()
	switch {
	case err == nil:
		e.dispatch(items)
	case errors.Is(err, store.ErrUnknown): // it may have been committed
		e.leases.leave(e.leases.good(e.Clock(), 0)...)
	}
	if rest {
		e.Rest()
	}
	e.endClaim()
}

// Rest notes that something may wait that a claim has to find.
func (e *Engine) Rest() {
	e.told.Store(true)
	e.look.Store(true)
}

// Quiet says that the last look found nothing, with nothing under way, and
// that everything since was handed over: what is under way has no followers.
func (e *Engine) Quiet() bool { return !e.look.Load() }

// rouse makes the engine look.
func (e *Engine) rouse() {
	e.look.Store(true)
	signal(e.wake)
}

// mustLook says whether a claim could find anything. A store that tells what
// its transactions leave saves the look after each of them: what is left is
// what other processes put in, which the poll finds.
func (e *Engine) mustLook(polled bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	// What is under way now may have followers that this look cannot see.
	wanted := e.look.Swap(e.busy > 0 || e.recording > 0 || e.queued() > 0)
	return polled || wanted || !e.told.Load()
}

func (e *Engine) queued() (n int) {
	for _, l := range e.lanes {
		n += len(l.queue)
	}
	return n
}

package outbox

import (
	"errors"

	"kouan/gateway/store"
)

// Reasons for handing items back unsent; they end as the item's last error.
var (
	errDown     = errors.New("held: the receiver is down")
	errHeld     = errors.New("held: the receiver is disabled")
	errStopping = errors.New("handed back: this process stops")
	errPaused   = errors.New("handed back: this process renews its leases")
	errNobody   = errors.New("no adapter for this receiver")
)

// dispatch puts claimed items into the lanes of their receivers and starts
// what may start.
func (e *Engine) dispatch(items []store.OutboxItem) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, it := range items {
		l := e.lane(it.Receiver)
		switch {
		case l == nil:
			e.book(it, outcome{kind: buried, result: "no_adapter", cause: errNobody})
		case e.stopped:
			e.handBack([]store.OutboxItem{it}, errStopping)
		case e.paused:
			e.handBack([]store.OutboxItem{it}, errPaused)
		default:
			l.queue = append(l.queue, it)
			e.pump(l)
		}
	}
}

// pump starts deliveries of a lane while its own bound and the common one
// allow it. Each receiver may always have one delivery under way, so that
// slow ones can use up the workers but never shut others out.
func (e *Engine) pump(l *lane) {
	for len(l.queue) > 0 && l.active < l.limit() {
		if l.active > 0 && e.busy >= e.Workers {
			if !l.starving {
				l.starving = true
				e.starving = append(e.starving, l)
			}
			return
		}
		it := l.queue[0]
		l.queue = l.queue[1:]
		l.active++
		e.busy++
		e.running.Go(func() {
			out := e.attempt(l, it)
			e.finish(l)
			e.record(it, out)
			e.recorded()
		})
	}
	if len(l.queue) == 0 {
		l.queue = nil // lets the claimed batch go
	}
}

// finish frees the worker of a delivery, whose result is about to be
// recorded, and gives it to whoever waits longest.
func (e *Engine) finish(l *lane) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.active--
	e.busy--
	e.recording++
	for len(e.starving) > 0 && e.busy < e.Workers {
		first := e.starving[0]
		e.starving = e.starving[1:]
		first.starving = false
		e.pump(first)
	}
	e.pump(l)
	if l.skipped && !l.full() {
		l.skipped = false
		signal(e.wake)
	}
}

func (e *Engine) recorded() {
	e.mu.Lock()
	e.recording--
	e.mu.Unlock()
}

// book records a result that needed no delivery. The caller holds mu.
func (e *Engine) book(it store.OutboxItem, out outcome) {
	e.recording++
	e.running.Go(func() {
		e.record(it, out)
		e.recorded()
	})
}

// handBack returns claimed items that were not sent; the claim does not count
// as a try. The caller holds mu.
func (e *Engine) handBack(items []store.OutboxItem, why error) {
	for _, it := range items {
		e.book(it, e.unsent(why))
	}
}

// stopDispatch hands everything back that has not started; nothing starts
// after it. What a claim under way still brings is handed back as well.
func (e *Engine) stopDispatch() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
	close(e.stopping)
	e.emptyQueues(errStopping)
}

// pause stops claims and hands back what has not started. It reports whether
// nothing is under way any more.
func (e *Engine) pause() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.paused = true
	e.emptyQueues(errPaused)
	return e.busy == 0 && e.recording == 0 && !e.claiming
}

func (e *Engine) resume() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.paused {
		e.paused = false
		signal(e.wake)
	}
}

func (e *Engine) emptyQueues(why error) {
	for _, l := range e.lanes {
		e.handBack(l.queue, why)
		l.queue = nil
	}
}

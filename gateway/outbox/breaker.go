package outbox

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// Breaker says when a receiver counts as down and how often it is probed.
// A refusal of one item (portadapters.ErrPermanent) proves it alive.
type Breaker struct {
	Failures int           // temporary failures in a row that open it, 5
	Open     time.Duration // until the first probe, 5 s; doubled after each failed probe
	Cap      time.Duration // longest time between probes, 1 min
}

func (b Breaker) withDefaults() Breaker {
	open := cmp.Or(b.Open, 5*time.Second)
	return Breaker{Failures: cmp.Or(b.Failures, 5), Open: open, Cap: max(open, cmp.Or(b.Cap, time.Minute))}
}

// breaker lets one delivery through, or not, and hears how it went.
type breaker = gobreaker.TwoStepCircuitBreaker[struct{}]

func (e *Engine) newBreaker(l *lane) *breaker {
	return gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        l.receiver,
		MaxRequests: 1,
		Timeout:     e.Breaker.Open,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= e.Breaker.Failures },
		IsSuccessful: func(err error) bool {
			return err == nil || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrGone)
		},
		IsExcluded:    func(err error) bool { return errors.Is(err, errCutOff) || errors.Is(err, portadapters.ErrUnsent) },
		OnStateChange: func(_ string, _, to gobreaker.State) { e.turned(l, to) },
	})
}

// turned notes a change of the breaker's state. gobreaker itself waits the
// same time before each probe; probeAt adds the growth and the jitter.
func (e *Engine) turned(l *lane, to gobreaker.State) {
	e.Metrics.breaker.WithLabelValues(l.label).Set(float64(to))
	switch to {
	case gobreaker.StateOpen:
		n := l.openings.Add(1)
		wait := double(e.Breaker.Open, e.Breaker.Cap, int(n)-1)
		wait += time.Duration(float64(wait) * e.Backoff.Jitter * e.Rand())
		now := e.Clock()
		l.probeAt.Store(now.Add(wait).UnixNano())
		if n == 1 {
			l.since.Store(now.UnixNano())
		}
		e.remember(l)
		e.Logger.Warn("receiver down", "receiver", l.receiver, "openings", n, "probe_in", wait)
	case gobreaker.StateClosed:
		l.openings.Store(0)
		l.ramp.Store(1)
		e.remember(l)
		e.Logger.Info("receiver back", "receiver", l.receiver)
	}
}

// health is what the lane's breaker allows at the moment.
type health int

const (
	well  health = iota
	probe        // one delivery, to see
	down
)

func (l *lane) health(now time.Time) health {
	switch s := l.breaker.Load().State(); {
	case s == gobreaker.StateClosed:
		return well
	case s == gobreaker.StateHalfOpen && now.UnixNano() >= l.probeAt.Load():
		return probe
	}
	return down
}

// The store remembers which receivers are down, so that a restart does not
// begin by troubling them, other processes and people see it, and a person can
// declare one well. What this process knows comes first: a row that could not
// be written is written later.

const (
	// followEvery is how often the rows are read: how long a reset by another
	// process takes to be seen here.
	followEvery = 5 * time.Second
	rememberAgo = time.Second // wait after a row could not be written
)

var errBefore = errors.New("was down before this process began")

// remember has the state of a lane written. It never blocks: breakers call it
// under their lock.
func (e *Engine) remember(l *lane) {
	e.turns.mu.Lock()
	if e.turns.lanes == nil {
		e.turns.lanes = map[*lane]bool{}
	}
	e.turns.lanes[l] = true
	e.turns.mu.Unlock()
	signal(e.turns.some)
}

func (e *Engine) takeTurns() (lanes []*lane) {
	e.turns.mu.Lock()
	defer e.turns.mu.Unlock()
	for l := range e.turns.lanes {
		lanes = append(lanes, l)
	}
	e.turns.lanes = nil
	return lanes
}

// breakerLoop writes what turned and follows what others wrote.
func (e *Engine) breakerLoop(ctx context.Context) {
	follow := time.NewTicker(followEvery)
	defer follow.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.turns.some:
			for _, l := range e.takeTurns() {
				if err := e.writeBreaker(ctx, l); err != nil && ctx.Err() == nil {
					e.Logger.Warn("state of receiver not written", "receiver", l.receiver, "error", err)
					e.remember(l)
					sleep(ctx, rememberAgo)
				}
			}
		case <-follow.C:
			if err := e.follow(ctx); err != nil && ctx.Err() == nil {
				e.Logger.Warn("states of receivers not read", "error", err)
			}
		}
	}
}

func (e *Engine) writeBreaker(ctx context.Context, l *lane) error {
	ctx, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	openings := l.openings.Load()
	if openings == 0 {
		err := e.Store.ClearBreaker(ctx, l.receiver)
		if err == nil {
			l.kept.Store(false)
		}
		return err
	}
	b := store.Breaker{Receiver: l.receiver, Openings: openings, ProbeAt: l.probeAt.Load() / int64(time.Millisecond),
		Since: l.since.Load() / int64(time.Millisecond)}
	if failure := l.failure.Load(); failure != nil {
		b.LastError = *failure
	}
	err := e.Store.SaveBreaker(ctx, b)
	if err == nil {
		l.kept.Store(true)
	}
	return err
}

// follow closes breakers whose row is gone: a person reset it, or another
// process found the receiver well.
func (e *Engine) follow(ctx context.Context) error {
	var kept []*lane // before the rows are read: a row that is written meanwhile is not missed
	e.mu.Lock()
	for _, l := range e.lanes {
		if l.kept.Load() {
			kept = append(kept, l)
		}
	}
	e.mu.Unlock()
	if len(kept) == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	rows, err := e.Store.Breakers(ctx)
	if err != nil {
		return err
	}
	down := make(map[string]bool, len(rows))
	for i := range rows {
		down[rows[i].Receiver] = true
	}
	for _, l := range kept {
		if !down[l.receiver] {
			e.reset(l)
		}
	}
	return nil
}

// Reset declares a receiver well in this process at once; the row that the
// store keeps of it is the caller's to remove.
func (e *Engine) Reset(receiver string) {
	e.setup()
	e.mu.Lock()
	l := e.lanes[receiver]
	e.mu.Unlock()
	if l != nil {
		e.reset(l)
	}
}

func (e *Engine) reset(l *lane) {
	l.breaker.Store(e.newBreaker(l))
	l.kept.Store(false)
	l.openings.Store(0)
	l.ramp.Store(1)
	e.Metrics.breaker.WithLabelValues(l.label).Set(0)
	e.Logger.Info("breaker reset", "receiver", l.receiver)
	signal(e.wake)
}

// recall reads which receivers were down when the process before ended.
func (e *Engine) recall(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	rows, err := e.Store.Breakers(ctx)
	if err != nil {
		e.Logger.Warn("states of receivers not read: all count as well", "error", err)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.recalled = make(map[string]store.Breaker, len(rows))
	for _, b := range rows {
		e.recalled[b.Receiver] = b
	}
	for _, l := range e.lanes {
		e.restore(l)
	}
}

// restore opens the breaker of a lane that was open before. The first probe
// comes at its time, or as soon as the breaker allows one. The caller holds mu.
func (e *Engine) restore(l *lane) {
	b, ok := e.recalled[l.receiver]
	if !ok {
		return
	}
	delete(e.recalled, l.receiver)
	l.failure.Store(&b.LastError)
	l.openings.Store(max(0, b.Openings-1)) // that of the store is counted by the turn itself
	for range e.Breaker.Failures {
		report, err := l.breaker.Load().Allow()
		if err != nil {
			break
		}
		report(errBefore)
	}
	l.since.Store(b.Since * int64(time.Millisecond))
	l.probeAt.Store(b.ProbeAt * int64(time.Millisecond))
	e.parked[l.receiver] = true
}

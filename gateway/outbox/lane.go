package outbox

import (
	"cmp"
	"errors"
	"slices"
	"sync/atomic"
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

// lane is everything about one receiver. queue, active and skipped are
// guarded by Engine.mu; the breaker calls back while it holds its own lock,
// so what the callback writes is atomic.
type lane struct {
	receiver string
	label    string               // in the metrics
	adapter  portadapters.Adapter // nil: Resolve finds it
	breaker  *gobreaker.TwoStepCircuitBreaker[struct{}]
	bound    int

	queue    []store.OutboxItem // claimed, not started
	active   int                // deliveries under way
	skipped  bool               // the last claim left this receiver out because of its load
	starving bool               // stands in Engine.starving

	ramp     atomic.Int64 // deliveries allowed at once: 1 after an outage, one more with each success
	openings atomic.Int64 // in a row
	probeAt  atomic.Int64 // Unix nanoseconds
}

func (e *Engine) makeLanes() {
	e.lanes = make(map[string]*lane, len(e.Adapters))
	for receiver, adapter := range e.Adapters {
		e.addLane(receiver, receiver, adapter)
	}
	slices.Sort(e.names)
}

// lane is the lane of a claimed item. That of a receiver which only Resolve
// knows comes into being here. The caller holds mu.
func (e *Engine) lane(receiver string) *lane {
	l := e.lanes[receiver]
	if l == nil && e.Resolve != nil {
		label := manyReceivers
		if len(e.lanes)-len(e.Adapters) < labelledReceivers {
			label = receiver
		}
		l = e.addLane(receiver, label, nil)
	}
	return l
}

// Receivers that come into being have a label of their own in the metrics up
// to this number; the others share one.
const (
	labelledReceivers = 200
	manyReceivers     = "endpoint:*"
)

func (e *Engine) labelOf(receiver string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.label(receiver)
}

// label is what the metrics call a receiver. The caller holds mu.
func (e *Engine) label(receiver string) string {
	switch l := e.lanes[receiver]; {
	case l != nil:
		return l.label
	case e.Resolve != nil:
		return manyReceivers
	}
	return receiver
}

func (e *Engine) addLane(receiver, label string, adapter portadapters.Adapter) *lane {
	l := &lane{receiver: receiver, label: label, adapter: adapter, bound: e.PerReceiver}
	l.ramp.Store(int64(l.bound))
	l.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        receiver,
		MaxRequests: 1,
		Timeout:     e.Breaker.Open,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= e.Breaker.Failures },
		IsSuccessful: func(err error) bool {
			return err == nil || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrGone)
		},
		IsExcluded:    func(err error) bool { return errors.Is(err, errCutOff) },
		OnStateChange: func(_ string, _, to gobreaker.State) { e.turned(l, to) },
	})
	e.Metrics.breaker.WithLabelValues(label).Set(0)
	e.lanes[receiver] = l
	e.names = append(e.names, receiver)
	return l
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
		l.probeAt.Store(e.Clock().Add(wait).UnixNano())
		e.Logger.Warn("receiver down", "receiver", l.receiver, "openings", n, "probe_in", wait)
	case gobreaker.StateClosed:
		l.openings.Store(0)
		l.ramp.Store(1)
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
	switch s := l.breaker.State(); {
	case s == gobreaker.StateClosed:
		return well
	case s == gobreaker.StateHalfOpen && now.UnixNano() >= l.probeAt.Load():
		return probe
	}
	return down
}

// limit is how many deliveries may be under way now.
func (l *lane) limit() int { return min(l.bound, int(l.ramp.Load())) }

// full says that the lane has enough to do until the next claim.
func (l *lane) full() bool { return l.active+len(l.queue) >= 2*l.limit() }

// succeeded lets the lane carry one more delivery at once. Concurrent calls
// may overshoot the bound; limit caps it.
func (l *lane) succeeded() {
	if l.ramp.Load() < int64(l.bound) {
		l.ramp.Add(1)
	}
}

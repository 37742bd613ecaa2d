package outbox

import (
	"slices"
	"sync/atomic"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// lane is everything about one receiver. queue, active and skipped are
// guarded by Engine.mu; the breaker calls back while it holds its own lock,
// so what the callback writes is atomic.
type lane struct {
	receiver string
	label    string                  // in the metrics
	adapter  portadapters.Adapter    // nil: Resolve finds it
	breaker  atomic.Pointer[breaker] // replaced when somebody resets it
	bound    int

	queue    []store.OutboxItem // claimed, not started
	active   int                // deliveries under way
	skipped  bool               // the last claim left this receiver out because of its load
	starving bool               // stands in Engine.starving

	ramp     atomic.Int64 // deliveries allowed at once: 1 after an outage, one more with each success
	openings atomic.Int64 // in a row
	probeAt  atomic.Int64 // Unix nanoseconds
	since    atomic.Int64 // of the outage, Unix nanoseconds
	failure  atomic.Pointer[string]
	kept     atomic.Bool // the store knows that the receiver is down
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
	l.breaker.Store(e.newBreaker(l))
	e.Metrics.breaker.WithLabelValues(label).Set(0)
	e.restore(l)
	e.lanes[receiver] = l
	e.names = append(e.names, receiver)
	return l
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

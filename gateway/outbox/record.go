package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

type kind int

const (
	delivered kind = iota
	deferred
	buried
	unsent // claimed and handed back
	lost   // the lease is gone: nothing was sent, nothing may be recorded
)

// outcome is what became of a claimed item.
type outcome struct {
	kind    kind
	result  string // for the metrics
	receipt portadapters.Receipt
	next    time.Time
	cause   error
}

func (e *Engine) unsent(why error) outcome {
	return outcome{kind: unsent, result: "unsent", next: e.Clock(), cause: fmt.Errorf("%w: %w", portadapters.ErrUnsent, why)}
}

const (
	recordBase    = 50 * time.Millisecond // wait after the first failed recording
	recordCap     = 2 * time.Second
	recordRefused = 3 // definite refusals of a delivery's record after which the item is deferred instead
)

// record has the desk write the outcome down, again and again while the lease
// holds: the delivery itself is not repeated for it. What cannot be recorded
// is left for the next owner of the shard, who delivers it under the same id.
func (e *Engine) record(it store.OutboxItem, out outcome) {
	if out.kind == lost {
		e.Metrics.fenced.Inc()
		e.leases.leave(store.Lease{Shard: it.Shard, Epoch: it.Epoch})
		return
	}
	e.Metrics.attempts.WithLabelValues(e.labelOf(it.Receiver), out.result).Inc()
	end := e.Clock().Add(e.TTL)
	refused := 0
	for n := 0; ; n++ {
		err := e.write(it, out)
		switch {
		case err == nil:
			if out.kind != unsent {
				signal(e.wake) // the next of its line can leave
			}
			return
		case errors.Is(err, store.ErrFenced):
			e.Metrics.fenced.Inc()
			return
		}
		e.Metrics.recordFailures.Inc()
		if definite(err) {
			refused++
		}
		if out.kind == delivered && refused >= recordRefused {
			e.Logger.Error("delivery cannot be recorded, will be repeated", "receiver", it.Receiver, "item", it.ID, "error", err)
			out = e.judge(it, out.receipt, fmt.Errorf("delivered, but not recorded: %w", err))
			refused = 0
			continue
		}
		_, _, held := e.leases.find(it)
		if !held || e.Clock().After(end) || !sleep(e.books, spread(double(recordBase, recordCap, n), e.Backoff.Jitter, e.Rand())) {
			e.leave(it, err)
			return
		}
	}
}

func (e *Engine) write(it store.OutboxItem, out outcome) error {
	ctx, done := context.WithTimeout(e.books, storeTimeout)
	defer done()
	switch out.kind {
	case delivered:
		return e.Desk.Delivered(ctx, it, out.receipt)
	case buried:
		return e.Desk.Buried(ctx, it, out.cause)
	case unsent:
		it.Tries--
	}
	return e.Desk.Deferred(ctx, it, out.next, out.cause)
}

// definite says that repeating the recording will meet the same refusal.
func definite(err error) bool {
	return !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrUnknown) &&
		!errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
}

func (e *Engine) leave(it store.OutboxItem, err error) {
	e.Metrics.left.Inc()
	e.leases.leave(store.Lease{Shard: it.Shard, Epoch: it.Epoch})
	e.Logger.Error("outbox item left to the next lease", "receiver", it.Receiver, "item", it.ID, "error", err)
}

package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// errLost says that the lease under which an item was claimed is gone. The
// next owner has it or will have it.
var errLost = errors.New("lease lost before sending")

// attempt makes one delivery and says what is to be recorded.
func (e *Engine) attempt(l *lane, it store.OutboxItem) outcome {
	if l.health(e.Clock()) == down { // since it was claimed
		return e.unsent(errDown)
	}
	if e.isHeld(l.receiver) {
		return e.unsent(errHeld)
	}
	adapter := l.adapter
	if adapter == nil {
		var ok bool
		if adapter, ok = e.Resolve(l.receiver); !ok {
			return outcome{kind: buried, result: "no_adapter", cause: errNobody}
		}
	}
	ctx, done, err := e.window(it)
	switch {
	case errors.Is(err, errLost):
		return outcome{kind: lost}
	case err != nil:
		return e.unsent(err)
	}
	defer done()
	m, err := e.message(ctx, it)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, errBytes):
		return outcome{kind: buried, result: "unreadable", cause: err}
	case err != nil:
		return e.judge(it, portadapters.Receipt{}, err)
	}
	report, err := l.breaker.Load().Allow()
	if err != nil {
		return e.unsent(errDown)
	}
	start := e.Clock()
	r, err := e.deliver(ctx, l, adapter, m)
	if err != nil && errors.Is(context.Cause(ctx), errCutOff) {
		err = fmt.Errorf("%w: %w", errCutOff, err)
	}
	if err != nil {
		failure := brief(err)
		l.failure.Store(&failure)
	}
	e.Metrics.seconds.WithLabelValues(l.label).Observe(e.Clock().Sub(start).Seconds())
	report(err)
	if err == nil {
		l.succeeded()
	}
	return e.judge(it, r, err)
}

// brief is an error as it is kept of a receiver that is down.
func brief(err error) string {
	const most = 500
	s := err.Error()
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "�")
}

// window is the time in which an item may be sent: it ends with the
// delivery's own time limit or before its lease does, and is cut off when the
// lease is lost. A lease that is about to end is waited for.
func (e *Engine) window(it store.OutboxItem) (context.Context, context.CancelFunc, error) {
	for {
		l, changed, ok := e.leases.find(it)
		if !ok {
			return nil, nil, errLost
		}
		if left := min(e.DeliverTimeout, l.good.Sub(e.Clock())); left >= e.floor() {
			ctx, done := context.WithTimeout(l.ctx, left)
			return ctx, done, nil
		}
		select {
		case <-changed:
		case <-e.stopping:
			return nil, nil, errStopping
		}
	}
}

// errBytes says that the stored bytes are not those that were accepted.
var errBytes = errors.New("bytes do not match their digest")

func (e *Engine) message(ctx context.Context, it store.OutboxItem) (portadapters.Message, error) {
	ctx, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	var row store.Message
	if it.Carried != nil {
		row = *it.Carried
	} else {
		var err error
		if row, err = e.Store.Outgoing(ctx, &it); err != nil {
			return portadapters.Message{}, fmt.Errorf("read message %s: %w", it.MessageID, err)
		}
	}
	sum := sha256.Sum256(row.Body)
	if hex.EncodeToString(sum[:]) != row.SHA256 {
		return portadapters.Message{}, fmt.Errorf("read message %s: %w", it.MessageID, errBytes)
	}
	return portadapters.Message{
		ID:          it.ID,
		Receiver:    it.Receiver,
		Subject:     it.Subject,
		Sequence:    it.Sequence,
		Kind:        row.Kind,
		FileName:    row.FileName,
		ContentType: row.ContentType,
		Body:        row.Body,
		SHA256:      row.SHA256,
		Attempt:     it.Tries,
		// Tries start anew with a replay; what the last ones said stays.
		Redelivery: it.Tries > 1 || it.Peer != "" || it.LastError != "",
	}, nil
}

// deliver calls the adapter. A panic in it is a temporary error: the item
// comes back, the engine lives on.
func (e *Engine) deliver(ctx context.Context, l *lane, a portadapters.Adapter, m portadapters.Message) (r portadapters.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.Metrics.panics.WithLabelValues(l.label).Inc()
			e.Logger.Error("adapter panicked", "receiver", l.receiver, "message", m.ID, "panic", p, "stack", string(debug.Stack()))
			r, err = portadapters.Receipt{}, fmt.Errorf("deliver message %s to %s: adapter panicked", m.ID, l.receiver)
		}
	}()
	return a.Deliver(ctx, m)
}

// judge turns the adapter's answer into what is to be recorded.
func (e *Engine) judge(it store.OutboxItem, r portadapters.Receipt, err error) outcome {
	now := e.Clock()
	var asked *portadapters.RetryAfterError
	switch age := now.Sub(time.UnixMilli(it.CreatedAt)); {
	case err == nil && r.Duplicate:
		return outcome{kind: delivered, result: "duplicate", receipt: r}
	case err == nil:
		return outcome{kind: delivered, result: "delivered", receipt: r}
	case errors.Is(err, portadapters.ErrUnsent): // the adapter found that nothing may be sent now
		return outcome{kind: unsent, result: "unsent", next: now.Add(e.Backoff.Base), cause: err}
	case errors.Is(err, errCutOff):
		return outcome{kind: deferred, result: "cut_off", next: now.Add(e.Backoff.Base), cause: err}
	case errors.Is(err, portadapters.ErrPermanent):
		return outcome{kind: buried, result: "permanent", cause: err}
	case e.MaxTries > 0 && it.Tries >= e.MaxTries:
		return outcome{kind: buried, result: "exhausted", cause: fmt.Errorf("gave up after %d tries: %w", it.Tries, err)}
	case e.MaxAge > 0 && age >= e.MaxAge:
		return outcome{kind: buried, result: "exhausted", cause: fmt.Errorf("gave up after %s: %w", age.Round(time.Second), err)}
	case errors.As(err, &asked):
		return outcome{kind: deferred, result: "retry_after", next: now.Add(e.Backoff.asked(asked.After, e.Rand())), cause: err}
	case errors.Is(err, portadapters.ErrUnknown):
		return outcome{kind: deferred, result: "unknown", next: now.Add(e.Backoff.after(it.Tries, e.Rand())), cause: err}
	}
	return outcome{kind: deferred, result: "temporary", next: now.Add(e.Backoff.after(it.Tries, e.Rand())), cause: err}
}

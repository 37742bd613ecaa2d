package outbox

import (
	"context"
	"time"

	"kouan/gateway/store"
)

// forfeitPause bounds how often the engine gives all leases back to get items
// unstuck, so that an item that can never be recorded does not stop the rest.
const forfeitPause = time.Minute

// leaseLoop renews the leases until ctx ends. It does nothing slow besides,
// so that no other work can make a renewal late.
func (e *Engine) leaseLoop(ctx context.Context) {
	var forfeited time.Time
	for {
		wait := e.TTL / 3
		start := e.Clock()
		fresh, stuck, err := e.renew(ctx, start)
		if err == nil && !stuck {
			e.resume() // what a pause was for has passed to another owner
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			e.Metrics.renewalFailures.Inc()
			e.Logger.Warn("outbox leases not renewed", "owner", e.Owner, "error", err)
			wait = min(wait, time.Second)
		case stuck && (forfeited.IsZero() || start.Sub(forfeited) >= forfeitPause):
			if e.forfeit(ctx) {
				forfeited = start
			}
			wait = e.TTL / 30
		case fresh:
			signal(e.sweep)
			e.rouse()
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

func (e *Engine) renew(ctx context.Context, start time.Time) (fresh, stuck bool, err error) {
	asking, done := context.WithTimeout(ctx, min(storeTimeout, e.TTL/3))
	defer done()
	got, err := e.Store.Lease(asking, e.Owner, e.TTL)
	if err != nil {
		e.leases.lapse(e.Clock())
	} else {
		fresh, stuck = e.leases.renew(got, start, e.TTL)
	}
	held, _ := e.leases.status()
	e.Metrics.leases.Set(float64(held))
	return fresh, stuck, err
}

// forfeit gives all leases back and so gets new epochs, under which Recover
// finds what was left sending: results that could not be recorded, and items
// of a claim whose commit had an unknown outcome. It first lets everything
// under way end, and reports whether the leases were given back; until then
// it is called again.
func (e *Engine) forfeit(ctx context.Context) bool {
	if !e.pause() {
		return false
	}
	releasing, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	e.leases.clear()
	err := e.Store.ReleaseLeases(releasing, e.Owner)
	e.resume()
	if err != nil {
		e.Logger.Warn("outbox leases not given back", "owner", e.Owner, "error", err)
		return false
	}
	e.Metrics.forfeits.Inc()
	e.Logger.Info("outbox leases given back to recover items left sending", "owner", e.Owner)
	return true
}

// sweepLoop recovers what dead owners left, at once for a shard that was just
// taken over and every second lease time for all.
func (e *Engine) sweepLoop(ctx context.Context) {
	timer := time.NewTicker(2 * e.TTL)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.sweep:
		case <-timer.C:
		}
		leases := e.leases.good(e.Clock(), 0)
		if len(leases) == 0 {
			continue
		}
		n, err := e.recoverItems(ctx, leases)
		if err != nil && ctx.Err() == nil {
			e.Logger.Warn("outbox items of dead owners not recovered", "error", err)
			if !sleep(ctx, time.Second) {
				return
			}
			signal(e.sweep)
		}
		if n > 0 {
			e.Metrics.recovered.Add(float64(n))
			e.Logger.Info("outbox items of dead owners recovered", "items", n)
			e.rouse()
		}
	}
}

func (e *Engine) recoverItems(ctx context.Context, leases []store.Lease) (int, error) {
	ctx, done := context.WithTimeout(ctx, storeTimeout)
	defer done()
	return e.Store.Recover(ctx, leases)
}

package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// One transaction takes what waits, up to these limits.
const (
	batchJobs  = 128
	batchBytes = 8 << 20
)

// A transaction that met a passing fault is tried so often before the change
// is refused; the pauses double from the first.
const (
	writeTries = 6
	firstPause = 5 * time.Millisecond
)

// errLaneLost says that another process took the audit lane over.
var errLaneLost = errors.New("audit lane lost")

// errAgain asks for the same transaction once more from its beginning.
var errAgain = errors.New("rows changed under the transaction")

// Stats counts what the writers did since Open.
type Stats struct {
	Queued  int   // changes waiting now
	Commits int64 // transactions that are durable
	Changes int64 // changes and acts in them
	Retries int64 // transactions tried again after a passing fault
	Splits  int64 // batches that were divided to find the change that cannot stand
	Unknown int64 // COMMITs whose outcome is unknown
}

type counters struct{ commits, changes, retries, splits, unknown atomic.Int64 }

// Stats is a snapshot for metrics.
func (s *Store) Stats() Stats {
	return Stats{Queued: len(s.queue.jobs), Commits: s.count.commits.Load(), Changes: s.count.changes.Load(),
		Retries: s.count.retries.Load(), Splits: s.count.splits.Load(), Unknown: s.count.unknown.Load()}
}

// Commit writes the change together with its audit entries and returns nil
// only when it is durable. Errors: *ConflictError, ErrFenced, ErrNotFound and
// ErrInvalid (it can never stand as it is), ErrUnavailable (nothing was
// written), ErrUnknown (look it up). When ctx ends before the writer has
// begun, nothing is written and its error comes back; after that Commit waits
// for the outcome: a transaction and its tries take at most about Options.Timeout.
func (s *Store) Commit(ctx context.Context, c Change) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if err := s.submit(ctx, &job{change: &c, size: c.size(), late: s.mayBeLate(&c)}); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// do runs an internal act in the writer's next transaction.
func (s *Store) do(ctx context.Context, act func(context.Context, tx) error) error {
	return s.submit(ctx, &job{act: act, size: 1 << 10})
}

func (s *Store) submit(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan error, 1)
	put := s.queue.put
	if j.late {
		put = s.queue.putLate
	}
	if !put(j) {
		return fmt.Errorf("write queue is full or shut: %w", ErrUnavailable)
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaits, jobLeft) {
			return ctx.Err()
		}
		return <-j.done
	}
}

// writer owns one session and one audit lane.
type writer struct {
	s    *Store
	c    *session
	lane *lane
	name string // owner of the lane
}

func newWriter(s *Store, n int) *writer {
	return &writer{s: s, name: fmt.Sprintf("%s/%d", s.o.Owner, n)}
}

func (w *writer) run() {
	for {
		batch := w.s.queue.take(batchJobs, batchBytes)
		if batch == nil {
			break
		}
		w.write(batch)
	}
	w.leave()
}

// write commits a batch as one transaction. A batch that cannot stand as a
// whole is divided until the change that is at fault stands alone, so that
// its verdict is its own.
func (w *writer) write(batch []*job) {
	err := w.attempt(batch)
	switch {
	case err == nil:
		w.s.count.commits.Add(1)
		w.s.count.changes.Add(int64(len(batch)))
	case errors.Is(err, ErrUnknown), errors.Is(err, ErrUnavailable), len(batch) == 1:
	default:
		w.s.count.splits.Add(1)
		w.write(batch[:len(batch)/2])
		w.write(batch[len(batch)/2:])
		return
	}
	for _, j := range batch {
		j.done <- err
	}
}

// attempt tries the whole transaction again after faults that pass, all in
// the time of Options.Timeout.
func (w *writer) attempt(batch []*job) error {
	ctx, cancel := w.s.deadline(context.Background())
	defer cancel()
	pause := firstPause
	for try := 1; ; try++ {
		err := w.transact(ctx, batch)
		if err == nil || errors.Is(err, ErrUnknown) {
			return err
		}
		kind := w.s.d.classify(err).kind
		if errors.Is(err, errLaneLost) || errors.Is(err, errAgain) {
			kind = faultRetry
		}
		switch {
		case kind == faultUnavailable, kind == faultRetry && (try == writeTries || ctx.Err() != nil):
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		case kind != faultRetry:
			return err
		}
		w.s.count.retries.Add(1)
		w.s.o.Logger.Warn("write transaction is tried again", "try", try, "changes", len(batch), "error", err)
		time.Sleep(pause)
		pause *= 2
	}
}

// transact runs one transaction. Any error before COMMIT means that nothing
// was written, also where a driver would let COMMIT succeed after it.
func (w *writer) transact(ctx context.Context, batch []*job) error {
	if err := w.ready(ctx, batch); err != nil {
		return err
	}
	if _, err := w.c.conn.ExecContext(ctx, w.s.d.begin); err != nil {
		w.drop()
		return fmt.Errorf("begin: %w", err)
	}
	h := w.s.beginHandover(batch)
	head, err := w.apply(ctx, tx{session: w.c, s: w.s}, batch, h)
	if err != nil {
		w.rollback(err)
		h.end(w.s, err)
		return err
	}
	err = w.commit(ctx, len(batch))
	h.end(w.s, err)
	if err != nil {
		return err
	}
	if w.lane != nil {
		w.lane.head = head
	}
	return nil
}

func (w *writer) commit(ctx context.Context, changes int) error {
	_, err := w.c.conn.ExecContext(ctx, `COMMIT`)
	switch {
	case err == nil:
		return nil
	case w.s.d.undone(err):
		w.rollback(err)
		return fmt.Errorf("commit: %w", err)
	}
	w.s.count.unknown.Add(1)
	w.s.o.Logger.Error("commit failed, outcome unknown", "changes", changes, "error", err)
	w.drop()
	w.lane = nil // its head is not known any more
	return fmt.Errorf("%w: %w", ErrUnknown, err)
}

// ready has a session and, when the batch carries audit entries, a lane.
func (w *writer) ready(ctx context.Context, batch []*job) error {
	if w.c != nil && w.s.o.Clock().Sub(w.c.since) > sessionAge {
		w.drop()
	}
	if w.c == nil {
		c, err := openSession(ctx, w.s)
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		w.c = c
	}
	if w.lane != nil || !audited(batch) {
		return nil
	}
	l, err := w.takeLane(ctx)
	if err != nil {
		w.drop()
		return fmt.Errorf("take an audit lane: %w", err)
	}
	w.lane = l
	return nil
}

// rollback ends the transaction after err; a session that cannot even do
// that is thrown away, which ends it on the server.
func (w *writer) rollback(cause error) {
	if errors.Is(cause, errLaneLost) {
		w.lane = nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := w.c.conn.ExecContext(ctx, `ROLLBACK`); err != nil {
		w.s.o.Logger.Warn("rollback failed, connection closed", "error", err, "cause", cause)
		w.drop()
	}
}

func (w *writer) drop() {
	if w.c == nil {
		return
	}
	if err := w.c.discard(); err != nil {
		w.s.o.Logger.Warn("close connection", "error", err)
	}
	w.c = nil
}

func (w *writer) leave() {
	if w.c != nil && w.lane != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := w.giveLane(ctx); err != nil {
			w.s.o.Logger.Warn("give the audit lane back", "error", err)
		}
	}
	w.drop()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"kouan/integration-tests/program"
)

// kills ends the worker by SIGKILL in the middle of a run, looks at what was
// under way, and lets the next one deliver the rest.
func (b *bench) kills(ctx context.Context) error {
	b.to.reset()
	committed := map[string]bool{}
	for round := range b.rounds {
		before := b.to.doubles()
		w, err := b.start(b.events, 0)
		if err != nil {
			return err
		}
		stop := b.events * (round + 1) / (b.rounds + 1)
		heard := 0
		for heard < stop {
			s, ok := <-w.events
			if !ok {
				return errors.Join(errors.New("worker ended: "+w.errors.String()), w.cmd.Wait())
			}
			if s.ID != "" {
				committed[s.ID] = true
				heard++
			}
		}
		if err := w.cmd.Process.Kill(); err != nil {
			return fmt.Errorf("kill worker: %w", err)
		}
		for s := range w.events { // what it had said before it died
			if s.ID != "" {
				committed[s.ID] = true
			}
		}
		if err := w.cmd.Wait(); err == nil {
			return errors.New("the worker was not killed")
		}
		flying, left, err := b.standing(ctx)
		if err != nil {
			return err
		}
		began := time.Now()
		if w, err = b.start(0, 0); err != nil {
			return err
		}
		if err := b.allArrived(ctx, committed); err != nil {
			return errors.Join(err, w.cmd.Process.Kill())
		}
		took := time.Since(began)
		if err := b.settled(ctx); err != nil { // what had arrived and was not recorded comes once more
			return errors.Join(err, w.cmd.Process.Kill())
		}
		if _, err := w.stop(); err != nil {
			return err
		}
		lost := b.to.missing(committed)
		fmt.Fprintf(os.Stdout, "%s kill %d: %d committed, %d under way, %d left; after the restart all arrived in %s, lost %d, out of order %d, doubled %d\n",
			b.db, round+1, len(committed), flying, left, took.Round(time.Millisecond), lost, b.to.disorder(), b.to.doubles()-before)
		if lost > 0 || b.to.disorder() > 0 || b.to.doubles()-before > flying {
			return errors.New("a promise is broken")
		}
	}
	return nil
}

// standing counts what was under way at the kill, and what had not arrived.
func (b *bench) standing(ctx context.Context) (flying, left int, err error) {
	db, err := program.Open(ctx, b.url)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close() //nolint:errcheck // only read from
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox WHERE state = 'sending'`).Scan(&flying); err != nil {
		return 0, 0, fmt.Errorf("count what is under way: %w", err)
	}
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'sending')`).Scan(&left); err != nil {
		return 0, 0, fmt.Errorf("count what is left: %w", err)
	}
	return flying, left, nil
}

// settled waits until nothing is left to deliver.
func (b *bench) settled(ctx context.Context) error {
	deadline := time.Now().Add(2 * time.Minute)
	for {
		_, left, err := b.standing(ctx)
		if err != nil || left == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d are still to be delivered", left)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (b *bench) allArrived(ctx context.Context, committed map[string]bool) error {
	deadline := time.Now().Add(2 * time.Minute)
	for b.to.missing(committed) > 0 {
		if time.Now().After(deadline) {
			return fmt.Errorf("%d did not arrive", b.to.missing(committed))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

func (r *receivers) missing(committed map[string]bool) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range committed {
		if _, ok := r.seen[id]; !ok {
			n++
		}
	}
	return n
}

func (r *receivers) disorder() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.wrong)
}

func (r *receivers) doubles() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.double
}

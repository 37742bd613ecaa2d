package store

import (
	"context"
	"fmt"
)

// Breaker says that a receiver is down: nothing is sent to it but one item at
// ProbeAt, to see. A receiver without a row is well.
type Breaker struct {
	Receiver  string `db:"receiver"`
	Openings  int64  `db:"openings"` // in a row
	ProbeAt   int64  `db:"probe_at"`
	Since     int64  `db:"since"`
	LastError string `db:"last_error"`
}

const breakerColumns = `receiver, openings, probe_at, since, last_error`

// SaveBreaker writes a receiver that is down over what was known of it; when
// it is down since stays.
func (s *Store) SaveBreaker(ctx context.Context, b Breaker) error {
	v := &checker{}
	v.text("receiver_breakers.receiver", b.Receiver, 64)
	v.text("receiver_breakers.last_error", b.LastError, 1000)
	if v.err != nil {
		return fmt.Errorf("save breaker: %w", v.err)
	}
	err := s.do(ctx, func(ctx context.Context, t tx) error {
		r := s.d.insertBreaker.rows()
		r.add(256, b.Receiver, b.Openings, b.ProbeAt, b.Since, b.LastError)
		return t.insert(ctx, r)
	})
	if err != nil {
		return fmt.Errorf("save breaker of %s: %w", b.Receiver, err)
	}
	return nil
}

const clearBreaker = `
DELETE FROM receiver_breakers
WHERE receiver = ?`

// ClearBreaker says that a receiver is well again.
func (s *Store) ClearBreaker(ctx context.Context, receiver string) error {
	err := s.do(ctx, func(ctx context.Context, t tx) error {
		_, err := t.exec(ctx, clearBreaker, receiver)
		return err
	})
	if err != nil {
		return fmt.Errorf("clear breaker of %s: %w", receiver, err)
	}
	return nil
}

// resetBreaker is ClearBreaker as a part of a change.
func (t tx) resetBreaker(ctx context.Context, receiver string) error {
	if _, err := t.exec(ctx, clearBreaker, receiver); err != nil {
		return fmt.Errorf("clear breaker of %s: %w", receiver, err)
	}
	return nil
}

// Breakers lists the receivers that are down.
func (s *Store) Breakers(ctx context.Context) ([]Breaker, error) {
	var rows []Breaker
	err := s.all(ctx, &rows, `
SELECT receiver, openings, probe_at, since, last_error
FROM receiver_breakers
ORDER BY receiver`)
	return rows, s.readError(err, "breakers")
}

package store

import (
	"context"
	"fmt"
)

// Ledger is the conservation law of the outbox: what was accepted is waiting,
// under way, delivered, dead or cancelled.
type Ledger struct {
	Accepted  int64 `db:"accepted"` // submitted attempts of all declarations, requests that travel, and what the counters of all lines gave to pushes
	Waiting   int64 `db:"waiting"`
	Sending   int64 `db:"sending"`
	Delivered int64 `db:"delivered"`
	Dead      int64 `db:"dead"`
	Cancelled int64 `db:"cancelled"`
}

// Difference is Accepted less everything else; anything but 0 is a loss or a doubling.
func (l Ledger) Difference() int64 {
	return l.Accepted - l.Waiting - l.Sending - l.Delivered - l.Dead - l.Cancelled
}

// One statement sees one snapshot on both databases.
const readLedger = `
SELECT
  (SELECT COALESCE(SUM(attempt), 0) FROM declarations)
    + (SELECT COUNT(*) FROM requests WHERE message > '')
    + (SELECT COALESCE(SUM(sequence), 0) FROM receiver_sequences) AS accepted,
  (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') AS waiting,
  (SELECT COUNT(*) FROM outbox WHERE state = 'sending') AS sending,
  (SELECT COUNT(*) FROM outbox WHERE state = 'delivered') AS delivered,
  (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead,
  (SELECT COUNT(*) FROM outbox WHERE state = 'cancelled') AS cancelled`

// Ledger reads the sums in one consistent snapshot.
func (s *Store) Ledger(ctx context.Context) (Ledger, error) {
	var l Ledger
	err := s.get(ctx, &l, readLedger)
	return l, s.readError(err, "ledger")
}

// Ready proves that the schema is this program's and that a write becomes
// durable: it writes a heartbeat row through the same writer as everything else.
func (s *Store) Ready(ctx context.Context) error {
	current, newest, err := s.SchemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	if current < newest {
		return fmt.Errorf("ready: schema %d, this program needs %d: %w", current, newest, ErrUnavailable)
	}
	err = s.do(ctx, func(ctx context.Context, t tx) error {
		beat := s.d.insertBeat.rows()
		beat.add(64, s.o.Owner, s.now())
		return t.insert(ctx, beat)
	})
	if err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	return nil
}

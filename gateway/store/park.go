package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// What waits and cannot leave now would be looked at by every claim: some
// thousand items of a receiver that is down, or behind a dead letter, cost
// more than the claim itself. They are parked: their next time moves into the
// future. Parking is only ever for the speed of the others. Whether an item
// may leave is still said by its line and its receiver, and what nobody takes
// out of the park comes out by itself when its time is over. An item that was
// tried keeps the time of its next try: it is not parked.

// Times that items are parked for.
const (
	parkReceiver = 10 * time.Minute // taken out by Unpark when the receiver is back
	parkLine     = time.Minute      // taken out when the item before it is done
	// A head that comes back sooner is not worth parking its line for.
	parkAhead = 5 * time.Second
)

// Overdue counts, up to a limit, the items of leased shards that wait although
// their time has come.
func (s *Store) Overdue(ctx context.Context, leases []Lease, limit int) (int, error) {
	if len(leases) == 0 {
		return 0, nil
	}
	var n int
	err := s.get(ctx, &n, countDue, append(pad(shardsOf(leases), Shards), s.now(), limit)...)
	return n, s.readError(err, "count due items")
}

func shardsOf(leases []Lease) []int {
	shards := make([]int, len(leases))
	for i := range leases {
		shards[i] = leases[i].Shard
	}
	return shards
}

// Park parks up to limit items of the receivers, and of lines whose head is
// dead or waits for a while. It returns how many.
func (s *Store) Park(ctx context.Context, leases []Lease, receivers []string, limit int) (int, error) {
	if len(leases) == 0 {
		return 0, nil
	}
	now, total := s.now(), 0
	shards := pad(shardsOf(leases), Shards)
	if len(receivers) > 0 {
		size := step(len(receivers))
		args := append(append(slices.Clone(shards), now), pad(receivers, size)...)
		n, err := s.park(ctx, dueOfReceivers(size), append(args, limit), now+parkReceiver.Milliseconds())
		if err != nil {
			return 0, err
		}
		total = n
	}
	n, err := s.park(ctx, dueOfLines, append(slices.Clone(shards), now, now+parkAhead.Milliseconds(), limit), now+parkLine.Milliseconds())
	if n > 0 {
		s.parkedLines.Store(now + 2*parkLine.Milliseconds())
	}
	return total + n, err
}

func (s *Store) park(ctx context.Context, query string, args []any, until int64) (int, error) {
	var ids []string
	if err := s.all(ctx, &ids, query, args...); err != nil {
		return 0, s.readError(err, "look for items to park")
	}
	return s.moveTime(ctx, ids, until)
}

// Unpark makes up to limit parked items of a receiver due and returns how many.
func (s *Store) Unpark(ctx context.Context, leases []Lease, receiver string, limit int) (int, error) {
	if len(leases) == 0 {
		return 0, nil
	}
	now := s.now()
	var ids []string
	if err := s.all(ctx, &ids, parkedOf, append(pad(shardsOf(leases), Shards), now, receiver, limit)...); err != nil {
		return 0, s.readError(err, "look for parked items")
	}
	return s.moveTime(ctx, ids, now)
}

// moveTime changes when items that still wait are due.
func (s *Store) moveTime(ctx context.Context, ids []string, at int64) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	moved := 0
	err := s.do(ctx, func(ctx context.Context, t tx) error {
		moved = 0
		for part := range slices.Chunk(ids, insertSizes[0]) {
			n, err := t.exec(ctx, moveItems, append([]any{at}, pad(part, insertSizes[0])...)...)
			if err != nil {
				return err
			}
			moved += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("park: %w", err)
	}
	return moved, nil
}

func (s *Store) hasParkedLines() bool { return s.parkedLines.Load() >= s.now() }

// unparkLine makes all that was parked of a line due: its head is about to move.
func (t tx) unparkLine(ctx context.Context, receiver, subject string, at int64) error {
	if _, err := t.exec(ctx, unparkLine, at, receiver, subject, at); err != nil {
		return fmt.Errorf("unpark a line: %w", t.s.d.rowError(err, "outbox"))
	}
	return nil
}

// unparkNext does so for what follows an item that is done. It costs nothing
// while no line was parked by this process, which is the one that has the shard.
func (t tx) unparkNext(ctx context.Context, id string, at int64) error {
	if !t.s.hasParkedLines() {
		return nil
	}
	k, err := t.lineOf(ctx, id)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, unparkNext, at, k.receiver, k.subject, k.sequence+1, at); err != nil {
		return fmt.Errorf("unpark the next of a line: %w", t.s.d.rowError(err, "outbox"))
	}
	return nil
}

// place is where an item stands.
type place struct {
	lineKey
	sequence int64
}

func (t tx) lineOf(ctx context.Context, id string) (k place, err error) {
	err = t.each(ctx, func(r *sql.Rows) error { return r.Scan(&k.receiver, &k.subject, &k.sequence) }, `
SELECT receiver, subject, sequence
FROM outbox
WHERE id = ?`, id)
	if err != nil {
		return k, fmt.Errorf("read the line of item %s: %w", id, err)
	}
	return k, nil
}

const (
	unparkLine = `
UPDATE outbox
SET next_at = ?
WHERE receiver = ? AND subject = ? AND state = 'waiting' AND tries = 0 AND next_at > ?`
	unparkNext = `
UPDATE outbox
SET next_at = ?
WHERE receiver = ? AND subject = ? AND sequence = ? AND state = 'waiting' AND tries = 0 AND next_at > ?`
)

var (
	countDue = `
SELECT COUNT(*)
FROM (
  SELECT o.shard
  FROM outbox AS o
  WHERE o.state = 'waiting' AND o.shard IN ` + places(Shards) + ` AND o.next_at <= ?
  LIMIT ?) AS due`
	dueOfLines = `
SELECT o.id
FROM outbox AS o
WHERE o.state = 'waiting' AND o.shard IN ` + places(Shards) + ` AND o.next_at <= ? AND o.tries = 0
  AND EXISTS (
    SELECT 1
    FROM outbox AS e
    WHERE e.receiver = o.receiver AND e.subject = o.subject AND e.sequence < o.sequence
      AND (e.state = 'dead' OR (e.state = 'waiting' AND e.next_at > ?)))
LIMIT ?`
	parkedOf = `
SELECT id
FROM outbox
WHERE state = 'waiting' AND shard IN ` + places(Shards) + ` AND next_at > ? AND receiver = ? AND tries = 0
LIMIT ?`
	moveItems = `
UPDATE outbox
SET next_at = ?
WHERE id IN ` + places(insertSizes[0]) + ` AND state NOT IN ('sending', 'delivered', 'dead', 'cancelled')`
)

func dueOfReceivers(n int) string {
	return `
SELECT id
FROM outbox
WHERE state = 'waiting' AND shard IN ` + places(Shards) + ` AND next_at <= ? AND tries = 0 AND receiver IN ` + places(n) + `
LIMIT ?`
}

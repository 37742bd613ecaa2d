package store

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
)

// Shards is the number of parts of the outbox that are leased to processes.
const Shards = 32

// ShardOf is the shard of everything that one receiver gets about one
// subject, so that one process sees all of it, in order.
func ShardOf(receiver, subject string) int {
	h := fnv.New32a()
	h.Write([]byte(receiver + "\x00" + subject)) // hash.Hash never fails
	return int(h.Sum32() % Shards)
}

const outboxColumns = `id, shard, receiver, subject, sequence, tenant, declaration_id, message_id, attempt, state, tries,
next_at, epoch, last_error, peer, created_at, done_at`

const readOutbox = `
SELECT id, shard, receiver, subject, sequence, tenant, declaration_id, message_id, attempt, state, tries,
  next_at, epoch, last_error, peer, created_at, done_at
FROM outbox
`

var insertOutbox = newInsert("outbox", outboxColumns)

// add fills in what follows from the rest: the shard, the state waiting, and
// the time of the first try.
func (o *OutboxItem) add(r *rows) {
	state, next := o.State, o.NextAt
	if state == "" {
		state = "waiting"
	}
	if state == "waiting" && next == 0 {
		next = o.CreatedAt
	}
	r.add(512, o.ID, ShardOf(o.Receiver, o.Subject), o.Receiver, o.Subject, o.Sequence, o.Tenant, o.DeclarationID, o.MessageID,
		o.Attempt, state, o.Tries, next, o.Epoch, o.LastError, o.Peer, o.CreatedAt, o.DoneAt)
}

// finish applies only under the lease that claimed the item and while nobody
// took the shard over since. A takeover that commits at the same moment is
// harmless: both then change the same outbox row, and one finds it changed.
func (t tx) finish(ctx context.Context, c *OutboxChange) error {
	next, done := c.NextAt, int64(0)
	if c.State != "waiting" {
		next, done = 0, c.At
	}
	unsent := 0
	if c.Unsent {
		unsent = 1
	}
	if c.State == "delivered" || c.State == "cancelled" {
		if err := t.unparkNext(ctx, c.ID, c.At); err != nil {
			return err
		}
	}
	return t.one(ctx, "outbox", ErrFenced, `
UPDATE outbox
SET state = ?, tries = tries - ?, next_at = ?, last_error = ?, peer = ?, done_at = ?
WHERE id = ? AND epoch = ? AND state = 'sending'
  AND EXISTS (SELECT 1 FROM outbox_shards AS s WHERE s.shard = outbox.shard AND s.epoch = ?)`,
		c.State, unsent, next, c.LastError, c.Peer, done, c.ID, c.Epoch, c.Epoch)
}

// doneGroup are items whose delivery is recorded alike.
type doneGroup struct {
	epoch int64
	peer  string
}

// finishTogether records the plain deliveries of a whole batch, some at a
// time, and says whether it did. They differ in nothing but a few
// milliseconds: the latest counts for all. When one of them is fenced off the
// batch fails, and is divided until that one stands alone.
func (t tx) finishTogether(ctx context.Context, batch []*job) (bool, error) {
	if len(batch) == 1 || t.s.hasParkedLines() {
		return false, nil
	}
	ids, at := map[doneGroup][]string{}, map[doneGroup]int64{}
	for _, j := range batch {
		if j.change == nil {
			continue
		}
		for i := range j.change.Done {
			if c := &j.change.Done[i]; c.plain() {
				k := doneGroup{c.Epoch, c.Peer}
				ids[k] = append(ids[k], c.ID)
				at[k] = max(at[k], c.At)
			}
		}
	}
	for k, list := range ids {
		for part := range slices.Chunk(list, insertSizes[0]) {
			args := append([]any{k.peer, at[k], k.epoch, k.epoch}, pad(part, insertSizes[0])...)
			n, err := t.exec(ctx, finishMany, args...)
			if err != nil {
				return false, fmt.Errorf("update outbox: %w", t.s.d.rowError(err, "outbox"))
			}
			if int(n) != len(part) {
				return false, ErrFenced
			}
		}
	}
	return true, nil
}

// plain deliveries are those after which nothing else is to be done.
func (c *OutboxChange) plain() bool { return c.State == "delivered" && c.LastError == "" && !c.Unsent }

var finishMany = `
UPDATE outbox
SET state = 'delivered', next_at = 0, last_error = '', peer = ?, done_at = ?
WHERE epoch = ? AND state NOT IN ('waiting', 'delivered', 'dead', 'cancelled')
  AND EXISTS (SELECT 1 FROM outbox_shards AS s WHERE s.shard = outbox.shard AND s.epoch = ?)
  AND id IN ` + places(insertSizes[0])

// requeue starts the tries from nothing; what the last one said stays readable.
func (t tx) requeue(ctx context.Context, c *Requeue) error {
	from := [3]string{}
	for i := range from {
		from[i] = c.From[min(i, len(c.From)-1)]
	}
	next, done := c.At, int64(0)
	if c.To != "waiting" {
		next, done = 0, c.At
	}
	if err := t.one(ctx, "outbox", &ConflictError{On: "outbox"}, `
UPDATE outbox
SET state = ?, next_at = ?, done_at = ?, tries = 0
WHERE id = ? AND state IN (?, ?, ?)`, c.To, next, done, c.ID, from[0], from[1], from[2]); err != nil {
		return err
	}
	k, err := t.lineOf(ctx, c.ID)
	if err != nil {
		return err
	}
	return t.unparkLine(ctx, k.receiver, k.subject, c.At)
}

// OutboxItem reads one item.
func (s *Store) OutboxItem(ctx context.Context, id string) (OutboxItem, error) {
	var o OutboxItem
	err := s.get(ctx, &o, readOutbox+`WHERE id = ?`, id)
	return o, s.readError(err, "outbox item %s", id)
}

// OutboxFilter narrows the operators' list; empty fields do not.
type OutboxFilter struct {
	State, Receiver string
	Before          string // id of the last row of the page before
	Limit           int    // 0: 50, most 500
}

// OutboxItems lists items for operators, newest first.
func (s *Store) OutboxItems(ctx context.Context, f OutboxFilter) ([]OutboxItem, error) {
	before := f.Before
	if before == "" {
		before = "~"
	}
	var rows []OutboxItem
	limit := bounded(f.Limit, 50, 500)
	var err error
	if f.State == "" || f.State == "delivered" {
		err = s.all(ctx, &rows, listOutbox, before, f.State, f.State, f.Receiver, f.Receiver, limit)
	} else {
		err = s.all(ctx, &rows, listOutboxState, f.State, before, f.Receiver, f.Receiver, limit)
	}
	return rows, s.readError(err, "list outbox")
}

// Most items are delivered: those are read by id. The others are found by their state.
const (
	listOutbox = readOutbox + `WHERE id < ? AND (? = '' OR state = ?) AND (? = '' OR receiver = ?)
ORDER BY id DESC
LIMIT ?`
	listOutboxState = readOutbox + `WHERE state = ? AND id < ? AND (? = '' OR receiver = ?)
ORDER BY id DESC
LIMIT ?`
)

// Backlog is how much of one state a receiver has.
type Backlog struct {
	Receiver string `db:"receiver"`
	State    string `db:"state"` // waiting, sending, dead
	Count    int64  `db:"count"`
	OldestAt int64  `db:"oldest_at"` // created_at of the oldest
}

// Backlog counts what has not arrived, per receiver and state.
func (s *Store) Backlog(ctx context.Context) ([]Backlog, error) {
	var rows []Backlog
	err := s.all(ctx, &rows, `
SELECT receiver, state, COUNT(*) AS count, MIN(created_at) AS oldest_at
FROM outbox
WHERE state IN ('waiting', 'sending', 'dead')
GROUP BY receiver, state
ORDER BY receiver, state`)
	return rows, s.readError(err, "backlog")
}

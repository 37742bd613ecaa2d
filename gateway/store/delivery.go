package store

import (
	"context"
	"fmt"
)

// Delivery is an outbox item of an endpoint with what it is about; without
// its body, which PushBody reads.
type Delivery struct {
	OutboxItem
	Kind        string `db:"kind"`
	ContentType string `db:"content_type"`
	Size        int64  `db:"size"`
}

// DeliveryFilter narrows a list of deliveries; empty fields do not. Receiver
// or State should be given: nothing else finds its rows by an index.
type DeliveryFilter struct {
	Receiver, Subject, State string
	From, To                 int64  // by when they were made: inclusive, exclusive
	Before                   string // id of the last row of the page before
	Limit                    int    // 0: 50, most 500
}

const readDelivery = `
SELECT o.id, o.shard, o.receiver, o.subject, o.sequence, o.tenant, o.declaration_id, o.message_id, o.attempt, o.state, o.tries,
  o.next_at, o.epoch, o.last_error, o.peer, o.created_at, o.done_at, p.kind, p.content_type, LENGTH(p.body) AS size
FROM `

const (
	deliveryRest = `
  AND (? = '' OR o.state = ?) AND (? = '' OR o.subject = ?) AND (? = 0 OR o.created_at >= ?) AND (? = 0 OR o.created_at < ?)
`
	// CROSS JOIN is JOIN, and keeps SQLite's planner to this order of the tables.
	deliveriesOfLine = readDelivery + `outbox AS o
CROSS JOIN pushes AS p ON p.receiver = o.receiver AND p.id = o.id
WHERE o.receiver = ? AND o.subject = ? AND o.id < ?` + deliveryRest + `ORDER BY o.sequence DESC
LIMIT ?`
	deliveriesOf = readDelivery + `pushes AS p
JOIN outbox AS o ON o.id = p.id
WHERE p.receiver = ? AND p.id < ?` + deliveryRest + `ORDER BY p.id DESC
LIMIT ?`
	deliveriesOfSubject = readDelivery + `receiver_sequences AS l
JOIN outbox AS o ON o.receiver = l.receiver AND o.subject = l.subject
JOIN pushes AS p ON p.receiver = o.receiver AND p.id = o.id
WHERE l.subject = ? AND o.id < ?` + deliveryRest + `ORDER BY o.id DESC
LIMIT ?`
	deliveriesInState = readDelivery + `outbox AS o
JOIN pushes AS p ON p.receiver = o.receiver AND p.id = o.id
WHERE o.state = ? AND o.id < ?` + deliveryRest + `ORDER BY o.id DESC
LIMIT ?`
	deliveriesOfAll = readDelivery + `outbox AS o
JOIN pushes AS p ON p.receiver = o.receiver AND p.id = o.id
WHERE o.id < ?` + deliveryRest + `ORDER BY o.id DESC
LIMIT ?`
)

// Deliveries lists what endpoints were or will be told, newest first.
func (s *Store) Deliveries(ctx context.Context, f DeliveryFilter) ([]Delivery, error) {
	before := f.Before
	if before == "" {
		before = afterEveryID
	}
	query, args := deliveriesOfAll, []any{before}
	switch {
	case f.Receiver != "" && f.Subject != "":
		query, args = deliveriesOfLine, []any{f.Receiver, f.Subject, before}
	case f.Receiver != "":
		query, args = deliveriesOf, []any{f.Receiver, before}
	case f.Subject != "":
		query, args = deliveriesOfSubject, []any{f.Subject, before}
	case f.State != "" && f.State != "delivered": // most are delivered: those are read by id
		query, args = deliveriesInState, []any{f.State, before}
	}
	args = append(args, f.State, f.State, f.Subject, f.Subject, f.From, f.From, f.To, f.To, bounded(f.Limit, 50, 500))
	var rows []Delivery
	err := s.all(ctx, &rows, query, args...)
	return rows, s.readError(err, "list deliveries")
}

const readPush = `
SELECT p.tenant, p.about AS declaration_id, p.id, 'out' AS direction, p.kind, p.file_name, p.content_type, p.sha256, p.body, p.at
FROM pushes AS p
`

const pushBody = readPush + `WHERE p.receiver = ? AND p.id = ?`

// PushBody reads the exact bytes of one push.
func (s *Store) PushBody(ctx context.Context, receiver, id string) (Message, error) {
	var m Message
	err := s.get(ctx, &m, pushBody, receiver, id)
	return m, s.readError(err, "push %.40q", id)
}

// Outgoing reads the bytes of an outbox item, whether it carries a message
// about a declaration or a push.
func (s *Store) Outgoing(ctx context.Context, it *OutboxItem) (Message, error) {
	if _, ok := EndpointOf(it.Receiver); !ok {
		return s.Message(ctx, it.Tenant, it.MessageID)
	}
	m, err := s.PushBody(ctx, it.Receiver, it.MessageID)
	if err == nil && m.Tenant != it.Tenant {
		return Message{}, fmt.Errorf("push %.40q of %.40q: %w", it.MessageID, it.Tenant, ErrNotFound)
	}
	return m, err
}

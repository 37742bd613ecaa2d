package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/versions"
	"kouan/gateway/store"
)

// Application is a request as a wire may carry it.
type Application struct {
	ID             string                    // of the request, new
	Kind           string                    // amendment, cancellation
	Before, After  *declarations.Declaration // After is nil for a cancellation
	Changes        []versions.Change
	Reason         Reason
	SequenceNumber string // numbers that the other side gave the declaration
	EntryNumber    string
}

// WriteRequest makes the message of a request: its bytes and their kind.
type WriteRequest func(*Application) (body []byte, kind string, err error)

// carried says which declaration, in which status, an outbox item is about,
// and what to call that it left. Only a declaration that sent more messages
// than attempts can have sent one of a request, so others are not looked up.
func (d *Desk) carried(ctx context.Context, it *store.OutboxItem, status, kind string) (*store.Declaration, string, error) {
	row := &store.Declaration{Tenant: it.Tenant, ID: it.DeclarationID, Attempt: it.Attempt, Status: status}
	if it.Sequence <= int64(it.Attempt) {
		return row, kind, nil
	}
	q, err := d.Store.RequestByMessage(ctx, it.MessageID)
	if errors.Is(err, store.ErrNotFound) {
		return row, kind, nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("look up request of message: %w", err)
	}
	held, err := d.Store.DeclarationState(ctx, it.Tenant, it.DeclarationID)
	if err != nil {
		return nil, "", fmt.Errorf("read declaration: %w", err)
	}
	return &held, q.Kind + "_" + kind, nil
}

// carry puts the message of a request into the outbox where the profile of
// the declaration's route has one. The national import interface has none:
// there the application (修撤单) is made at the single window itself, and the
// request waits here for its decision (clearance-modes.md §7).
func (d *Desk) carry(c *store.Change, row *store.Declaration, a *Application) error {
	route, ok := d.Routes.Route(a.Before)
	if !ok {
		return nil // a route that is gone carries nothing; the request is kept
	}
	write := d.Requests[route.Profile]
	if write == nil {
		return nil
	}
	body, kind, err := write(a)
	if err != nil {
		return fmt.Errorf("write %s of %s for %s: %w", a.Kind, row.Reference, route.Profile, err)
	}
	row.OutSequence++
	id, now := d.NewID(), row.UpdatedAt
	c.Request.Message = id
	c.Messages = append(c.Messages, store.Message{Tenant: row.Tenant, DeclarationID: row.ID, ID: id, Attempt: row.Attempt,
		Direction: "out", Kind: kind, FileName: fileName(row, id), ContentType: "application/xml",
		SHA256: digest(body), Body: body, Peer: route.Channel, At: now})
	c.Outbox = append(c.Outbox, store.OutboxItem{ID: id, Shard: store.ShardOf(route.Channel, row.ID), Receiver: route.Channel,
		Subject: row.ID, Sequence: row.OutSequence, Tenant: row.Tenant, DeclarationID: row.ID, MessageID: id,
		Attempt: row.Attempt, State: "waiting", NextAt: now, CreatedAt: now})
	return nil
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

const outboxActor = "outbox"

// Delivered records that the channel took a message. The declaration is sent
// by our own word; it says nothing about the far side.
func (d *Desk) Delivered(ctx context.Context, it store.OutboxItem, r portadapters.Receipt) error {
	if isPush(&it) {
		return d.pushDelivered(ctx, &it, r)
	}
	now := d.now()
	row, kind, err := d.carried(ctx, &it, ownSent, "sent")
	if err != nil {
		return err
	}
	e := d.act(row, kind, it.Receiver, now)
	e.Text = r.Detail
	return d.write(ctx, store.Change{
		Done:   []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "delivered", Peer: r.Peer, At: now}},
		Sent:   &store.Sent{Tenant: it.Tenant, DeclarationID: it.DeclarationID, Attempt: it.Attempt, At: now, Message: it.MessageID},
		Events: []store.Event{e},
		Audit:  []store.AuditEntry{d.audit(outboxActor, "outbox.deliver", it.Tenant, it.ID, "")},
	})
}

// Deferred puts a message back to wait until next. The attempt shows in the
// outbox row, not in the audit log: it changed nothing for anybody.
func (d *Desk) Deferred(ctx context.Context, it store.OutboxItem, next time.Time, cause error) error {
	if isPush(&it) {
		return d.pushDeferred(ctx, &it, next, cause)
	}
	return d.write(ctx, store.Change{
		Done: []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "waiting", NextAt: next.UnixMilli(), Unsent: errors.Is(cause, portadapters.ErrUnsent),
			LastError: short(cause), At: d.now()}},
	})
}

// isPush tells what goes to an endpoint of a partner from what goes to customs.
func isPush(it *store.OutboxItem) bool {
	_, ok := store.EndpointOf(it.Receiver)
	return ok
}

// Buried makes a message a dead letter: it stays visible and can be replayed.
func (d *Desk) Buried(ctx context.Context, it store.OutboxItem, cause error) error {
	if isPush(&it) {
		return d.pushBuried(ctx, &it, cause)
	}
	now := d.now()
	row, _, err := d.carried(ctx, &it, ownQueued, "dead")
	if err != nil {
		return err
	}
	e := d.act(row, "dead", it.Receiver, now)
	e.Text = short(cause)
	return d.write(ctx, store.Change{
		Done:   []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "dead", LastError: short(cause), At: now}},
		Events: []store.Event{e},
		Audit:  []store.AuditEntry{d.audit(outboxActor, "outbox.bury", it.Tenant, it.ID, "")},
	})
}

// Replay sends a dead, waiting or delivered message again: same id, same bytes.
// A message that is being sent is not touched (ConflictError on outbox).
func (d *Desk) Replay(ctx context.Context, actor, id string) (store.OutboxItem, error) {
	return d.requeue(ctx, actor, id, store.Requeue{ID: id, From: []string{"dead", "waiting", "delivered"}, To: "waiting"}, "replayed")
}

// CancelMessage takes a message that has not left out of the queue for good.
func (d *Desk) CancelMessage(ctx context.Context, actor, id string) (store.OutboxItem, error) {
	return d.requeue(ctx, actor, id, store.Requeue{ID: id, From: []string{"dead", "waiting"}, To: "cancelled"}, "cancelled")
}

func (d *Desk) requeue(ctx context.Context, actor, id string, r store.Requeue, kind string) (store.OutboxItem, error) {
	for range versionRetries {
		it, err := d.requeueOnce(ctx, actor, id, r, kind)
		if store.IsConflict(err, "version") {
			continue
		}
		return it, err
	}
	return store.OutboxItem{}, fmt.Errorf("%s %s: too many writers at once: %w", kind, id, store.ErrUnavailable)
}

func (d *Desk) requeueOnce(ctx context.Context, actor, id string, r store.Requeue, kind string) (store.OutboxItem, error) {
	it, err := d.Store.OutboxItem(ctx, id)
	if err != nil {
		return store.OutboxItem{}, fmt.Errorf("read outbox item %s: %w", id, err)
	}
	r.At = d.now()
	if isPush(&it) {
		return it, d.requeuePush(ctx, actor, &it, r, kind)
	}
	row, err := d.Store.DeclarationState(ctx, it.Tenant, it.DeclarationID)
	if err != nil {
		return store.OutboxItem{}, fmt.Errorf("read declaration of %s: %w", id, err)
	}
	c := store.Change{Requeue: []store.Requeue{r}, Audit: []store.AuditEntry{d.audit(actor, "outbox."+kind, it.Tenant, it.ID, "")}}
	if r.To == "cancelled" && row.Attempt == it.Attempt && row.Status == ownQueued {
		events, err := d.Store.Events(ctx, row.Tenant, row.ID)
		if err != nil {
			return store.OutboxItem{}, fmt.Errorf("read timeline of %s: %w", id, err)
		}
		if err := d.restoreSummary(ctx, &c, &row); err != nil {
			return store.OutboxItem{}, err
		}
		row.OwnState, row.UpdatedAt = ownCancelled, r.At
		row.Status = string(Fold(&row, events).Status) // a return that was being corrected shows again
		c.Update = &row
	}
	c.Events = []store.Event{d.act(&row, kind, actor, r.At)}
	if err := d.write(ctx, c); err != nil {
		return store.OutboxItem{}, fmt.Errorf("%s %s: %w", kind, id, err)
	}
	d.Wake()
	return it, nil
}

// maxCause bounds what an error of the other side may write into a row.
const maxCause = 500

func short(err error) string {
	if err == nil {
		return ""
	}
	s := err.Error()
	if len(s) > maxCause {
		s = s[:maxCause]
	}
	return strings.ToValidUTF8(s, "�")
}

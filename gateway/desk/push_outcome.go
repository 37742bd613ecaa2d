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

// Results of attempts, in the log of deliveries.
const (
	attemptDelivered = "delivered"
	attemptTemporary = "temporary"
	attemptUnknown   = "unknown" // it may have arrived
	attemptPermanent = "permanent"
	attemptGone      = "gone"
	attemptReplayed  = "replayed"
	attemptCancelled = "cancelled"
	attemptTaken     = "taken" // the partner fetched it and said so
)

const noticePrefix = "notice/"

// pushDelivered records that an endpoint took a message. The first try that
// simply succeeds leaves no row in the log of attempts: the item says it.
func (d *Desk) pushDelivered(ctx context.Context, it *store.OutboxItem, r portadapters.Receipt) error {
	return d.retry(func() error { return d.pushDeliveredOnce(ctx, it, r) }) // its notice may move meanwhile
}

func (d *Desk) pushDeliveredOnce(ctx context.Context, it *store.OutboxItem, r portadapters.Receipt) error {
	now := d.now()
	c := store.Change{Done: []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "delivered", Peer: r.Peer, At: now}}}
	if it.Tries > 1 || it.LastError != "" || r.Duplicate {
		c.Attempts = append(c.Attempts, d.attempt(it, attemptDelivered, r.Detail, outboxActor))
	}
	if strings.HasPrefix(it.Subject, noticePrefix) {
		if err := d.letterDelivered(ctx, &c, it, r); err != nil {
			return err
		}
	}
	return d.write(ctx, c)
}

// pushDeferred puts a message to an endpoint back to wait. When the endpoint
// was deleted meanwhile there is nobody to wait for.
func (d *Desk) pushDeferred(ctx context.Context, it *store.OutboxItem, next time.Time, cause error) error {
	if gone, err := d.isDeleted(ctx, it); err != nil {
		return err
	} else if gone {
		return d.write(ctx, d.pushCancelled(it, cause))
	}
	c := store.Change{Done: []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "waiting", NextAt: next.UnixMilli(), LastError: short(cause), At: d.now()}}}
	if c.Done[0].Unsent = errors.Is(cause, portadapters.ErrUnsent); !c.Done[0].Unsent {
		result := attemptTemporary
		if errors.Is(cause, portadapters.ErrUnknown) {
			result = attemptUnknown
		}
		c.Attempts = append(c.Attempts, d.attempt(it, result, short(cause), outboxActor))
	}
	return d.write(ctx, c)
}

// pushBuried makes a message to an endpoint a dead letter. An endpoint that
// is gone for good is disabled by the same change, and its owner is told
// over his others.
func (d *Desk) pushBuried(ctx context.Context, it *store.OutboxItem, cause error) error {
	return d.retry(func() error { return d.pushBuriedOnce(ctx, it, cause) })
}

func (d *Desk) pushBuriedOnce(ctx context.Context, it *store.OutboxItem, cause error) error {
	if gone, err := d.isDeleted(ctx, it); err != nil {
		return err
	} else if gone {
		return d.write(ctx, d.pushCancelled(it, cause))
	}
	result := attemptPermanent
	c := store.Change{Done: []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "dead", LastError: short(cause), At: d.now()}},
		Audit: []store.AuditEntry{d.audit(outboxActor, "push.bury", it.Tenant, it.ID, "")}}
	if errors.Is(cause, portadapters.ErrGone) {
		result = attemptGone
		if err := d.disableGone(ctx, &c, it); err != nil {
			return err
		}
		defer d.book.forget(it.Tenant)
	}
	c.Attempts = append(c.Attempts, d.attempt(it, result, short(cause), outboxActor))
	if strings.HasPrefix(it.Subject, noticePrefix) {
		if err := d.letterFailed(ctx, &c, it, cause); err != nil {
			return err
		}
	}
	return d.write(ctx, c)
}

// disabled is what the other endpoints of a partner are told.
type disabled struct {
	Endpoint string    `json:"endpoint_id"`
	Name     string    `json:"name"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

// disableGone adds the end of an endpoint that answered 410. Its waiting
// messages are held until somebody enables it again or deletes it.
func (d *Desk) disableGone(ctx context.Context, c *store.Change, it *store.OutboxItem) error {
	id, _ := store.EndpointOf(it.Receiver)
	e, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read endpoint %s: %w", id, err)
	}
	if e.State != EndpointActive {
		return nil // another message met the same answer first
	}
	now := d.Clock().UTC()
	e.State, e.Reason, e.UpdatedAt = EndpointDisabled, disabledGone, now.UnixMilli()
	c.Endpoints = append(c.Endpoints, e)
	c.Audit = append(c.Audit, d.audit(outboxActor, "endpoint.disabled", e.PartnerID, e.ID, ""))
	d.Logger.WarnContext(ctx, "endpoint disabled: it answered that it is gone", "endpoint", e.ID, "partner", e.PartnerID)
	return d.announce(ctx, c, e.PartnerID, typeDisabled, "endpoint/"+e.ID, e.ID, now, disabled{e.ID, e.Name, disabledGone, now})
}

func (d *Desk) isDeleted(ctx context.Context, it *store.OutboxItem) (bool, error) {
	id, _ := store.EndpointOf(it.Receiver)
	e, err := d.Store.EndpointByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	return e.State == EndpointDeleted, nil
}

// pushCancelled ends an item whose endpoint was deleted while it was on its way.
func (d *Desk) pushCancelled(it *store.OutboxItem, cause error) store.Change {
	return store.Change{
		Done:     []store.OutboxChange{{ID: it.ID, Epoch: it.Epoch, State: "cancelled", LastError: "endpoint deleted", At: d.now()}},
		Attempts: []store.Attempt{d.attempt(it, attemptCancelled, short(cause), outboxActor)},
		Audit:    []store.AuditEntry{d.audit(outboxActor, "push.cancel", it.Tenant, it.ID, "")}}
}

func (d *Desk) attempt(it *store.OutboxItem, result, detail, actor string) store.Attempt {
	return store.Attempt{ItemID: it.ID, Number: int64(it.Tries), Receiver: it.Receiver, Result: result, Detail: detail, Actor: actor, At: d.now()}
}

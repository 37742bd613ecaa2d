package desk

import (
	"context"
	"fmt"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

const kindCancellation = "cancellation"

// Cancel cancels a declaration: at once, as long as it has not left; by a
// request to customs, when customs accepted it. What was cancelled or asked
// before gets the same answer again. Errors: *StateError, *RequestError,
// *FaultsError, store.ErrUnavailable while the message is just being handed over.
func (d *Desk) Cancel(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	if err := allow(p, auth.CancelDeclaration); err != nil {
		return Asked{}, err
	}
	return d.ask(ctx, p, in, func() (Asked, error) { return d.cancelOnce(ctx, p, id, in) })
}

func (d *Desk) cancelOnce(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	row, err := d.Store.Declaration(ctx, p.PartnerID, id)
	if err != nil {
		return Asked{}, fmt.Errorf("read declaration: %w", err)
	}
	if faults := in.Reason.faults(); len(faults) > 0 {
		return Asked{}, &FaultsError{faults}
	}
	switch status := declarations.Status(row.Status); {
	case status == declarations.StatusCancelled:
		return asked(in, Asked{Status: row.Status, Version: row.Version, Existing: true}), nil
	case row.OwnState == ownDraft:
		return d.cancelDraft(ctx, p, &row, in)
	case status == declarations.StatusQueued:
		return d.takeBack(ctx, p, &row, in)
	case declarations.CanCancel(status):
		return d.askCancellation(ctx, p, &row, in)
	}
	return Asked{}, &StateError{row.Status, "draft, queued, " + words(declarations.Amendable)}
}

func (d *Desk) askCancellation(ctx context.Context, p auth.Principal, row *store.Declaration, in Ask) (Asked, error) {
	open, err := d.open(ctx, row)
	switch {
	case err != nil:
		return Asked{}, err
	case open != nil && open.Kind == kindCancellation:
		return asked(in, Asked{Request: *open, Status: row.Status, Version: row.Version, Existing: true}), nil
	case open != nil:
		return Asked{}, &RequestError{open.ID, open.Kind, open.State}
	}
	before, err := stored(row.Document)
	if err != nil {
		return Asked{}, err
	}
	return d.request(ctx, p, row, in, store.Request{Kind: kindCancellation}, &Application{Before: before})
}

// cancelDraft ends a draft: it stays to be read, and its client reference stays taken.
func (d *Desk) cancelDraft(ctx context.Context, p auth.Principal, row *store.Declaration, in Ask) (Asked, error) {
	row.Document = nil
	return d.cancelled(ctx, p, row, in, store.Change{Update: row})
}

// takeBack takes the message of the newest attempt out of the queue. What was
// heard of earlier attempts shows again.
func (d *Desk) takeBack(ctx context.Context, p auth.Principal, row *store.Declaration, in Ask) (Asked, error) {
	list, err := d.Store.Messages(ctx, row.Tenant, row.ID)
	if err != nil {
		return Asked{}, fmt.Errorf("read messages: %w", err)
	}
	c := store.Change{Update: row}
	for i := range list {
		if m := &list[i]; m.Direction == "out" && m.Attempt == row.Attempt {
			c.Requeue = []store.Requeue{{ID: m.ID, From: []string{"waiting", "dead"}, To: ownCancelled, At: d.now()}}
		}
	}
	if err := d.restoreSummary(ctx, &c, row); err != nil {
		return Asked{}, err
	}
	out, err := d.cancelled(ctx, p, row, in, c)
	if store.IsConflict(err, "outbox") {
		return Asked{}, fmt.Errorf("cancel %s: its message is being handed over: %w", row.ID, store.ErrUnavailable)
	}
	if err == nil {
		d.Wake() // what waited behind it may go
	}
	return out, err
}

func (d *Desk) cancelled(ctx context.Context, p auth.Principal, row *store.Declaration, in Ask, c store.Change) (Asked, error) {
	events, err := d.Store.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return Asked{}, fmt.Errorf("read timeline: %w", err)
	}
	row.OwnState, row.UpdatedAt = ownCancelled, d.now()
	row.Status = string(Fold(row, events).Status)
	c.Messages = []store.Message{d.came(row, d.NewID(), kindCancellation, &in.Submission)}
	c.Events = append(c.Events, d.spoken(row, ownCancelled, p.PartnerID, in.Reason.Text, row.UpdatedAt))
	c.Audit = append(c.Audit, d.audit(p.KeyID, string(auth.CancelDeclaration), row.Tenant, row.ID, ""))
	out := asked(in, Asked{Status: row.Status, Version: row.Version + 1})
	c.Idempotency = d.remember(row, &in.Submission, out.Answer)
	if err := d.commit(ctx, row, c); err != nil {
		return Asked{}, err
	}
	d.tell()
	return out, nil
}

// restoreSummary gives a declaration whose full declaration never left its
// summary back: that is what customs holds, and what receipts are about. For
// any other attempt the row keeps its document.
func (d *Desk) restoreSummary(ctx context.Context, c *store.Change, row *store.Declaration) error {
	past, err := d.history(ctx, row)
	if err != nil {
		return err
	}
	now := d.now()
	if past.newest().Kind != versionCompletion || len(past.all) < 2 {
		row.Document = nil
		return nil
	}
	before := past.all[len(past.all)-2]
	canonical, err := d.Store.VersionDocument(ctx, row.Tenant, row.ID, before.SHA)
	if err != nil {
		return fmt.Errorf("read summary: %w", err)
	}
	if _, err := d.refill(row, canonical, now); err != nil {
		return err
	}
	c.Versions = past.next(row, versionRestored, before.Actor, before.Message, "")
	return nil
}

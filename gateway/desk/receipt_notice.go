package desk

import (
	"context"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/receipts"
	"kouan/gateway/store"
)

// hearAll hears every receipt of a document; all but the envelope of
// notifications hold one. A document that was heard in part before a failure
// is heard again as a whole: what is stored already is a copy then. The
// ledger of a drop folder gets the outcome of the last one.
func (d *Desk) hearAll(ctx context.Context, in Heard, events []declarations.Event) (Hearing, error) {
	var all Hearing
	for i, e := range events {
		one := in
		if i < len(events)-1 {
			one.inbox = nil
		}
		h, err := d.hearEvent(ctx, one, e)
		if err != nil {
			return Hearing{}, err
		}
		if i == 0 {
			all = h
			continue
		}
		all.Matched, all.Duplicate = all.Matched && h.Matched, all.Duplicate && h.Duplicate
		if h.Matched {
			all.Tenant, all.DeclarationID, all.Status = h.Tenant, h.DeclarationID, h.Status
		} else {
			all.Reason = h.Reason
		}
	}
	return all, nil
}

func (d *Desk) hearEvent(ctx context.Context, in Heard, event declarations.Event) (Hearing, error) {
	for range versionRetries {
		h, err := d.hearOnce(ctx, in, event)
		if store.IsConflict(err) {
			continue // another writer changed the declaration or stored the same receipt
		}
		return h, err
	}
	return Hearing{}, fmt.Errorf("hear receipt %s: too many writers at once: %w", event.Code, store.ErrUnavailable)
}

// unusual logs what is odd about a receipt that counts nevertheless.
func (d *Desk) unusual(ctx context.Context, in Heard, faults []declarations.Fault) {
	for i := range faults {
		d.Logger.InfoContext(ctx, "receipt is unusual", "source", in.Source, "file", in.FileName, "code", faults[i].Code, "path", faults[i].Path)
	}
}

// reread is the event of a stored receipt, whose document may hold others.
func reread(r *store.Receipt) (declarations.Event, bool) {
	events, faults := receipts.ParseAll(r.Body, r.FileName)
	if declarations.Rejected(faults) {
		return declarations.Event{}, false
	}
	for i := range events {
		if events[i].Identity() == r.Identity {
			return events[i], true
		}
	}
	return declarations.Event{}, false
}

// rematchNotice tries a kept notification again: it has no SeqNo that could
// become known, but its LRN or MRN may have. An answer of the import client is
// not tried so, because a reference alone may be that of a later declaration.
func (d *Desk) rematchNotice(ctx context.Context, r *store.Receipt) bool {
	if !declarations.IsResponse(r.Code) {
		return false
	}
	event, ok := reread(r)
	if !ok {
		return false
	}
	ref, reason, err := d.find(ctx, event)
	if err == nil && reason != "" {
		return false
	}
	if err == nil {
		err = d.attachKept(ctx, r, event, ref)
	}
	if err != nil && !store.IsConflict(err) {
		d.Logger.WarnContext(ctx, "kept notification is not matched yet", "error", err)
	}
	return err == nil
}

func (d *Desk) attachKept(ctx context.Context, r *store.Receipt, event declarations.Event, ref store.Ref) error {
	row, c, err := d.join(ctx, ref, []told{{*r, event, 0}})
	if err != nil {
		return err
	}
	c.Matched = append(c.Matched, store.Match{ReceiptID: r.ID, Tenant: row.Tenant, DeclarationID: row.ID, At: row.UpdatedAt})
	c.Audit = append(c.Audit, d.audit("desk", "receipt.match", row.Tenant, r.ID, r.SHA256))
	if err := d.write(ctx, c); err != nil {
		return err
	}
	d.tell()
	return nil
}

package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/declarations"
	"kouan/gateway/store"
)

// told is a receipt that is being joined to its declaration.
type told struct {
	receipt store.Receipt
	event   declarations.Event
	attempt int // that it answers; 0 when nothing told it
}

// join prepares the change that puts receipts into a declaration's timeline
// and folds its status anew. The row has the new status, not yet the new version.
func (d *Desk) join(ctx context.Context, ref store.Ref, list []told) (*store.Declaration, store.Change, error) {
	row, err := d.Store.DeclarationState(ctx, ref.Tenant, ref.DeclarationID)
	if err != nil {
		return nil, store.Change{}, fmt.Errorf("read declaration: %w", err)
	}
	events, err := d.Store.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return nil, store.Change{}, fmt.Errorf("read timeline: %w", err)
	}
	added := make([]store.Event, 0, len(list))
	for _, t := range list {
		added = append(added, d.heardEntry(&row, &t))
	}
	before := Fold(&row, events)
	result := Fold(&row, append(events, added...))
	row.Status, row.UpdatedAt = string(result.Status), d.now()
	row.SequenceNumber = result.SequenceNumber // empty again when customs voided it
	if result.EntryNumber != "" {
		row.EntryNumber = result.EntryNumber
	}
	for i := range added {
		added[i].Status = row.Status
	}
	c := store.Change{Update: &row, Events: added, Reached: reached(&row, &before, &result)}
	if err := d.deleted(ctx, &c, &row); err != nil {
		return nil, store.Change{}, err
	}
	in := moved{row: &row, events: added}
	for i := range list {
		in.heard = append(in.heard, list[i].event)
	}
	if err := d.moveDeadlines(ctx, &c, &in); err != nil {
		return nil, store.Change{}, err
	}
	if err := d.noticesOfReceipts(ctx, &c, &row, list); err != nil {
		return nil, store.Change{}, err
	}
	return &row, c, nil
}

func (d *Desk) heardEntry(row *store.Declaration, t *told) store.Event {
	at := int64(0)
	if !t.event.At.IsZero() {
		at = t.event.At.UnixMilli()
	}
	return store.Event{Tenant: row.Tenant, DeclarationID: row.ID, ID: d.NewID(), Identity: t.event.Identity(), Kind: "receipt",
		Code: t.event.Code, Attempt: t.attempt, At: at, HeardAt: t.receipt.HeardAt, SeqNo: t.event.SequenceNumber,
		EntryNumber: t.event.EntryNumber, Text: t.event.Text, Source: t.receipt.Source, Receipt: t.receipt.ID}
}

// adopt matches kept receipts whose number is known by now and returns the
// declaration that they joined, nil when there was none. What is committed
// already stands whatever becomes of this: a failure is left to Rematch.
func (d *Desk) adopt(ctx context.Context, seqNo string) *store.Declaration {
	if seqNo == "" {
		return nil
	}
	for range versionRetries {
		row, err := d.adoptOnce(ctx, seqNo)
		switch {
		case store.IsConflict(err):
			continue
		case err != nil:
			d.Logger.WarnContext(ctx, "kept receipts are not matched yet", "error", err)
			return nil
		}
		return row
	}
	return nil
}

func (d *Desk) adoptOnce(ctx context.Context, seqNo string) (*store.Declaration, error) {
	kept, err := d.Store.UnmatchedReceipts(ctx, store.UnmatchedFilter{SequenceNumber: seqNo, Limit: 100})
	if err != nil {
		return nil, fmt.Errorf("look up kept receipts: %w", err)
	}
	list := make([]told, 0, len(kept))
	for _, r := range kept {
		e, ok := reread(&r)
		if !ok || r.Reason == reasonFamily {
			continue // it stays listed as unmatched
		}
		list = append(list, told{r, e, 0})
	}
	if len(list) == 0 {
		return nil, nil
	}
	ref, err := d.Store.FindBySequence(ctx, seqNo)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up number: %w", err)
	}
	row, c, err := d.join(ctx, ref, list)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		c.Matched = append(c.Matched, store.Match{ReceiptID: t.receipt.ID, Tenant: row.Tenant, DeclarationID: row.ID, At: row.UpdatedAt})
		c.Audit = append(c.Audit, d.audit("desk", "receipt.match", row.Tenant, t.receipt.ID, t.receipt.SHA256))
	}
	if err := d.write(ctx, c); err != nil {
		return nil, err
	}
	d.tell()
	return row, nil
}

// Rematch tries all kept receipts again, for what a crash or a failure left
// between two commits, and returns how many found their declaration. It is
// run at the start and from time to time.
func (d *Desk) Rematch(ctx context.Context) (int, error) {
	kept, err := d.Store.UnmatchedReceipts(ctx, store.UnmatchedFilter{Limit: 1000})
	if err != nil {
		return 0, fmt.Errorf("list kept receipts: %w", err)
	}
	matched := 0
	tried := make(map[string]bool)
	for i := range kept {
		seqNo := kept[i].SequenceNumber
		if seqNo == "" && d.rematchNotice(ctx, &kept[i]) {
			matched++
		}
		if seqNo == "" || tried[seqNo] {
			continue
		}
		tried[seqNo] = true
		if d.adopt(ctx, seqNo) != nil {
			matched++
		}
	}
	return matched, nil
}

package desk

import (
	"context"
	"fmt"
	"time"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Duties is what was heard about the duties of one of the caller's own
// declarations. Amounts and dates stand in the receipts alone, so those are
// read again.
func (d *Desk) Duties(ctx context.Context, p auth.Principal, id string) (store.Declaration, declarations.Duties, error) {
	row, entries, err := d.Timeline(ctx, p, id)
	if err != nil {
		return store.Declaration{}, declarations.Duties{}, err
	}
	duties, err := d.dutiesOf(ctx, entries, nil)
	return row, duties, err
}

// dutiesOf reads the duties off a timeline and the receipts that are about to
// join it. Only those about duties are read again as a whole.
func (d *Desk) dutiesOf(ctx context.Context, entries []store.Event, coming []declarations.Event) (declarations.Duties, error) {
	events := make([]declarations.Event, 0, len(entries)+len(coming))
	for i := range entries {
		if entries[i].Kind != "receipt" {
			continue
		}
		e, err := d.heardEvent(ctx, &entries[i])
		if err != nil {
			return declarations.Duties{}, err
		}
		events = append(events, e)
	}
	return declarations.DutiesOf(append(events, coming...)), nil
}

// heardEvent is the event of a timeline entry, with all that a notification
// about duties says.
func (d *Desk) heardEvent(ctx context.Context, entry *store.Event) (declarations.Event, error) {
	e := declarations.Event{Code: entry.Code, SequenceNumber: entry.SeqNo, EntryNumber: entry.EntryNumber, Text: entry.Text, Hash: hashOf(entry.Identity)}
	if entry.At != 0 {
		e.At = time.UnixMilli(entry.At).UTC()
	}
	if !declarations.IsResponse(entry.Code) || !declarations.AsksDuty(entry.Code) {
		return e, nil
	}
	r, err := d.Store.Receipt(ctx, entry.Receipt)
	if err != nil {
		return declarations.Event{}, fmt.Errorf("read receipt of %s: %w", entry.Code, err)
	}
	if whole, ok := reread(&r); ok {
		return whole, nil
	}
	return e, nil // our own JSON form, which tells a code and no more
}

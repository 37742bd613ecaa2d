package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"kouan/declarations/receipts"
	"kouan/gateway/store"
)

// DropFile is one stable file of a drop folder.
type DropFile struct {
	Channel, Name, SHA256 string
	Body                  []byte
	Rejected              string // why the folder's reader did not hand the bytes over (too large, …)
	Tries                 int
	RetryAt               time.Time // when to look again, should it be unfinished
}

// FileOutcome is the state that the inbox ledger now has for the file:
// matched, unmatched, retry or rejected.
type FileOutcome struct{ State, Reason string }

// maxUnfinished bounds how often a file that looks cut off is read again
// before it counts as garbage.
const maxUnfinished = 8

// HearFile hears a receipt from a drop folder. The file stays where it is;
// the ledger row is committed with what the receipt changed.
func (d *Desk) HearFile(ctx context.Context, f DropFile) (FileOutcome, error) {
	row := &store.InboxFile{Channel: f.Channel, SHA256: f.SHA256, Name: f.Name, Tries: f.Tries + 1, At: d.now()}
	if f.Rejected != "" {
		return d.note(ctx, f, row, "rejected", f.Rejected)
	}
	h, err := d.hear(ctx, Heard{Body: f.Body, FileName: f.Name, ContentType: "application/xml",
		Source: f.Channel, Actor: "inbox", inbox: row})
	var faults *FaultsError
	switch {
	case errors.As(err, &faults):
		return d.setAside(ctx, f, row, faults)
	case err != nil:
		return FileOutcome{}, err
	case h.Matched:
		return FileOutcome{State: "matched"}, nil
	}
	return FileOutcome{State: "unmatched", Reason: h.Reason}, nil
}

// setAside keeps what is no receipt in the ledger: a file that may still be
// being written is tried again, garbage is quarantined with its reason.
func (d *Desk) setAside(ctx context.Context, f DropFile, row *store.InboxFile, faults *FaultsError) (FileOutcome, error) {
	codes := make([]string, 0, len(faults.Faults))
	for i := range faults.Faults {
		codes = append(codes, faults.Faults[i].Code)
	}
	reason := strings.Join(codes, " ")
	if receipts.Truncated(faults.Faults) && row.Tries < maxUnfinished {
		row.NextAt = f.RetryAt.UnixMilli()
		return d.note(ctx, f, row, "retry", reason)
	}
	return d.note(ctx, f, row, "rejected", reason)
}

// note commits a ledger row that no receipt came with.
func (d *Desk) note(ctx context.Context, f DropFile, row *store.InboxFile, state, reason string) (FileOutcome, error) {
	row.State, row.Reason = state, reason
	c := store.Change{Inbox: []store.InboxFile{*row},
		Audit: []store.AuditEntry{d.audit("inbox", "receipt."+state, "", f.Name, f.SHA256)}}
	if err := d.write(ctx, c); err != nil && !errors.Is(err, store.ErrUnknown) {
		return FileOutcome{}, err // after an unknown outcome the next scan finds the row, or hears the file again
	}
	return FileOutcome{State: state, Reason: reason}, nil
}

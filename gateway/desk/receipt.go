package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/receipts"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Heard is one document from the other side, as it came.
type Heard struct {
	Body        []byte
	FileName    string // name under which it came, when it came as a file
	ContentType string
	Source      string // partner or channel
	Actor       string // key or pump, for the audit log
	inbox       *store.InboxFile
}

// Hearing is what became of it.
type Hearing struct {
	ID            string // of the stored receipt
	Matched       bool
	Duplicate     bool
	Reason        string // why it is unmatched
	Tenant        string
	DeclarationID string
	Status        string // of the declaration afterwards
}

// Reasons why a receipt has no declaration yet.
const (
	reasonUnknown   = "unknown"   // nothing here answers to its numbers
	reasonAmbiguous = "ambiguous" // several partners use its client reference
	reasonFamily    = "family"    // it answers a message of another family (bonded, manifest)
)

// HearReceipt takes a receipt from customs in, by whatever wire. A receipt
// that matches nothing is kept and tried again when a number becomes known; a
// second copy is counted and gets the first result. Errors: *FaultsError for
// what is no receipt, auth.ErrForbidden, store.ErrUnavailable.
func (d *Desk) HearReceipt(ctx context.Context, p auth.Principal, in Heard) (Hearing, error) {
	if err := allow(p, auth.HearReceipt); err != nil {
		return Hearing{}, err
	}
	in.Source, in.Actor = p.PartnerID, p.KeyID
	return d.hear(ctx, in)
}

func (d *Desk) hear(ctx context.Context, in Heard) (Hearing, error) {
	events, faults := receipts.ParseAll(in.Body, in.FileName)
	if declarations.Rejected(faults) {
		return Hearing{}, &FaultsError{faults}
	}
	d.unusual(ctx, in, faults)
	return d.hearAll(ctx, in, events)
}

func (d *Desk) hearOnce(ctx context.Context, in Heard, event declarations.Event) (Hearing, error) {
	known, err := d.Store.ReceiptByIdentity(ctx, event.Identity())
	if err == nil {
		return d.hearAgain(ctx, in, known)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return Hearing{}, fmt.Errorf("look up receipt: %w", err)
	}
	row := store.Receipt{ID: d.NewID(), Identity: event.Identity(), State: "unmatched", Source: in.Source,
		FileName: in.FileName, ContentType: in.ContentType, SHA256: digest(in.Body), Body: in.Body,
		SequenceNumber: event.SequenceNumber, ClientReference: event.ClientReference, MessageID: event.MessageID,
		EntryNumber: event.EntryNumber, Code: event.Code, Copies: 1, HeardAt: d.now()}
	ref, reason, err := d.find(ctx, event)
	if err != nil {
		return Hearing{}, err
	}
	if reason != "" {
		return d.keep(ctx, in, row, reason)
	}
	return d.attach(ctx, in, row, event, ref)
}

// keep stores a receipt that matches nothing yet. The receipt that tells the
// number may have been committed between the look-up and this commit, and its
// own look saw nothing kept: so both look again after their commit, and
// whichever commits later sees the other.
func (d *Desk) keep(ctx context.Context, in Heard, row store.Receipt, reason string) (Hearing, error) {
	row.Reason = reason
	c := store.Change{Receipts: []store.Receipt{row}, Inbox: ledger(in.inbox, "unmatched", reason),
		Audit: []store.AuditEntry{d.audit(in.Actor, "receipt.keep", "", row.ID, row.SHA256)}}
	if err := d.commitReceipt(ctx, c); err != nil {
		return Hearing{}, err
	}
	joined := d.adopt(ctx, row.SequenceNumber)
	if joined == nil {
		return Hearing{ID: row.ID, Reason: reason}, nil
	}
	return Hearing{ID: row.ID, Matched: true, Tenant: joined.Tenant, DeclarationID: joined.ID, Status: joined.Status}, nil
}

// hearAgain counts another copy and answers what the first one was answered.
func (d *Desk) hearAgain(ctx context.Context, in Heard, known store.Receipt) (Hearing, error) {
	state := known.State
	c := store.Change{Copies: []string{known.Identity}, Inbox: ledger(in.inbox, state, "copy"),
		Audit: []store.AuditEntry{d.audit(in.Actor, "receipt.copy", known.Tenant, known.ID, digest(in.Body))}}
	if err := d.write(ctx, c); err != nil && !errors.Is(err, store.ErrUnknown) {
		return Hearing{}, err // an unknown outcome costs at most one count
	}
	h := Hearing{ID: known.ID, Matched: known.State == "matched", Duplicate: true, Reason: known.Reason,
		Tenant: known.Tenant, DeclarationID: known.DeclarationID}
	if h.Matched {
		row, err := d.Store.DeclarationState(ctx, known.Tenant, known.DeclarationID)
		if err != nil {
			return Hearing{}, fmt.Errorf("read declaration of receipt: %w", err)
		}
		h.Status = row.Status
	}
	return h, nil
}

// find looks for the declaration by the surest number first. A client
// reference is a partner's own number, so two partners may have the same:
// then the receipt waits for a number that decides. Only our message id tells
// the attempt; the newest one would depend on when the receipt was heard.
func (d *Desk) find(ctx context.Context, e declarations.Event) (store.Ref, string, error) {
	if e.Family != "" && e.Family != "DEC" {
		return store.Ref{}, reasonFamily, nil
	}
	type look struct {
		by     string
		lookUp func(context.Context, string) (store.Ref, error)
		tells  bool
	}
	for _, l := range []look{
		{e.MessageID, d.Store.FindByMessageID, true},
		{e.SequenceNumber, d.Store.FindBySequence, false},
		{e.EntryNumber, d.Store.FindByEntryNumber, false},
	} {
		if l.by == "" {
			continue
		}
		ref, err := l.lookUp(ctx, l.by)
		if !l.tells {
			ref.Attempt = 0
		}
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return ref, "", err
		}
	}
	if e.ClientReference == "" {
		return store.Ref{}, reasonUnknown, nil
	}
	refs, err := d.Store.FindByReference(ctx, e.ClientReference)
	switch {
	case err != nil:
		return store.Ref{}, "", fmt.Errorf("find by client reference: %w", err)
	case len(refs) == 1:
		return store.Ref{Tenant: refs[0].Tenant, DeclarationID: refs[0].DeclarationID}, "", nil
	case len(refs) > 1:
		return store.Ref{}, reasonAmbiguous, nil
	}
	return store.Ref{}, reasonUnknown, nil
}

// attach commits a matched receipt: timeline entry, folded status and the
// numbers that became known.
func (d *Desk) attach(ctx context.Context, in Heard, receipt store.Receipt, event declarations.Event, ref store.Ref) (Hearing, error) {
	attempt := 0
	if event.IsImportResponse() {
		attempt = ref.Attempt
	}
	row, c, err := d.join(ctx, ref, []told{{receipt, event, attempt}})
	if err != nil {
		return Hearing{}, err
	}
	receipt.State, receipt.Tenant, receipt.DeclarationID, receipt.MatchedAt = "matched", row.Tenant, row.ID, receipt.HeardAt
	c.Receipts, c.Inbox = []store.Receipt{receipt}, ledger(in.inbox, "matched", "")
	if event.SequenceNumber != "" {
		c.Sequences = append(c.Sequences, store.SequenceNumber{SeqNo: event.SequenceNumber, Tenant: row.Tenant, DeclarationID: row.ID, Attempt: row.Attempt})
	}
	c.Audit = append(c.Audit, d.audit(in.Actor, "receipt.hear", row.Tenant, row.ID, receipt.SHA256))
	if err := d.commitReceipt(ctx, c); err != nil {
		return Hearing{}, err
	}
	d.tell()
	if event.EntryNumber != "" {
		d.adoptFacts(ctx, row.Tenant, row.ID)
	}
	if joined := d.adopt(ctx, event.SequenceNumber); joined != nil {
		row = joined
	}
	return Hearing{ID: receipt.ID, Matched: true, Tenant: row.Tenant, DeclarationID: row.ID, Status: row.Status}, nil
}

func (d *Desk) commitReceipt(ctx context.Context, c store.Change) error {
	return d.commit(ctx, &store.Declaration{ID: c.Receipts[0].ID}, c)
}

func ledger(f *store.InboxFile, state, reason string) []store.InboxFile {
	if f == nil {
		return nil
	}
	row := *f
	row.State, row.Reason = state, reason
	return []store.InboxFile{row}
}

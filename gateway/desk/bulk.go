package desk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// codeHeld says that the client reference of a row is held by a declaration
// with other content; args: id, value.
const codeHeld = "CSV-1027"

// bulkWorkers declarations of a file are committed at once: the store merges
// their commits, so that a file does not wait for the disk row by row.
const bulkWorkers = 32

// Bulk is a file of many declarations on its way in.
type Bulk struct {
	Rows        iter.Seq2[intake.Row, error]
	Body        []byte // of a document that is one declaration's own, else nil
	ContentType string
	Draft       bool
	Peer        string
}

// BulkRow is what became of one declaration of a file.
type BulkRow struct {
	Row      *intake.Row
	Accepted Accepted // ID is empty when it was refused
	Faults   []declarations.Fault
}

// SubmitRows takes the declarations of a file in, each by itself: a refused
// one does not touch the others. told hears of them in the order of the file.
// Memory is bounded by what is at work. The same file again gets the first
// ids, because each row is known by its client reference. An error, also one
// of told, ends the file: the rows that were told stand.
func (d *Desk) SubmitRows(ctx context.Context, p auth.Principal, b Bulk, told func(*BulkRow) error) error {
	if err := allow(p, auth.SubmitDeclaration); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Each row has a place in line for its outcome; the line's length bounds
	// both the commits at once and the outcomes that wait for a slow one.
	line := make(chan chan bulkOutcome, bulkWorkers)
	var working sync.WaitGroup
	defer working.Wait()
	whole := false // every row has a place; written before line is closed
	working.Go(func() {
		defer close(line)
		for row, err := range b.Rows {
			place := make(chan bulkOutcome, 1)
			select {
			case line <- place:
			case <-ctx.Done():
				return
			}
			if err != nil {
				place <- bulkOutcome{err: fmt.Errorf("read upload: %w", err)}
				return
			}
			working.Go(func() { place <- d.submitRow(ctx, p, &b, &row) })
		}
		whole = true
	})
	for place := range line {
		o := <-place
		if o.err == nil {
			o.err = told(&o.BulkRow)
		}
		if o.err != nil {
			stop(o.err)
			return o.err
		}
	}
	if !whole {
		return fmt.Errorf("submit rows: %w", context.Cause(ctx))
	}
	return nil
}

type bulkOutcome struct {
	BulkRow
	err error
}

// submitRow is Submit of one row; what refuses the row is its outcome, and
// what keeps the gateway from deciding is an error.
func (d *Desk) submitRow(ctx context.Context, p auth.Principal, b *Bulk, row *intake.Row) bulkOutcome {
	out := bulkOutcome{BulkRow: BulkRow{Row: row, Faults: row.Faults}}
	if declarations.Rejected(row.Faults) {
		return out
	}
	body, contentType := row.Part()
	if body == nil {
		body, contentType = b.Body, b.ContentType
	}
	s := Submission{Body: body, ContentType: contentType, row: row, Draft: b.Draft, Peer: b.Peer, Render: func(Accepted) Replayed { return Replayed{} }}
	s.RequestSHA = digest(body)
	a, err := d.Submit(ctx, p, s)
	var faults *FaultsError
	var held *ReferenceError
	switch {
	case err == nil:
		out.Accepted, out.Faults = a, a.Faults
	case errors.As(err, &faults):
		out.Faults = faults.Faults
	case errors.As(err, &held):
		f := declarations.Fault{Code: codeHeld, Severity: declarations.Reject,
			Args: map[string]string{"id": held.ID, "value": row.Declaration.Header.ClientReference}}
		f.Path, f.Line, f.Column = row.Locate("declaration.client_reference")
		out.Faults = append(out.Faults, f)
	default:
		out.err = err
	}
	return out
}

// ReplayUpload is the first answer to the key of an upload; nil when it is new.
func (d *Desk) ReplayUpload(ctx context.Context, p auth.Principal, key, requestSHA string) (*Replayed, error) {
	if err := allow(p, auth.SubmitDeclaration); err != nil {
		return nil, err
	}
	return d.replay(ctx, p.PartnerID, key, requestSHA)
}

// uploadsKept is how long an upload can be asked for: a month to correct it.
const uploadsKept = 30 * 24 * 60 * 60 * 1000

// UploadRecord is what is kept of an upload, beside its declarations.
type UploadRecord struct {
	ID, Format, SHA256, Key, RequestSHA string
	Accepted, Refused                   int
	Answer                              Replayed
	Parts                               [][]byte
}

// KeepUpload commits the answer to an upload with its refused rows. When
// another request with the same key was first, its answer is this one's.
func (d *Desk) KeepUpload(ctx context.Context, p auth.Principal, u UploadRecord) (*Replayed, error) {
	now := d.now()
	c := store.Change{
		Upload: &store.Upload{Tenant: p.PartnerID, ID: u.ID, Format: u.Format, SHA256: u.SHA256, Accepted: u.Accepted, Refused: u.Refused,
			Results: u.Answer.Body, Parts: u.Parts, CreatedAt: now, Expired: now - uploadsKept},
		Audit: []store.AuditEntry{d.audit(p.KeyID, "upload.submit", p.PartnerID, u.ID, u.SHA256)},
	}
	if u.Key != "" {
		c.Idempotency = &store.Idempotency{Tenant: p.PartnerID, Key: u.Key, RequestSHA: u.RequestSHA,
			Status: u.Answer.Status, ContentType: u.Answer.ContentType, Body: u.Answer.Body, CreatedAt: now}
	}
	err := d.write(ctx, c)
	if store.IsConflict(err, "idempotency") {
		return d.replay(ctx, p.PartnerID, u.Key, u.RequestSHA)
	}
	if err != nil {
		return nil, fmt.Errorf("keep upload: %w", err)
	}
	return nil, nil
}

// Upload is what became of a file, as it was answered. Error: store.ErrNotFound.
func (d *Desk) Upload(ctx context.Context, p auth.Principal, id string) (store.Upload, error) {
	if err := allow(p, auth.ReadDeclaration); err != nil {
		return store.Upload{}, err
	}
	u, err := d.Store.Upload(ctx, p.PartnerID, id)
	if err != nil {
		return u, fmt.Errorf("read upload: %w", err)
	}
	return u, nil
}

// RefusedPart is one part of the refused rows of an upload, from 0; nil behind the last.
func (d *Desk) RefusedPart(ctx context.Context, p auth.Principal, id string, number int) ([]byte, error) {
	if err := allow(p, auth.ReadDeclaration); err != nil {
		return nil, err
	}
	body, err := d.Store.UploadPart(ctx, p.PartnerID, id, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return body, nil
}

package desk

import (
	"context"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Edit replaces the document of a draft, or of a declaration that customs
// returned; it is kept with its faults and sent by Send. version is the one
// that the caller read. Errors: ErrVersion, *StateError, *FaultsError when
// the document cannot be read, *ReferenceError when it changes the client reference.
func (d *Desk) Edit(ctx context.Context, p auth.Principal, id string, version int64, s Submission) (Accepted, error) {
	if err := allow(p, auth.SubmitDeclaration); err != nil {
		return Accepted{}, err
	}
	row, err := d.Store.Declaration(ctx, p.PartnerID, id)
	if err != nil {
		return Accepted{}, fmt.Errorf("read declaration: %w", err)
	}
	s.Draft = true
	doc, err := d.read(s)
	if err != nil {
		return Accepted{}, err
	}
	switch {
	case row.Version != version:
		return Accepted{}, ErrVersion
	case !editable(&row):
		return Accepted{}, stateError(&row)
	case doc.decl.Header.ClientReference != row.Reference:
		return Accepted{}, &ReferenceError{row.ID, row.Status}
	}
	past, err := d.history(ctx, &row)
	if err != nil {
		return Accepted{}, err
	}
	now := d.now()
	fill(&row, doc, now)
	message := d.NewID()
	c := store.Change{Update: &row, Versions: past.next(&row, versionEdit, p.PartnerID, message, ""),
		Messages: []store.Message{{Tenant: row.Tenant, DeclarationID: row.ID, ID: message, Attempt: row.Attempt + 1,
			Direction: "in", Kind: "draft", ContentType: s.ContentType, SHA256: digest(s.Body), Body: s.Body, Peer: s.Peer, At: now}},
		Events: []store.Event{d.act(&row, "edited", p.PartnerID, now)},
		Audit:  []store.AuditEntry{d.audit(p.KeyID, "declaration.edit", row.Tenant, row.ID, row.ContentSHA)}}
	if err := d.lapse(ctx, &c, &row); err != nil {
		return Accepted{}, err
	}
	if err := d.commit(ctx, &row, c); err != nil {
		if store.IsConflict(err, "version", "request") {
			return Accepted{}, ErrVersion
		}
		return Accepted{}, err
	}
	return Accepted{ID: row.ID, Reference: row.Reference, Status: row.Status, Attempt: row.Attempt, Version: row.Version + 1, Faults: doc.faults}, nil
}

// Send submits the stored document of a draft or of a returned declaration as
// its next attempt. The same idempotency rules hold as for Submit. Errors:
// *FaultsError (nothing is sent with a fault), *StateError, ErrVersion.
func (d *Desk) Send(ctx context.Context, p auth.Principal, id string, s Submission) (Accepted, error) {
	if err := allow(p, auth.SubmitDeclaration); err != nil {
		return Accepted{}, err
	}
	first, err := d.replay(ctx, p.PartnerID, s.IdempotencyKey, s.RequestSHA)
	if err != nil {
		return Accepted{}, err
	}
	if first != nil {
		return Accepted{Answer: *first, Repeated: true}, nil
	}
	a, err := d.sendOnce(ctx, p, id, s)
	return d.overtaken(ctx, p, s, a, err)
}

func (d *Desk) sendOnce(ctx context.Context, p auth.Principal, id string, s Submission) (Accepted, error) {
	row, err := d.Store.Declaration(ctx, p.PartnerID, id)
	if err != nil {
		return Accepted{}, fmt.Errorf("read declaration: %w", err)
	}
	if !editable(&row) {
		return Accepted{}, stateError(&row)
	}
	s.Body, s.Format, s.ContentType, s.Draft = row.Document, intake.JSON, "application/json", false
	doc, err := d.read(s)
	if err != nil {
		return Accepted{}, err
	}
	a, err := d.acceptAgain(ctx, p, s, doc, row)
	switch {
	case store.IsConflict(err, "version", "request"):
		return Accepted{}, ErrVersion
	case store.IsConflict(err, "idempotency"):
		return Accepted{}, ErrIdempotency
	}
	return a, err
}

func editable(row *store.Declaration) bool {
	return row.OwnState == ownDraft || declarations.CanCorrect(declarations.Status(row.Status))
}

func stateError(row *store.Declaration) error {
	return &StateError{Status: row.Status, Allowed: "draft, returned, import_failed, declare_failed, upload_failed, resend_required, summary_returned"}
}

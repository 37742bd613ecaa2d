package desk

import (
	"context"
	"fmt"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Decision is what the authority says about a request.
type Decision struct {
	Submission        // what came in, kept as evidence
	Request    string // id
	Approved   bool
	Text       string
	At         int64 // when it was decided, Unix milliseconds; 0: now
}

// Decided is what became of it.
type Decided struct {
	Request   store.Request
	Status    string // of the declaration afterwards
	Duplicate bool   // the same decision was heard before
}

// Decide hears the decision about a request. An approved amendment becomes
// the document of its declaration; an approved cancellation changes nothing
// yet: that a declaration is deleted is said by its receipt. The same decision
// again gets the first result; another one is a *RequestError.
func (d *Desk) Decide(ctx context.Context, p auth.Principal, in Decision) (Decided, error) {
	if err := allow(p, auth.HearDecision); err != nil {
		return Decided{}, err
	}
	for range versionRetries {
		out, err := d.decideOnce(ctx, p, in)
		if store.IsConflict(err, "version", "request") {
			continue
		}
		return out, err
	}
	return Decided{}, fmt.Errorf("decide %s: too many writers at once: %w", in.Request, store.ErrUnavailable)
}

func verdict(approved bool) string {
	if approved {
		return "approved"
	}
	return "refused"
}

func (d *Desk) decideOnce(ctx context.Context, p auth.Principal, in Decision) (Decided, error) {
	q, err := d.Store.RequestByID(ctx, in.Request)
	if err != nil {
		return Decided{}, fmt.Errorf("read request: %w", err)
	}
	row, err := d.Store.Declaration(ctx, q.Tenant, q.DeclarationID)
	if err != nil {
		return Decided{}, fmt.Errorf("read declaration of request: %w", err)
	}
	if !q.Open() {
		if q.State == verdict(in.Approved) {
			return Decided{Request: q, Status: row.Status, Duplicate: true}, nil
		}
		return Decided{}, &RequestError{q.ID, q.Kind, q.State}
	}
	past, err := d.history(ctx, &row)
	if err != nil {
		return Decided{}, err
	}
	now := d.now()
	c := store.Change{Update: &row, Versions: past.unkept, Audit: []store.AuditEntry{d.audit(p.KeyID, string(auth.HearDecision), row.Tenant, q.ID, digest(in.Body))}}
	if in.Approved && q.Kind == versionAmendment {
		decl, err := d.adoptDocument(ctx, &row, &q, now)
		if err != nil {
			return Decided{}, err
		}
		c.FactSubjects = factSubjects(&row, decl) // another vessel or bill: other facts are about it
		c.Versions = past.next(&row, versionAmendment, q.Actor, q.ID, q.ID)
	} else {
		row.UpdatedAt, row.Document = now, nil
	}
	c.Messages = []store.Message{d.came(&row, d.NewID(), "decision", &in.Submission)}
	c.Settle = settle(&q, verdict(in.Approved), p.PartnerID, in.Text, now)
	e := d.spoken(&row, q.Kind+"_"+q.State, p.PartnerID, in.Text, now)
	if in.At != 0 {
		e.At = in.At
	}
	c.Events = []store.Event{e}
	if err := d.commit(ctx, &row, c); err != nil {
		return Decided{}, err
	}
	d.tell()
	if len(c.FactSubjects) > 0 {
		d.adoptFacts(ctx, row.Tenant, row.ID)
	}
	return Decided{Request: q, Status: row.Status}, nil
}

// settle ends a request, in the row and in what is written.
func settle(q *store.Request, state, by, text string, now int64) *store.Settlement {
	q.State, q.DecidedBy, q.DecidedAt, q.Decision = state, by, now, text
	return &store.Settlement{Tenant: q.Tenant, DeclarationID: q.DeclarationID, RequestID: q.ID, State: state, By: by, At: now, Text: text}
}

// adoptDocument makes the document that was asked for the declaration's own.
func (d *Desk) adoptDocument(ctx context.Context, row *store.Declaration, q *store.Request, now int64) (*declarations.Declaration, error) {
	canonical, err := d.Store.VersionDocument(ctx, q.Tenant, q.DeclarationID, q.SHA)
	if err != nil {
		return nil, fmt.Errorf("read document of request %s: %w", q.ID, err)
	}
	return d.refill(row, canonical, now)
}

// refill gives a row a canonical document that was kept.
func (d *Desk) refill(row *store.Declaration, canonical []byte, now int64) (*declarations.Declaration, error) {
	decl, err := stored(canonical)
	if err != nil {
		return nil, err
	}
	fill(row, &document{decl: decl, canonical: canonical, sha: digest(canonical), faults: d.Judge().Validate(decl)}, now)
	return decl, nil
}

// Undecided lists requests of all declarants that wait, for the authority
// that decides them; next is the id to go on after, empty at the end.
func (d *Desk) Undecided(ctx context.Context, p auth.Principal, after string, limit int) (list []store.Request, next string, err error) {
	if err := allow(p, auth.HearDecision); err != nil {
		return nil, "", err
	}
	list, err = d.Store.OpenRequests(ctx, after, limit+1)
	if err == nil && len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

// RequestsOf lists what was asked about one of the caller's declarations.
func (d *Desk) RequestsOf(ctx context.Context, p auth.Principal, id string) (store.Declaration, []store.Request, error) {
	row, err := d.Declaration(ctx, p, id)
	if err != nil {
		return store.Declaration{}, nil, err
	}
	list, err := d.Store.Requests(ctx, row.Tenant, row.ID)
	return row, list, err
}

// Withdraw takes back the open request about a declaration. One whose message
// has left, or is leaving, is decided by customs.
func (d *Desk) Withdraw(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	if err := allow(p, auth.AmendDeclaration); err != nil {
		return Asked{}, err
	}
	return d.ask(ctx, p, in, func() (Asked, error) { return d.withdrawOnce(ctx, p, id, in) })
}

func (d *Desk) withdrawOnce(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	row, err := d.Store.DeclarationState(ctx, p.PartnerID, id)
	if err != nil {
		return Asked{}, fmt.Errorf("read declaration: %w", err)
	}
	all, err := d.Store.Requests(ctx, row.Tenant, row.ID)
	if err != nil {
		return Asked{}, fmt.Errorf("read requests: %w", err)
	}
	if len(all) == 0 {
		return Asked{}, &StateError{row.Status, words(declarations.Amendable)}
	}
	q := all[len(all)-1]
	if q.State == "withdrawn" {
		return asked(in, Asked{Request: q, Status: row.Status, Version: row.Version, Existing: true}), nil
	}
	if q.State != "requested" {
		return Asked{}, &RequestError{q.ID, q.Kind, q.State}
	}
	now := d.now()
	row.UpdatedAt = now
	c := store.Change{Update: &row, Settle: settle(&q, "withdrawn", p.PartnerID, "", now),
		Messages: []store.Message{d.came(&row, d.NewID(), "withdrawal", &in.Submission)},
		Events:   []store.Event{d.act(&row, q.Kind+"_withdrawn", p.PartnerID, now)},
		Audit:    []store.AuditEntry{d.audit(p.KeyID, action(q.Kind), row.Tenant, row.ID, "")}}
	if q.Message != "" {
		c.Requeue = []store.Requeue{{ID: q.Message, From: []string{"waiting", "dead"}, To: "cancelled", At: now}}
	}
	out := asked(in, Asked{Request: q, Status: row.Status, Version: row.Version + 1})
	c.Idempotency = d.remember(&row, &in.Submission, out.Answer)
	err = d.commit(ctx, &row, c)
	switch {
	case store.IsConflict(err, "outbox"):
		return Asked{}, &RequestError{q.ID, q.Kind, "sent"}
	case err != nil:
		return Asked{}, err
	}
	d.tell()
	return out, nil
}

// lapse ends an open request because something newer takes its place: a
// corrected attempt, or the deletion of the declaration.
func (d *Desk) lapse(ctx context.Context, c *store.Change, row *store.Declaration) error {
	q, err := d.open(ctx, row)
	if err != nil || q == nil {
		return err
	}
	d.end(c, row, q, "lapsed")
	return nil
}

// deleted settles an open request by the receipt that says that the
// declaration is deleted: that grants a cancellation.
func (d *Desk) deleted(ctx context.Context, c *store.Change, row *store.Declaration) error {
	if row.Status != string(declarations.StatusDeleted) {
		return nil
	}
	q, err := d.open(ctx, row)
	if err != nil || q == nil {
		return err
	}
	state := "lapsed"
	if q.Kind == "cancellation" {
		state = "approved"
	}
	d.end(c, row, q, state)
	return nil
}

func (d *Desk) end(c *store.Change, row *store.Declaration, q *store.Request, state string) {
	c.Settle = settle(q, state, "", "", row.UpdatedAt)
	c.Events = append(c.Events, d.act(row, q.Kind+"_"+state, "desk", row.UpdatedAt))
}

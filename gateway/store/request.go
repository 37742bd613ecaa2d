package store

import (
	"context"
	"fmt"
)

// Request is what a declarant asks of customs about a declaration that was
// accepted. One that is open (requested, sent) is the only one of its
// declaration: a second is a conflict on "request".
type Request struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	ID            string `db:"id"`
	Kind          string `db:"kind"`  // amendment, cancellation
	State         string `db:"state"` // requested, sent, approved, refused, withdrawn, lapsed
	Base          int    `db:"base"`  // number of the version that it is about
	SHA           string `db:"sha"`   // of the document that is asked for; empty for a cancellation
	Document      []byte `db:"-"`     // that document, on the way in only
	ReasonCode    string `db:"reason_code"`
	Reason        string `db:"reason"`
	Evidence      []byte `db:"evidence"` // JSON array of names of documents
	Changes       []byte `db:"changes"`  // JSON array of differences
	Actor         string `db:"actor"`    // partner
	At            int64  `db:"at"`
	Message       string `db:"message"` // the message that carries it; empty when the wire has none for it
	DecidedBy     string `db:"decided_by"`
	DecidedAt     int64  `db:"decided_at"` // 0 while it is open
	Decision      string `db:"decision"`   // what was said about it
}

// Open tells that nobody decided yet.
func (q *Request) Open() bool { return q.State == "requested" || q.State == "sent" }

// Settlement ends an open request; one that is settled already is a conflict on "request".
type Settlement struct {
	Tenant, DeclarationID, RequestID string
	State                            string // approved, refused, withdrawn, lapsed
	By                               string
	At                               int64
	Text                             string
}

const requestColumns = `tenant, declaration_id, id, kind, state, open_for, base, sha, reason_code, reason, evidence, changes, actor, at,
message, decided_by, decided_at, decision`

const readRequest = `
SELECT tenant, declaration_id, id, kind, state, base, sha, reason_code, reason, evidence, changes, actor, at,
  message, decided_by, decided_at, decision
FROM requests
`

var insertRequest = newInsert("requests", requestColumns)

func (q *Request) add(r *rows) {
	var open any
	if q.Open() {
		open = q.DeclarationID
	}
	r.add(len(q.Changes)+len(q.Evidence)+1024, q.Tenant, q.DeclarationID, q.ID, q.Kind, q.State, open, q.Base, q.SHA, q.ReasonCode, q.Reason,
		blob(q.Evidence), blob(q.Changes), q.Actor, q.At, q.Message, q.DecidedBy, q.DecidedAt, q.Decision)
}

func (v *checker) request(q *Request) {
	v.ids("requests", q.Tenant, q.DeclarationID, q.ID)
	v.among("requests.kind", q.Kind, "amendment", "cancellation")
	v.among("requests.state", q.State, "requested")
	v.text("requests.sha", q.SHA, 64)
	v.text("requests.reason_code", q.ReasonCode, 16)
	v.text("requests.reason", q.Reason, 4000)
	v.text("requests.actor", q.Actor, 64)
	v.text("requests.message", q.Message, 36)
}

func (v *checker) settlement(n *Settlement) {
	v.ids("requests", n.Tenant, n.DeclarationID, n.RequestID)
	v.among("requests.state", n.State, "approved", "refused", "withdrawn", "lapsed")
	v.text("requests.decided_by", n.By, 64)
	v.text("requests.decision", n.Text, 4000)
}

func (t tx) settle(ctx context.Context, n *Settlement) error {
	return t.one(ctx, "requests", &ConflictError{On: "request"}, `
UPDATE requests
SET state = ?, open_for = NULL, decided_by = ?, decided_at = ?, decision = ?
WHERE id = ? AND tenant = ? AND declaration_id = ? AND state IN ('requested', 'sent')`,
		n.State, n.By, n.At, n.Text, n.RequestID, n.Tenant, n.DeclarationID)
}

// requestSent moves the request that a delivered message carried, if it did.
func (t tx) requestSent(ctx context.Context, message string) error {
	_, err := t.exec(ctx, `
UPDATE requests
SET state = 'sent'
WHERE message = ? AND state = 'requested'`, message)
	if err != nil {
		return fmt.Errorf("mark request sent: %w", err)
	}
	return nil
}

// Requests lists what was asked about a declaration, the first one first.
func (s *Store) Requests(ctx context.Context, tenant, declarationID string) ([]Request, error) {
	var all []Request
	err := s.all(ctx, &all, readRequest+`WHERE tenant = ? AND declaration_id = ?
ORDER BY id`, tenant, declarationID)
	return all, s.readError(err, "requests of %s", declarationID)
}

// OpenRequest is the one that nobody decided yet.
func (s *Store) OpenRequest(ctx context.Context, tenant, declarationID string) (Request, error) {
	var q Request
	err := s.get(ctx, &q, readRequest+`WHERE tenant = ? AND open_for = ?`, tenant, declarationID)
	return q, s.readError(err, "open request of %s", declarationID)
}

// RequestByID finds a request of any tenant, for the authority that decides it.
func (s *Store) RequestByID(ctx context.Context, id string) (Request, error) {
	var q Request
	err := s.get(ctx, &q, readRequest+`WHERE id = ?`, id)
	return q, s.readError(err, "request %.40q", id)
}

// RequestByMessage finds the request that a message carries.
func (s *Store) RequestByMessage(ctx context.Context, message string) (Request, error) {
	var q Request
	err := s.get(ctx, &q, readRequest+`WHERE message = ? AND message > ''`, message)
	return q, s.readError(err, "request of message %.40q", message)
}

// OpenRequests lists requests of all tenants that wait for a decision, after
// an id, by id, at most limit (0: 50, most 500).
func (s *Store) OpenRequests(ctx context.Context, after string, limit int) ([]Request, error) {
	var all []Request
	err := s.all(ctx, &all, readRequest+`WHERE state IN ('requested', 'sent') AND id > ?
ORDER BY id
LIMIT ?`, after, bounded(limit, 50, 500))
	return all, s.readError(err, "open requests")
}

package store

import (
	"context"
	"encoding/base64"
	"fmt"
)

const declarationColumns = `tenant, id, reference, attempt, own_state, status, version, direction, office, summary,
content_sha, sequence_number, entry_number, out_sequence, created_at, updated_at`

const documentColumns = `tenant, declaration_id, document, faults`

// A draft may have no reference yet: NULL, because empty texts would collide.
const readDeclaration = `
SELECT d.tenant, d.id, COALESCE(d.reference, '') AS reference, d.attempt, d.own_state, d.status, d.version, d.direction, d.office, d.summary,
  x.document, d.content_sha, x.faults, d.sequence_number, d.entry_number, d.out_sequence, d.created_at, d.updated_at
FROM declarations d
JOIN documents x ON x.tenant = d.tenant AND x.declaration_id = d.id
`

const listDeclarations = `
SELECT tenant, id, COALESCE(reference, '') AS reference, attempt, own_state, status, version, direction, office, summary,
  content_sha, sequence_number, entry_number, out_sequence, created_at, updated_at
FROM declarations
`

var (
	insertDeclaration = newInsert("declarations", declarationColumns)
	insertDocument    = newInsert("documents", documentColumns)
)

func (d *Declaration) add(r *rows) {
	r.add(512, d.Tenant, d.ID, nullText(d.Reference), d.Attempt, d.OwnState, d.Status, max(d.Version, 1),
		d.Direction, d.Office, d.Summary, d.ContentSHA, d.SequenceNumber, d.EntryNumber,
		d.OutSequence, d.CreatedAt, d.UpdatedAt)
}

func (d *Declaration) addDocument(r *rows) {
	r.add(len(d.Document)+len(d.Faults)+128, d.Tenant, d.ID, blob(d.Document), blob(d.Faults))
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (t tx) updateDeclaration(ctx context.Context, d *Declaration) error {
	if d.Document != nil {
		if err := t.archive(ctx, d); err != nil {
			return err
		}
	}
	err := t.one(ctx, "declarations", &ConflictError{On: "version"}, `
UPDATE declarations
SET reference = ?, attempt = ?, own_state = ?, status = ?, version = version + 1, direction = ?, office = ?, summary = ?,
  content_sha = ?, sequence_number = ?, entry_number = ?, out_sequence = ?, updated_at = ?
WHERE tenant = ? AND id = ? AND version = ?`,
		nullText(d.Reference), d.Attempt, d.OwnState, d.Status, d.Direction, d.Office, d.Summary,
		d.ContentSHA, d.SequenceNumber, d.EntryNumber, d.OutSequence, d.UpdatedAt,
		d.Tenant, d.ID, d.Version)
	if err != nil || d.Document == nil {
		return err
	}
	return t.one(ctx, "documents", ErrNotFound, `
UPDATE documents
SET document = ?, faults = ?
WHERE tenant = ? AND declaration_id = ?`, d.Document, blob(d.Faults), d.Tenant, d.ID)
}

// markSent finds no row when a newer attempt or a cancellation came first,
// or when it was marked before; that is as good.
func (t tx) markSent(ctx context.Context, m *Sent) error {
	n, err := t.exec(ctx, `
UPDATE declarations
SET status = CASE WHEN status = 'queued' THEN 'sent' ELSE status END, own_state = 'sent', version = version + 1, updated_at = ?
WHERE tenant = ? AND id = ? AND attempt = ? AND own_state = 'queued'`, m.At, m.Tenant, m.DeclarationID, m.Attempt)
	if err != nil {
		return fmt.Errorf("mark sent: %w", err)
	}
	if n == 0 && m.Message != "" {
		return t.requestSent(ctx, m.Message)
	}
	return nil
}

// Declaration reads one row with its document.
func (s *Store) Declaration(ctx context.Context, tenant, id string) (Declaration, error) {
	var d Declaration
	err := s.get(ctx, &d, readDeclaration+`WHERE d.tenant = ? AND d.id = ?`, tenant, id)
	return d, s.readError(err, "declaration %s", id)
}

// DeclarationState reads one row without Document and Faults, for those who
// change only where it stands: an Update without a Document keeps it.
func (s *Store) DeclarationState(ctx context.Context, tenant, id string) (Declaration, error) {
	var d Declaration
	err := s.get(ctx, &d, listDeclarations+`WHERE tenant = ? AND id = ?`, tenant, id)
	return d, s.readError(err, "declaration %s", id)
}

// DeclarationByReference reads the one that holds the partner's own number.
func (s *Store) DeclarationByReference(ctx context.Context, tenant, reference string) (Declaration, error) {
	var d Declaration
	err := s.get(ctx, &d, readDeclaration+`WHERE d.reference = ? AND d.tenant = ?`, reference, tenant)
	return d, s.readError(err, "declaration with reference %s", reference)
}

// Filter narrows a list of declarations; empty fields do not.
type Filter struct {
	Status    string
	Reference string
	Cursor    string // what the page before returned as next
	Limit     int    // 1 to 500; 0 means 50
}

// Declarations lists a tenant's rows, newest first, without Document and
// Faults. next is empty on the last page. A cursor that is none is ErrInvalid.
func (s *Store) Declarations(ctx context.Context, tenant string, f Filter) (rows []Declaration, next string, err error) {
	before, err := openCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := bounded(f.Limit, 50, 500)
	switch {
	case f.Reference != "":
		err = s.all(ctx, &rows, listDeclarations+`WHERE tenant = ? AND reference = ? AND id < ? AND (? = '' OR status = ?)
ORDER BY id DESC
LIMIT ?`, tenant, f.Reference, before, f.Status, f.Status, limit+1)
	case f.Status != "":
		err = s.all(ctx, &rows, listDeclarations+`WHERE tenant = ? AND status = ? AND id < ?
ORDER BY id DESC
LIMIT ?`, tenant, f.Status, before, limit+1)
	default:
		err = s.all(ctx, &rows, listDeclarations+`WHERE tenant = ? AND id < ?
ORDER BY id DESC
LIMIT ?`, tenant, before, limit+1)
	}
	if err != nil {
		return nil, "", s.readError(err, "list declarations")
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(rows[limit-1].ID))
	}
	return rows, next, nil
}

// openCursor returns the id below which the page begins. '~' sorts after every id.
func openCursor(cursor string) (string, error) {
	if cursor == "" {
		return "~", nil
	}
	id, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(id) == 0 || len(id) > 36 {
		return "", fmt.Errorf("cursor %.40q: %w", cursor, ErrInvalid)
	}
	return string(id), nil
}

func bounded(limit, normal, most int) int {
	if limit <= 0 {
		return normal
	}
	return min(limit, most)
}

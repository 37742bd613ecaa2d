package store

import (
	"context"
	"fmt"
)

// Ref points at an attempt of a declaration; it is found before the tenant is known.
type Ref struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Attempt       int    `db:"attempt"`
}

const sequenceColumns = `seq_no, tenant, declaration_id, attempt`

func (n *SequenceNumber) add(r *rows) { r.add(256, n.SeqNo, n.Tenant, n.DeclarationID, n.Attempt) }

// ownsSequence runs after an INSERT that passes over an existing row: it
// finds the row only if it is this declaration's.
func (t tx) ownsSequence(ctx context.Context, n *SequenceNumber) error {
	return t.one(ctx, "sequence_numbers", &ConflictError{On: "sequence"}, `
UPDATE sequence_numbers
SET tenant = ?
WHERE seq_no = ? AND tenant = ? AND declaration_id = ?`, n.Tenant, n.SeqNo, n.Tenant, n.DeclarationID)
}

// FindByMessageID finds which attempt went out under a message id.
func (s *Store) FindByMessageID(ctx context.Context, messageID string) (Ref, error) {
	return s.find(ctx, "message id", messageID, `
SELECT tenant, declaration_id, attempt
FROM messages
WHERE id = ? AND direction = 'out'`)
}

// FindBySequence finds which attempt got a number of the single window.
func (s *Store) FindBySequence(ctx context.Context, seqNo string) (Ref, error) {
	return s.find(ctx, "sequence number", seqNo, `
SELECT tenant, declaration_id, attempt
FROM sequence_numbers
WHERE seq_no = ?`)
}

// FindByEntryNumber finds the newest attempt of the declaration with a
// customs number. A number on two declarations is found on neither.
func (s *Store) FindByEntryNumber(ctx context.Context, entryNumber string) (Ref, error) {
	return s.find(ctx, "entry number", entryNumber, `
SELECT tenant, id AS declaration_id, attempt
FROM declarations
WHERE entry_number = ?
LIMIT 2`)
}

func (s *Store) find(ctx context.Context, by, value, query string) (Ref, error) {
	if value == "" {
		return Ref{}, fmt.Errorf("empty %s: %w", by, ErrNotFound)
	}
	var refs []Ref
	if err := s.all(ctx, &refs, query, value); err != nil {
		return Ref{}, s.readError(err, "find by %s", by)
	}
	if len(refs) != 1 {
		return Ref{}, fmt.Errorf("%d declarations with %s %.80q: %w", len(refs), by, value, ErrNotFound)
	}
	return refs[0], nil
}

// FindByReference finds the submitted declarations, of all tenants, that
// carry a partner's own number, each with its newest attempt; at most 100.
func (s *Store) FindByReference(ctx context.Context, reference string) ([]Ref, error) {
	var refs []Ref
	err := s.all(ctx, &refs, `
SELECT tenant, id AS declaration_id, attempt
FROM declarations
WHERE reference = ? AND attempt > 0
ORDER BY tenant, id
LIMIT 100`, reference)
	return refs, s.readError(err, "find by reference")
}

package store

import (
	"context"
	"fmt"
)

const receiptColumns = `id, identity, state, reason, source, file_name, content_type, sha256, body, sequence_number, client_reference,
message_id, entry_number, code, tenant, declaration_id, copies, heard_at, matched_at`

const (
	readReceipt = `
SELECT id, identity, state, reason, source, file_name, content_type, sha256, body, sequence_number, client_reference,
  message_id, entry_number, code, tenant, declaration_id, copies, heard_at, matched_at
FROM receipts
`
	listReceipts = `
SELECT id, identity, state, reason, source, file_name, content_type, sha256, LENGTH(body) AS size, sequence_number, client_reference,
  message_id, entry_number, code, tenant, declaration_id, copies, heard_at, matched_at
FROM receipts
`
)

var insertReceipt = newInsert("receipts", receiptColumns)

func (r *Receipt) add(to *rows) {
	to.add(len(r.Body)+512, r.ID, r.Identity, r.State, r.Reason, r.Source, r.FileName, r.ContentType, r.SHA256, blob(r.Body),
		r.SequenceNumber, r.ClientReference, r.MessageID, r.EntryNumber, r.Code, r.Tenant, r.DeclarationID, r.Copies, r.HeardAt, r.MatchedAt)
}

func (t tx) match(ctx context.Context, m *Match) error {
	return t.one(ctx, "receipts", &ConflictError{On: "receipt"}, `
UPDATE receipts
SET state = 'matched', reason = '', tenant = ?, declaration_id = ?, matched_at = ?
WHERE id = ? AND state = 'unmatched'`, m.Tenant, m.DeclarationID, m.At, m.ReceiptID)
}

func (t tx) copyHeard(ctx context.Context, identity string) error {
	return t.one(ctx, "receipts", fmt.Errorf("receipt %.80q: %w", identity, ErrNotFound), `
UPDATE receipts
SET copies = copies + 1
WHERE identity = ?`, identity)
}

// ReceiptByIdentity reads the receipt of which a copy was heard.
func (s *Store) ReceiptByIdentity(ctx context.Context, identity string) (Receipt, error) {
	var r Receipt
	err := s.get(ctx, &r, readReceipt+`WHERE identity = ?`, identity)
	return r, s.readError(err, "receipt %.80q", identity)
}

// UnmatchedFilter asks for receipts by any of the numbers they carry: a row
// that has one of the given ones is found. All empty asks for every one.
type UnmatchedFilter struct {
	SequenceNumber, ClientReference, MessageID string
	Limit                                      int // 0: 100, most 1000
}

// UnmatchedReceipts reads receipts that wait for their declaration, with
// their bodies, oldest first.
func (s *Store) UnmatchedReceipts(ctx context.Context, f UnmatchedFilter) ([]Receipt, error) {
	limit := bounded(f.Limit, 100, 1000)
	var rows []Receipt
	if f.SequenceNumber == "" && f.ClientReference == "" && f.MessageID == "" {
		err := s.all(ctx, &rows, unmatchedAll, limit)
		return rows, s.readError(err, "unmatched receipts")
	}
	err := s.all(ctx, &rows, unmatchedBy, f.SequenceNumber, f.ClientReference, f.MessageID, limit)
	return rows, s.readError(err, "unmatched receipts")
}

const (
	unmatchedAll = readReceipt + `WHERE state = 'unmatched'
ORDER BY id
LIMIT ?`
	unmatchedBy = readReceipt + `JOIN (
  SELECT id FROM receipts WHERE state = 'unmatched' AND sequence_number = ? AND sequence_number <> ''
  UNION
  SELECT id FROM receipts WHERE state = 'unmatched' AND client_reference = ? AND client_reference <> ''
  UNION
  SELECT id FROM receipts WHERE state = 'unmatched' AND message_id = ? AND message_id <> '') AS found USING (id)
ORDER BY id
LIMIT ?`
	listAll = listReceipts + `WHERE id < ? AND (? = '' OR state = ?)
ORDER BY id DESC
LIMIT ?`
	listState = listReceipts + `WHERE state = ? AND id < ?
ORDER BY id DESC
LIMIT ?`
)

// ReceiptFilter narrows the operators' list.
type ReceiptFilter struct {
	State  string // matched, unmatched, quarantined; empty: all
	Before string // id of the last row of the page before
	Limit  int    // 0: 50, most 500
}

// Receipts lists receipts for operators, newest first, without bodies.
func (s *Store) Receipts(ctx context.Context, f ReceiptFilter) ([]Receipt, error) {
	before := f.Before
	if before == "" {
		before = "~"
	}
	var rows []Receipt
	var err error
	limit := bounded(f.Limit, 50, 500)
	if f.State == "" || f.State == "matched" { // most are
		err = s.all(ctx, &rows, listAll, before, f.State, f.State, limit)
	} else {
		err = s.all(ctx, &rows, listState, f.State, before, limit)
	}
	return rows, s.readError(err, "list receipts")
}

// Receipt reads one receipt with its body.
func (s *Store) Receipt(ctx context.Context, id string) (Receipt, error) {
	var r Receipt
	err := s.get(ctx, &r, readReceipt+`WHERE id = ?`, id)
	return r, s.readError(err, "receipt %s", id)
}

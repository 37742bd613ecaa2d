package store

import (
	"context"
	"fmt"
)

// resealPage is how many accounts are read at once to be sealed anew.
const resealPage = 20

// SealedFeeBills are the next sealed accounts behind an id, to be sealed anew.
func (s *Store) SealedFeeBills(ctx context.Context, after string) ([]FeeBill, error) {
	var out []FeeBill
	err := s.all(ctx, &out, `
SELECT id, secret_hash, identity, partner, kind, estimate, edition, format, content_type, sha256, size, stored_sha, sealed, body, document, month, idem_tenant, idem_key, created_at, deleted_at
FROM fee_bills
WHERE sealed = 1 AND deleted_at = 0 AND id > ?
ORDER BY id
LIMIT ?`, after, resealPage)
	return out, s.readError(err, "sealed accounts")
}

// resealFeeBill writes the same account under another key.
func (t tx) resealFeeBill(ctx context.Context, b *FeeBill) error {
	return t.one(ctx, "fee_bills", fmt.Errorf("account %s: %w", b.ID, ErrNotFound), `
UPDATE fee_bills
SET body = ?, document = ?, stored_sha = ?
WHERE id = ? AND deleted_at = 0 AND sealed = 1`, blob(b.Body), blob(b.Document), b.StoredSHA, b.ID)
}

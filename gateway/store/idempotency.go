package store

import "context"

const idempotencyColumns = `tenant, idem_key, request_sha, status, content_type, body, created_at`

var insertIdempotency = newInsert("idempotency", idempotencyColumns)

func (i *Idempotency) add(r *rows) {
	r.add(len(i.Body)+256, i.Tenant, i.Key, i.RequestSHA, i.Status, i.ContentType, blob(i.Body), i.CreatedAt)
}

// IdempotencyRow reads the first answer that a tenant got under a key.
func (s *Store) IdempotencyRow(ctx context.Context, tenant, key string) (Idempotency, error) {
	var row Idempotency
	err := s.get(ctx, &row, `
SELECT tenant, idem_key, request_sha, status, content_type, body, created_at
FROM idempotency
WHERE tenant = ? AND idem_key = ?`, tenant, key)
	return row, s.readError(err, "idempotency key")
}

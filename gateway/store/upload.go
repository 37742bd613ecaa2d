package store

import (
	"context"
	"fmt"
)

// Upload is what became of a file of many declarations. Its declarations were
// committed one by one before; this row only tells about them.
type Upload struct {
	Tenant    string `db:"tenant"`
	ID        string `db:"id"`
	Format    string `db:"format"` // of the refused rows: csv, xlsx
	SHA256    string `db:"sha256"` // of the file
	Accepted  int    `db:"accepted"`
	Refused   int    `db:"refused"`
	Results   []byte `db:"results"` // the answer, as JSON
	CreatedAt int64  `db:"created_at"`

	Parts [][]byte `db:"-"` // the refused rows as a file, in parts of at most UploadPart
	// Expired is the instant before which uploads of the tenant go.
	Expired int64 `db:"-"`
}

// UploadPart is how much of a file one row carries.
const UploadPart = 1 << 20

const (
	uploadColumns     = `tenant, id, format, sha256, accepted, refused, results, created_at`
	uploadPartColumns = `tenant, upload_id, number, body`
)

var (
	insertUpload     = newInsert("uploads", uploadColumns)
	insertUploadPart = newInsert("upload_parts", uploadPartColumns)
)

func (u *Upload) add(r *rows) {
	r.add(len(u.Results)+256, u.Tenant, u.ID, u.Format, u.SHA256, u.Accepted, u.Refused, blob(u.Results), u.CreatedAt)
}

func (u *Upload) addParts(r *rows) {
	for i, body := range u.Parts {
		r.add(len(body)+128, u.Tenant, u.ID, i, blob(body))
	}
}

// expire takes the tenant's old uploads away.
func (t tx) expire(ctx context.Context, u *Upload) error {
	_, err := t.exec(ctx, `
DELETE FROM upload_parts
WHERE tenant = ? AND upload_id IN (SELECT id FROM uploads WHERE tenant = ? AND created_at < ?)`, u.Tenant, u.Tenant, u.Expired)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM uploads WHERE tenant = ? AND created_at < ?`, u.Tenant, u.Expired)
	}
	if err != nil {
		return fmt.Errorf("expire uploads: %w", t.s.d.rowError(err, "uploads"))
	}
	return nil
}

// Upload reads a tenant's upload without its parts.
func (s *Store) Upload(ctx context.Context, tenant, id string) (Upload, error) {
	var u Upload
	err := s.get(ctx, &u, `
SELECT tenant, id, format, sha256, accepted, refused, results, created_at
FROM uploads
WHERE tenant = ? AND id = ?`, tenant, id)
	return u, s.readError(err, "upload %s", id)
}

// UploadPart reads one part of an upload's refused rows; ErrNotFound behind the last.
func (s *Store) UploadPart(ctx context.Context, tenant, id string, number int) ([]byte, error) {
	var body []byte
	err := s.get(ctx, &body, `
SELECT body
FROM upload_parts
WHERE tenant = ? AND upload_id = ? AND number = ?`, tenant, id, number)
	return body, s.readError(err, "part %d of upload %s", number, id)
}

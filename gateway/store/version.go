package store

import (
	"context"
	"fmt"
)

// Version is one document that a declaration had, or has. What it says is
// found by its digest: the newest stands in documents, earlier ones in
// version_documents, each content once.
type Version struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Number        int    `db:"number"` // from 1; a number taken by another writer is a conflict on "version"
	Kind          string `db:"kind"`   // draft, edit, submission, amendment, completion, restored, existing
	Actor         string `db:"actor"`  // partner
	At            int64  `db:"at"`
	SHA           string `db:"sha"`
	Message       string `db:"message"` // row of messages that brought it; empty when none did
	Request       string `db:"request"` // row of requests that it came by
}

const versionColumns = `tenant, declaration_id, number, kind, actor, at, sha, message, request`

const versionDocumentColumns = `tenant, declaration_id, sha, document`

const versionsOf = `
SELECT tenant, declaration_id, number, kind, actor, at, sha, message, request
FROM versions
WHERE tenant = ? AND declaration_id = ?
ORDER BY number`

var insertVersion = newInsert("versions", versionColumns)

func (v *Version) add(r *rows) {
	r.add(384, v.Tenant, v.DeclarationID, v.Number, v.Kind, v.Actor, v.At, v.SHA, v.Message, v.Request)
}

func (v *checker) version(n *Version) {
	v.ids("versions", n.Tenant, n.DeclarationID)
	v.text("versions.kind", n.Kind, 32)
	v.text("versions.actor", n.Actor, 64)
	v.text("versions.sha", n.SHA, 64)
	v.text("versions.message", n.Message, 36)
	v.text("versions.request", n.Request, 36)
}

// archive keeps the document that an update is about to replace. It runs
// before the update, while the row still has the digest of the old one.
func (t tx) archive(ctx context.Context, d *Declaration) error {
	_, err := t.exec(ctx, `
INSERT INTO version_documents (tenant, declaration_id, sha, document)
SELECT d.tenant, d.id, d.content_sha, x.document
FROM declarations AS d
JOIN documents AS x ON x.tenant = d.tenant AND x.declaration_id = d.id
WHERE d.tenant = ? AND d.id = ? AND d.version = ? AND d.content_sha <> ? AND d.content_sha <> ''
  AND NOT EXISTS (SELECT 1 FROM version_documents AS v WHERE v.tenant = d.tenant AND v.declaration_id = d.id AND v.sha = d.content_sha)`,
		d.Tenant, d.ID, d.Version, d.ContentSHA)
	if err != nil {
		return fmt.Errorf("archive document: %w", t.s.d.rowError(err, "version_documents"))
	}
	return nil
}

// keepDocument keeps a document that is not the declaration's: one that is asked for.
func (t tx) keepDocument(ctx context.Context, q *Request) error {
	_, err := t.exec(ctx, `
INSERT INTO version_documents (tenant, declaration_id, sha, document)
SELECT d.tenant, d.id, ?, ?
FROM declarations AS d
WHERE d.tenant = ? AND d.id = ?
  AND NOT EXISTS (SELECT 1 FROM version_documents AS v WHERE v.tenant = d.tenant AND v.declaration_id = d.id AND v.sha = ?)`,
		q.SHA, q.Document, q.Tenant, q.DeclarationID, q.SHA)
	if err != nil {
		return fmt.Errorf("keep document: %w", t.s.d.rowError(err, "version_documents"))
	}
	return nil
}

// Versions lists the versions of a declaration, the first one first. A
// declaration from before they were kept has none.
func (s *Store) Versions(ctx context.Context, tenant, declarationID string) ([]Version, error) {
	var all []Version
	err := s.all(ctx, &all, versionsOf, tenant, declarationID)
	return all, s.readError(err, "versions of %s", declarationID)
}

// VersionDocument reads the document with a digest that the declaration has,
// had, or was asked to have.
func (s *Store) VersionDocument(ctx context.Context, tenant, declarationID, sha string) ([]byte, error) {
	var found [][]byte
	err := s.all(ctx, &found, `
SELECT x.document
FROM documents AS x
JOIN declarations AS d ON d.tenant = x.tenant AND d.id = x.declaration_id
WHERE d.tenant = ? AND d.id = ? AND d.content_sha = ?
UNION ALL
SELECT v.document
FROM version_documents AS v
WHERE v.tenant = ? AND v.declaration_id = ? AND v.sha = ?`, tenant, declarationID, sha, tenant, declarationID, sha)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, s.readError(err, "document %.16s of %s", sha, declarationID)
	}
	return found[0], nil
}

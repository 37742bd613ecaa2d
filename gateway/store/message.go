package store

import (
	"cmp"
	"context"
	"slices"
)

const messageColumns = `tenant, declaration_id, id, attempt, direction, kind, file_name, content_type, sha256, body, peer, at`

const (
	readMessage = `
SELECT tenant, declaration_id, id, attempt, direction, kind, file_name, content_type, sha256, body, peer, at
FROM messages
`
	listMessages = `
SELECT tenant, declaration_id, id, attempt, direction, kind, file_name, content_type, sha256, LENGTH(body) AS size, peer, at
FROM messages
`
)

var insertMessage = newInsert("messages", messageColumns)

func (m *Message) add(r *rows) {
	r.add(len(m.Body)+512, m.Tenant, m.DeclarationID, m.ID, m.Attempt, m.Direction, m.Kind, m.FileName, m.ContentType,
		m.SHA256, blob(m.Body), m.Peer, m.At)
}

// Message reads one message of a tenant with its bytes.
func (s *Store) Message(ctx context.Context, tenant, id string) (Message, error) {
	var m Message
	err := s.get(ctx, &m, readMessage+`WHERE id = ? AND tenant = ?`, id, tenant)
	return m, s.readError(err, "message %s", id)
}

// Messages lists everything that came in or went out about a declaration,
// its matched receipts too (Direction in, Kind receipt, Peer their source, At
// when they were attached), without bodies, in the order of attachment.
func (s *Store) Messages(ctx context.Context, tenant, declarationID string) ([]Message, error) {
	var all []Message
	err := s.all(ctx, &all, listMessages+`WHERE tenant = ? AND declaration_id = ?`, tenant, declarationID)
	if err != nil {
		return nil, s.readError(err, "messages of %s", declarationID)
	}
	var heard []Receipt
	err = s.all(ctx, &heard, listReceipts+`WHERE tenant = ? AND declaration_id = ?`, tenant, declarationID)
	if err != nil {
		return nil, s.readError(err, "receipts of %s", declarationID)
	}
	for i := range heard {
		all = append(all, heard[i].message())
	}
	slices.SortFunc(all, func(a, b Message) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

func (r *Receipt) message() Message {
	at := r.MatchedAt
	if at == 0 {
		at = r.HeardAt
	}
	return Message{Tenant: r.Tenant, DeclarationID: r.DeclarationID, ID: r.ID, Direction: "in", Kind: "receipt", FileName: r.FileName,
		ContentType: r.ContentType, SHA256: r.SHA256, Body: r.Body, Size: r.Size, Peer: r.Source, At: at}
}

// MessageBody reads the n-th entry of Messages, counted from 1, with its bytes.
func (s *Store) MessageBody(ctx context.Context, tenant, declarationID string, n int) (Message, error) {
	all, err := s.Messages(ctx, tenant, declarationID)
	if err != nil {
		return Message{}, err
	}
	if n < 1 || n > len(all) {
		return Message{}, s.readError(ErrNotFound, "message %d of %s", n, declarationID)
	}
	if m := all[n-1]; m.Kind != "receipt" {
		return s.Message(ctx, tenant, m.ID)
	}
	var r Receipt
	err = s.get(ctx, &r, readReceipt+`WHERE id = ? AND tenant = ?`, all[n-1].ID, tenant)
	return r.message(), s.readError(err, "receipt %s", all[n-1].ID)
}

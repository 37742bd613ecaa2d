package store

import (
	"context"
	"path/filepath"
	"testing"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "x y?.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	t.Log(s.SchemaVersion(ctx))
	c := Change{
		Insert:      &Declaration{Tenant: "t", ID: "d1", Reference: "R1", Attempt: 1, OwnState: "queued", Status: "queued", Summary: true, CreatedAt: 1},
		Messages:    []Message{{Tenant: "t", DeclarationID: "d1", ID: "m1", Direction: "out", Attempt: 1, Body: []byte("hello")}},
		Events:      []Event{{Tenant: "t", DeclarationID: "d1", ID: "e1", Identity: "i1"}},
		Outbox:      []OutboxItem{{ID: "m1", Receiver: "r", Subject: "d1", Sequence: 1, Tenant: "t", DeclarationID: "d1", MessageID: "m1", CreatedAt: 5}},
		Idempotency: &Idempotency{Tenant: "t", Key: "k"},
		Sequences:   []SequenceNumber{{SeqNo: "S", Tenant: "t", DeclarationID: "d1", Attempt: 1}},
		Inbox:       []InboxFile{{Channel: "c", SHA256: "x", State: "retry"}},
		Audit:       []AuditEntry{{At: 1, Actor: "a", Action: "b"}},
	}
	if err := s.Commit(ctx, c); err != nil {
		t.Fatal(err)
	}
	for _, f := range []func() error{func() error { c.Idempotency.Key = "k2"; return s.Commit(ctx, c) }, func() error {
		return s.Commit(ctx, Change{Insert: &Declaration{Tenant: "t", ID: "d2", Reference: "R1", OwnState: "draft"}})
	}, func() error {
		return s.Commit(ctx, Change{Sequences: []SequenceNumber{{SeqNo: "S", Tenant: "t", DeclarationID: "d9"}}})
	}} {
		t.Log(f())
	}
	t.Log(s.Declarations(ctx, "t", Filter{}))
	t.Log(s.Declaration(ctx, "t", "d1"))
	t.Log(s.Messages(ctx, "t", "d1"))
	t.Log(s.MessageBody(ctx, "t", "d1", 1))
	t.Log(s.FindBySequence(ctx, "S"))
	t.Log(s.FindByReference(ctx, "R1"))
	t.Log(s.UnmatchedReceipts(ctx, UnmatchedFilter{MessageID: "x"}))
	t.Log(s.IdempotencyRow(ctx, "t", "k"))
	t.Log(s.Stats())
}

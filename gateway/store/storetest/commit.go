package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kouan/gateway/store"
)

func idempotencyRace(t *testing.T, b *bundle) {
	for round := range 4 {
		key := ID()
		won := 0
		for i, err := range together(50, func(i int) error {
			return b.Commit(t.Context(), Acceptance("a", number("R", round*100+i), key, nil, nil, nil))
		}) {
			switch {
			case err == nil:
				won++
			case !store.IsConflict(err, "idempotency"):
				t.Errorf("racer %d: %v, want conflict on idempotency", i, err)
			}
		}
		if won != 1 {
			t.Errorf("round %d: %d winners, want 1", round, won)
		}
	}
	l, err := b.Ledger(t.Context())
	if err != nil || l.Accepted != 4 || l.Waiting != 4 {
		t.Errorf("ledger %+v, %v, want 4 accepted and waiting", l, err)
	}
	wantSound(t, b.Store)
}

func referenceRace(t *testing.T, b *bundle) {
	won := 0
	for i, err := range together(50, func(int) error { return b.Commit(t.Context(), accept("a", "SAME")) }) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "reference"):
			t.Errorf("racer %d: %v, want conflict on reference", i, err)
		}
	}
	if won != 1 {
		t.Errorf("%d winners, want 1", won)
	}
	b.commit(t, accept("b", "SAME")) // another partner's number is another number
	wantSound(t, b.Store)
}

func poisonedAlone(t *testing.T, b *bundle) {
	held := accept("a", "HELD")
	b.commit(t, held)
	errs := together(120, func(i int) error {
		switch i {
		case 17:
			return b.Commit(t.Context(), accept("a", "HELD"))
		case 61:
			c := accept("a", number("P", i))
			c.Insert.OwnState = "flying" // the state machine of the schema refuses it
			return b.Commit(t.Context(), c)
		case 99:
			c := accept("a", number("P", i))
			c.Messages[1].ID = held.Messages[1].ID
			return b.Commit(t.Context(), c)
		}
		return b.Commit(t.Context(), accept("a", number("P", i)))
	})
	for i, err := range errs {
		switch i {
		case 17:
			wantConflict(t, "taken reference", err, "reference")
		case 61:
			wantErr(t, "unknown state", err, store.ErrInvalid)
		case 99:
			wantConflict(t, "taken message id", err, "message")
		default:
			if err != nil {
				t.Errorf("change %d beside the poisoned ones: %v", i, err)
			}
		}
	}
	l, err := b.Ledger(t.Context())
	if err != nil || l.Accepted != 118 || l.Difference() != 0 {
		t.Errorf("ledger %+v, %v, want 118 accepted", l, err)
	}
	wantSound(t, b.Store)
}

func versions(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	b.commit(t, c)
	read, err := b.Declaration(t.Context(), "a", c.Insert.ID)
	if err != nil || read.Version != 1 {
		t.Fatalf("version %d, %v, want 1", read.Version, err)
	}
	won := 0
	for _, err := range together(20, func(int) error {
		next := read
		next.Status, next.Document = "accepted", []byte("changed")
		return b.Commit(t.Context(), store.Change{Update: &next})
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "version"):
			t.Errorf("%v, want conflict on version", err)
		}
	}
	got, err := b.Declaration(t.Context(), "a", c.Insert.ID)
	if err != nil || won != 1 || got.Version != 2 || got.Status != "accepted" || string(got.Document) != "changed" {
		t.Errorf("%d updates won, row %+v, %v", won, got, err)
	}
	foreign := got
	foreign.Tenant = "b"
	wantConflict(t, "another tenant's update", b.Commit(t.Context(), store.Change{Update: &foreign}), "version")
	b.commit(t, accept("a", "R2"))
	got.Reference = "R2"
	wantConflict(t, "update to a taken reference", b.Commit(t.Context(), store.Change{Update: &got}), "reference")
}

func drafts(t *testing.T, b *bundle) {
	for range 2 {
		b.commit(t, store.Change{Insert: &store.Declaration{Tenant: "a", ID: ID(), OwnState: "draft", Status: "draft"}})
	}
	rows, _, err := b.Declarations(t.Context(), "a", store.Filter{Status: "draft"})
	if err != nil || len(rows) != 2 || rows[0].Reference != "" {
		t.Errorf("drafts %+v, %v", rows, err)
	}
	err = b.Commit(t.Context(), store.Change{Insert: &store.Declaration{Tenant: "a", ID: ID(), OwnState: "queued", Attempt: 1, Status: "queued"}})
	wantErr(t, "queued without a reference", err, store.ErrInvalid)
}

func sentMarks(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	b.commit(t, c)
	id := c.Insert.ID
	b.commit(t, store.Change{Sent: &store.Sent{Tenant: "a", DeclarationID: id, Attempt: 2, At: now}})
	if got, err := b.Declaration(t.Context(), "a", id); err != nil || got.OwnState != "queued" || got.Version != 1 {
		t.Errorf("after sending another attempt: %s version %d, %v", got.OwnState, got.Version, err)
	}
	for range 2 {
		b.commit(t, store.Change{Sent: &store.Sent{Tenant: "a", DeclarationID: id, Attempt: 1, At: now}})
	}
	got, err := b.Declaration(t.Context(), "a", id)
	if err != nil || got.OwnState != "sent" || got.Status != "sent" || got.Version != 2 {
		t.Errorf("after sending: %s/%s version %d, %v", got.OwnState, got.Status, got.Version, err)
	}
	heard := accept("a", "R2")
	heard.Insert.Status = "accepted" // a receipt was quicker than the record of the sending
	b.commit(t, heard)
	b.commit(t, store.Change{Sent: &store.Sent{Tenant: "a", DeclarationID: heard.Insert.ID, Attempt: 1, At: now}})
	got, err = b.Declaration(t.Context(), "a", heard.Insert.ID)
	if err != nil || got.OwnState != "sent" || got.Status != "accepted" {
		t.Errorf("status heard before: %s/%s, %v", got.OwnState, got.Status, err)
	}
}

func invalid(t *testing.T, b *bundle) {
	for name, spoil := range map[string]func(*store.Change){
		"long reference":      func(c *store.Change) { c.Insert.Reference = strings.Repeat("口", 256) },
		"broken UTF-8":        func(c *store.Change) { c.Messages[0].FileName = "\xff" },
		"no id":               func(c *store.Change) { c.Insert.ID = "" },
		"item without number": func(c *store.Change) { c.Outbox[0].Sequence = 0 },
		"no direction":        func(c *store.Change) { c.Messages[0].Direction = "up" },
		"sending, no epoch":   func(c *store.Change) { c.Outbox[0].State = "sending" },
		"unknown receipt state": func(c *store.Change) {
			c.Receipts = []store.Receipt{{ID: ID(), Identity: ID(), State: "lost"}}
		},
	} {
		c := accept("a", "R")
		spoil(&c)
		wantErr(t, name, b.Commit(t.Context(), c), store.ErrInvalid)
	}
	long := accept("a", strings.Repeat("口", 255))
	long.Events[0].Text = strings.Repeat("岸", 100_000)
	long.Messages[0].Body = []byte{0, 0xff, '\'', '\\', 0x1a, '\n'}
	b.commit(t, long)
	got, err := b.Message(t.Context(), "a", long.Messages[0].ID)
	if err != nil || string(got.Body) != string(long.Messages[0].Body) {
		t.Errorf("bytes came back as %q, %v", got.Body, err)
	}
}

func leftEarly(t *testing.T, b *bundle) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := accept("a", "R1")
	wantErr(t, "cancelled before", b.Commit(ctx, c), context.Canceled)
	_, err := b.Declaration(t.Context(), "a", c.Insert.ID)
	wantErr(t, "read after", err, store.ErrNotFound)
}

func fullQueue(t *testing.T, b *bundle) {
	s := b.open(t, store.Options{QueueLimit: 1})
	refused, written := int64(0), int64(0)
	for _, err := range together(400, func(i int) error { return s.Commit(t.Context(), accept("a", number("Q", i))) }) {
		switch {
		case err == nil:
			written++
		case errors.Is(err, store.ErrUnavailable):
			refused++
		default:
			t.Errorf("%v, want ErrUnavailable", err)
		}
	}
	l, err := b.Ledger(t.Context())
	if err != nil || l.Accepted != written || written+refused != 400 {
		t.Errorf("%d refused, %d written, ledger %+v, %v", refused, written, l, err)
	}
}

func closeDrains(t *testing.T, b *bundle) {
	s, err := store.Open(t.Context(), b.url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan struct{}, 60)
	closed := make(chan error)
	go func() {
		<-first
		closed <- s.Close()
	}()
	written := int64(0)
	for _, err := range together(60, func(i int) error {
		err := s.Commit(t.Context(), accept("a", number("C", i)))
		first <- struct{}{}
		return err
	}) {
		if err == nil {
			written++
		} else if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%v, want ErrUnavailable", err)
		}
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	wantErr(t, "after close", s.Commit(t.Context(), accept("a", "LATE")), store.ErrUnavailable)
	if l, err := b.Ledger(t.Context()); err != nil || l.Accepted != written {
		t.Errorf("%d were told accepted, ledger %+v, %v", written, l, err)
	}
}

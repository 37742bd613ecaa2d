package storetest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kouan/gateway/store"
)

func ledgerBalances(t *testing.T, b *bundle) {
	var all []store.Change
	for i := range 6 {
		all = append(all, accept("a", number("R", i)))
		b.commit(t, all[i])
	}
	leases := b.lease(t, b.Store, "p1", time.Minute)
	items := claim(t, b.Store, leases)
	for i, state := range []string{"delivered", "dead", "dead", "waiting"} {
		b.commit(t, done(items[i], state))
	}
	b.commit(t, store.Change{Requeue: []store.Requeue{{ID: items[2].ID, From: []string{"dead"}, To: "cancelled", At: now}}})
	got, err := b.Ledger(t.Context())
	want := store.Ledger{Accepted: 6, Waiting: 1, Sending: 2, Delivered: 1, Dead: 1, Cancelled: 1}
	if err != nil || got != want || got.Difference() != 0 {
		t.Errorf("ledger %+v, %v, want %+v", got, err, want)
	}
	wantSound(t, b.Store)

	lost := accept("a", "LOST")
	lost.Outbox = nil
	gap := line("customs", "GAP", 2)
	gap.Outbox = gap.Outbox[1:]
	forged := accept("a", "FORGED")
	forged.Messages[1].SHA256 = digest([]byte("other bytes"))
	old := receipt("unmatched", nil, now)
	b.commit(t, lost)
	b.commit(t, gap)
	b.commit(t, forged)
	b.commit(t, store.Change{Receipts: []store.Receipt{old}})
	more := accept("a", "MORE")
	more.Insert.Attempt = 2 // one message short
	b.commit(t, more)
	findings, err := b.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range findings {
		found[f.Code] = f.Subject
	}
	for code, subject := range map[string]string{"ledger": "difference 1", "message-without-outbox": lost.Messages[1].ID,
		"outbox-without-message": gap.Outbox[0].ID, "sequence-gap": "customs GAP", "message-digest": forged.Messages[1].ID,
		"receipt-old": old.ID, "attempt-without-message": "a/" + more.Insert.ID} {
		if found[code] != subject {
			t.Errorf("doctor says %q about %s, want %q", found[code], code, subject)
		}
	}
	if len(findings) != 7 {
		t.Errorf("doctor finds %d things, want 7: %v", len(findings), findings)
	}
}

func ready(t *testing.T, b *bundle) {
	if err := b.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
	empty := &bundle{url: b.fresh(t)}
	wantErr(t, "without a schema", empty.open(t, store.Options{}).Ready(t.Context()), store.ErrUnavailable)
}

func auditLog(t *testing.T, b *bundle) {
	two := b.open(t, store.Options{})
	for i, err := range together(120, func(i int) error {
		s := b.Store
		if i%2 == 0 {
			s = two
		}
		for range 5 {
			if err := s.Commit(t.Context(), store.Change{Audit: []store.AuditEntry{{At: now, Actor: "a", Action: "x"}, {At: now, Actor: "b", Action: "y"}}}); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	r, err := b.AuditVerify(t.Context(), nil)
	if err != nil || r.Rows != 1200 || len(r.Problems) > 0 || r.Lanes < 2 {
		t.Errorf("report %+v, %v, want 1200 rows on at least 2 lanes", r, err)
	}
	again, err := b.AuditVerify(t.Context(), nil)
	if err != nil || again.Anchor != r.Anchor || len(r.Anchor) != 64 {
		t.Errorf("anchor %q and %q, %v", r.Anchor, again.Anchor, err)
	}
}

func migrateTogether(t *testing.T, b *bundle) {
	empty := &bundle{url: b.fresh(t)}
	stores := make([]*store.Store, 4)
	for i := range stores {
		stores[i] = empty.open(t, store.Options{})
	}
	if v, _, err := stores[0].SchemaVersion(t.Context()); err != nil || v != 0 {
		t.Errorf("version of an empty database %d, %v", v, err)
	}
	for i, err := range together(len(stores), func(i int) error { return stores[i].Migrate(t.Context()) }) {
		if err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	v, newest, err := stores[0].SchemaVersion(t.Context())
	if err != nil || v != newest || v == 0 {
		t.Errorf("version %d of %d, %v", v, newest, err)
	}
	if err := stores[3].Commit(t.Context(), accept("a", "R1")); err != nil {
		t.Errorf("commit after migration: %v", err)
	}
	wantSound(t, stores[0])
}

// load commits until stop, and says what was accepted.
func (b *bundle) load(t *testing.T, n int) (stop func() (accepted []string)) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var mu sync.Mutex
	var ids []string
	for range n {
		wg.Go(func() {
			for ctx.Err() == nil {
				c := accept("a", ID())
				err := b.Commit(ctx, c)
				switch {
				case err == nil:
					mu.Lock()
					ids = append(ids, c.Insert.ID)
					mu.Unlock()
				case !errors.Is(err, context.Canceled):
					t.Errorf("commit under load: %v", err)
					return
				}
			}
		})
	}
	return func() []string {
		cancel()
		wg.Wait()
		return ids
	}
}

func backupUnderLoad(t *testing.T, b *bundle) {
	before := accept("a", "BEFORE")
	before.Messages[1].Body = []byte{0, 0xff, '\n', '"'}
	before.Messages[1].SHA256 = digest(before.Messages[1].Body)
	b.commit(t, before)
	b.commit(t, store.Change{Insert: &store.Declaration{Tenant: "a", ID: ID(), OwnState: "draft", Status: "draft"}})
	leases := b.lease(t, b.Store, "p1", time.Minute)
	if n := len(claim(t, b.Store, leases)); n != 1 {
		t.Fatalf("claimed %d", n)
	}
	stop := b.load(t, 8)
	eventually(t, "some load", func() bool { l, err := b.Ledger(t.Context()); return err == nil && l.Accepted > 50 })
	var file bytes.Buffer
	var last, total int64
	err := b.Backup(t.Context(), &file, func(d, n int64) { last, total = d, n })
	accepted := stop()
	if err != nil || last != total || total == 0 {
		t.Fatalf("backup: %v, %d of %d rows", err, last, total)
	}
	into := setup(t, b.fresh)
	if err := into.Restore(t.Context(), bytes.NewReader(file.Bytes()), nil); err != nil {
		t.Fatalf("restore: %v", err)
	}
	wantSound(t, into.Store)
	l, err := into.Ledger(t.Context())
	if err != nil || l.Sending != 0 || l.Accepted < 50 || l.Accepted > int64(len(accepted))+1 {
		t.Errorf("restored ledger %+v, %v, accepted %d", l, err, len(accepted))
	}
	m, err := into.Message(t.Context(), "a", before.Messages[1].ID)
	if err != nil || !bytes.Equal(m.Body, before.Messages[1].Body) {
		t.Errorf("restored bytes %q, %v", m.Body, err)
	}
	wantErr(t, "restore into a full database", into.Restore(t.Context(), &file, nil), store.ErrNotEmpty)
	into.commit(t, accept("a", "AFTER")) // the writer goes on in the restored chains
	again := into.lease(t, into.Store, "p1", time.Minute)
	if again[0].Epoch <= leases[0].Epoch {
		t.Errorf("epoch %d after a restore, want more than %d", again[0].Epoch, leases[0].Epoch)
	}
	wantSound(t, into.Store)
}

func damagedBackup(t *testing.T, b *bundle) {
	b.commit(t, accept("a", "R1"))
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	into := setup(t, b.fresh)
	half := file.Bytes()[:file.Len()/2]
	for name, damaged := range map[string][]byte{"cut in half": half, "no backup": []byte("PK\x03\x04"), "empty": nil} {
		wantErr(t, name, into.Restore(t.Context(), bytes.NewReader(damaged), nil), store.ErrBackup)
	}
	if l, err := into.Ledger(t.Context()); err != nil || l.Accepted != 0 {
		t.Errorf("after damaged backups: %+v, %v, want an empty database", l, err)
	}
	if err := into.Restore(t.Context(), &file, nil); err != nil {
		t.Errorf("whole backup after damaged ones: %v", err)
	}
}

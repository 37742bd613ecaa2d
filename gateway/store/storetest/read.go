package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

func pages(t *testing.T, b *bundle) {
	var want []string
	for i := range 7 {
		c := accept("a", number("R", i))
		b.commit(t, c)
		want = append([]string{c.Insert.ID}, want...)
	}
	var got []string
	cursor := ""
	for n := 1; ; n++ {
		rows, next, err := b.Declarations(t.Context(), "a", store.Filter{Limit: 3, Cursor: cursor, Status: "queued"})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			got = append(got, r.ID)
			if len(r.Document) > 0 {
				t.Error("a list carries documents")
			}
		}
		if cursor = next; cursor == "" {
			if n != 3 {
				t.Errorf("%d pages, want 3", n)
			}
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	rows, _, err := b.Declarations(t.Context(), "a", store.Filter{Reference: "R000003"})
	if err != nil || len(rows) != 1 || rows[0].ID != want[3] {
		t.Errorf("by reference: %+v, %v", rows, err)
	}
	_, _, err = b.Declarations(t.Context(), "a", store.Filter{Cursor: "§"})
	wantErr(t, "a cursor that is none", err, store.ErrInvalid)
}

func blind(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	b.commit(t, c)
	id := c.Insert.ID
	for name, read := range map[string]func(tenant string) (int, error){
		"declaration":  func(x string) (int, error) { _, err := b.Declaration(t.Context(), x, id); return 0, err },
		"by reference": func(x string) (int, error) { _, err := b.DeclarationByReference(t.Context(), x, "R1"); return 0, err },
		"message":      func(x string) (int, error) { _, err := b.Message(t.Context(), x, c.Messages[0].ID); return 0, err },
		"message body": func(x string) (int, error) { _, err := b.MessageBody(t.Context(), x, id, 1); return 0, err },
		"idempotency": func(x string) (int, error) {
			_, err := b.IdempotencyRow(t.Context(), x, c.Idempotency.Key)
			return 0, err
		},
	} {
		if _, err := read("a"); err != nil {
			t.Errorf("own %s: %v", name, err)
		}
		_, err := read("b")
		wantErr(t, "foreign "+name, err, store.ErrNotFound)
	}
	for tenant, want := range map[string]int{"a": 1, "b": 0} {
		rows, _, err := b.Declarations(t.Context(), tenant, store.Filter{})
		events, err2 := b.Events(t.Context(), tenant, id)
		feed, err3 := b.EventsSince(t.Context(), tenant, "", 0)
		if len(rows) != want || len(events) != want || len(feed) != want || err != nil || err2 != nil || err3 != nil {
			t.Errorf("tenant %s sees %d rows, %d events, %d in the feed, want %d each (%v %v %v)", tenant, len(rows), len(events), len(feed), want, err, err2, err3)
		}
	}
}

func receipt(state string, c *store.Change, at int64) store.Receipt {
	r := store.Receipt{ID: ID(), Identity: ID(), State: state, Source: "customs", Body: []byte("receipt"), SHA256: digest([]byte("receipt")),
		SequenceNumber: "S-" + ID(), HeardAt: at, Copies: 1}
	if state == "matched" {
		r.Tenant, r.DeclarationID, r.MatchedAt = c.Insert.Tenant, c.Insert.ID, at
	}
	return r
}

func messageOrder(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	b.commit(t, c)
	late, matched := receipt("unmatched", nil, now+5), receipt("matched", &c, now+10)
	b.commit(t, store.Change{Receipts: []store.Receipt{late, matched}})
	b.commit(t, store.Change{Matched: []store.Match{{ReceiptID: late.ID, Tenant: "a", DeclarationID: c.Insert.ID, At: now + 20}}})
	want := []string{c.Messages[0].ID, c.Messages[1].ID, matched.ID, late.ID}
	all, err := b.Messages(t.Context(), "a", c.Insert.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, m := range all {
		got = append(got, m.ID)
		full, err := b.MessageBody(t.Context(), "a", c.Insert.ID, i+1)
		if err != nil || full.ID != m.ID || digest(full.Body) != m.SHA256 || len(m.Body) > 0 {
			t.Errorf("body %d: %+v, %v", i+1, full, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	for _, n := range []int{0, 5, -1} {
		_, err := b.MessageBody(t.Context(), "a", c.Insert.ID, n)
		wantErr(t, "a number that is not there", err, store.ErrNotFound)
	}
}

func receipts(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	b.commit(t, c)
	r := receipt("unmatched", nil, now)
	r.ClientReference = "R1"
	b.commit(t, store.Change{Receipts: []store.Receipt{r}})
	again := r
	again.ID = ID()
	wantConflict(t, "second copy", b.Commit(t.Context(), store.Change{Receipts: []store.Receipt{again}}), "receipt")
	for range 3 {
		b.commit(t, store.Change{Copies: []string{r.Identity}})
	}
	wantErr(t, "copy of nothing", b.Commit(t.Context(), store.Change{Copies: []string{"unheard"}}), store.ErrNotFound)
	for _, f := range []store.UnmatchedFilter{{}, {SequenceNumber: r.SequenceNumber}, {ClientReference: "R1", MessageID: "other"}} {
		rows, err := b.UnmatchedReceipts(t.Context(), f)
		if err != nil || len(rows) != 1 || rows[0].Copies != 4 || string(rows[0].Body) != "receipt" {
			t.Errorf("unmatched by %+v: %+v, %v", f, rows, err)
		}
	}
	if rows, err := b.UnmatchedReceipts(t.Context(), store.UnmatchedFilter{MessageID: "other"}); err != nil || len(rows) != 0 {
		t.Errorf("unmatched by another number: %+v, %v", rows, err)
	}
	m := store.Change{Matched: []store.Match{{ReceiptID: r.ID, Tenant: "a", DeclarationID: c.Insert.ID, At: now + 1}}}
	b.commit(t, m)
	wantConflict(t, "second match", b.Commit(t.Context(), m), "receipt")
	got, err := b.ReceiptByIdentity(t.Context(), r.Identity)
	if err != nil || got.State != "matched" || got.DeclarationID != c.Insert.ID {
		t.Errorf("matched receipt %+v, %v", got, err)
	}
	rows, err := b.Receipts(t.Context(), store.ReceiptFilter{State: "matched"})
	if err != nil || len(rows) != 1 {
		t.Errorf("operators' list %+v, %v", rows, err)
	}
	_, err = b.ReceiptByIdentity(t.Context(), "unheard")
	wantErr(t, "unheard receipt", err, store.ErrNotFound)
}

func finders(t *testing.T, b *bundle) {
	one, two, draft := accept("a", "SAME"), accept("b", "SAME"), accept("c", "SAME")
	one.Insert.EntryNumber = "E1"
	draft.Insert.Attempt, draft.Insert.OwnState = 0, "draft"
	draft.Outbox, draft.Messages = nil, nil
	one.Sequences = []store.SequenceNumber{{SeqNo: "S1", Tenant: "a", DeclarationID: one.Insert.ID, Attempt: 1}}
	for _, c := range []store.Change{one, two, draft} {
		b.commit(t, c)
	}
	same := one.Sequences[0]
	same.Attempt = 2
	b.commit(t, store.Change{Sequences: []store.SequenceNumber{same}})
	other := store.SequenceNumber{SeqNo: "S1", Tenant: "b", DeclarationID: two.Insert.ID, Attempt: 1}
	wantConflict(t, "number of another declaration", b.Commit(t.Context(), store.Change{Sequences: []store.SequenceNumber{other}}), "sequence")
	want := store.Ref{Tenant: "a", DeclarationID: one.Insert.ID, Attempt: 1}
	for name, find := range map[string]func() (store.Ref, error){
		"message id":      func() (store.Ref, error) { return b.FindByMessageID(t.Context(), one.Messages[1].ID) },
		"sequence number": func() (store.Ref, error) { return b.FindBySequence(t.Context(), "S1") },
		"entry number":    func() (store.Ref, error) { return b.FindByEntryNumber(t.Context(), "E1") },
	} {
		got, err := find()
		if err != nil || got != want {
			t.Errorf("by %s: %+v, %v, want %+v", name, got, err, want)
		}
	}
	_, err := b.FindByMessageID(t.Context(), one.Messages[0].ID)
	wantErr(t, "by the id of an incoming message", err, store.ErrNotFound)
	_, err = b.FindByEntryNumber(t.Context(), "")
	wantErr(t, "by no entry number", err, store.ErrNotFound)
	refs, err := b.FindByReference(t.Context(), "SAME")
	if diff := cmp.Diff([]store.Ref{want, {Tenant: "b", DeclarationID: two.Insert.ID, Attempt: 1}}, refs); diff != "" || err != nil {
		t.Errorf("by reference, %v (-want +got):\n%s", err, diff)
	}
}

func partners(t *testing.T, b *bundle) {
	p := store.Partner{ID: ID(), Name: "大连货代", Role: "forwarder", CreatedAt: now}
	k := store.Key{ID: ID(), Hash: digest([]byte("k")), PartnerID: p.ID, CreatedAt: now}
	b.commit(t, store.Change{Partner: &p, Key: &k})
	wantConflict(t, "partner twice", b.Commit(t.Context(), store.Change{Partner: &p}), "partner")
	twin := k
	twin.ID = ID()
	wantConflict(t, "key twice", b.Commit(t.Context(), store.Change{Key: &twin}), "key")
	k.RevokedAt = now + 1
	b.commit(t, store.Change{Revoke: &k})
	wantErr(t, "revoked twice", b.Commit(t.Context(), store.Change{Revoke: &k}), store.ErrNotFound)
	gotP, gotK, err := b.PartnerByKey(t.Context(), k.Hash)
	if err != nil || gotP != p || gotK != k {
		t.Errorf("by key: %+v %+v, %v", gotP, gotK, err)
	}
	_, _, err = b.PartnerByKey(t.Context(), "none")
	wantErr(t, "unknown key", err, store.ErrNotFound)
	keys, err := b.Keys(t.Context(), p.ID)
	if err != nil || len(keys) != 1 || keys[0] != k {
		t.Errorf("keys %+v, %v", keys, err)
	}
	all, err := b.Partners(t.Context())
	if err != nil || len(all) != 1 || all[0] != p {
		t.Errorf("partners %+v, %v", all, err)
	}
}

func inboxFiles(t *testing.T, b *bundle) {
	f := store.InboxFile{Channel: "drop", SHA256: digest(nil), Name: "a.xml", State: "retry", Tries: 1, NextAt: now, At: now}
	b.commit(t, store.Change{Inbox: []store.InboxFile{f}})
	f.State, f.Tries, f.NextAt, f.Reason = "matched", 2, 0, "second look"
	b.commit(t, store.Change{Inbox: []store.InboxFile{f}})
	got, err := b.InboxFile(t.Context(), "drop", f.SHA256)
	if err != nil || got != f {
		t.Errorf("file %+v, %v, want %+v", got, err, f)
	}
	_, err = b.InboxFile(t.Context(), "other", f.SHA256)
	wantErr(t, "another channel", err, store.ErrNotFound)
}

package storetest

import (
	"bytes"
	"slices"
	"testing"

	"kouan/gateway/store"
)

// changed is an update of a declaration to another document, with its version.
func changed(d *store.Declaration, number int, document string) store.Change {
	next := *d
	next.Document, next.Faults, next.ContentSHA = []byte(document), []byte("[]"), digest([]byte(document))
	return store.Change{Update: &next, Versions: []store.Version{{Tenant: d.Tenant, DeclarationID: d.ID, Number: number, Kind: "edit",
		Actor: d.Tenant, At: now, SHA: next.ContentSHA}}}
}

func first(c store.Change) store.Change {
	c.Versions = []store.Version{{Tenant: c.Insert.Tenant, DeclarationID: c.Insert.ID, Number: 1, Kind: "submission",
		Actor: c.Insert.Tenant, At: now, SHA: c.Insert.ContentSHA, Message: c.Messages[0].ID}}
	return c
}

func (b *bundle) declaration(t *testing.T, tenant, id string) *store.Declaration {
	t.Helper()
	d, err := b.Declaration(t.Context(), tenant, id)
	if err != nil {
		t.Fatalf("read declaration: %v", err)
	}
	return &d
}

// eachVersion: what a declaration said at every version can be read, also
// what it said twice, and a document before the first version is kept.
func eachVersion(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	b.commit(t, c)
	id := c.Insert.ID
	for n, document := range []string{"two", "three", "two"} {
		b.commit(t, changed(b.declaration(t, "a", id), n+2, document))
	}
	all, err := b.Versions(t.Context(), "a", id)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d versions, %v, want 4", len(all), err)
	}
	for i, want := range []string{"document of R1", "two", "three", "two"} {
		got, err := b.VersionDocument(t.Context(), "a", id, all[i].SHA)
		if err != nil || string(got) != want || all[i].Number != i+1 {
			t.Errorf("version %d is number %d, %q, %v, want %q", i+1, all[i].Number, got, err, want)
		}
	}
	if all[0].Message != c.Messages[0].ID || all[0].Kind != "submission" || all[0].Actor != "a" {
		t.Errorf("first version %+v", all[0])
	}
	if _, err := b.VersionDocument(t.Context(), "b", id, all[0].SHA); err == nil {
		t.Error("another tenant reads a document")
	}
	if others, err := b.Versions(t.Context(), "b", id); err != nil || len(others) > 0 {
		t.Errorf("another tenant sees %v, %v", others, err)
	}
	old := accept("a", "R2") // from before there were versions
	b.commit(t, old)
	sha := old.Insert.ContentSHA
	b.commit(t, changed(b.declaration(t, "a", old.Insert.ID), 1, "new"))
	if got, err := b.VersionDocument(t.Context(), "a", old.Insert.ID, sha); err != nil || string(got) != "document of R2" {
		t.Errorf("document without a version: %q, %v", got, err)
	}
	wantSound(t, b.Store)
}

// oneWriter: of many who write the next version one wins, the others are told
// to look again, and nothing of theirs is kept.
func oneWriter(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	b.commit(t, c)
	read := b.declaration(t, "a", c.Insert.ID)
	won := 0
	for _, err := range together(16, func(i int) error {
		return b.Commit(t.Context(), changed(read, 2, number("document", i)))
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "version"):
			t.Errorf("%v, want conflict on version", err)
		}
	}
	all, err := b.Versions(t.Context(), "a", c.Insert.ID)
	if err != nil || won != 1 || len(all) != 2 {
		t.Errorf("%d won, %d versions, %v", won, len(all), err)
	}
	wantSound(t, b.Store)
}

func asked(d *store.Declaration, kind, document string) store.Change {
	q := &store.Request{Tenant: d.Tenant, DeclarationID: d.ID, ID: ID(), Kind: kind, State: "requested", Base: 1, Reason: "typing error",
		Evidence: []byte(`["INV-1"]`), Changes: []byte(`[]`), Actor: d.Tenant, At: now}
	if document != "" {
		q.Document, q.SHA = []byte(document), digest([]byte(document))
	}
	next := *d
	next.Document = nil
	return store.Change{Update: &next, Request: q}
}

// requests: one is open at a time, it is settled once, and the document that
// it asks for is kept whatever becomes of it.
func requests(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	b.commit(t, c)
	id := c.Insert.ID
	won := 0
	for _, err := range together(8, func(i int) error {
		q := asked(&store.Declaration{Tenant: "a", ID: id}, "amendment", number("asked", i))
		q.Update = nil // the key alone must do
		return b.Commit(t.Context(), q)
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "request"):
			t.Errorf("%v, want conflict on request", err)
		}
	}
	q, err := b.OpenRequest(t.Context(), "a", id)
	if err != nil || won != 1 || q.State != "requested" || q.Base != 1 || string(q.Evidence) != `["INV-1"]` {
		t.Fatalf("%d won, %+v, %v", won, q, err)
	}
	if got, err := b.VersionDocument(t.Context(), "a", id, q.SHA); err != nil || !bytes.HasPrefix(got, []byte("asked")) {
		t.Errorf("document asked for %q, %v", got, err)
	}
	if open, err := b.OpenRequests(t.Context(), "", 10); err != nil || len(open) != 1 || open[0].ID != q.ID {
		t.Errorf("open %+v, %v", open, err)
	}
	end := store.Settlement{Tenant: "a", DeclarationID: id, RequestID: q.ID, State: "refused", By: "customs", At: now + 5, Text: "no"}
	foreign := end
	foreign.Tenant = "b"
	wantConflict(t, "another tenant's request", b.Commit(t.Context(), store.Change{Settle: &foreign}), "request")
	b.commit(t, store.Change{Settle: &end})
	wantConflict(t, "settled twice", b.Commit(t.Context(), store.Change{Settle: &end}), "request")
	settled, err := b.RequestByID(t.Context(), q.ID)
	if err != nil || settled.State != "refused" || settled.Decision != "no" || settled.DecidedAt != now+5 || settled.Open() {
		t.Errorf("settled %+v, %v", settled, err)
	}
	if _, err := b.OpenRequest(t.Context(), "a", id); err == nil {
		t.Error("a settled request is open")
	}
	b.commit(t, asked(b.declaration(t, "a", id), "cancellation", "")) // the next one may be asked
	all, err := b.Requests(t.Context(), "a", id)
	if err != nil || len(all) != 2 || all[1].Kind != "cancellation" {
		t.Errorf("requests %+v, %v", all, err)
	}
	wantSound(t, b.Store)
}

// requestLeaves: the delivery of the message that carries a request moves it to sent.
func requestLeaves(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	c.Insert.OwnState, c.Insert.Status = "sent", "accepted"
	b.commit(t, c)
	q := asked(b.declaration(t, "a", c.Insert.ID), "amendment", "asked")
	q.Request.Message = c.Messages[1].ID
	b.commit(t, q)
	b.commit(t, store.Change{Sent: &store.Sent{Tenant: "a", DeclarationID: c.Insert.ID, Attempt: 1, At: now, Message: c.Messages[1].ID}})
	got, err := b.RequestByID(t.Context(), q.Request.ID)
	if err != nil || got.State != "sent" || !got.Open() {
		t.Errorf("request %+v, %v", got, err)
	}
}

// versionsRestored: versions, their documents and requests go through a backup.
func versionsRestored(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	b.commit(t, c)
	b.commit(t, changed(b.declaration(t, "a", c.Insert.ID), 2, "two"))
	b.commit(t, asked(b.declaration(t, "a", c.Insert.ID), "amendment", "asked"))
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatalf("backup: %v", err)
	}
	other := setup(t, b.fresh)
	if err := other.Restore(t.Context(), &file, nil); err != nil {
		t.Fatalf("restore: %v", err)
	}
	for _, s := range []*store.Store{b.Store, other.Store} {
		all, err := s.Versions(t.Context(), "a", c.Insert.ID)
		if err != nil || len(all) != 2 {
			t.Fatalf("versions %v, %v", all, err)
		}
		q, err := s.OpenRequest(t.Context(), "a", c.Insert.ID)
		if err != nil {
			t.Fatalf("open request: %v", err)
		}
		for _, sha := range []string{all[0].SHA, all[1].SHA, q.SHA} {
			if _, err := s.VersionDocument(t.Context(), "a", c.Insert.ID, sha); err != nil {
				t.Errorf("document: %v", err)
			}
		}
	}
	wantSound(t, other.Store)
}

// doctorSeesVersions keeps the doctor honest about what is new here.
func doctorSeesVersions(t *testing.T, b *bundle) {
	c := first(accept("a", "R1"))
	b.commit(t, c)
	lost := changed(b.declaration(t, "a", c.Insert.ID), 3, "two") // number 2 is missing
	lost.Update.ContentSHA = digest([]byte("other"))              // and the bytes are not those
	b.commit(t, lost)
	findings, err := b.DoctorAll(t.Context(), nil)
	if err != nil {
		t.Fatalf("doctor: %v", err)
	}
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	for _, want := range []string{"version-gap", "version-without-document", "document-digest"} {
		if !slices.Contains(codes, want) {
			t.Errorf("doctor does not find %s: %v", want, codes)
		}
	}
}

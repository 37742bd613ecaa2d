package storetest

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

func complaint(number, secret string) *store.FeeComplaint {
	return &store.FeeComplaint{ID: ID(), Number: number, SecretHash: digest([]byte(secret)), State: "received", Collector: "pilot station", Kind: "overcharge",
		Item: "PILOTAGE", Document: []byte(`{"kind":"overcharge"}`), Contact: []byte("sealed"), Lang: "ru", CreatedAt: now, DueAt: now + 1000, UpdatedAt: now}
}

func submitted(c *store.FeeComplaint) store.FeeComplaintEvent {
	return store.FeeComplaintEvent{ComplaintID: c.ID, Number: 1, Act: "submit", Actor: "complainant", At: now, Text: "引航费太高", DueAt: now + 1000}
}

// complaints: one is found by its secret and by its number, by the body that
// it is about and by no other, with everything that came with it.
func complaints(t *testing.T, b *bundle) {
	c := complaint("C1", "s1")
	c.Files = 1
	big := bytes.Repeat([]byte("%PDF"), 600_000) // three parts
	file := store.FeeComplaintFile{ComplaintID: c.ID, Number: 1, Name: "账单.pdf", Kind: "application/pdf", SHA256: digest(big), Event: 1, At: now, Body: big}
	b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Complaint: c, Events: []store.FeeComplaintEvent{submitted(c)}, Files: []store.FeeComplaintFile{file}}})
	want := *c
	want.Version = 1
	bySecret, err := b.FeeComplaintBySecret(t.Context(), c.SecretHash)
	if diff := cmp.Diff(want, bySecret); err != nil || diff != "" {
		t.Errorf("by secret: %v (-want +got):\n%s", err, diff)
	}
	for _, asker := range []string{"", "pilot station"} {
		if got, err := b.FeeComplaintByNumber(t.Context(), "C1", asker); err != nil || got.ID != c.ID {
			t.Errorf("by number as %q: %+v, %v", asker, got, err)
		}
	}
	_, err = b.FeeComplaintByNumber(t.Context(), "C1", "terminal")
	wantErr(t, "another body", err, store.ErrNotFound)
	_, err = b.FeeComplaintBySecret(t.Context(), digest([]byte("guess")))
	wantErr(t, "a guess", err, store.ErrNotFound)
	_, err = b.FeeComplaintBySecret(t.Context(), "C1")
	wantErr(t, "the number as a secret", err, store.ErrNotFound)

	got, err := b.FeeComplaintFile(t.Context(), c.ID, 1)
	if err != nil || !bytes.Equal(got.Body, big) || got.Size != int64(len(big)) || got.Name != "账单.pdf" {
		t.Errorf("file %s of %d bytes, %v", got.Name, len(got.Body), err)
	}
	_, err = b.FeeComplaintFile(t.Context(), c.ID, 2)
	wantErr(t, "no such file", err, store.ErrNotFound)
	events, err := b.FeeComplaintEvents(t.Context(), c.ID)
	if diff := cmp.Diff([]store.FeeComplaintEvent{submitted(c)}, events); err != nil || diff != "" {
		t.Errorf("events: %v (-want +got):\n%s", err, diff)
	}

	twin := complaint("C1", "s2")
	wantConflict(t, "the number twice", b.Commit(t.Context(), store.Change{Complaint: &store.FeeComplaintChange{Complaint: twin}}), "fee_complaint")
	twin = complaint("C2", "s1")
	wantConflict(t, "the secret twice", b.Commit(t.Context(), store.Change{Complaint: &store.FeeComplaintChange{Complaint: twin}}), "fee_complaint")
	bad := complaint("C3", "s3")
	bad.State = "approved"
	wantErr(t, "no state", b.Commit(t.Context(), store.Change{Complaint: &store.FeeComplaintChange{Complaint: bad}}), store.ErrInvalid)
}

// complaintRace: of many who act on one version of a complaint one wins, and
// leaves one event.
func complaintRace(t *testing.T, b *bundle) {
	c := complaint("C1", "s1")
	b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Complaint: c, Events: []store.FeeComplaintEvent{submitted(c)}}})
	read, err := b.FeeComplaintByNumber(t.Context(), "C1", "")
	if err != nil {
		t.Fatal(err)
	}
	won := 0
	for _, err := range together(16, func(int) error {
		next := read
		next.State, next.ForwardedAt = "forwarded", now+1
		return b.Commit(t.Context(), store.Change{Complaint: &store.FeeComplaintChange{Complaint: &next, Events: []store.FeeComplaintEvent{
			{ComplaintID: c.ID, Number: 2, Act: "forward", Actor: "authority", Who: "u", At: now + 1, Collector: "pilot station"}}}})
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "fee_complaint"):
			t.Errorf("%v, want conflict on fee_complaint", err)
		}
	}
	events, err := b.FeeComplaintEvents(t.Context(), c.ID)
	if err != nil || won != 1 || len(events) != 2 {
		t.Errorf("%d won, %d events, %v", won, len(events), err)
	}
}

// complaintLists: the most urgent first, what has no limit last.
func complaintLists(t *testing.T, b *bundle) {
	for i, c := range []struct {
		number, state, collector string
		due, closed              int64
	}{
		{"late", "received", "", now - 10, 0}, {"soon", "forwarded", "pilot station", now + 10, 0}, {"later", "forwarded", "terminal", now + 20, 0},
		{"open end", "answered", "terminal", 0, 0}, {"over", "closed", "terminal", 0, now},
	} {
		row := complaint(c.number, c.number)
		if c.number == "soon" {
			row.ForwardedAt = now
		}
		row.State, row.Collector, row.DueAt, row.ClosedAt, row.CreatedAt = c.state, c.collector, c.due, c.closed, now+int64(i)
		b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Complaint: row}})
	}
	for _, c := range []struct {
		name   string
		filter store.FeeComplaintFilter
		want   []string
	}{
		{"all open", store.FeeComplaintFilter{}, []string{"late", "soon", "later", "open end"}},
		{"of a body", store.FeeComplaintFilter{Collector: "terminal"}, []string{"later", "open end"}},
		{"in a state", store.FeeComplaintFilter{State: "forwarded"}, []string{"soon", "later"}},
		{"overdue", store.FeeComplaintFilter{Late: now}, []string{"late"}},
		{"passed on", store.FeeComplaintFilter{Forwarded: true}, []string{"soon"}},
		{"closed", store.FeeComplaintFilter{State: "closed"}, []string{"over"}},
		{"bounded", store.FeeComplaintFilter{Limit: 1}, []string{"late"}},
	} {
		rows, err := b.FeeComplaints(t.Context(), c.filter)
		var got []string
		for i := range rows {
			got = append(got, rows[i].Number)
			if len(rows[i].Document)+len(rows[i].Contact) > 0 || rows[i].SecretHash != "" {
				t.Errorf("%s: a list carries what only the complaint itself shows", c.name)
			}
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
	counts, err := b.FeeComplaintCounts(t.Context(), store.FeeComplaintFilter{Collector: "terminal"})
	if err != nil || len(counts) != 3 {
		t.Errorf("counts %+v, %v", counts, err)
	}
	entries, err := b.FeeComplaintEntries(t.Context(), now+2)
	if err != nil || len(entries) != 3 {
		t.Errorf("%d entries since the third, %v", len(entries), err)
	}
	limit := store.FeeLimit{Name: "terminal", Days: 7, Unit: "working", Source: "公告", SetBy: "operator", UpdatedAt: now}
	b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Limits: []store.FeeLimit{limit}}})
	limit.Days = 5
	b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Limits: []store.FeeLimit{limit}}})
	limits, err := b.FeeLimits(t.Context())
	if diff := cmp.Diff([]store.FeeLimit{limit}, limits); err != nil || diff != "" {
		t.Errorf("limits: %v (-want +got):\n%s", err, diff)
	}
}

// complaintsRestored: complaints, people and tries come back from a backup.
func complaintsRestored(t *testing.T, b *bundle) {
	c := complaint("C1", "s1")
	c.Files = 1
	u := person("wang")
	body := bytes.Repeat([]byte("x"), 1<<20+1)
	b.commit(t, store.Change{Complaint: &store.FeeComplaintChange{Complaint: c, Events: []store.FeeComplaintEvent{submitted(c)},
		Files:  []store.FeeComplaintFile{{ComplaintID: c.ID, Number: 1, Name: "a.pdf", Kind: "application/pdf", SHA256: digest(body), Event: 1, At: now, Body: body}},
		Limits: []store.FeeLimit{{Name: "*answer", Days: 10, Unit: "calendar", UpdatedAt: now}}},
		People:    &store.UserChange{User: u, Sessions: []store.UserSession{{Hash: "h", UserID: u.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now + 1}}, Links: []store.UserLink{{Hash: "l", UserID: u.ID, ExpiresAt: now + 1, CreatedAt: now}}},
		Throttles: []store.Throttle{{Name: "t", At: now, Window: 1000, Most: 5}}})
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	other := setup(t, b.fresh)
	if err := other.Restore(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	got, err := other.FeeComplaintFile(t.Context(), c.ID, 1)
	if err != nil || !bytes.Equal(got.Body, body) {
		t.Errorf("file of %d bytes, %v", len(got.Body), err)
	}
	if one, err := other.FeeComplaintBySecret(t.Context(), c.SecretHash); err != nil || string(one.Contact) != "sealed" {
		t.Errorf("complaint %+v, %v", one, err)
	}
	if one, err := other.UserByName(t.Context(), "wang"); err != nil || one.Password != u.Password {
		t.Errorf("user %+v, %v", one, err)
	}
	if until, err := other.ThrottledUntil(t.Context(), "t"); err != nil || until != now+1000 {
		t.Errorf("tries until %d, %v", until, err)
	}
}

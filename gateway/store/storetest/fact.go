package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kouan/gateway/store"
)

func fact(reference, subject string) store.Fact {
	return store.Fact{ID: ID(), Identity: "carrier|r|" + reference, State: "unmatched", Reason: "unknown", Kind: "ship_arrival", Subject: subject,
		Source: "carrier", Role: "carrier", Reference: reference, DocumentSHA: digest([]byte("facts")), ContentSHA: digest([]byte(reference)),
		Content: `{"kind":"ship_arrival"}`, At: now, HeardAt: now}
}

// heard is the change that keeps a fact with the bytes that it came in.
func heard(f store.Fact) store.Change {
	return store.Change{Facts: []store.Fact{f}, FactDocuments: []store.FactDocument{
		{SHA256: f.DocumentSHA, ContentType: "application/json", Source: f.Source, Body: []byte("facts"), At: now}}}
}

// joined joins a fact to the declaration of an acceptance.
func joined(f *store.Fact, c *store.Change) store.Change {
	return store.Change{
		FactLinks:  []store.FactLink{{FactID: f.ID, Tenant: c.Insert.Tenant, DeclarationID: c.Insert.ID, At: now}},
		FactStates: []store.FactState{{ID: f.ID, State: "matched"}},
		Events: []store.Event{{Tenant: c.Insert.Tenant, DeclarationID: c.Insert.ID, ID: ID(), Identity: "fact/" + f.ID, Kind: "fact_" + f.Kind,
			At: now, HeardAt: now, Source: f.Source, Status: "queued"}},
	}
}

func facts(t *testing.T, b *bundle) {
	f := fact("S1", "voyage:026E")
	b.commit(t, heard(f))
	twin := f
	twin.ID = ID()
	wantConflict(t, "the same report twice", b.Commit(t.Context(), heard(twin)), "fact")
	other := fact("S2", "voyage:027E")
	b.commit(t, heard(other)) // the same bytes may bring many facts
	got, err := b.FactByIdentity(t.Context(), f.Identity)
	if diff := cmp.Diff(f, got); diff != "" || err != nil {
		t.Errorf("fact, %v (-want +got):\n%s", err, diff)
	}
	doc, err := b.FactDocument(t.Context(), f.DocumentSHA)
	if err != nil || string(doc.Body) != "facts" {
		t.Errorf("document %+v, %v", doc, err)
	}
	_, err = b.Fact(t.Context(), "terminal", f.ID)
	wantErr(t, "another's fact", err, store.ErrNotFound)
	numbers := []string{"bill:X", "box:A", "box:B", "box:C", "box:D", "box:E", "box:F", "box:G", "voyage:026E", "voyage:027E"} // more than one statement asks for
	found, err := b.FactsBySubject(t.Context(), numbers...)
	if err != nil || len(found) != 2 || found[0].ID != f.ID {
		t.Errorf("by numbers: %+v, %v", found, err)
	}
	for i := range 70 { // and more than one statement of many
		numbers = append(numbers, fmt.Sprintf("box:%d", i))
	}
	for _, asked := range [][]string{numbers, numbers[len(numbers)-62:], {"voyage:027E", "voyage:026E"}} {
		known, err := b.KnownSubjects(t.Context(), asked...)
		slices.Sort(known)
		want := slices.DeleteFunc([]string{"voyage:026E", "voyage:027E"}, func(s string) bool { return !slices.Contains(asked, s) })
		if diff := cmp.Diff(want, known, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("known of %d numbers, %v (-want +got):\n%s", len(asked), err, diff)
		}
	}
	if none, err := b.FactsBySubject(t.Context()); err != nil || len(none) != 0 {
		t.Errorf("by no number: %+v, %v", none, err)
	}
	b.commit(t, store.Change{FactStates: []store.FactState{{ID: f.ID, State: "unmatched", Reason: "ambiguous", Spread: true}}})
	left, err := b.FactsToSpread(t.Context(), 0)
	if err != nil || len(left) != 1 || left[0].ID != other.ID {
		t.Errorf("to spread: %+v, %v", left, err)
	}
	kept, err := b.UnmatchedFacts(t.Context(), 0)
	if err != nil || len(kept) != 2 || kept[1].Reason != "ambiguous" {
		t.Errorf("unmatched: %+v, %v", kept, err)
	}
	long := fact("S3", "x")
	long.Subject = string(make([]byte, 300))
	wantErr(t, "a subject that no column holds", b.Commit(t.Context(), heard(long)), store.ErrInvalid)
}

func factLinks(t *testing.T, b *bundle) {
	f := fact("S1", "voyage:026E")
	b.commit(t, heard(f))
	var want []store.Ref
	for i := range 5 {
		c := accept("a", number("R", i))
		c.FactSubjects = []store.FactSubject{{Subject: f.Subject, Tenant: "a", DeclarationID: c.Insert.ID}}
		b.commit(t, c)
		b.commit(t, store.Change{FactSubjects: c.FactSubjects}) // an edit says it again
		j := joined(&f, &c)
		b.commit(t, j)
		wantConflict(t, "joined twice", b.Commit(t.Context(), j), "event")
		want = append(want, store.Ref{Tenant: "a", DeclarationID: c.Insert.ID})
	}
	for name, page := range map[string]func(store.Ref, int) ([]store.Ref, error){
		"candidates": func(after store.Ref, n int) ([]store.Ref, error) {
			return b.CandidatesBySubject(t.Context(), f.Subject, after, n)
		},
		"links": func(after store.Ref, n int) ([]store.Ref, error) { return b.LinksOfFact(t.Context(), f.ID, after, n) },
	} {
		var got []store.Ref
		for after := (store.Ref{}); ; after = got[len(got)-1] {
			refs, err := page(after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, refs...); len(refs) < 2 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	of, err := b.FactsOf(t.Context(), "a", want[0].DeclarationID)
	if err != nil || len(of) != 1 || of[0].State != "matched" || of[0].Reason != "" {
		t.Errorf("facts of a declaration: %+v, %v", of, err)
	}
	// once matched it stays so, whatever a later look finds
	b.commit(t, store.Change{FactStates: []store.FactState{{ID: f.ID, State: "unmatched", Reason: "unknown", Spread: true}}})
	if now, err := b.FactByIdentity(t.Context(), f.Identity); err != nil || now.State != "matched" || !now.Spread {
		t.Errorf("after a later look: %+v, %v", now, err)
	}
	if of, err := b.FactsOf(t.Context(), "b", want[0].DeclarationID); err != nil || len(of) != 0 {
		t.Errorf("another tenant sees %+v, %v", of, err)
	}
	wantSound(t, b.Store)
}

func factWithdrawal(t *testing.T, b *bundle) {
	f := fact("S1", "voyage:026E")
	b.commit(t, heard(f))
	take := func(reference, source string) error {
		w := fact(reference, f.Subject)
		w.Withdraws, w.Source = f.ID, source
		c := heard(w)
		c.FactsWithdrawn = []store.FactWithdrawal{{ID: f.ID, By: w.ID, Source: source}}
		return b.Commit(t.Context(), c)
	}
	wantConflict(t, "another's fact", take("W0", "terminal"), "fact")
	won := 0
	for _, err := range together(20, func(i int) error { return take(number("W", i), "carrier") }) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "fact"):
			t.Errorf("withdraw: %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 20 withdrew the same fact", won)
	}
	if found, err := b.FactsBySubject(t.Context(), f.Subject); err != nil || len(found) != 0 {
		t.Errorf("a withdrawn fact is offered: %+v, %v", found, err)
	}
	if _, err := b.Fact(t.Context(), "carrier", f.ID); err != nil {
		t.Errorf("a withdrawn fact is gone: %v", err)
	}
	wantSound(t, b.Store)
}

// factBackup: what was reported, what it was joined to and what is due come
// back from a backup, on a database that goes on from there.
func factBackup(t *testing.T, b *bundle) {
	f, c := fact("S1", "voyage:026E"), accept("a", "R1")
	c.FactSubjects = []store.FactSubject{{Subject: f.Subject, Tenant: "a", DeclarationID: c.Insert.ID}}
	c.Deadlines = []store.Deadline{{Tenant: "a", DeclarationID: c.Insert.ID, Kind: "two_step_full", State: "overdue", DueDay: "2026-01-19", Reminders: 15, UpdatedAt: now}}
	b.commit(t, c)
	b.commit(t, heard(f))
	b.commit(t, joined(&f, &c))
	b.commit(t, store.Change{FactStates: []store.FactState{{ID: f.ID, State: "unmatched", Reason: "unknown", Spread: true}}})
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	into := setup(t, b.fresh)
	if err := into.Restore(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(*store.Store) (any, error){
		"facts":    func(s *store.Store) (any, error) { return s.FactsOf(t.Context(), "a", c.Insert.ID) },
		"document": func(s *store.Store) (any, error) { return s.FactDocument(t.Context(), f.DocumentSHA) },
		"candidates": func(s *store.Store) (any, error) {
			return s.CandidatesBySubject(t.Context(), f.Subject, store.Ref{}, 0)
		},
		"deadline": func(s *store.Store) (any, error) {
			return s.Deadline(t.Context(), "a", c.Insert.ID, "two_step_full")
		},
	} {
		want, err := read(b.Store)
		got, err2 := read(into.Store)
		if diff := cmp.Diff(want, got); diff != "" || err != nil || err2 != nil {
			t.Errorf("%s, %v, %v (-before +after):\n%s", name, err, err2, diff)
		}
	}
	wantSound(t, into.Store)
	twin := f
	twin.ID = ID()
	wantConflict(t, "the same report after a restore", into.Commit(t.Context(), heard(twin)), "fact")
}

func deadlines(t *testing.T, b *bundle) {
	c := accept("a", "R1")
	d := store.Deadline{Tenant: "a", DeclarationID: c.Insert.ID, Kind: "two_step_full", State: "open", DueDay: "2026-01-19", EntryDay: "2026-01-05", Source: "fact", UpdatedAt: now}
	c.Deadlines = []store.Deadline{d}
	b.commit(t, c)
	wantConflict(t, "a second first row", b.Commit(t.Context(), store.Change{Deadlines: []store.Deadline{d}}), "deadline")
	for day, want := range map[string]int{"2026-01-18": 0, "2026-01-19": 1, "2026-02-01": 1} {
		if due, err := b.DueDeadlines(t.Context(), day, store.Deadline{}, 0); err != nil || len(due) != want {
			t.Errorf("due until %s: %+v, %v, want %d", day, due, err, want)
		}
	}
	payment := d
	payment.Kind, payment.EntryDay, payment.Source = "duty_payment", "", "receipt"
	b.commit(t, store.Change{Deadlines: []store.Deadline{payment}})
	after, kinds := store.Deadline{}, []string{}
	for range 3 { // pages of one
		due, err := b.DueDeadlines(t.Context(), "2026-01-19", after, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range due {
			after, kinds = due[i], append(kinds, due[i].Kind)
		}
	}
	if diff := cmp.Diff([]string{"duty_payment", "two_step_full"}, kinds); diff != "" {
		t.Errorf("pages of one (-want +got):\n%s", diff)
	}
	if both, err := b.Deadlines(t.Context(), "a", c.Insert.ID); err != nil || len(both) != 2 || both[0].Kind != "duty_payment" {
		t.Errorf("deadlines of the declaration: %+v, %v", both, err)
	}
	payment.Version, payment.State = 1, "met"
	b.commit(t, store.Change{Deadlines: []store.Deadline{payment}})
	d.Version, d.Reminders = 1, 3
	won := 0
	for _, err := range together(10, func(int) error {
		return b.Commit(t.Context(), store.Change{Deadlines: []store.Deadline{d}})
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "deadline"):
			t.Errorf("update: %v", err)
		}
	}
	got, err := b.Deadline(t.Context(), "a", c.Insert.ID, "two_step_full")
	if won != 1 || err != nil || got.Version != 2 || got.Reminders != 3 {
		t.Errorf("%d writers won, deadline %+v, %v", won, got, err)
	}
	d.Version, d.State = 2, "whatever"
	wantErr(t, "a state that there is not", b.Commit(t.Context(), store.Change{Deadlines: []store.Deadline{d}}), store.ErrInvalid)
	d.State, d.DueDay = "open", ""
	b.commit(t, store.Change{Deadlines: []store.Deadline{d}})
	if due, err := b.DueDeadlines(t.Context(), "9999-12-31", store.Deadline{}, 0); err != nil || len(due) != 0 {
		t.Errorf("a deadline without a day is due: %+v, %v", due, err)
	}
}

// factDoctor breaks each invariant of facts and deadlines once.
func factDoctor(t *testing.T, b *bundle) {
	f := fact("S1", "voyage:026E")
	c := accept("a", "R1")
	b.commit(t, c)
	old := store.Deadline{Tenant: "a", DeclarationID: c.Insert.ID, Kind: "two_step_full", State: "open", DueDay: "2023-01-01", UpdatedAt: now}
	lost := old
	lost.DeclarationID, lost.DueDay = ID(), ""
	w := fact("S2", "voyage:026E")
	w.Withdraws = ID()
	for _, broken := range []struct {
		want   string
		change store.Change
	}{
		{"fact-without-document", store.Change{Facts: []store.Fact{f}}},
		{"fact-link-broken", store.Change{FactLinks: []store.FactLink{{FactID: ID(), Tenant: "a", DeclarationID: c.Insert.ID}}}},
		{"fact-matched-to-nothing", store.Change{FactStates: []store.FactState{{ID: f.ID, State: "matched"}}}},
		{"fact-withdrawal-broken", heard(w)},
		{"deadline-without-declaration", store.Change{Deadlines: []store.Deadline{lost}}},
		{"deadline-forgotten", store.Change{Deadlines: []store.Deadline{old}}},
	} {
		if seen(t, b, broken.want) {
			t.Errorf("%s is found before it is broken", broken.want)
		}
		b.commit(t, broken.change)
		if !seen(t, b, broken.want) {
			t.Errorf("the doctor does not find %s", broken.want)
		}
	}
}

func seen(t *testing.T, b *bundle, code string) bool {
	t.Helper()
	findings, err := b.DoctorAll(t.Context(), nil)
	if err != nil {
		t.Fatalf("doctor: %v", err)
	}
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

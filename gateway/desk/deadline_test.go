package desk_test

import (
	"crypto/sha256"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

func sha(s string) [32]byte { return sha256.Sum256([]byte(s)) }

// noon is a moment of a day at the port.
func noon(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T12:00:00+08:00")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestReminderIsWrittenOnce lets two processes' worth of rounds run over the
// same database by one clock, several times a day.
func TestReminderIsWrittenOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.submitTwoStep(t, b.alice, "EX1", "B1")
	b.report(t, carrier, arrival("S1", "026E", "2026-01-05T16:30:00Z")) // 00:30 of the 6th at the port
	var clock atomic.Int64
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	other, err := store.Open(t.Context(), b.url, store.Options{Owner: "second", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	first, second := *b.twin(b.store), *b.twin(other)
	first.Clock, second.Clock = now, now
	want := []string{"submitted", "fact_ship_arrival", "deadline_set"}
	for _, step := range []struct {
		day   string
		added string
	}{
		{"2026-01-12", ""}, {"2026-01-13", "deadline_7"}, {"2026-01-14", ""}, {"2026-01-16", ""}, {"2026-01-17", "deadline_3"},
		{"2026-01-18", ""}, {"2026-01-19", "deadline_1"}, {"2026-01-20", ""}, {"2026-01-21", "deadline_overdue"}, {"2026-02-21", ""},
	} {
		clock.Store(noon(t, step.day).UnixMilli())
		var wg sync.WaitGroup
		for range 3 {
			for _, d := range []*desk.Desk{&first, &second} {
				wg.Go(func() {
					if _, err := d.RemindDeadlines(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if step.added != "" {
			want = append(want, step.added)
		}
		if diff := cmp.Diff(want, b.kinds(t, "alice", a.ID)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", step.day, diff)
		}
	}
	dl, err := b.store.Deadline(t.Context(), "alice", a.ID, "two_step_full")
	if err != nil || dl.State != "overdue" || dl.DueDay != "2026-01-20" {
		t.Errorf("deadline %+v, %v", dl, err)
	}
	feed, err := b.Feed(t.Context(), b.alice, "", 100)
	if err != nil || feed[len(feed)-1].Kind != "deadline_overdue" || feed[len(feed)-1].Text != "2026-01-20" {
		t.Errorf("the event feed does not end with it: %v, %v", feed, err)
	}
}

func (b *bundle) twin(s *store.Store) *desk.Desk {
	return &desk.Desk{Store: s, Clock: b.Clock, Logger: b.Logger, Routes: b.Routes, Profiles: b.Profiles, NewID: b.NewID, Wake: func() {}}
}

// TestRoundThatCameLateSaysOnlyWhatIsTrue: after days without a process the
// reminder of seven days would be wrong.
func TestRoundThatCameLateSaysOnlyWhatIsTrue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.submitTwoStep(t, b.alice, "EX1", "B1")
	b.report(t, carrier, arrival("S1", "026E", "2026-01-06T01:00:00Z"))
	d := b.twin(b.store)
	d.Clock = func() time.Time { return noon(t, "2026-01-18") } // two days left
	if n, err := d.RemindDeadlines(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	// the ship was late: the days begin anew, and so do the reminders
	b.report(t, b.duty, arrival("S2", "026E", "2026-01-08T01:00:00Z"))
	d.Clock = func() time.Time { return noon(t, "2026-01-19") } // three left again
	if n, err := d.RemindDeadlines(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	want := []string{"submitted", "fact_ship_arrival", "deadline_set", "deadline_3", "fact_ship_arrival", "deadline_set", "deadline_3"}
	if diff := cmp.Diff(want, b.kinds(t, "alice", a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestFullDeclarationMeetsTheDeadlineAndAReturnOpensItAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.submitTwoStep(t, b.alice, "EX1", "B1")
	const number = "I20260000000000001"
	state := func(want string) {
		t.Helper()
		dl, err := b.store.Deadline(t.Context(), "alice", a.ID, "two_step_full")
		if err != nil || dl.State != want {
			t.Errorf("deadline %+v, %v, want %s", dl, err, want)
		}
	}
	b.hear(t, importResponse("EX1", number, "0", ""))
	b.hear(t, result(number, "SpL", "2026-01-05T10:00:00"))
	b.hear(t, result(number, "SpK", "2026-01-06T10:00:00"))
	state("open")
	b.hear(t, result(number, "P", "2026-01-09T10:00:00"))
	state("met")
	b.hear(t, result(number, "D", "2026-01-10T10:00:00"))
	state("void")
	b.hear(t, result(number, "P", "2026-01-09T10:00:00")) // a copy changes nothing
	want := []string{"submitted", "receipt", "deadline_set", "receipt", "receipt", "receipt", "deadline_met", "receipt"}
	if diff := cmp.Diff(want, b.kinds(t, "alice", a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	row, o, err := b.Clearance(t.Context(), b.alice, a.ID)
	if err != nil || row.ID != a.ID || o.TwoStep == nil || o.TwoStep.State != "deleted" || !o.Admission.SaleBlocked {
		t.Errorf("overview %+v, %v", o.TwoStep, err)
	}
}

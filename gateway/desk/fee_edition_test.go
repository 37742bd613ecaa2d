package desk_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// again is another process on the same database.
func (b *bundle) again(t *testing.T, clock func() time.Time) *desk.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), b.url, store.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk.Desk{Store: s, Clock: clock, Logger: b.Logger, NewID: b.NewID, Wake: func() {}}
	return d
}

// The first start makes the built-in tables edition 1, whichever process asks
// first, and what it gives is the same catalogue.
func TestTheFirstStartPublishesTheBuiltInTables(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if heads, err := b.FeeEditions(t.Context()); err != nil || len(heads) > 0 {
		t.Fatalf("a new store has editions %v, %v", heads, err)
	}
	desks := []*desk.Desk{b.Desk, b.again(t, time.Now), b.again(t, time.Now)}
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			e, err := desks[i%3].FeeEdition(t.Context())
			if err != nil || e.Number != 1 || e.State != desk.FeePublished || e.Catalogue.Version != tariffs.BuiltIn().Version || e.Digest != e.Catalogue.Version {
				t.Errorf("edition %+v, %v", e, err)
			}
		})
	}
	wait.Wait()
	heads, err := b.FeeEditions(t.Context())
	if err != nil || len(heads) != 1 || heads[0].DraftedBy != "built-in tables" {
		t.Errorf("editions %+v, %v", heads, err)
	}
	e, err := b.FeeEditionNumber(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := tariffs.BuiltIn().Rows("2026-11-25", tariffs.RowFilter{})
	for i := range want {
		if want[i].ID != "" {
			want[i].Published = string(tariffs.DayOf(e.PublishedAt))
		}
	}
	if diff := cmp.Diff(want, e.Catalogue.Rows("2026-11-25", tariffs.RowFilter{})); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if _, err := b.FeeEditionNumber(t.Context(), 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an edition that is not there: %v", err)
	}
	if findings, err := b.store.DoctorAll(t.Context(), nil); err != nil || len(findings) > 0 {
		t.Errorf("doctor finds %v, %v", findings, err)
	}
	if r, err := b.store.AuditVerify(t.Context(), nil); err != nil || r.Rows != 1 || len(r.Problems) > 0 {
		t.Errorf("audit log %+v, %v", r, err)
	}
}

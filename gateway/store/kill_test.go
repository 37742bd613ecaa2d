package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	"kouan/integration-tests/mariadb"
)

// P1 at the database's side: what Commit called durable is there after the
// server was killed under load, what it called unwritten is not, and the same
// Store goes on when the server is back.
func TestServerKilledUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	freshMySQL(t) // skips when there is no server
	own, err := mariadb.Start(t.Context(), mariadb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := own.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := own.CreateDatabase(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), own.URL("k"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		durable, unwritten, unknown := killUnderLoad(t, own, s)
		for _, id := range durable {
			if _, err := s.Declaration(t.Context(), "a", id); err != nil {
				t.Errorf("round %d: durable declaration: %v", round, err)
			}
		}
		for _, id := range unwritten {
			if _, err := s.Declaration(t.Context(), "a", id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("round %d: a declaration that was called unwritten: %v", round, err)
			}
		}
		t.Logf("round %d: %d durable, %d unwritten, %d unknown", round, len(durable), len(unwritten), len(unknown))
	}
	if err := s.Commit(t.Context(), storetest.Acceptance("a", "LAST", "LAST", nil, nil, nil)); err != nil {
		t.Errorf("commit after the last restart: %v", err)
	}
	if findings, err := s.Doctor(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
	if r, err := s.AuditVerify(t.Context(), nil); err != nil || len(r.Problems) > 0 {
		t.Errorf("audit log: %v, %v", r.Problems, err)
	}
}

// killUnderLoad commits from 16 callers until the server, killed on the way,
// has refused each of them, and starts it again.
func killUnderLoad(t *testing.T, own *mariadb.Server, s *store.Store) (durable, unwritten, unknown []string) {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	some := make(chan struct{}, 1000)
	for range 16 {
		wg.Go(func() {
			for {
				id := storetest.ID()
				c := storetest.Acceptance("a", id, id, document, document, sentXML)
				err := s.Commit(context.WithoutCancel(t.Context()), c)
				mu.Lock()
				switch {
				case err == nil:
					durable = append(durable, c.Insert.ID)
				case errors.Is(err, store.ErrUnavailable):
					unwritten = append(unwritten, c.Insert.ID)
				case errors.Is(err, store.ErrUnknown):
					unknown = append(unknown, c.Insert.ID)
				default:
					t.Errorf("commit while the server dies: %v", err)
				}
				mu.Unlock()
				if err != nil {
					return
				}
				select {
				case some <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 200 {
		<-some
	}
	if err := own.Kill(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := own.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	return durable, unwritten, unknown
}

package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dialects runs a test on both databases.
func dialects(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "k.db"))
	})
	onMySQL(t, test)
}

func onMySQL(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("mysql", func(t *testing.T) {
		t.Parallel()
		test(t, MySQLForTests(t))
	})
}

func openTest(t testing.TB, url string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, o)
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
	return s
}

// raw is somebody with a database client.
func raw(t testing.TB, s *Store) func(query string, args ...any) {
	t.Helper()
	db := s.d.pool(s.d.write, s.o.wrap, 1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), query, args...); err != nil {
			t.Fatal(err)
		}
	}
}

func entries(n int) (c Change) {
	for range n {
		c.Audit = append(c.Audit, AuditEntry{At: 1, Actor: "actor", Action: "act", Tenant: "t", Subject: "s", Digest: "d"})
	}
	return c
}

// P9: whatever is done to the log by hand is found, with its place.
func TestAuditTamperingIsFoundWithItsPlace(t *testing.T) {
	const swap = `UPDATE audit SET seq = ? WHERE seq = ?`
	for _, c := range []struct {
		name string
		do   func(exec func(string, ...any))
		want []AuditProblem
	}{
		{"nothing done", func(func(string, ...any)) {}, nil},
		{"column flipped", func(exec func(string, ...any)) { exec(`UPDATE audit SET actor = 'other' WHERE seq = 4`) },
			[]AuditProblem{{Seq: 4, Count: 1, What: AuditFlipped}}},
		{"hash flipped", func(exec func(string, ...any)) { exec(`UPDATE audit SET hash = ? WHERE seq = 4`, make([]byte, 32)) },
			[]AuditProblem{{Seq: 4, Count: 1, What: AuditFlipped}}},
		{"link flipped", func(exec func(string, ...any)) {
			exec(`UPDATE audit SET prev_hash = ? WHERE seq = 4`, make([]byte, 32))
		},
			[]AuditProblem{{Seq: 4, Count: 1, What: AuditFlipped}}},
		{"first deleted", func(exec func(string, ...any)) { exec(`DELETE FROM audit WHERE seq = 1`) },
			[]AuditProblem{{Seq: 1, Count: 1, What: AuditMissing}}},
		{"middle deleted", func(exec func(string, ...any)) { exec(`DELETE FROM audit WHERE seq IN (5, 6)`) },
			[]AuditProblem{{Seq: 5, Count: 2, What: AuditMissing}}},
		{"last deleted", func(exec func(string, ...any)) { exec(`DELETE FROM audit WHERE seq = 10`) },
			[]AuditProblem{{Seq: 10, Count: 1, What: AuditTruncated}}},
		{"tail cut off", func(exec func(string, ...any)) { exec(`DELETE FROM audit WHERE seq > 3`) },
			[]AuditProblem{{Seq: 4, Count: 7, What: AuditTruncated}}},
		{"two swapped", func(exec func(string, ...any)) { exec(swap, 99, 3); exec(swap, 3, 7); exec(swap, 7, 99) },
			[]AuditProblem{{Seq: 3, Count: 1, What: AuditSwapped}, {Seq: 7, Count: 1, What: AuditSwapped}}},
		{"replaced by a row made for nowhere", func(exec func(string, ...any)) {
			r := auditRow{Lane: -1, Seq: 10, Actor: "forger", PrevHash: make([]byte, 32)}
			exec(`UPDATE audit SET at = 0, actor = ?, action = '', tenant = '', subject = '', digest = '', prev_hash = ?, hash = ? WHERE seq = 10`, r.Actor, r.PrevHash, r.sum())
		}, []AuditProblem{{Seq: 10, Count: 1, What: AuditFlipped}}},
		{"all gone", func(exec func(string, ...any)) { exec(`DELETE FROM audit`) },
			[]AuditProblem{{Seq: 1, Count: 10, What: AuditTruncated}}},
		{"appended by hand", func(exec func(string, ...any)) { exec(`UPDATE audit_lanes SET seq = 9 WHERE seq = 10`) },
			[]AuditProblem{{Seq: 10, Count: 1, What: AuditBeyondHead}}},
		{"lane deleted", func(exec func(string, ...any)) { exec(`DELETE FROM audit_lanes WHERE seq = 10`) },
			[]AuditProblem{{Seq: 0, Count: 1, What: AuditLaneMissing}}},
		{"empty lane deleted", func(exec func(string, ...any)) {
			exec(`DELETE FROM audit_lanes WHERE lane = (SELECT MAX(lane) FROM (SELECT lane FROM audit_lanes WHERE seq = 0) AS l)`)
		},
			[]AuditProblem{{Seq: 0, Count: 1, What: AuditLaneMissing}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dialects(t, func(t *testing.T, url string) {
				s := openTest(t, url, Options{})
				if err := s.Commit(t.Context(), entries(10)); err != nil {
					t.Fatal(err)
				}
				lane := -1
				if err := s.rd.Get(&lane, `SELECT lane FROM audit_lanes WHERE seq = 10`); err != nil {
					t.Fatal(err)
				}
				c.do(raw(t, s))
				got, err := s.AuditVerify(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				for i, p := range got.Problems {
					if p.Lane == lane || c.name == "empty lane deleted" {
						got.Problems[i].Lane = 0
					}
				}
				if diff := cmp.Diff(c.want, got.Problems); diff != "" {
					t.Errorf("problems (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A row that was replaced by a sound one of its own is betrayed by the next.
func TestAuditRewrittenRowIsFound(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		if err := s.Commit(t.Context(), entries(10)); err != nil {
			t.Fatal(err)
		}
		for _, seq := range []int64{4, 10} {
			var r auditRow
			if err := s.rd.Get(&r, `SELECT `+auditColumns+` FROM audit WHERE seq = ?`, seq); err != nil {
				t.Fatal(err)
			}
			r.Actor = "forger"
			raw(t, s)(`UPDATE audit SET actor = ?, hash = ? WHERE seq = ?`, r.Actor, r.sum(), seq)
		}
		got, err := s.AuditVerify(t.Context(), nil)
		if err != nil || len(got.Problems) != 2 || got.Problems[0].What != AuditRewritten || got.Problems[0].Seq != 4 || got.Problems[1].Seq != 10 {
			t.Errorf("problems %v, %v, want rows 4 and 10 rewritten", got.Problems, err)
		}
	})
}

// A lane that another process took is left alone, and nothing is lost.
func TestLostLaneIsReplaced(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		for range 3 {
			if err := s.Commit(t.Context(), entries(2)); err != nil {
				t.Fatal(err)
			}
			raw(t, s)(`UPDATE audit_lanes SET owner = 'other', until = 9999999999999, epoch = epoch + 1 WHERE owner <> ''`)
		}
		got, err := s.AuditVerify(t.Context(), nil)
		if err != nil || got.Rows != 6 || got.Lanes < 3 || len(got.Problems) > 0 {
			t.Errorf("report %+v, %v, want 6 sound rows on 3 lanes", got, err)
		}
		raw(t, s)(`UPDATE audit_lanes SET owner = 'other', until = 9999999999999, epoch = epoch + 1`)
		if err := s.Commit(t.Context(), entries(1)); !errors.Is(err, ErrUnavailable) {
			t.Errorf("with all lanes taken: %v, want ErrUnavailable", err)
		}
	})
}

func TestAuditSumCoversEveryColumn(t *testing.T) {
	t.Parallel()
	base := auditRow{Lane: 1, Seq: 2, At: 3, Actor: "a", Action: "b", Tenant: "c", Subject: "d", Digest: "e", PrevHash: []byte("f")}
	seen := map[string]bool{string(base.sum()): true}
	for i, change := range []func(*auditRow){
		func(r *auditRow) { r.Lane++ }, func(r *auditRow) { r.Seq++ }, func(r *auditRow) { r.At++ },
		func(r *auditRow) { r.Actor = "ab"; r.Action = "" }, func(r *auditRow) { r.Action = "x" }, func(r *auditRow) { r.Tenant = "x" },
		func(r *auditRow) { r.Subject = "x" }, func(r *auditRow) { r.Digest = "x" }, func(r *auditRow) { r.PrevHash = nil },
	} {
		r := base
		change(&r)
		if seen[string(r.sum())] {
			t.Errorf("change %d does not show in the hash", i)
		}
		seen[string(r.sum())] = true
	}
}

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
)

var errKilled = errors.New("killed")

// P11: wherever a migration is interrupted, the next start completes it.
func TestMigrationInterruptedAnywhereIsCompleted(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		for allowed := 1; ; allowed++ {
			f := &faults{}
			s, err := Open(t.Context(), url, Options{wrap: f.wrap, Owner: "same process name"})
			if err != nil {
				t.Fatal(err)
			}
			var n atomic.Int64
			f.set(func(string) error {
				if n.Add(1) > int64(allowed) {
					return errKilled
				}
				return nil
			}, nil)
			err = s.Migrate(t.Context())
			f.set(nil, nil)
			if closed := s.Close(); closed != nil {
				t.Fatal(closed)
			}
			if err == nil {
				t.Logf("whole after %d interruptions", allowed-1)
				break
			}
			if !errors.Is(err, errKilled) {
				t.Fatalf("interrupted after %d statements: %v", allowed, err)
			}
		}
		s := openTest(t, url, Options{})
		if err := s.Commit(t.Context(), draft("d")); err != nil {
			t.Error(err)
		}
		sound(t, s, 1)
	})
}

// A process that starts while another makes the schema finds none or all of
// it, whichever of its statements the other comes before, and never a failure.
func TestSchemaAppearsWhileItsVersionIsAsked(t *testing.T) {
	for _, at := range []int64{1, 2} {
		t.Run(fmt.Sprint("before statement ", at), func(t *testing.T) {
			dialects(t, func(t *testing.T, url string) {
				var asked atomic.Int64
				f := &faults{first: func(string) {
					if asked.Add(1) == at {
						openTest(t, url, Options{})
					}
				}}
				s, err := Open(t.Context(), url, Options{wrap: f.wrap})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
				current, newest, err := s.SchemaVersion(t.Context())
				if err != nil || current != 0 && current != newest {
					t.Errorf("version %d of %d, %v", current, newest, err)
				}
			})
		})
	}
}

// Every step can run on a schema that has it already.
func TestEveryStepRunsTwice(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		exec := raw(t, s)
		names, err := fs.Glob(s.d.steps, "*.sql")
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(s.d.steps, name)
			if err != nil {
				t.Fatal(err)
			}
			statements := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(text), "-- +goose Up\n")), ";\n")
			if len(statements) > 1 && s.d.name == "mysql" {
				t.Errorf("%s has %d statements, want one: DDL commits by itself", name, len(statements))
			}
			for _, q := range statements {
				exec(strings.TrimSuffix(q, ";"))
			}
		}
		if findings, err := s.Doctor(t.Context()); err != nil || len(findings) > 0 {
			t.Errorf("doctor after the second run: %v, %v", findings, err)
		}
	})
}

func TestBothDialectsHaveTheSameSteps(t *testing.T) {
	t.Parallel()
	a, errA := fs.Glob(sqliteSteps, "migrations/sqlite/*.sql")
	b, errB := fs.Glob(mysqlSteps, "migrations/mysql/*.sql")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	got := strings.ReplaceAll(strings.Join(b, "\n"), "mysql", "sqlite")
	if want := strings.Join(a, "\n"); got != want || !strings.HasPrefix(a[schemaFloor-1], fmt.Sprintf("migrations/sqlite/%05d_", schemaFloor)) {
		t.Errorf("steps of mysql\n%s\nwant\n%s", got, want)
	}
}

func TestNewerSchemaIsRefusedUnlessItSaysOtherwise(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		exec := raw(t, s)
		exec(`INSERT INTO schema_versions (version) VALUES (99)`)
		openTest(t, url, Options{}) // the newer program only added to the schema
		exec(`UPDATE schema_lock SET floor = 99 WHERE id = 1`)
		if _, err := Open(t.Context(), url, Options{}); !errors.Is(err, ErrNewerSchema) {
			t.Errorf("open: %v, want ErrNewerSchema", err)
		}
	})
}

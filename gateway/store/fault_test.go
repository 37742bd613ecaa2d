package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// faults stands between the store and its driver.
type faults struct {
	mu     sync.Mutex
	before func(query string) error // the statement does not reach the database
	after  func(query string) error // it does, but its answer is lost
	first  func(query string)       // before a statement is prepared
	log    []string
}

func (f *faults) set(before, after func(string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before, f.after, f.log = before, after, nil
}

func (f *faults) around(query string, do func() error) error {
	f.mu.Lock()
	before, after := f.before, f.after
	f.log = append(f.log, strings.TrimSpace(query))
	f.mu.Unlock()
	if before != nil {
		if err := before(query); err != nil {
			return err
		}
	}
	if err := do(); err != nil || after == nil {
		return err
	}
	return after(query)
}

func (f *faults) wrap(c driver.Connector) driver.Connector { return faultConnector{c, f} }

type faultConnector struct {
	driver.Connector
	f *faults
}

func (c faultConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return faultConn{conn, c.f}, nil
}

// faultConn forwards the optional interfaces that database/sql looks for.
type faultConn struct {
	driver.Conn
	f *faults
}

func (c faultConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (r driver.Result, err error) {
	err = c.f.around(q, func() (err error) {
		r, err = c.Conn.(driver.ExecerContext).ExecContext(ctx, q, args)
		return err
	})
	return r, err
}

func (c faultConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, q, args)
}

func (c faultConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	if c.f.first != nil {
		c.f.first(q)
	}
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	return faultStmt{st, q, c.f}, nil
}

func (c faultConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

type faultStmt struct {
	driver.Stmt
	query string
	f     *faults
}

func (s faultStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (r driver.Result, err error) {
	err = s.f.around(s.query, func() (err error) {
		r, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return r, err
}

func (s faultStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

// times returns err for the first n statements that begin with the prefix.
func times(n int, prefix string, err error) func(string) error {
	var mu sync.Mutex
	return func(q string) error {
		mu.Lock()
		defer mu.Unlock()
		if n == 0 || !strings.HasPrefix(strings.TrimSpace(q), prefix) {
			return nil
		}
		n--
		return err
	}
}

var (
	errLine     = driver.ErrBadConn
	errSlow     = context.DeadlineExceeded
	errDeadlock = &mysql.MySQLError{Number: 1213, Message: "Deadlock found when trying to get lock"}
)

// lost is the error of a COMMIT whose answer does not come. SQLite has no
// connection to lose, only time.
func lost(s *Store) error {
	if s.d.name == "sqlite" {
		return errSlow
	}
	return errLine
}

func draft(id string) Change {
	c := entries(1)
	c.Insert = &Declaration{Tenant: "t", ID: id, Reference: id, OwnState: "draft", Status: "draft"}
	return c
}

func stands(t *testing.T, s *Store, id string) bool {
	t.Helper()
	_, err := s.Declaration(t.Context(), "t", id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func sound(t *testing.T, s *Store, rows int64) {
	t.Helper()
	r, err := s.AuditVerify(t.Context(), nil)
	if err != nil || r.Rows != rows || len(r.Problems) > 0 {
		t.Errorf("audit log %+v, %v, want %d sound rows", r, err, rows)
	}
}

// A COMMIT that fails is unknown to the caller, whether it stands or not, and
// the store goes on soundly after either.
func TestFailedCommitIsUnknown(t *testing.T) {
	for _, c := range []struct {
		name   string
		stands bool
		fault  func(f *faults, do func(string) error)
	}{
		{"lost on the way to the database", false, func(f *faults, do func(string) error) { f.set(do, nil) }},
		{"lost on the way back", true, func(f *faults, do func(string) error) { f.set(nil, do) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dialects(t, func(t *testing.T, url string) {
				f := &faults{}
				s := openTest(t, url, Options{wrap: f.wrap})
				if err := s.Commit(t.Context(), draft("before")); err != nil {
					t.Fatal(err)
				}
				c.fault(f, times(1, "COMMIT", lost(s)))
				if err := s.Commit(t.Context(), draft("d")); !errors.Is(err, ErrUnknown) {
					t.Errorf("failed commit: %v, want ErrUnknown", err)
				}
				if got := stands(t, s, "d"); got != c.stands {
					t.Errorf("stands: %v, want %v", got, c.stands)
				}
				if err := s.Commit(t.Context(), draft("after")); err != nil {
					t.Errorf("next commit: %v", err)
				}
				rows := int64(2)
				if c.stands {
					rows = 3
				}
				sound(t, s, rows)
				if got := s.Stats().Unknown; got != 1 {
					t.Errorf("%d unknown commits counted, want 1", got)
				}
			})
		})
	}
}

// A fault before COMMIT has written nothing: the whole transaction is tried
// again, and nothing of the first try is left.
func TestPassingFaultIsTriedAgainAsAWhole(t *testing.T) {
	for _, c := range []struct {
		name, at  string
		err       error
		mysqlOnly bool
	}{
		{"time limit at BEGIN", "", errSlow, false},
		{"time limit at a statement", "INSERT INTO declarations", errSlow, false},
		{"time limit at the last statement", "INSERT INTO audit", errSlow, false},
		{"connection lost at BEGIN", "", errLine, true},
		{"connection lost at a statement", "INSERT INTO declarations", errLine, true},
		{"connection lost at the last statement", "INSERT INTO audit", errLine, true},
		{"deadlock at a statement", "INSERT INTO declarations", errDeadlock, true},
		{"certification lost at COMMIT", "COMMIT", errDeadlock, true},
		{"node not ready", "UPDATE audit_lanes", &mysql.MySQLError{Number: 1047}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := dialects
			if c.mysqlOnly {
				run = onMySQL // an error of its protocol
			}
			run(t, func(t *testing.T, url string) {
				f := &faults{}
				s := openTest(t, url, Options{wrap: f.wrap})
				at := c.at
				if at == "" {
					at = s.d.begin
				}
				f.set(times(2, at, c.err), nil)
				if err := s.Commit(t.Context(), draft("d")); err != nil {
					t.Errorf("after two faults: %v", err)
				}
				if got := s.Stats(); got.Retries != 2 || got.Commits != 1 || got.Unknown != 0 {
					t.Errorf("stats %+v, want 2 retries and 1 commit", got)
				}
				sound(t, s, 1)
				f.set(times(-1, at, c.err), nil)
				if err := s.Commit(t.Context(), draft("never")); !errors.Is(err, ErrUnavailable) {
					t.Errorf("after faults without end: %v, want ErrUnavailable", err)
				}
				f.set(nil, nil)
				if stands(t, s, "never") {
					t.Error("a refused change stands")
				}
				sound(t, s, 1)
			})
		})
	}
}

// After a lost certification the server may answer OK to COMMIT although the
// transaction is gone: no COMMIT may follow a failed statement.
func TestNoCommitAfterAFailedStatement(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		f := &faults{}
		s := openTest(t, url, Options{wrap: f.wrap})
		f.set(times(-1, "INSERT INTO declarations", fmt.Errorf("odd: %w", errDeadlock)), nil)
		if err := s.Commit(t.Context(), draft("d")); err == nil {
			t.Error("success was claimed")
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		for i, q := range f.log {
			if q == "COMMIT" {
				t.Errorf("COMMIT after %q", f.log[i-1])
			}
		}
		if last := f.log[len(f.log)-1]; last != "ROLLBACK" {
			t.Errorf("last statement %q, want ROLLBACK", last)
		}
	})
}

func TestFullDiskIsUnavailableAtOnce(t *testing.T) {
	t.Parallel()
	f := &faults{}
	s := openTest(t, MySQLForTests(t), Options{wrap: f.wrap})
	f.set(times(1, "INSERT INTO declarations", &mysql.MySQLError{Number: 1114, Message: "The table is full"}), nil)
	if err := s.Commit(t.Context(), draft("d")); !errors.Is(err, ErrUnavailable) || s.Stats().Retries != 0 {
		t.Errorf("%v after %d retries, want ErrUnavailable after none", err, s.Stats().Retries)
	}
}

// A poisoned change in the same batch as good ones is found by dividing.
func TestBatchIsDividedUntilThePoisonedChangeIsAlone(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		f := &faults{}
		s := openTest(t, url, Options{wrap: f.wrap})
		hold, held := make(chan struct{}), make(chan struct{}, 8)
		f.set(func(q string) error {
			if q == s.d.begin {
				held <- struct{}{}
				<-hold
			}
			return nil
		}, nil)
		result := make(chan error, 40)
		send := func(c Change) { go func() { result <- s.Commit(context.WithoutCancel(t.Context()), c) }() }
		for n := range s.d.writers { // keep every writer busy, one change each
			send(draft(fmt.Sprint("first", n)))
			<-held
		}
		for i := range 30 {
			send(draft(fmt.Sprint("d", i)))
		}
		send(draft("d7")) // twice
		for s.Stats().Queued < 31 {
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
		}
		f.set(nil, nil)
		close(hold)
		conflicts := 0
		for range 31 + s.d.writers {
			switch err := <-result; {
			case IsConflict(err, "reference", "declaration"):
				conflicts++
			case err != nil:
				t.Error(err)
			}
		}
		if st := s.Stats(); conflicts != 1 || st.Changes != int64(30+s.d.writers) {
			t.Errorf("%d conflicts, stats %+v, want 1 conflict and all others written", conflicts, st)
		}
		sound(t, s, int64(30+s.d.writers))
	})
}

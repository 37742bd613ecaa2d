package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// session is the one connection of a writer with its prepared statements. It
// runs BEGIN, COMMIT and ROLLBACK itself, so that prepared statements outlive
// a transaction and a failed COMMIT can be told from a failed statement.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	since time.Time
}

// A session is renewed after this time, to follow a failover.
const sessionAge = 10 * time.Minute

func openSession(ctx context.Context, s *Store) (*session, error) {
	conn, err := s.wr.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, stmts: map[string]*sql.Stmt{}, since: s.o.Clock()}, nil
}

// discard closes the connection itself, not only its place in the pool:
// nobody may go on in a transaction of unknown state. database/sql has closed
// a connection already whose driver called it bad; the statements went with it.
func (c *session) discard() error {
	var failed error
	if c.conn.Raw(func(any) error { return nil }) == nil {
		for _, st := range c.stmts {
			failed = errors.Join(failed, st.Close())
		}
	}
	if err := c.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) && !errors.Is(err, sql.ErrConnDone) {
		failed = errors.Join(failed, err)
	}
	if err := c.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		failed = errors.Join(failed, err)
	}
	return failed
}

func (c *session) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := c.stmts[query]; st != nil {
		return st, nil
	}
	st, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	c.stmts[query] = st
	return st, nil
}

// tx is an open transaction of a session. Its statements are prepared once
// per session, so the number of different texts must stay small.
type tx struct {
	*session
	s *Store
}

// exec returns the number of rows that the statement found.
func (t tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, err := t.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// each calls f for every row, which scans it.
func (t tx) each(ctx context.Context, f func(*sql.Rows) error, query string, args ...any) (err error) {
	st, err := t.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// clock is the time by which leases are judged: the database's own where
// several machines share it, else the process's.
func (t tx) clock(ctx context.Context) (now int64, err error) {
	if t.s.d.clock == "" {
		return t.s.now(), nil
	}
	err = t.each(ctx, func(r *sql.Rows) error { return r.Scan(&now) }, t.s.d.clock)
	return now, err
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"
)

// statements keeps the reading statements prepared, for all connections.
type statements struct {
	mu  sync.RWMutex
	all map[string]*sqlx.Stmt
}

func (s *Store) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	s.reads.mu.RLock()
	st := s.reads.all[query]
	s.reads.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	st, err := s.rd.PreparexContext(ctx, query) // not under the lock: a slow database must not hold the other readers
	if err != nil {
		return nil, err
	}
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	if first := s.reads.all[query]; first != nil {
		return first, st.Close() //nolint:sqlclosecheck // the one that is kept is closed with the store
	}
	if s.reads.all == nil {
		s.reads.all = map[string]*sqlx.Stmt{}
	}
	s.reads.all[query] = st
	return st, nil
}

// get reads one row, or sql.ErrNoRows.
func (s *Store) get(ctx context.Context, to any, query string, args ...any) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	st, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	return st.GetContext(ctx, to, args...)
}

// all reads every row.
func (s *Store) all(ctx context.Context, to any, query string, args ...any) error {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	st, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	return st.SelectContext(ctx, to, args...)
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, st := range s.all {
		err = errors.Join(err, st.Close())
	}
	return err
}

// readError gives a failed read one of the package's errors.
func (s *Store) readError(err error, what string, args ...any) error {
	if err == nil {
		return nil
	}
	what = fmt.Sprintf(what, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	switch s.d.classify(err).kind {
	case faultRetry, faultUnavailable:
		return fmt.Errorf("%s: %w: %w", what, ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// snapshot runs f on one consistent view of the whole database, on a
// connection of its own that may take an hour.
func (s *Store) snapshot(ctx context.Context, f func(*sqlx.Tx) error) (err error) {
	db := s.d.pool(s.d.maintain, s.o.wrap, 1)
	defer func() { err = errors.Join(err, db.Close()) }()
	t, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return s.readError(err, "begin snapshot")
	}
	return errors.Join(f(t), t.Rollback())
}

// stream calls f for every row; f scans it.
func stream(ctx context.Context, t *sqlx.Tx, f func(*sqlx.Rows) error, query string, args ...any) (err error) {
	rows, err := t.QueryxContext(ctx, query, args...)
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

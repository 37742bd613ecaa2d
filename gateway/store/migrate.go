package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// schemaFloor is the oldest program, named by the newest migration it knows,
// that can work on the schema as this program leaves it. A migration that
// only adds leaves it alone; one that takes away raises it.
const schemaFloor = 17

// The lock of a migration is a row with an end, because it must hold on a
// Galera cluster too, where GET_LOCK does not.
const (
	migrateLease = 15 * time.Second
	migratePoll  = 200 * time.Millisecond
)

const createLock = `
CREATE TABLE IF NOT EXISTS schema_lock (
  id INT NOT NULL,
  owner VARCHAR(64) NOT NULL,
  until BIGINT NOT NULL,
  floor BIGINT NOT NULL,
  PRIMARY KEY (id)
)`

// Migrate brings the schema to this program's version. It may be called by
// several processes at once, again after it was killed at any moment, and
// when there is nothing to do.
func (s *Store) Migrate(ctx context.Context) (err error) {
	current, newest, err := s.SchemaVersion(ctx)
	if err != nil || current >= newest {
		return err
	}
	db := s.d.pool(s.d.maintain, s.o.wrap, 2)
	defer func() { err = errors.Join(err, db.Close()) }()
	unlock, err := s.lockSchema(ctx, db.DB)
	if err != nil {
		return fmt.Errorf("lock schema: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p, err := s.provider(db.DB)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	done, err := p.Up(ctx)
	for _, r := range done {
		s.o.Logger.Info("migrated", "step", r.Source.Path, "took", r.Duration)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = db.ExecContext(ctx, `UPDATE schema_lock SET floor = ? WHERE id = 1 AND floor < ?`, schemaFloor, schemaFloor)
	if err != nil {
		return fmt.Errorf("record schema floor: %w", err)
	}
	return nil
}

func (s *Store) provider(db *sql.DB) (*goose.Provider, error) {
	return goose.NewProvider("", db, s.d.steps, goose.WithStore(versions{s.d}), goose.WithDisableGlobalRegistry(true))
}

// SchemaVersion is the version of the database (0: empty) and the newest one
// that this program knows.
func (s *Store) SchemaVersion(ctx context.Context) (current, newest int64, err error) {
	p, err := s.provider(s.rd.DB)
	if err != nil {
		return 0, 0, fmt.Errorf("schema version: %w", err)
	}
	sources := p.ListSources()
	newest = sources[len(sources)-1].Version
	// Asked before, not after a failure: another process may make the table
	// between the two, and none takes it away.
	var tables int
	if err := s.get(ctx, &tables, s.d.tableExists, "schema_versions"); err != nil || tables == 0 {
		return 0, newest, s.readError(err, "schema version")
	}
	err = s.get(ctx, &current, `SELECT COALESCE(MAX(version), 0) FROM schema_versions`)
	return current, newest, s.readError(err, "schema version")
}

// checkSchema refuses a schema that a newer program made and that needs one.
func (s *Store) checkSchema(ctx context.Context) error {
	current, newest, err := s.SchemaVersion(ctx)
	if err != nil || current <= newest {
		return err
	}
	var floor int64
	if err := s.get(ctx, &floor, `SELECT floor FROM schema_lock WHERE id = 1`); err != nil {
		return s.readError(err, "schema floor")
	}
	if floor > newest {
		return fmt.Errorf("schema %d, this program knows %d: %w", current, newest, ErrNewerSchema)
	}
	return nil
}

// lockSchema waits for the lock row and keeps it until unlock.
func (s *Store) lockSchema(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	if _, err := db.ExecContext(ctx, createLock); err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO schema_lock (id, owner, until, floor) VALUES (1, '', 0, 0)`)
	if err != nil && s.d.classify(err).kind != faultConflict {
		return nil, err
	}
	for {
		got, err := s.holdSchema(ctx, db)
		if err != nil {
			return nil, err
		}
		if got {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(migratePoll):
		}
	}
	keep, stop := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		s.keepSchema(keep, db)
	}()
	return func() error {
		stop()
		<-kept
		_, err := db.ExecContext(context.WithoutCancel(ctx), `UPDATE schema_lock SET owner = '', until = 0 WHERE id = 1 AND owner = ?`, s.o.Owner)
		return err
	}, nil
}

// holdSchema takes the lock or extends it.
func (s *Store) holdSchema(ctx context.Context, db *sql.DB) (bool, error) {
	now := s.now()
	if s.d.clock != "" {
		if err := db.QueryRowContext(ctx, s.d.clock).Scan(&now); err != nil {
			return false, err
		}
	}
	res, err := db.ExecContext(ctx, `
UPDATE schema_lock
SET owner = ?, until = ?
WHERE id = 1 AND (owner = ? OR until < ?)`, s.o.Owner, now+migrateLease.Milliseconds(), s.o.Owner, now)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func (s *Store) keepSchema(ctx context.Context, db *sql.DB) {
	t := time.NewTicker(migrateLease / 5)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := s.holdSchema(ctx, db); err != nil && ctx.Err() == nil {
				s.o.Logger.Warn("extend schema lock", "error", err)
			}
		}
	}
}

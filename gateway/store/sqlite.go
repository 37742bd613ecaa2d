package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3/database"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

//go:embed migrations/sqlite/*.sql
var sqliteSteps embed.FS

// The first release without the WAL-reset bug that could lose committed pages.
const sqliteOldest = "3.51.3"

// sqliteDialect opens one file: one writer connection, and readers that
// cannot write. Every connection waits 10 s for a lock of another process.
func sqliteDialect(ctx context.Context, path string, o Options) (*dialect, error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("sqlite needs the path of a file")
	}
	steps, err := fs.Sub(sqliteSteps, "migrations/sqlite")
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	d := &dialect{name: "sqlite", goose: database.DialectSQLite3, steps: steps,
		begin: `BEGIN IMMEDIATE`, writers: 1, readers: 4,
		insertSequence: newUpsert("sequence_numbers", sequenceColumns, ` ON CONFLICT (seq_no) DO NOTHING`),
		insertInbox: newUpsert("inbox_files", inboxColumns, `
ON CONFLICT (channel, sha256) DO UPDATE
SET name = excluded.name, state = excluded.state, reason = excluded.reason, tries = excluded.tries, next_at = excluded.next_at, at = excluded.at`),
		insertClearance: newUpsert("clearances", clearanceColumns, `
ON CONFLICT (tenant, declaration_id, attempt) DO UPDATE SET mode = excluded.mode, office = excluded.office, direction = excluded.direction,
  submitted_at = excluded.submitted_at`),
		insertReached: newUpsert("clearances", clearanceColumns, `
ON CONFLICT (tenant, declaration_id, attempt) DO UPDATE SET accepted_at = excluded.accepted_at, released_at = excluded.released_at`),
		insertOwner:        newUpsert("outbox_owners", ownerColumns, ` ON CONFLICT (owner) DO UPDATE SET until = excluded.until`),
		insertBeat:         newUpsert("heartbeats", beatColumns, ` ON CONFLICT (owner) DO UPDATE SET at = excluded.at`),
		insertFactDocument: newUpsert("fact_documents", factDocumentColumns, ` ON CONFLICT (sha256) DO NOTHING`),
		insertFactSubject:  newUpsert("fact_subjects", factSubjectColumns, ` ON CONFLICT (subject, tenant, declaration_id) DO NOTHING`),
		insertCapability: newUpsert("capabilities", capabilityColumns, `
ON CONFLICT (terminal, class, valid_from) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at`),
		insertPlaceAlias: newUpsert("place_aliases", placeAliasColumns, `
ON CONFLICT (alias) DO UPDATE SET terminal = excluded.terminal, updated_at = excluded.updated_at`),
		insertBoxPlace: newUpsert("box_places", boxPlaceColumns, `
ON CONFLICT (container) DO UPDATE
SET terminal = excluded.terminal, yard_place = excluded.yard_place, source = excluded.source, at = excluded.at, heard_at = excluded.heard_at
WHERE excluded.at >= box_places.at`),
		insertBreaker: newUpsert("receiver_breakers", breakerColumns, `
ON CONFLICT (receiver) DO UPDATE SET openings = excluded.openings, probe_at = excluded.probe_at, last_error = excluded.last_error`),
		insertFeeLimit: newUpsert("fee_limits", feeLimitColumns, `
ON CONFLICT (name) DO UPDATE
SET days = excluded.days, unit = excluded.unit, source = excluded.source, set_by = excluded.set_by, updated_at = excluded.updated_at`),
		insertThrottle: newUpsert("throttles", throttleColumns, `
ON CONFLICT (name) DO UPDATE
SET tries = CASE WHEN throttles.until <= excluded.since THEN 1 ELSE throttles.tries + 1 END,
  since = CASE WHEN throttles.until <= excluded.since THEN excluded.since ELSE throttles.since END,
  until = CASE WHEN throttles.until <= excluded.since THEN excluded.until ELSE throttles.until END`),
		insertLine:  newUpsert("receiver_sequences", lineColumns, ` ON CONFLICT (receiver, subject) DO UPDATE SET sequence = sequence + excluded.sequence`),
		insertStamp: newUpsert("stamps", stampColumns, ` ON CONFLICT (name) DO UPDATE SET value = value + excluded.value`),
		tableExists: `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?`,
		classify:    sqliteFault,
		undone:      func(error) bool { return false },
	}
	for _, c := range []struct {
		to     *driver.Connector
		lock   string
		pragma []string
	}{
		{&d.write, "immediate", []string{"cache_size(-16384)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)"}},
		{&d.read, "deferred", []string{"cache_size(-4096)", "query_only(1)"}},
		{&d.maintain, "deferred", []string{"cache_size(-4096)"}},
	} {
		if *c.to, err = sqliteConnector(path, c.lock, c.pragma); err != nil {
			return nil, err
		}
	}
	if err := private(path); err != nil {
		return nil, err
	}
	return d, d.sqliteCheck(ctx, o)
}

// private makes a new file readable by its owner only; SQLite's log files take
// their rights from it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite file: %w", err)
	}
	return f.Close()
}

func sqliteConnector(path, lock string, pragma []string) (driver.Connector, error) {
	q := url.Values{"_txlock": {lock}, "_dqs": {"0"}, "_busy_timeout": {"10000"}, "_foreign_keys": {"1"},
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_pragma": pragma}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("sqlite file %s: %w", path, err)
	}
	return c, nil
}

func (d *dialect) sqliteCheck(ctx context.Context, o Options) error {
	db := sql.OpenDB(o.wrap(d.write))
	var version string
	err := db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("open sqlite file: %w", err)
	}
	if older(version, sqliteOldest) {
		return fmt.Errorf("SQLite %s is older than %s", version, sqliteOldest)
	}
	return nil
}

func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range min(len(a), len(b)) {
		x, errX := strconv.Atoi(a[i])
		y, errY := strconv.Atoi(b[i])
		if errX != nil || errY != nil {
			return true
		}
		if x != y {
			return x < y
		}
	}
	return len(a) < len(b)
}

// sqliteFault reads extended result codes; the message of a broken unique key
// ends in its columns: "UNIQUE constraint failed: events.tenant, events.id (2067)".
func sqliteFault(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		f, _ := connectionFault(err)
		return f
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		_, key, _ := strings.Cut(e.Error(), "failed: ")
		key, _, _ = strings.Cut(key, " (")
		return fault{kind: faultConflict, key: key}
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_CONSTRAINT, lib.SQLITE_TOOBIG, lib.SQLITE_MISMATCH:
		return fault{kind: faultInvalid}
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_INTERRUPT, lib.SQLITE_PROTOCOL:
		return fault{kind: faultRetry}
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_NOMEM:
		return fault{kind: faultUnavailable}
	}
	return fault{}
}

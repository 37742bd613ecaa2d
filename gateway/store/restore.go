package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrBackup says that a file is no whole backup of this schema.
var ErrBackup = errors.New("not a whole backup of this schema")

// ErrNotEmpty says that a restore would mix with rows that are there.
var ErrNotEmpty = errors.New("database is not empty")

// Restore reads a backup into a migrated and empty database of either kind,
// in one transaction: all of it or nothing. Items that were under way wait
// again; leases and audit lanes are free, with their counters as they were.
// Errors: ErrBackup, ErrNotEmpty, ErrUnavailable.
func (s *Store) Restore(ctx context.Context, r io.Reader, progress func(done, total int64)) (err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("restore: %w: %w", ErrBackup, err)
	}
	db := s.d.pool(s.d.write, s.o.wrap, 1)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.DB.Conn(ctx)
	if err != nil {
		return s.readError(err, "restore")
	}
	c := &session{conn: conn, stmts: map[string]*sql.Stmt{}}
	defer func() { err = errors.Join(err, c.discard()) }() // also ends the transaction, if it is still open
	if _, err := conn.ExecContext(ctx, s.d.begin); err != nil {
		return s.readError(err, "restore")
	}
	b := &restore{t: tx{session: c, s: s}, from: bufio.NewReaderSize(z, 1<<20), sum: sha256.New(), progress: progress, now: s.now()}
	if err := b.run(ctx); err != nil {
		return s.readError(err, "restore")
	}
	if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
		return fmt.Errorf("restore: %w: %w", ErrUnknown, err)
	}
	return nil
}

type restore struct {
	t        tx
	from     *bufio.Reader
	sum      hash.Hash
	done     int64
	total    int64
	progress func(done, total int64)
	now      int64
}

func (b *restore) run(ctx context.Context) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	for _, st := range stocks {
		if err := b.table(ctx, st); err != nil {
			return fmt.Errorf("table %s: %w", st.table, err)
		}
	}
	want := hex.EncodeToString(b.sum.Sum(nil))
	var end backupEnd
	if err := b.line(&end); err != nil {
		return err
	}
	if end.SHA256 != want {
		return fmt.Errorf("%w: digest %s, want %s", ErrBackup, end.SHA256, want)
	}
	return nil
}

// line reads the next line, whole.
func (b *restore) line(to any) error {
	raw, err := b.from.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w: file ends too early: %w", ErrBackup, err)
	}
	b.sum.Write(raw) // hash.Hash never fails
	if err := json.Unmarshal(bytes.TrimSpace(raw), to, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	return nil
}

func (b *restore) begin(ctx context.Context) error {
	var h backupHeader
	if err := b.line(&h); err != nil {
		return err
	}
	current, _, err := b.t.s.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if h.Format != backupFormat || h.Schema != current {
		return fmt.Errorf("%w: format %d of schema %d, want format %d of schema %d", ErrBackup, h.Format, h.Schema, backupFormat, current)
	}
	b.total = h.Rows
	for _, st := range stocks {
		if seeded(st.table) {
			continue
		}
		n := 0
		err := b.t.each(ctx, func(r *sql.Rows) error { return r.Scan(&n) }, `SELECT COUNT(*) FROM `+st.table)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: %d rows in %s", ErrNotEmpty, n, st.table)
		}
	}
	return nil
}

// seeded tables have their rows from the migration; a restore only sets them.
func seeded(table string) bool { return table == "outbox_shards" || table == "audit_lanes" }

func (b *restore) table(ctx context.Context, st stock) error {
	var h tableHeader
	if err := b.line(&h); err != nil {
		return err
	}
	names := columnNames(st.columns)
	if h.Table != st.table || h.Columns != strings.Join(names, ",") || len(h.Kinds) != len(names) {
		return fmt.Errorf("%w: table %s with columns %s", ErrBackup, h.Table, h.Columns)
	}
	batch := newInsert(st.table, strings.Join(names, ", ")).rows()
	n := int64(0)
	for ; b.more(); n++ {
		row, size, err := b.row(h.Kinds)
		if err != nil {
			return err
		}
		if seeded(st.table) {
			if err := b.set(ctx, st.table, row); err != nil {
				return err
			}
		} else {
			if st.table == "outbox" {
				b.wait(names, row)
			}
			if batch.add(size, row...); batch.n == insertSizes[0] {
				if err := b.t.insert(ctx, batch); err != nil {
					return err
				}
				batch = batch.rows()
			}
		}
		if b.done++; b.progress != nil && (b.done%500 == 0 || b.done == b.total) {
			b.progress(b.done, b.total)
		}
	}
	if err := b.t.insert(ctx, batch); err != nil {
		return err
	}
	var end tableEnd
	if err := b.line(&end); err != nil {
		return err
	}
	if end.Rows != n {
		return fmt.Errorf("%w: %d rows, want %d", ErrBackup, n, end.Rows)
	}
	return nil
}

// more says whether the next line is a row.
func (b *restore) more() bool {
	next, err := b.from.Peek(1)
	return err == nil && next[0] == '['
}

func (b *restore) row(kinds string) ([]any, int, error) {
	var raw []jsontext.Value
	if err := b.line(&raw); err != nil {
		return nil, 0, err
	}
	if len(raw) != len(kinds) {
		return nil, 0, fmt.Errorf("%w: row of %d values, want %d", ErrBackup, len(raw), len(kinds))
	}
	row, size := make([]any, len(raw)), 0
	for i, v := range raw {
		size += len(v)
		var err error
		switch {
		case v.Kind() == 'n':
		case kinds[i] == 'i':
			row[i], err = read[int64](v)
		case kinds[i] == 'b':
			row[i], err = read[[]byte](v)
		default:
			row[i], err = read[string](v)
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%w: %w", ErrBackup, err)
		}
	}
	return row, size, nil
}

func read[T any](v jsontext.Value) (T, error) {
	var to T
	err := json.Unmarshal(v, &to)
	return to, err
}

// wait puts an item that was under way back: its owner is gone.
func (b *restore) wait(names []string, row []any) {
	state := slices.Index(names, "state")
	if row[state] == "sending" {
		row[state], row[slices.Index(names, "next_at")] = "waiting", b.now
	}
}

// set gives a shard or lane its counters back; it stays free.
func (b *restore) set(ctx context.Context, table string, row []any) error {
	query := `
UPDATE outbox_shards
SET epoch = ?, claims = ?, owner = '', until = 0
WHERE shard = ?`
	if table == "audit_lanes" {
		query = `
UPDATE audit_lanes
SET epoch = ?, seq = ?, hash = ?, owner = '', until = 0
WHERE lane = ?`
	}
	return b.t.one(ctx, table, fmt.Errorf("%w: no row %v", ErrBackup, row[0]), query, append(row[1:], row[0])...)
}

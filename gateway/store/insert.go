package store

import (
	"context"
	"fmt"
	"strings"
)

// Rows of one table and one batch go in together, this many per statement;
// three texts per table stay prepared.
var insertSizes = [...]int{16, 4, 1}

// A statement carries at most about this many bytes, unless one row alone is larger.
const insertBytes = 1 << 20

// insert is the statement of one table for each size.
type insert struct {
	table string
	width int // columns
	query map[int]string
}

func newInsert(table, columns string) *insert { return newUpsert(table, columns, "") }

// newUpsert ends the statement with what to do about a row that is there.
func newUpsert(table, columns, tail string) *insert {
	in := &insert{table: table, width: strings.Count(columns, ",") + 1, query: map[int]string{}}
	row := "(" + strings.Repeat("?, ", in.width-1) + "?)"
	for _, n := range insertSizes {
		in.query[n] = "INSERT INTO " + table + " (" + columns + ")\nVALUES " + strings.Repeat(row+", ", n-1) + row + tail
	}
	return in
}

// rows are what one batch puts into a table.
type rows struct {
	*insert
	n     int
	args  []any
	bytes []int
}

func (in *insert) rows() *rows { return &rows{insert: in} }

func (r *rows) add(bytes int, args ...any) {
	r.n++
	r.bytes = append(r.bytes, bytes)
	r.args = append(r.args, args...)
}

func (t tx) insert(ctx context.Context, r *rows) error {
	for at := 0; at < r.n; {
		n := r.chunk(at)
		if _, err := t.exec(ctx, r.query[n], r.args[at*r.width:(at+n)*r.width]...); err != nil {
			return fmt.Errorf("insert into %s: %w", r.table, t.s.d.rowError(err, r.table))
		}
		at += n
	}
	return nil
}

func (r *rows) chunk(at int) int {
	for _, n := range insertSizes {
		if n == 1 || at+n > r.n {
			continue
		}
		sum := 0
		for _, b := range r.bytes[at : at+n] {
			sum += b
		}
		if sum <= insertBytes {
			return n
		}
	}
	return 1
}

// rowError makes a broken key or rule the typed error of its table; other
// errors stay as they are, for the writer to judge.
func (d *dialect) rowError(err error, table string) error {
	switch f := d.classify(err); f.kind {
	case faultConflict:
		if table == "audit" { // somebody else wrote into this writer's lane
			return errLaneLost
		}
		return &ConflictError{On: conflictOn(table, f.key)}
	case faultInvalid:
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return err
}

// conflictOn names what a key guards. Only declarations have two keys that a
// caller must tell apart. Who loses the race for the next version of a notice
// reads the notice again, whichever of its keys said so.
func conflictOn(table, key string) string {
	switch table {
	case "declarations":
		if strings.Contains(key, "reference") {
			return "reference"
		}
		return "declaration"
	case "partner_keys":
		return "key"
	case "notice_versions":
		return "notice"
	case "notice_boxes":
		return "box"
	case "answer_links":
		return "link"
	case "fee_complaints", "fee_complaint_events", "fee_complaint_files":
		return "fee_complaint"
	case "users":
		return "user"
	case "pushes":
		return "push"
	case "fee_rows", "fee_edition_rows", "fee_sources":
		return "fee_edition"
	case "fee_rating_replies":
		return "fee_rating_reply"
	case "idempotency", "outbox":
		return table
	}
	return strings.TrimSuffix(table, "s") // messages, events, receipts, partners
}

// blob is never NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

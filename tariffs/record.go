package tariffs

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Record is one row of a table as it is kept for ever: a catalogue is made
// from its records and gives them back, so that whatever holds records holds
// catalogues. A record does not change; a correction is the next version.
type Record struct {
	Kind     string // table: items, rates …; see Kinds
	Key      string // of the row in its table
	Version  int    // from 1
	Replaces int    // version that this one took the place of; 0: none
	Body     []byte // JSON object from column to cell in the table's order; empty cells are left out
}

// SHA256 is the digest of the body, hex.
func (r *Record) SHA256() string {
	sum := sha256.Sum256(r.Body)
	return hex.EncodeToString(sum[:])
}

// Kinds are the tables of a catalogue, in order.
func Kinds() []string {
	var kinds []string
	for _, f := range (&Catalogue{}).files() {
		kinds = append(kinds, f.kind)
	}
	return kinds
}

// ColumnsOf are the columns of a table, those that a row may leave out at the
// end; nil when there is no such table.
func ColumnsOf(kind string) []string {
	f := (&Catalogue{}).file(kind)
	if f == nil {
		return nil
	}
	return slices.Concat(f.columns, f.extra)
}

// TableColumns are the columns that every form of a table has.
func TableColumns(kind string) []string { return tableColumns[kind] }

// KeyColumn is the column that names the rows of a table.
func KeyColumn(kind string) string {
	if f := (&Catalogue{}).file(kind); f != nil {
		return f.columns[0]
	}
	return ""
}

func (c *Catalogue) file(kind string) *tableFile {
	files := c.files()
	i := slices.IndexFunc(files[:], func(f tableFile) bool { return f.kind == kind })
	if i < 0 {
		return nil
	}
	return &files[i]
}

// Records are the rows that the catalogue was made from, in order. They must
// not be changed.
func (c *Catalogue) Records() []Record { return c.records }

// FromRecords makes a catalogue. Errors are *RowError, with the kind as the
// file and the place among its rows as the line, for what stands in a record.
func FromRecords(records []Record) (*Catalogue, error) {
	c := &Catalogue{}
	for _, f := range c.files() {
		t := newTable(f.kind, f.columns, f.extra)
		for i := range records {
			if records[i].Kind != f.kind {
				continue
			}
			t.line++
			if err := t.decode(&records[i]); err != nil {
				return nil, err
			}
			f.row(t)
			if t.err != nil {
				return nil, t.err
			}
			if got := t.text(f.columns[0]); got != records[i].Key {
				return nil, &RowError{t.file, t.line, f.columns[0], fmt.Sprintf("%q is not the key %q", got, records[i].Key)}
			}
			c.records = append(c.records, records[i])
		}
	}
	if len(c.records) != len(records) {
		return nil, fmt.Errorf("%d of %d records are of no table", len(records)-len(c.records), len(records))
	}
	c.Version = Digest(c.records)
	return c, c.index()
}

// Digest is SHA-256 (hex) over the rows in their order: kind, key, version and
// the digest of the body. It is the version of their catalogue.
func Digest(records []Record) string {
	d := NewDigester()
	for i := range records {
		d.Add(records[i].Kind, records[i].Key, records[i].Version, records[i].SHA256())
	}
	return d.Sum()
}

// Digester computes Digest from what is kept beside the bodies.
type Digester struct{ sum hash.Hash }

// NewDigester begins one.
func NewDigester() Digester { return Digester{sha256.New()} }

// Add takes the next row.
func (d Digester) Add(kind, key string, version int, sha string) {
	fmt.Fprintf(d.sum, "%s %q %d %s\n", kind, key, version, sha)
}

// Sum is the digest of what was added.
func (d Digester) Sum() string { return hex.EncodeToString(d.sum.Sum(nil)) }

// keep makes a record of the row that the table is at.
func (c *Catalogue) keep(kind string, t *table) {
	c.records = append(c.records, Record{Kind: kind, Key: t.text(t.columns[0]), Version: 1, Body: t.encode()})
}

// encode writes the row as the body of a record.
func (t *table) encode() []byte {
	body := []byte{'{'}
	for _, column := range slices.Concat(t.columns, t.extra) {
		cell := t.text(column)
		if cell == "" {
			continue
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		var err error
		if body, err = jsontext.AppendQuote(body, column); err == nil {
			body, err = jsontext.AppendQuote(append(body, ':'), cell)
		}
		if err != nil {
			t.fail(column, "not UTF-8")
			return nil
		}
	}
	return append(body, '}')
}

// decode puts the table at a record. An unknown column is refused: a
// misplaced key that is ignored in silence loses a rate.
func (t *table) decode(r *Record) error {
	bad := func(column, reason string) error { return &RowError{t.file, t.line, column, reason} }
	clear(t.row)
	in := jsontext.NewDecoder(bytes.NewReader(r.Body))
	open, err := in.ReadToken()
	if err != nil || open.Kind() != '{' {
		return bad("", "body is no object")
	}
	for in.PeekKind() != '}' {
		name, err := in.ReadToken()
		if err != nil {
			return bad("", err.Error())
		}
		column := name.String()
		at, known := t.at[column]
		cell, err := in.ReadToken()
		switch {
		case err != nil:
			return bad(column, err.Error())
		case !known:
			return bad(column, "unknown column")
		case cell.Kind() != '"':
			return bad(column, "cell is no text")
		}
		t.row[at] = cell.String()
	}
	if _, err := in.ReadToken(); err != nil {
		return bad("", err.Error())
	}
	t.version = r.Version
	return nil
}

// NewRecord is the first version of a row from its cells by column.
func NewRecord(kind string, cells map[string]string) (Record, error) {
	f := (&Catalogue{}).file(kind)
	if f == nil {
		return Record{}, &RowError{kind, 0, "", "no such table"}
	}
	t := newTable(kind, f.columns, f.extra)
	for column, cell := range cells {
		at, known := t.at[column]
		if !known {
			return Record{}, &RowError{kind, 0, column, "unknown column"}
		}
		t.row[at] = cell
	}
	f.row(t)
	if t.err != nil {
		return Record{}, t.err
	}
	r := Record{Kind: kind, Key: t.text(f.columns[0]), Version: 1, Body: t.encode()}
	if t.err != nil {
		return Record{}, t.err
	}
	return r, nil
}

// known are the columns of each table, for a quick look.
var known = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, kind := range Kinds() {
		out[kind] = map[string]bool{}
		for _, column := range ColumnsOf(kind) {
			out[kind][column] = true
		}
	}
	return out
})

// Cells are the cells of a record by column; empty ones are left out.
func (r *Record) Cells() (map[string]string, error) {
	columns := known()[r.Kind]
	if columns == nil {
		return nil, &RowError{r.Kind, 0, "", "no such table"}
	}
	cells := map[string]string{}
	if err := json.Unmarshal(r.Body, &cells); err != nil {
		return nil, &RowError{r.Kind, 0, "", err.Error()}
	}
	for column := range cells {
		if !columns[column] {
			return nil, &RowError{r.Kind, 0, column, "unknown column"}
		}
	}
	return cells, nil
}

// Validity is from and until when the row says that it holds, as it says it;
// empty is open, and of tables without days.
func (r *Record) Validity() (from, to string) {
	cells, err := r.Cells()
	if err != nil {
		return "", ""
	}
	return ValidityOf(cells)
}

// ValidityOf is the same of the cells of a row.
func ValidityOf(cells map[string]string) (from, to string) {
	return cmp.Or(cells["valid_from"], cells["from_at"], cells["effective_from"]), cmp.Or(cells["valid_to"], cells["to_at"], cells["effective_to"])
}

package tariffs

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"github.com/shopspring/decimal"
)

// RowError is a table that cannot be read: in which file, line and column, and why.
type RowError struct {
	File   string
	Line   int // from 1, the heading is 1
	Column string
	Reason string
}

func (e *RowError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Column, e.Reason)
}

// table reads one CSV. Columns that are not known and columns that are
// missing are refused: a misplaced key that is ignored in silence loses a rate.
type table struct {
	file    string
	columns []string
	extra   []string // columns that may be missing
	at      map[string]int
	line    int
	version int // of the row; a file has first versions
	row     []string
	err     *RowError
}

// newTable is a table whose rows have all columns in their order.
func newTable(file string, columns, extra []string) *table {
	t := &table{file: file, columns: columns, extra: extra, at: make(map[string]int, len(columns)+len(extra)), version: 1}
	for i, name := range slices.Concat(columns, extra) {
		t.at[name] = i
	}
	t.row = make([]string, len(t.at))
	return t
}

func readTable(file string, r io.Reader, columns []string, each func(*table)) error {
	return readTableWith(file, r, columns, nil, each)
}

func readTableWith(file string, r io.Reader, columns, extra []string, each func(*table)) error {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	head, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	t := &table{file: file, columns: columns, extra: extra, at: make(map[string]int, len(head)), line: 1, version: 1}
	for i, name := range head {
		if !slices.Contains(columns, name) && !slices.Contains(extra, name) {
			return &RowError{file, 1, name, "unknown column"}
		}
		if _, twice := t.at[name]; twice {
			return &RowError{file, 1, name, "column twice"}
		}
		t.at[name] = i
	}
	for _, name := range columns {
		if _, ok := t.at[name]; !ok {
			return &RowError{file, 1, name, "column missing"}
		}
	}
	for {
		t.row, err = in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		t.line, _ = in.FieldPos(0)
		if each(t); t.err != nil {
			return t.err
		}
	}
}

func (t *table) fail(column, reason string) {
	if t.err == nil {
		t.err = &RowError{t.file, t.line, column, reason}
	}
}

func (t *table) text(column string) string {
	at, ok := t.at[column]
	if !ok { // one that may be missing: the others were asked for in the heading
		return ""
	}
	return t.row[at]
}

func (t *table) need(column string) string {
	s := t.text(column)
	if s == "" {
		t.fail(column, "empty")
	}
	return s
}

func (t *table) one(column string, allowed ...string) string {
	s := t.text(column)
	if !slices.Contains(allowed, s) {
		t.fail(column, fmt.Sprintf("%q is none of %v", s, allowed))
	}
	return s
}

func (t *table) word(column string) Word {
	w := Word(t.text(column))
	if !slices.Contains(Words, w) {
		t.fail(column, fmt.Sprintf("%q is no word of verification", w))
	}
	return w
}

func (t *table) day(column string) Day {
	s := t.text(column)
	if s == "" {
		return ""
	}
	d, ok := ParseDay(s)
	if !ok {
		t.fail(column, fmt.Sprintf("%q is no day", s))
	}
	return d
}

func (t *table) span(from, to string) Span {
	s := Span{t.day(from), t.day(to)}
	if s.From != "" && s.To != "" && s.To < s.From {
		t.fail(to, "ends before it begins")
	}
	return s
}

func (t *table) measure(column string) (Measure, bool) {
	s := t.text(column)
	if s == "" {
		return 0, false
	}
	m, ok := ParseMeasure(s)
	if !ok {
		t.fail(column, fmt.Sprintf("%q is no plain number", s))
	}
	return m, ok
}

func (t *table) band(from, to string) Band {
	var b Band
	b.From, b.HasFrom = t.measure(from)
	b.To, b.HasTo = t.measure(to)
	if b.HasFrom && b.HasTo && b.To <= b.From {
		t.fail(to, "band is empty")
	}
	return b
}

// amount is nil for a blank cell: unknown.
func (t *table) amount(column string) *decimal.Decimal {
	s := t.text(column)
	if s == "" {
		return nil
	}
	d, ok := plainDecimal(s)
	if !ok {
		t.fail(column, fmt.Sprintf("%q is no plain decimal", s))
	}
	return &d
}

// plainDecimal reads digits with at most one dot; no sign, exponent or separator.
func plainDecimal(s string) (decimal.Decimal, bool) {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' {
			return decimal.Decimal{}, false
		}
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil
}

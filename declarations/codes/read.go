package codes

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxFile bounds the file of one table; the largest official one has some
// ten thousand lines.
const maxFile = 16 << 20

// required columns of every table; scope, valid_from, valid_to and note may
// be missing, and columns that are not known are kept as Extra.
var required = []string{"code", "name_zh", "name_en", "status"}

var statusWords = []string{Confirmed, Secondary, Unverified, Conflict}

// Read reads one table from UTF-8 CSV with a header row. Lines above the
// header may say "# complete" or "# incomplete: WHY", which becomes Gap. A
// table with faults is a *FaultsError with all of them; a byte order mark, as
// spreadsheets write it, is passed over.
func Read(name string, r io.Reader) (*Table, error) {
	t, err := read(name, name+".csv", r, nil)
	if err != nil {
		return nil, fmt.Errorf("code table %s: %w", name, err)
	}
	return t, nil
}

// reader is the state of reading one file. like is the built-in table that
// the file stands in for, or nil.
type reader struct {
	table   *Table
	file    string
	like    *Table
	csv     *csv.Reader
	above   int // lines above what csv reads
	lines   []int
	faults  []Fault
	columns map[string]int
}

func read(name, file string, in io.Reader, like *Table) (*Table, error) {
	body, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	sum := sha256.Sum256(body)
	r := &reader{file: file, like: like, table: &Table{Name: name, Edition: Edition{Digest: hex.EncodeToString(sum[:8])},
		index: map[key][]int{}, other: map[column][]int{}, folded: &folded{}}}
	r.read(body)
	if len(r.faults) > 0 {
		sortFaults(r.faults)
		return nil, &FaultsError{r.faults}
	}
	return r.table, nil
}

func (r *reader) fault(line, col int, code string, args ...string) {
	f := Fault{File: r.file, Line: line, Column: col, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	r.faults = append(r.faults, f)
}

func (r *reader) read(body []byte) {
	if len(body) > maxFile {
		r.fault(0, 0, CodeTooLarge, "limit", strconv.Itoa(maxFile>>20)+" MiB")
		return
	}
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if !r.text(body) {
		return
	}
	if r.like != nil {
		r.table.Gap = r.like.Gap // what a file does not say stays as it was
	}
	r.csv = csv.NewReader(bytes.NewReader(r.remarks(body)))
	r.csv.ReuseRecord = true
	if !r.header() {
		return
	}
	for r.row() {
	}
	if len(r.table.Entries) == 0 && len(r.faults) == 0 {
		r.fault(0, 0, CodeNoEntry)
	}
	r.sizes()
	r.twice()
}

// text finds bytes that are no UTF-8, one fault a line: a file in GB18030
// would otherwise have one for every name.
func (r *reader) text(body []byte) bool {
	if utf8.Valid(body) {
		return true
	}
	n := 0
	for line := range bytes.Lines(body) {
		n++
		if utf8.Valid(line) {
			continue
		}
		at := 0
		for at < len(line) {
			c, size := utf8.DecodeRune(line[at:])
			if c == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		r.fault(n, at+1, CodeNotUTF8)
	}
	return false
}

// remarks reads the lines above the header that begin with #.
func (r *reader) remarks(body []byte) []byte {
	for bytes.HasPrefix(body, []byte("#")) {
		line, rest, _ := bytes.Cut(body, []byte("\n"))
		r.above++
		what, why, _ := strings.Cut(strings.TrimSpace(string(line[1:])), ":")
		why = strings.TrimSpace(why)
		switch {
		case what == "complete" && why == "":
			r.table.Gap = ""
		case what == "incomplete" && why != "":
			r.table.Gap = why
		default:
			r.fault(r.above, 1, CodeRemark, "text", strings.TrimSpace(string(line)))
		}
		body = rest
	}
	return body
}

func (r *reader) header() bool {
	row, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		r.fault(0, 0, CodeNoEntry)
		return false
	}
	if err != nil {
		r.syntax(err)
		return false
	}
	r.columns = make(map[string]int, len(row))
	for i, name := range row {
		if _, taken := r.columns[name]; taken || name == "" || name != strings.TrimSpace(name) {
			line, col := r.place(i)
			r.fault(line, col, CodeColumn, "column", name)
		}
		r.columns[name] = i
		r.table.columns = append(r.table.columns, name)
	}
	for _, name := range r.needed() {
		if _, ok := r.columns[name]; !ok {
			r.fault(r.above+1, 0, CodeNoColumn, "column", name)
		}
	}
	return len(r.faults) == 0
}

// needed are the columns that must be there: a table that stands in for
// another must answer the same questions.
func (r *reader) needed() []string {
	if r.like == nil {
		return required
	}
	return slices.DeleteFunc(slices.Clone(r.like.columns), func(c string) bool {
		return c == "valid_from" || c == "valid_to" || c == "note"
	})
}

func (r *reader) place(i int) (line, col int) {
	line, col = r.csv.FieldPos(i)
	return line + r.above, col
}

func (r *reader) syntax(err error) {
	var p *csv.ParseError
	if errors.As(err, &p) {
		r.fault(p.Line+r.above, p.Column, CodeQuotes)
	}
}

// row reads one line; false at the end of the file.
func (r *reader) row() bool {
	row, err := r.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return false
	case errors.Is(err, csv.ErrFieldCount):
		line, _ := r.place(0)
		r.fault(line, 0, CodeCells, "found", strconv.Itoa(len(row)), "columns", strconv.Itoa(len(r.table.columns)))
		return true
	case err != nil:
		r.syntax(err)
		return true
	}
	e := Entry{}
	for i, name := range r.table.columns {
		r.cell(&e, name, row[i], i)
	}
	r.check(&e)
	line, _ := r.place(0)
	r.lines = append(r.lines, line)
	r.table.add(e)
	return true
}

// cell puts one value into the entry and checks what can be said of it alone.
func (r *reader) cell(e *Entry, name, v string, i int) {
	line, col := r.place(i)
	if strings.ContainsFunc(v, unicode.IsControl) || (name == "code" || name == "scope") && v != strings.TrimSpace(v) {
		r.fault(line, col, CodeCharacter, "column", name)
	}
	switch name {
	case "scope":
		e.Scope = v
	case "code":
		e.Code = v
	case "name_zh":
		e.NameZh = v
	case "name_en":
		e.NameEn = v
	case "valid_from":
		e.ValidFrom = v
		r.day(v, name, line, col)
	case "valid_to":
		e.ValidTo = v
		r.day(v, name, line, col)
	case "status":
		e.Status = v
		if !slices.Contains(statusWords, v) {
			r.fault(line, col, CodeStatus, "value", v)
		}
	case "note":
		e.Note = v
	case "active", "believed_active", "iso", "international_carriage":
		if v != "Y" && v != "N" {
			r.fault(line, col, CodeFlag, "column", name, "value", v)
		}
		e.further(name, v)
	default:
		e.further(name, v)
	}
}

func (e *Entry) further(name, v string) {
	if v == "" {
		return
	}
	if e.Extra == nil {
		e.Extra = map[string]string{}
	}
	e.Extra[name] = v
}

func (r *reader) day(v, name string, line, col int) {
	if v != "" && !IsDay(v) {
		r.fault(line, col, CodeDay, "column", name, "value", v)
	}
}

// IsDay reports whether v is a day of the calendar as 2006-01-02.
func IsDay(v string) bool {
	d, err := time.Parse(time.DateOnly, v)
	return err == nil && d.Format(time.DateOnly) == v
}

// check looks at the line as a whole.
func (r *reader) check(e *Entry) {
	line, _ := r.place(0)
	if e.ValidFrom != "" && e.ValidTo != "" && e.ValidTo < e.ValidFrom && IsDay(e.ValidFrom) && IsDay(e.ValidTo) {
		r.fault(line, 0, CodeValidity, "valid_from", e.ValidFrom, "valid_to", e.ValidTo)
	}
	if e.NameZh == "" && e.NameEn == "" {
		r.fault(line, 0, CodeNoName)
	}
	if !e.coded() && e.Extra["old_numeric"] == "" {
		r.fault(line, 0, CodeNoCode)
	}
}

// coded reports whether the entry is found by its code. An empty code is one
// only within a list, where it says that the place is left blank (Type 1-2).
func (e *Entry) coded() bool { return e.Code != "" || e.Scope != "" }

// add appends an entry and what finds it.
func (t *Table) add(e Entry) {
	i := len(t.Entries)
	t.Entries = append(t.Entries, e)
	if e.coded() {
		k := key{e.Scope, e.Code}
		t.index[k] = append(t.index[k], i)
	}
	for name, v := range e.Extra {
		c := column{name, v}
		t.other[c] = append(t.other[c], i)
	}
}

// sizes notes the length that all codes share. A file that stands in for such
// a table must keep it: a spreadsheet that takes 0110 for a number writes 110.
func (r *reader) sizes() {
	t := r.table
	for i := range t.Entries {
		n := len(t.Entries[i].Code)
		switch {
		case n == 0:
		case t.codeSize == 0:
			t.codeSize = n
		case t.codeSize != n:
			t.codeSize = -1
		}
	}
	t.codeSize = max(t.codeSize, 0)
	if r.like == nil || r.like.codeSize == 0 {
		return
	}
	for i := range t.Entries {
		if c := t.Entries[i].Code; c != "" && len(c) != r.like.codeSize {
			r.fault(r.lines[i], 0, CodeLength, "code", c, "length", strconv.Itoa(r.like.codeSize), "found", strconv.Itoa(len(c)))
		}
	}
}

// twice finds codes that two lines claim on the same day.
func (r *reader) twice() {
	for _, rows := range r.table.index {
		for n, i := range rows {
			for _, j := range rows[:n] {
				if overlap(&r.table.Entries[i], &r.table.Entries[j]) {
					r.fault(r.lines[i], 0, CodeTwice, "code", r.table.Entries[i].Code, "line", strconv.Itoa(r.lines[j]))
					break
				}
			}
		}
	}
}

func overlap(a, b *Entry) bool {
	return (a.ValidTo == "" || b.ValidFrom == "" || b.ValidFrom <= a.ValidTo) &&
		(b.ValidTo == "" || a.ValidFrom == "" || a.ValidFrom <= b.ValidTo)
}

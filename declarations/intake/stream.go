package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// Options of a stream.
type Options struct {
	Charset string // of CSV, as the sender declared it; empty: found
	// Mapping gives columns of a table their canonical paths, by what the
	// header says. A header that it does not have is found by its name.
	Mapping map[string]string
	kept    bool // see Kept
}

// maxArray bounds a document that is held whole to be read: JSON and XML.
const maxWhole = 64 << 20

// Stream reads a document row by row: memory does not grow with the number of
// declarations of a table. A row is given as soon as its last line is read,
// so what comes later cannot change it. There is at least one row. An error
// is one of reading r; then there are no more rows.
func Stream(r io.ReaderAt, size int64, format Format, o Options) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		switch {
		case size == 0:
			give(refused(declarations.Fault{Code: declarations.CodeEmpty}), yield)
		case format == CSV || format == XLSX:
			streamTable(r, size, format, o, yield)
		case format == ZIP:
			streamPackage(r, size, o, yield)
		default:
			streamWhole(r, size, format, yield)
		}
	}
}

func streamWhole(r io.ReaderAt, size int64, format Format, yield func(Row, error) bool) {
	if size > maxWhole {
		give(refused(tooLarge(maxWhole, "unit", "bytes")), yield)
		return
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		yield(Row{}, fmt.Errorf("read document: %w", err))
		return
	}
	give(Read(data, format), yield)
}

func give(rows []Row, yield func(Row, error) bool) bool {
	for i := range rows {
		if !yield(rows[i], nil) {
			return false
		}
	}
	return true
}

func streamTable(r io.ReaderAt, size int64, format Format, o Options, yield func(Row, error) bool) {
	if rows := badMapping(o.Mapping); rows != nil {
		give(rows, yield)
		return
	}
	table, err := openTable(r, size, format, o)
	if err != nil {
		stopped(nil, err, yield)
		return
	}
	var s *sheetReader
	for row, err := range table.Rows {
		switch {
		case err != nil:
			stopped(s, err, yield)
			return
		case row.Empty():
			continue
		case s == nil:
			h, ok := header(table, &row, o.Mapping)
			h.faults = append(slices.Clone(table.Warnings), h.faults...)
			if !ok {
				give([]Row{{Line: row.Number, Faults: h.faults, Locate: nowhere}}, yield)
				return
			}
			if o.kept {
				h.origin = originOf(h.names)
			}
			s = newSheetReader(h, table)
			continue
		}
		s.take(&row)
		if !s.flush(yield) {
			return
		}
	}
	switch {
	case s == nil:
		give(refused(declarations.Fault{Code: declarations.CodeEmpty}), yield)
	case s.group == nil && s.faults != nil || s.group == nil && len(s.seen) == 0 && s.pending == nil:
		f := sheetFault(declarations.Reject, codeHeaderOnly)
		f.Path, f.Line = table.Place(s.row, 0), s.row
		give([]Row{{Line: s.row, Faults: append(s.faults, f), Locate: nowhere}}, yield)
	default:
		s.end()
		s.flush(yield)
	}
}

func openTable(r io.ReaderAt, size int64, format Format, o Options) (*cells.Table, error) {
	if format == CSV {
		return cells.CSV(r, size, o.Charset)
	}
	return cells.XLSX(r, size, func(row cells.Row) bool { return isHeader(&row, o.Mapping) })
}

func (s *sheetReader) flush(yield func(Row, error) bool) bool {
	ok := give(s.out, yield)
	s.out = s.out[:0]
	return ok
}

// stopped ends a table that cannot be read further. The declaration at work
// may lack rows, so it is refused with the reason.
func stopped(s *sheetReader, err error, yield func(Row, error) bool) {
	var refusal *cells.Refusal
	if !errors.As(err, &refusal) {
		yield(Row{}, fmt.Errorf("read table: %w", err))
		return
	}
	f := refusal.Fault
	if s == nil || s.group == nil {
		row := Row{Line: max(1, f.Line), Faults: []declarations.Fault{f}, Locate: nowhere}
		if s != nil {
			row.Faults = append(slices.Clone(s.faults), f)
		}
		yield(row, nil)
		return
	}
	s.group.Faults = append(s.group.Faults, f)
	s.end()
	s.flush(yield)
}

// badMapping refuses a mapping to a path that is no column.
func badMapping(mapping map[string]string) []Row {
	var faults []declarations.Fault
	for name, path := range mapping {
		if columnsOfSheets().byPath[path] == nil {
			faults = append(faults, sheetFault(declarations.Reject, codeMapping, "name", clip(name), "value", clip(path)))
		}
	}
	if faults == nil {
		return nil
	}
	slices.SortFunc(faults, func(a, b declarations.Fault) int { return strings.Compare(a.Args["name"], b.Args["name"]) })
	return []Row{{Line: 1, Faults: faults, Locate: nowhere}}
}

// ofBytes finds a format by how its files begin; a workbook that is no zip is
// one all the same, to be refused by name.
func ofBytes(data []byte) Format {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return ofZip(bytes.NewReader(data), int64(len(data)))
	case cells.Compound(bytes.NewReader(data), int64(len(data))) != nil:
		return XLSX
	}
	return ""
}

// Sniff is Detect for a document that is not in memory: it looks at its
// beginning, and into a zip. Empty: no known format.
func Sniff(r io.ReaderAt, size int64, contentType string) Format {
	head := make([]byte, min(size, 64<<10))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	if strings.HasPrefix(strings.ToLower(contentType), "application/vnd.ms-excel") {
		contentType = "" // Windows names CSV so, too
	}
	if f := ofBytes(head[:n]); f == ZIP || f == XLSX && size > int64(n) {
		if bytes.HasPrefix(head, []byte("PK")) {
			return ofZip(r, size)
		}
		return f
	}
	f, _ := Detect(contentType, head[:n])
	return f
}

// looksLikeTable reports a text whose first line with text has a column for
// the client reference: tables have no mark of their own.
func looksLikeTable(text []byte) bool {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if bytes.HasPrefix(bytes.ToLower(line), []byte("sep=")) {
		line, _, _ = bytes.Cut(bytes.TrimLeft(rest, "\r\n"), []byte("\n"))
	}
	if len(line) > 1<<16 {
		return false
	}
	names := string(line)
	if firstInvalid(line) < len(line) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
		if err != nil {
			return false
		}
		names = string(decoded)
	}
	return slices.ContainsFunc(strings.FieldsFunc(names, func(c rune) bool { return strings.ContainsRune(",;\t\"\r\n", c) }), func(name string) bool {
		c := known(name, nil)
		return c != nil && c.path == referencePath
	})
}

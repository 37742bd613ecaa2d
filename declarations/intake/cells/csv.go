package cells

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
)

const (
	byteOrderMark = "\ufeff"
	maxRecord     = 1 << 20 // bytes of one row with its quotes
)

// CSV opens a table of separated values. charset is what the sender declared,
// or empty: then it is UTF-8 when the whole file is, else GB18030. The
// separator is found in the header: comma, semicolon or tab, or what a first
// line sep= names.
func CSV(r io.ReaderAt, size int64, charset string) (*Table, error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return nil, refuse(declarations.CodeNotUTF8, "encoding", "UTF-8")
	}
	t := &Table{}
	var err error
	if t.Encoding, err = encoding(r, size, charset); err != nil {
		return nil, err
	}
	text := decoded(r, size, t.Encoding)
	first, err := text.Peek(min(int(size), 32<<10))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	bom := 0
	if bytes.HasPrefix(first, []byte(byteOrderMark)) {
		bom = len(byteOrderMark)
	}
	hint := 0
	t.Comma, hint = separator(first[bom:])
	if _, err := text.Discard(bom + hint); err != nil {
		return nil, err
	}
	t.Rows = t.records(text, min(hint, 1))
	return t, nil
}

// encoding goes through the file once, which costs little beside reading it.
func encoding(r io.ReaderAt, size int64, charset string) (string, error) {
	switch strings.ToUpper(charset) {
	case "GB18030", "GBK", "GB2312":
		return "GB18030", nil
	case "", "UTF-8", "UTF8", "US-ASCII":
	default:
		return "", refuse(declarations.CodeNotUTF8, "encoding", charset)
	}
	line, column, valid, err := firstInvalid(io.NewSectionReader(r, 0, size))
	switch {
	case err != nil:
		return "", err
	case valid:
		return "UTF-8", nil
	case charset == "":
		return "GB18030", nil
	}
	return "", refuse(declarations.CodeNotUTF8, "encoding", "UTF-8").at("", line, column)
}

// firstInvalid is the place of the first byte that is no UTF-8.
func firstInvalid(r io.Reader) (line, column int, valid bool, err error) {
	buf := make([]byte, 64<<10)
	kept := 0
	line, column = 1, 1
	for {
		n, err := r.Read(buf[kept:])
		text, last := buf[:kept+n], errors.Is(err, io.EOF)
		if err != nil && !last {
			return 0, 0, false, err
		}
		at := 0
		for at < len(text) {
			c, width := utf8.DecodeRune(text[at:])
			if c == utf8.RuneError && width == 1 {
				if !last && !utf8.FullRune(text[at:]) {
					break
				}
				return line, column, false, nil
			}
			column++
			if c == '\n' {
				line, column = line+1, 1
			}
			at += width
		}
		if last {
			return 0, 0, true, nil
		}
		kept = copy(buf, text[at:])
	}
}

func decoded(r io.ReaderAt, size int64, name string) *bufio.Reader {
	var in io.Reader = io.NewSectionReader(r, 0, size)
	if name == "GB18030" {
		in = simplifiedchinese.GB18030.NewDecoder().Reader(in)
	}
	return bufio.NewReaderSize(in, 64<<10)
}

// separator finds the separator in the first line, outside of quotes, and
// how many bytes a line sep= before it takes.
func separator(text []byte) (comma rune, hint int) {
	if line, _, found := bytes.Cut(text, []byte("\n")); found && bytes.HasPrefix(bytes.ToLower(line), []byte("sep=")) {
		if c := strings.TrimRight(string(line[4:]), "\r"); c == "," || c == ";" || c == "\t" {
			return rune(c[0]), len(line) + 1
		}
	}
	var count [3]int
	quoted := false
	text = bytes.TrimLeft(text, "\r\n")
	for _, b := range text {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			text = nil
		case b == ',':
			count[0]++
		case b == ';':
			count[1]++
		case b == '\t':
			count[2]++
		}
		if text == nil {
			break
		}
	}
	best := 0
	for i := range count {
		if count[i] > count[best] {
			best = i
		}
	}
	return [3]rune{',', ';', '\t'}[best], 0
}

// records numbers rows as a spreadsheet does: each record is one row, however
// many lines its quoted cells have, and an empty line is a row.
func (t *Table) records(text io.Reader, skipped int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		meter := &recordMeter{r: text, left: maxRecord}
		in := csv.NewReader(meter)
		in.Comma, in.FieldsPerRecord, in.ReuseRecord = t.Comma, -1, true
		row, next := skipped, 1 // next: the line on which the next record would begin
		for {
			meter.left = maxRecord
			record, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, t.broken(err, row+1))
				return
			}
			line, _ := in.FieldPos(0)
			row += 1 + line - next
			next = line + 1
			for _, field := range record {
				next += strings.Count(field, "\n")
			}
			if refusal := t.bounds(record, row); refusal != nil {
				yield(Row{}, refusal)
				return
			}
			cells := make([]Cell, len(record))
			for i, field := range record {
				cells[i].Text = field
			}
			if !yield(Row{Number: row, Cells: cells}, nil) {
				return
			}
		}
	}
}

func (t *Table) broken(err error, row int) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errRecord):
		return refuse(declarations.CodeTooLarge, "unit", "bytes", "limit", strconv.Itoa(maxRecord)).at(t.Place(row, 0), row, 0)
	case errors.As(err, &parse):
		if errors.Is(err, csv.ErrBareQuote) {
			return refuse(CodeStructure, "reason", "csv_bare_quote").at(t.Place(row, 0), row, 0)
		}
		return refuse(CodeStructure, "reason", "csv_quote").at(t.Place(row, 0), row, 0)
	}
	return err
}

func (t *Table) bounds(record []string, row int) *Refusal {
	if len(record) > MaxColumns {
		return refuse(declarations.CodeTooLarge, "unit", "columns", "limit", strconv.Itoa(MaxColumns)).at(t.Place(row, MaxColumns+1), row, MaxColumns+1)
	}
	for i, field := range record {
		if len(field) > MaxCell && utf8.RuneCountInString(field) > MaxCell {
			return refuse(declarations.CodeTooLarge, "unit", "characters", "limit", strconv.Itoa(MaxCell)).at(t.Place(row, i+1), row, i+1)
		}
	}
	return nil
}

var errRecord = errors.New("record too long")

// recordMeter bounds one record: a quote that is never closed must not take
// the whole file into memory. What is read ahead counts as well.
type recordMeter struct {
	r    io.Reader
	left int
}

func (m *recordMeter) Read(b []byte) (int, error) {
	if m.left <= 0 {
		return 0, errRecord
	}
	n, err := m.r.Read(b[:min(len(b), m.left)])
	m.left -= n
	return n, err
}

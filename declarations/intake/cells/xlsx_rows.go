package cells

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"kouan/declarations"
	"kouan/declarations/intake/archive"
)

// maxMerged ranges of one sheet are looked at.
const maxMerged = 10_000

// errStop ends the reading because nobody wants more rows.
var errStop = errors.New("stop")

// rows reads a sheet from its beginning, row by row.
func (w *workbook) rows(t *Table, s *sheet) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := rowReader{w: w, t: t}
		err := w.tokens(s.part, maxSheet, func(token *token) error {
			done, err := r.see(token)
			if err == nil && done && !yield(r.row, nil) {
				return errStop
			}
			return err
		})
		if err == nil && !r.ended {
			err = broken(s.name)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(Row{}, err)
		}
	}
}

// firstRow is the first row with text, and which columns are hidden: that
// stands in front of the rows.
func (w *workbook) firstRow(s *sheet) (Row, []Range, error) {
	r := rowReader{w: w, t: &Table{Sheet: s.name}}
	err := w.tokens(s.part, maxSheet, func(token *token) error {
		done, err := r.see(token)
		if err == nil && done && !r.row.Empty() {
			return errStop
		}
		return err
	})
	switch {
	case errors.Is(err, errStop):
		return r.row, r.hidden, nil
	case err == nil && !r.ended:
		err = broken(s.name)
	}
	return Row{}, nil, err
}

// rowReader makes rows of tokens.
type rowReader struct {
	w      *workbook
	t      *Table
	row    Row
	hidden []Range
	column int // of the cell at work, from 1
	kind   cellType
	style  int
	cell   Cell
	value  []byte
	text   richText
	in     part
	depth  depth
	inside bool // sheetData
	ended  bool
	// above are the texts of the row above: values of the header are repeated
	// on each row of a declaration, and need no memory of their own.
	above []string
}

// depth is how deep in the rows the reader stands. A row in a row or a cell in
// a cell is no sheet, even where it is well-formed.
type depth uint8

const (
	betweenRows depth = iota
	inRow
	inCell
)

// part is the part of a cell that is at work.
type part uint8

const (
	inNothing part = iota
	inFormula
	inValue
	inText
)

func partOf(local []byte) part {
	switch string(local) {
	case "f":
		return inFormula
	case "v":
		return inValue
	case "is":
		return inText
	}
	return inNothing
}

// cellType is the t of a cell (ECMA-376 part 1, 18.18.11).
type cellType uint8

const (
	numberType cellType = iota
	sharedType
	inlineType
	stringType
	booleanType
	errorType
	dateType
	unknownType
)

func typeOf(v []byte) cellType {
	switch string(v) {
	case "", "n":
		return numberType
	case "s":
		return sharedType
	case "inlineStr":
		return inlineType
	case "str":
		return stringType
	case "b":
		return booleanType
	case "e":
		return errorType
	case "d":
		return dateType
	}
	return unknownType
}

// see takes a token and reports that a row is complete.
func (r *rowReader) see(t *token) (done bool, err error) {
	switch t.kind {
	case startToken:
		return false, r.start(t)
	case endToken:
		return r.end(t)
	case textToken:
		switch r.in {
		case inValue:
			if len(r.value)+len(t.text) > 4*MaxCell {
				return false, r.tooLong()
			}
			r.value = append(r.value, t.text...)
		case inText:
			return false, r.text.see(t)
		case inNothing, inFormula:
		}
	case directiveToken, otherToken:
	}
	return false, nil
}

func (r *rowReader) start(t *token) error {
	switch {
	case string(t.local) == "sheetData":
		r.inside = true
	case string(t.local) == "col" && !r.inside && !r.ended:
		return r.columns(t)
	case !r.inside:
	case r.in == inText:
		return r.text.see(t)
	case string(t.local) == "row":
		if r.depth != betweenRows {
			return broken(r.t.Sheet)
		}
		r.depth = inRow
		return r.startRow(t)
	case string(t.local) == "c":
		if r.depth != inRow {
			return broken(r.t.Sheet)
		}
		r.depth = inCell
		return r.startCell(t)
	default:
		if p := partOf(t.local); p != inNothing && r.depth == inCell {
			r.in = p
			if p == inFormula {
				r.cell.Kind = Formula
			}
		}
	}
	return nil
}

// columns notes hidden columns (18.3.1.13); a width of nothing hides, too.
func (r *rowReader) columns(t *token) error {
	if hidden := attribute(t, "hidden"); hidden != "1" && hidden != "true" && attribute(t, "width") != "0" {
		return nil
	}
	left, err := strconv.Atoi(attribute(t, "min"))
	right, err2 := strconv.Atoi(attribute(t, "max"))
	if err != nil || err2 != nil || left < 1 || right < left {
		return broken(r.t.Sheet)
	}
	if len(r.hidden) < MaxColumns {
		r.hidden = append(r.hidden, Range{Left: left, Right: right})
	}
	return nil
}

func (r *rowReader) startRow(t *token) error {
	number := r.row.Number + 1
	if v := attributeBytes(t, "r"); len(v) > 0 {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < number || n > 1<<20 {
			return broken(r.t.Sheet)
		}
		number = n
	}
	hidden := attributeBytes(t, "hidden")
	r.row = Row{Number: number, Hidden: string(hidden) == "1" || string(hidden) == "true", Cells: r.row.Cells[:0]}
	r.column = 0
	return nil
}

func attributeBytes(t *token, local string) []byte {
	for i := range t.attrs {
		if string(t.attrs[i].local) == local {
			return t.attrs[i].value
		}
	}
	return nil
}

func (r *rowReader) startCell(t *token) error {
	r.column++
	r.kind, r.style, r.cell = numberType, 0, Cell{}
	for i := range t.attrs {
		v := t.attrs[i].value
		switch string(t.attrs[i].local) {
		case "r":
			n, ok := columnOf(v)
			if !ok || n < r.column {
				return broken(r.t.Sheet)
			}
			r.column = n
		case "t":
			r.kind = typeOf(v)
		case "s":
			n, err := strconv.Atoi(string(v))
			if err != nil || n < 0 {
				return broken(r.t.Sheet)
			}
			r.style = n
		}
	}
	if r.column > MaxColumns {
		return refuse(declarations.CodeTooLarge, "unit", "columns", "limit", strconv.Itoa(MaxColumns)).at(r.t.Place(r.row.Number, r.column), r.row.Number, r.column)
	}
	return nil
}

func (r *rowReader) end(t *token) (done bool, err error) {
	switch {
	case string(t.local) == "sheetData":
		r.inside, r.ended = false, true
	case !r.inside:
	case r.in != inNothing && partOf(t.local) == r.in:
		r.in = inNothing
	case r.in == inText:
		return false, r.text.see(t)
	case string(t.local) == "row":
		if r.depth != inRow {
			return false, broken(r.t.Sheet)
		}
		r.depth = betweenRows
		return true, nil
	case string(t.local) == "c":
		if r.depth != inCell {
			return false, broken(r.t.Sheet)
		}
		r.depth = inRow
		return false, r.endCell()
	}
	return false, nil
}

func (r *rowReader) tooLong() error {
	return refuse(declarations.CodeTooLarge, "unit", "characters", "limit", strconv.Itoa(MaxCell)).at(r.t.Place(r.row.Number, r.column), r.row.Number, r.column)
}

// endCell turns the stored form into a cell (ECMA-376 part 1, 18.3.1.4 and 18.18.11).
func (r *rowReader) endCell() error {
	stored, inline := r.value, r.text.take()
	r.value = r.value[:0]
	kind, text := Text, ""
	switch r.kind {
	case sharedType:
		n, err := strconv.Atoi(string(stored))
		shared, ok := r.w.strings.get(n)
		if len(stored) > 0 && (err != nil || !ok) {
			return broken(r.t.Sheet)
		}
		if len(stored) > 0 {
			text = shared
		}
	case inlineType:
		text = r.textOf(unescape(inline))
	case stringType:
		text = r.textOf(unescape(stored))
	case booleanType:
		kind, text = Boolean, "FALSE"
		if string(stored) == "1" || string(stored) == "true" {
			text = "TRUE"
		}
	case errorType:
		kind, text = Error, r.textOf(stored)
	case dateType:
		kind, text = Date, r.textOf(stored)
		r.cell.Shown = strings.Replace(strings.TrimSuffix(strings.TrimSuffix(text, "Z"), "T00:00:00"), "T", " ", 1)
	case numberType:
		if len(stored) > 0 {
			text = r.textOf(stored)
			kind = r.number(text)
		}
	case unknownType:
		return broken(r.t.Sheet)
	}
	if len(text) > MaxCell && utf8.RuneCountInString(text) > MaxCell {
		return r.tooLong()
	}
	if r.cell.Kind != Formula {
		r.cell.Kind = kind
	}
	r.cell.Text = text
	if text == "" && r.cell.Kind != Formula {
		return nil
	}
	for len(r.row.Cells) < r.column-1 {
		r.row.Cells = append(r.row.Cells, Cell{})
	}
	r.row.Cells = append(r.row.Cells, r.cell)
	return nil
}

// longestShared is the longest text that is looked for in the row above.
const longestShared = 256

// textOf is the text as a string, that of the row above when it is the same.
func (r *rowReader) textOf(b []byte) string {
	if len(b) > longestShared || r.column > MaxColumns {
		return string(b)
	}
	for len(r.above) < r.column {
		r.above = append(r.above, "")
	}
	if above := &r.above[r.column-1]; *above != string(b) {
		*above = string(b)
	}
	return r.above[r.column-1]
}

func (r *rowReader) number(stored string) Kind {
	if r.style >= len(r.w.formats) {
		return Number
	}
	switch f := r.w.formats[r.style]; {
	case f.date:
		r.cell.Shown = r.w.dateOf(stored)
		return Date
	case f.pad > len(stored) && strings.Trim(stored, "0123456789") == "":
		r.cell.Shown = strings.Repeat("0", f.pad-len(stored)) + stored
	}
	return Number
}

// columnOf is 6 for F12.
func columnOf[T string | []byte](ref T) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i]
		if c >= '0' && c <= '9' {
			return n, n > 0
		}
		if c < 'A' || c > 'Z' || n > 20_000 {
			return 0, false
		}
		n = n*26 + int(c-'A') + 1
	}
	return 0, false
}

// merged finds the merged ranges of a sheet. They stand behind its rows, which
// must know of them: the rows are passed over here as bytes.
func (w *workbook) merged(s *sheet) (ranges []Range, err error) {
	part, err := archive.Part(s.part, maxSheet)
	if err != nil {
		return nil, ofArchive(err)
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	in := bufio.NewReaderSize(part, 64<<10)
	if err := passRows(in); err != nil {
		return nil, ofArchive(err)
	}
	err = tokensOf(newScanner(in, scanBuffer), s.name, func(t *token) error {
		if t.kind != startToken || string(t.local) != "mergeCell" {
			return nil
		}
		r, ok := rangeOf(attribute(t, "ref"))
		switch {
		case !ok:
			return broken(s.name)
		case len(ranges) == maxMerged:
			return refuse(declarations.CodeTooLarge, "unit", "ranges", "limit", strconv.Itoa(maxMerged))
		}
		ranges = append(ranges, r)
		return nil
	})
	return ranges, err
}

const longestTag = 256

// passRows reads until behind the first end tag of sheetData, or to the end.
// An end tag in a comment only makes what follows longer.
func passRows(in *bufio.Reader) error {
	var before []byte // the end of a text longer than the buffer, in which the tag may begin
	for {
		chunk, err := in.ReadSlice('>')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			before = append(before[:0], chunk[len(chunk)-longestTag:]...)
			continue
		case err != nil:
			return err
		}
		if len(before) > 0 {
			chunk = append(before, chunk...)
			before = nil
		}
		at := bytes.LastIndexByte(chunk, '<')
		if at < 0 || at+1 >= len(chunk) || chunk[at+1] != '/' {
			continue
		}
		name := bytes.TrimRight(chunk[at+2:len(chunk)-1], " \t\r\n")
		if _, local, prefixed := bytes.Cut(name, []byte(":")); prefixed {
			name = local
		}
		if string(name) == "sheetData" {
			return nil
		}
	}
}

func rangeOf(ref string) (Range, bool) {
	from, to, many := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !many {
		to = from
	}
	left, ok := columnOf(from)
	right, ok2 := columnOf(to)
	top, err := strconv.Atoi(strings.TrimLeft(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	bottom, err2 := strconv.Atoi(strings.TrimLeft(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	if !ok || !ok2 || err != nil || err2 != nil {
		return Range{}, false
	}
	return Range{Name: clip(ref), Top: top, Bottom: bottom, Left: left, Right: right}, true
}

package cells

import (
	"bufio"
	"bytes"
	"encoding/xml"
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
		err := w.tokens(s.part, maxSheet, func(token xml.Token) error {
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

// firstRow is the first row with text.
func (w *workbook) firstRow(s *sheet) (Row, error) {
	for row, err := range w.rows(&Table{Sheet: s.name}, s) {
		if err != nil || !row.Empty() {
			return row, err
		}
	}
	return Row{}, nil
}

// rowReader makes rows of tokens.
type rowReader struct {
	w      *workbook
	t      *Table
	row    Row
	column int // of the cell at work, from 1
	kind   string
	style  int
	cell   Cell
	value  strings.Builder
	text   richText
	in     string // f, v or is, while inside
	inside bool   // sheetData
	ended  bool
}

// see takes a token and reports that a row is complete.
func (r *rowReader) see(token xml.Token) (done bool, err error) {
	switch el := token.(type) {
	case xml.StartElement:
		return false, r.start(&el)
	case xml.EndElement:
		return r.end(el.Name.Local)
	case xml.CharData:
		switch r.in {
		case "v":
			if r.value.Len()+len(el) > 4*MaxCell {
				return false, r.tooLong()
			}
			r.value.Write(el)
		case "is":
			return false, r.text.see(token)
		}
	}
	return false, nil
}

func (r *rowReader) start(el *xml.StartElement) error {
	switch local := el.Name.Local; {
	case local == "sheetData":
		r.inside = true
	case !r.inside:
	case r.in == "is":
		return r.text.see(*el)
	case local == "row":
		return r.startRow(el)
	case local == "c":
		return r.startCell(el)
	case local == "f":
		r.cell.Kind, r.in = Formula, "f"
	case local == "v", local == "is":
		r.in = local
	}
	return nil
}

func (r *rowReader) startRow(el *xml.StartElement) error {
	number := r.row.Number + 1
	if v := attribute(el, "r"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < number || n > 1<<20 {
			return broken(r.t.Sheet)
		}
		number = n
	}
	hidden := attribute(el, "hidden")
	r.row = Row{Number: number, Hidden: hidden == "1" || hidden == "true", Cells: make([]Cell, 0, cap(r.row.Cells))}
	r.column = 0
	return nil
}

func (r *rowReader) startCell(el *xml.StartElement) error {
	r.column++
	r.kind, r.style, r.cell = "", 0, Cell{}
	for i := range el.Attr {
		v := el.Attr[i].Value
		switch el.Attr[i].Name.Local {
		case "r":
			n, ok := columnOf(v)
			if !ok || n < r.column {
				return broken(r.t.Sheet)
			}
			r.column = n
		case "t":
			r.kind = v
		case "s":
			n, err := strconv.Atoi(v)
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

func (r *rowReader) end(local string) (done bool, err error) {
	switch {
	case local == "sheetData":
		r.inside, r.ended = false, true
	case !r.inside:
	case local == r.in:
		r.in = ""
	case r.in == "is":
		return false, r.text.see(xml.EndElement{Name: xml.Name{Local: local}})
	case local == "row":
		return true, nil
	case local == "c":
		return false, r.endCell()
	}
	return false, nil
}

func (r *rowReader) tooLong() error {
	return refuse(declarations.CodeTooLarge, "unit", "characters", "limit", strconv.Itoa(MaxCell)).at(r.t.Place(r.row.Number, r.column), r.row.Number, r.column)
}

// endCell turns the stored form into a cell (ECMA-376 part 1, 18.3.1.4 and 18.18.11).
func (r *rowReader) endCell() error {
	stored := r.value.String()
	r.value.Reset()
	inline := r.text.take()
	kind, text := Text, stored
	switch r.kind {
	case "s":
		n, err := strconv.Atoi(stored)
		shared, ok := r.w.strings.get(n)
		if stored != "" && (err != nil || !ok) {
			return broken(r.t.Sheet)
		}
		text = shared
		if stored == "" {
			text = ""
		}
	case "inlineStr":
		text = unescape(inline)
	case "str":
		text = unescape(stored)
	case "b":
		kind, text = Boolean, "FALSE"
		if stored == "1" || stored == "true" {
			text = "TRUE"
		}
	case "e":
		kind = Error
	case "d":
		kind, r.cell.Shown = Date, strings.Replace(strings.TrimSuffix(strings.TrimSuffix(stored, "Z"), "T00:00:00"), "T", " ", 1)
	case "", "n":
		if stored != "" {
			kind = r.number(stored)
		}
	default:
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
func columnOf(ref string) (int, bool) {
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
	d := xml.NewDecoder(in)
	err = tokensOf(d, s.name, func(token xml.Token) error {
		el, ok := token.(xml.StartElement)
		if !ok || el.Name.Local != "mergeCell" {
			return nil
		}
		r, ok := rangeOf(attribute(&el, "ref"))
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

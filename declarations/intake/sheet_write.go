package intake

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// templateColumns are the columns that we write: every value once. What the
// message joins has a column for the whole, and the two countries of a line
// mean what they say.
func templateColumns() []*column {
	var out []*column
	for _, c := range columnsOfSheets().all {
		part := c.element == "" && c.item == nil
		named := c.item != nil && c.path == ""
		if !part && !named {
			out = append(out, c)
		}
	}
	return out
}

// lines are the rows of a declaration under some columns: one for each goods
// line, the values of the header on each.
func lines(d *declarations.Declaration, columns []*column) [][]string {
	out := make([][]string, len(d.Items))
	for i := range out {
		out[i] = make([]string, len(columns))
		for n, c := range columns {
			switch {
			case c.item != nil:
				out[i][n] = *c.item(d.Header.TradeDirection, &d.Items[i])
			case c.nth != nil:
				out[i][n] = joined(c.count(d), func(k int) *string { return c.nth(d, k) })
			case c.itemNth != nil:
				out[i][n] = joined(c.itemRows(&d.Items[i]), func(k int) *string { return c.itemNth(&d.Items[i], k) })
			default:
				out[i][n] = c.get(d)
			}
		}
	}
	return out
}

// Lines are the header and the rows of a declaration under the columns of the
// template; groups that a table does not have are left out.
func Lines(d *declarations.Declaration, chinese bool) (header []string, rows [][]string) {
	columns := templateColumns()
	rows = lines(d, columns)
	for _, c := range columns {
		header = append(header, c.name(chinese))
	}
	return header, rows
}

func joined(count int, nth func(int) *string) string {
	parts := make([]string, count)
	empty := true
	for i := range count {
		parts[i] = *nth(i)
		empty = empty && parts[i] == ""
	}
	if empty {
		return ""
	}
	return strings.Join(parts, ";")
}

// neutral writes a text so that a program of tables shows it instead of
// calculating it: what would begin a formula gets an apostrophe, which is
// taken away again on reading. Numbers stay as they are.
func neutral(s string) string {
	if s == "" || isPlain(s) || strings.IndexByte("=+-@\t\r", s[0]) < 0 && !neutralised.MatchString(s) {
		return s
	}
	return "'" + s
}

func writeCSV(w *csv.Writer, rows [][]string) error {
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, v := range row {
			safe[i] = neutral(lineFeeds.Replace(v)) // a lone carriage return would be dropped
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	return nil
}

// Part is the row's own part of the document that it came from, as a document
// of its own, with its media type; nil when that is the whole document. The
// rows of a table are CSV under their header, without empty columns, with one
// column more that says where they stood: see Kept.
func (r *Row) Part() (body []byte, mediaType string) {
	if r.Source == nil || r.Raw != nil {
		return r.Raw, r.RawType
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	kept := r.Source.filled()
	rows := make([][]string, 0, 1+len(r.Source.Lines))
	rows = append(rows, picked(r.Source.Header, kept))
	for _, line := range r.Source.Lines {
		rows = append(rows, picked(line, kept))
	}
	if len(kept) < cells.MaxColumns { // a table as wide as can be read has no room for it
		rows[0] = append(rows[0], r.Source.placeHeader(kept))
		for i := range r.Source.Lines {
			rows[1+i] = append(rows[1+i], r.Source.placeOf(i))
		}
	}
	if slices.ContainsFunc(rows[0], func(name string) bool { return strings.ContainsAny(name, "\t;") }) {
		out.WriteString("sep=,\r\n") // or the reader would take what stands in a name for what separates them
	}
	if err := writeCSV(w, rows); err != nil {
		panic("intake: write to memory: " + err.Error())
	}
	w.Flush()
	return out.Bytes(), "text/csv"
}

// filled are the positions of the columns that hold something.
func (s *Source) filled() []int {
	var kept []int
	for i, name := range s.Header {
		if !isPlaceColumn(name) && (slices.Contains(s.always, i) || slices.ContainsFunc(s.Lines, func(line []string) bool { return line[i] != "" })) {
			kept = append(kept, i)
		}
	}
	return kept
}

func picked(line []string, positions []int) []string {
	out := make([]string, 0, len(positions)+1)
	for _, i := range positions {
		out = append(out, line[i])
	}
	return out
}

// newCSV begins a CSV as spreadsheets read it without being asked: UTF-8 with
// its mark, CRLF.
func newCSV(out io.Writer) (*csv.Writer, error) {
	_, err := io.WriteString(out, byteOrderMark)
	w := csv.NewWriter(out)
	w.UseCRLF = true
	return w, err
}

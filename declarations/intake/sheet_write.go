package intake

import (
	"encoding/csv"
	"io"
	"strings"

	"kouan/declarations"
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
				out[i][n] = joined(d, c)
			default:
				out[i][n] = c.get(d)
			}
		}
	}
	return out
}

func joined(d *declarations.Declaration, c *column) string {
	count := c.count(d)
	parts := make([]string, count)
	empty := true
	for i := range count {
		parts[i] = *c.nth(d, i)
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
	if s == "" || plain.MatchString(s) || strings.IndexByte("=+-@\t\r", s[0]) < 0 {
		return s
	}
	return "'" + s
}

func writeCSV(w *csv.Writer, rows [][]string) error {
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, v := range row {
			safe[i] = neutral(v)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	return nil
}

// newCSV begins a CSV as spreadsheets read it without being asked: UTF-8 with
// its mark, CRLF.
func newCSV(out io.Writer) (*csv.Writer, error) {
	_, err := io.WriteString(out, byteOrderMark)
	w := csv.NewWriter(out)
	w.UseCRLF = true
	return w, err
}

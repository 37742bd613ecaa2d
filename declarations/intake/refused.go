package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"kouan/declarations"
)

// RefusedWriter writes the rows of a table that were not accepted, as they
// stood there, with one column more that says what is wrong: to be corrected
// and handed in again. Every cell is text. Reading passes over the added
// column. Of an array of JSON the refused elements are written as they stood,
// as an array; they have no room for words.
type RefusedWriter struct {
	json bool
	csv  *csv.Writer
	file *excelize.File
	rows *excelize.StreamWriter
	out  io.Writer
	text int
	n    int
	wide int
}

// NewRefusedWriter begins such a file in the format that the table came in;
// what came in another format is written as CSV.
func NewRefusedWriter(out io.Writer, format Format) (*RefusedWriter, error) {
	w := &RefusedWriter{out: out}
	var err error
	if format == JSON {
		w.json = true
		return w, nil
	}
	if format != XLSX {
		w.csv, err = newCSV(out)
		return w, err
	}
	w.file = excelize.NewFile()
	if w.text, err = w.file.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return nil, fmt.Errorf("write refused rows: %w", err)
	}
	if w.rows, err = w.file.NewStreamWriter("Sheet1"); err != nil {
		return nil, fmt.Errorf("write refused rows: %w", err)
	}
	return w, nil
}

// Add writes the rows of a declaration; words puts a fault into words. A row
// that did not come from a table is passed over and told by false.
func (w *RefusedWriter) Add(row *Row, faults []declarations.Fault, words func(*declarations.Fault) string) (bool, error) {
	if w.json {
		return w.element(row)
	}
	if row.Source == nil {
		return false, nil
	}
	at := slices.IndexFunc(row.Source.Header, func(name string) bool { return headerKey(name) == faultsKey })
	if w.n == 0 {
		w.wide = len(row.Source.Header)
		if err := w.write(extended(row.Source.Header, at, w.wide, faultsKey)); err != nil {
			return true, err
		}
	}
	for i, line := range row.Source.Lines {
		said := ""
		if i == 0 {
			said = saidTogether(faults, words)
		}
		if err := w.write(extended(line, at, w.wide, said)); err != nil {
			return true, err
		}
	}
	return true, nil
}

// element writes one of an array.
func (w *RefusedWriter) element(row *Row) (bool, error) {
	if row.Raw == nil || row.RawType != "application/json" {
		return false, nil
	}
	before := ",\n"
	if w.n++; w.n == 1 {
		before = "[\n"
	}
	for _, part := range [][]byte{[]byte(before), row.Raw} {
		if _, err := w.out.Write(part); err != nil {
			return true, fmt.Errorf("write refused rows: %w", err)
		}
	}
	return true, nil
}

// extended puts the text for the added column into its place, or behind the others.
func extended(line []string, at, wide int, last string) []string {
	out := make([]string, wide, wide+1)
	copy(out, line)
	if at >= 0 {
		out[at] = last
		return out
	}
	return append(out, last)
}

func saidTogether(faults []declarations.Fault, words func(*declarations.Fault) string) string {
	text := ""
	for i := range faults {
		f := &faults[i]
		if f.Severity != declarations.Reject {
			continue
		}
		if text != "" {
			text += "\n"
		}
		text += f.Path + " " + f.Code + " " + words(f)
		if len(text) > 8_000 {
			return text + " …"
		}
	}
	return text
}

func (w *RefusedWriter) write(line []string) error {
	w.n++
	if w.csv != nil {
		return writeCSV(w.csv, [][]string{line})
	}
	row := make([]any, len(line))
	for i, v := range line {
		if neutralised.MatchString(v) {
			v = "'" + v // reading takes one away
		}
		if v != "" {
			row[i] = excelize.Cell{StyleID: w.text, Value: v}
		}
	}
	return w.rows.SetRow("A"+strconv.Itoa(w.n), row)
}

// Close completes the file. It does not close what it was written to.
func (w *RefusedWriter) Close() error {
	if w.json {
		end := "\n]\n"
		if w.n == 0 {
			end = "[]\n"
		}
		if _, err := io.WriteString(w.out, end); err != nil {
			return fmt.Errorf("write refused rows: %w", err)
		}
		return nil
	}
	if w.csv != nil {
		w.csv.Flush()
		return w.csv.Error()
	}
	if err := w.rows.Flush(); err != nil {
		return fmt.Errorf("write refused rows: %w", err)
	}
	if err := w.file.Write(w.out); err != nil {
		return fmt.Errorf("write refused rows: %w", err)
	}
	return w.file.Close()
}

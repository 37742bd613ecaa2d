package tariffs

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// RowColumns are the columns of the published list, in order. They are the
// members of Row as JSON names them, so that no form can leave one out.
var RowColumns = func() []string {
	t := reflect.TypeFor[Row]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
	}
	return names
}()

// Cells are the row under RowColumns.
func (r *Row) Cells() []string {
	v := reflect.ValueOf(r).Elem()
	out := make([]string, v.NumField())
	for i := range out {
		out[i] = v.Field(i).String()
	}
	return out
}

// Neutral writes a text so that a program of tables shows it instead of
// calculating it (§8.4): what begins like a formula gets an apostrophe, and so
// does what begins with one already, that reading can take it away again.
func Neutral(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r'", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// Plain is the text that Neutral was given.
func Plain(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@\t\r'", s[1]) >= 0 {
		return s[1:]
	}
	return s
}

// versionColumn names the catalogue on each row of the list: a row that was
// copied elsewhere still says where it is from.
const versionColumn = "catalogue"

// WriteRows writes the list as CSV: UTF-8, a heading, one row a line.
func WriteRows(out io.Writer, version string, rows []Row) error {
	w := csv.NewWriter(out)
	if err := w.Write(ListColumns()); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	for i := range rows {
		line := append([]string{version}, rows[i].Cells()...)
		for n := range line {
			line[n] = Neutral(line[n])
		}
		if err := w.Write(line); err != nil {
			return fmt.Errorf("write rows: %w", err)
		}
	}
	w.Flush()
	return w.Error()
}

// ReadRows reads what WriteRows wrote. Other columns, or rows of two
// catalogues, are refused: *RowError.
func ReadRows(in io.Reader) (version string, rows []Row, err error) {
	const file = "rows"
	first := true
	err = readTable(file, in, ListColumns(), func(t *table) {
		v := Plain(t.need(versionColumn))
		if !first && v != version {
			t.fail(versionColumn, "rows of two catalogues")
		}
		version, first = v, false
		var row Row
		to := reflect.ValueOf(&row).Elem()
		for i, name := range RowColumns {
			to.Field(i).SetString(Plain(t.text(name)))
		}
		rows = append(rows, row)
	})
	var bad *RowError
	if err != nil && !errors.As(err, &bad) {
		err = fmt.Errorf("read rows: %w", err)
	}
	return version, rows, err
}

// ListColumns are the columns of the list as it is written: the version of
// the catalogue, then RowColumns.
func ListColumns() []string { return append([]string{versionColumn}, RowColumns...) }

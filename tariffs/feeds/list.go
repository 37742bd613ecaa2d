package feeds

import (
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/xuri/excelize/v2"

	"kouan/tariffs"
)

// List is the list of a day, of one edition of the catalogue.
type List struct {
	Edition     int           `json:"edition,omitzero"`
	Catalogue   string        `json:"catalogue"` // version of the rows
	Day         tariffs.Day   `json:"day"`
	PublishedAt time.Time     `json:"published_at,omitzero"`
	Prevails    string        `json:"prevailing_language"`
	Rows        []tariffs.Row `json:"rows"`
}

// CSV writes the list as tariffs.ReadRows reads it.
func (l *List) CSV(w io.Writer) error { return tariffs.WriteRows(w, l.Catalogue, l.Rows) }

// JSON writes the list with what it is a list of.
func (l *List) JSON(w io.Writer) error {
	if l.Rows == nil { // an empty list is a list
		l = &List{l.Edition, l.Catalogue, l.Day, l.PublishedAt, l.Prevails, []tariffs.Row{}}
	}
	if err := json.MarshalWrite(w, l, jsontext.WithIndent(" "), json.Deterministic(true)); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}

// Book writes the list as a workbook of text cells: a program of tables must
// not turn 0.40 into 0.4 or 2026-01-01 into a number.
func (l *List) Book(out io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			err = fmt.Errorf("write workbook: %w", err)
		}
	}()
	sheet := "fees " + string(l.Day)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	line := func(n int, cells []string) error {
		values := make([]any, len(cells))
		for i := range cells {
			values[i] = tariffs.Neutral(cells[i])
		}
		return w.SetRow(fmt.Sprintf("A%d", n), values)
	}
	if err := line(1, tariffs.ListColumns()); err != nil {
		return err
	}
	for i := range l.Rows {
		if err := line(i+2, append([]string{l.Catalogue}, l.Rows[i].Cells()...)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

package desk

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// FeePlacer names a cell as the user's program does: Sheet1!F12, or row and column.
type FeePlacer func(row, column int) string

// ReadFeeSheet reads a table of any separator or encoding, or a workbook. The
// first row is the heading; empty rows are left out.
func ReadFeeSheet(body []byte) (*tariffs.Sheet, FeePlacer, []declarations.Fault, error) {
	in, size := bytes.NewReader(body), int64(len(body))
	var table *cells.Table
	var err error
	if bytes.HasPrefix(body, []byte("PK")) || cells.Compound(in, size) != nil {
		table, err = cells.XLSX(in, size, isFeeHeading)
	} else {
		table, err = cells.CSV(in, size, "")
	}
	var refusal *cells.Refusal
	if errors.As(err, &refusal) {
		return nil, nil, []declarations.Fault{refusal.Fault}, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	sheet := &tariffs.Sheet{}
	for row, err := range table.Rows {
		if errors.As(err, &refusal) {
			return nil, nil, []declarations.Fault{refusal.Fault}, nil
		}
		if err != nil {
			return nil, nil, nil, err
		}
		if row.Empty() {
			continue
		}
		texts := make([]string, len(row.Cells))
		for i := range row.Cells {
			texts[i] = feeCell(&row.Cells[i])
		}
		if sheet.Columns == nil {
			sheet.Columns = trimmedHeading(texts)
			continue
		}
		sheet.Rows = append(sheet.Rows, tariffs.SheetRow{Line: row.Number, Cells: texts})
	}
	if sheet.Columns == nil {
		return nil, nil, []declarations.Fault{{Code: declarations.CodeEmpty, Severity: declarations.Reject}}, nil
	}
	return sheet, table.Place, table.Warnings, nil
}

// isFeeHeading: the sheet of a workbook that has the item codes is the price
// list; one that begins with the key of a table is that table, one that names
// the catalogue is the published list.
func isFeeHeading(r cells.Row) bool {
	heading := make([]string, len(r.Cells))
	for i := range r.Cells {
		heading[i] = strings.TrimSpace(r.Cells[i].Text)
	}
	return slices.Contains(heading, "item_code") || tariffs.IsList(heading) || publication.TableOf(trimmedHeading(heading)) != ""
}

// feeCell is the text of a cell. A formula keeps its sign, so that it is
// found: its stored result is nobody's statement of a price. A number is what
// the workbook shows of it: nobody wrote the tail of 0.30000000000000004.
func feeCell(c *cells.Cell) string {
	switch {
	case c.Kind == cells.Formula:
		return "=" + c.Text
	case c.Kind == cells.Date && c.Shown != "":
		return c.Shown
	case c.Kind == cells.Number:
		return sheetNumber(c.Text)
	}
	return c.Text
}

const (
	sheetDigits   = 15  // that a workbook shows of a number; the rest is dust of its binary form
	sheetExponent = 400 // beyond that of any number in binary form; such a text is left as it stands
)

// sheetNumber is a number of a workbook as its program shows it, without an
// exponent: 4.0000000000000001E-3 is 0.004.
func sheetNumber(text string) string {
	text = strings.TrimSpace(text)
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > sheetExponent || d.Exponent() < -sheetExponent {
		return text
	}
	if n := d.NumDigits(); n > sheetDigits {
		d = d.Round(int32(sheetDigits - n - int(d.Exponent()))) //nolint:gosec // of at most 32,767 digits
	}
	return d.String()
}

// trimmedHeading takes away the empty columns that programs leave at the end.
func trimmedHeading(heading []string) []string {
	for len(heading) > 0 && strings.TrimSpace(heading[len(heading)-1]) == "" {
		heading = heading[:len(heading)-1]
	}
	for i := range heading {
		heading[i] = strings.TrimSpace(heading[i])
	}
	return heading
}

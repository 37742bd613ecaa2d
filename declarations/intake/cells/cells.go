// Package cells reads tables that a user hands in, CSV or XLSX, row by row.
//
// Contract: a cell is what the file stores, exactly: the text, or the digits
// of a number as they stand there, never through a float. What a cell is
// (formula, error, number under a date format) is told and not judged. Memory
// does not grow with the number of rows; of a workbook the shared texts are
// held, within a bound. What cannot be read is a *Refusal with its place.
// Nothing is calculated, fetched or executed.
//
// The package does not know declarations' fields or what a column means.
package cells

import (
	"iter"
	"strconv"

	"kouan/declarations"
)

// Codes of faults of tables; more stand in intake.
const (
	CodeStructure = "CSV-1001" // CSV quotes do not match; args: reason
	CodeWorkbook  = "CSV-1019" // workbook is not read; args: reason, name
	CodeSheets    = "CSV-1018" // further sheets are not read; args: names
	CodeHidden    = "CSV-1017" // hidden rows or sheets are read; args: reason, name
)

// Kind is what a cell holds.
type Kind uint8

// Kinds. CSV has Text only.
const (
	Text Kind = iota
	Number
	Date    // a number under a date format; Shown is its day
	Boolean // Text is TRUE or FALSE
	Error   // Text is #N/A and the like
	Formula // Text is its stored result
)

// Cell is one cell. The zero value is an empty one.
type Cell struct {
	Kind  Kind
	Text  string // as stored
	Shown string // Date: 2006-01-02 or 2006-01-02 15:04:05.00, empty outside the calendar; Number: with the zeros in front that its format shows
}

// Row is one row of the table.
type Row struct {
	Number int    // from 1, empty rows count
	Cells  []Cell // valid until the next row is read
	Hidden bool
}

// Empty reports a row without any text.
func (r *Row) Empty() bool {
	for i := range r.Cells {
		if r.Cells[i].Text != "" || r.Cells[i].Kind == Formula {
			return false
		}
	}
	return true
}

// Range is a merged range, rows and columns from 1, both ends included.
type Range struct {
	Name        string // B2:C3
	Top, Bottom int
	Left, Right int
}

// Table is one table, to be read once.
type Table struct {
	Sheet    string // empty in CSV
	Rows     iter.Seq2[Row, error]
	Merged   []Range
	Warnings []declarations.Fault // about the file as a whole
	Encoding string               // of CSV: UTF-8 or GB18030
	Comma    rune                 // of CSV
}

// Bounds of a table.
const (
	MaxColumns = 512
	MaxCell    = 32_767 // characters; a cell of a workbook holds no more
)

// Place is Sheet1!F12, or row 12, column 6; without a column it is the whole row.
func (t *Table) Place(row, column int) string {
	switch {
	case t.Sheet == "" && row == 0:
		return ""
	case t.Sheet == "" && column == 0:
		return "row " + strconv.Itoa(row)
	case t.Sheet == "":
		return "row " + strconv.Itoa(row) + ", column " + strconv.Itoa(column)
	case row == 0:
		return t.Sheet
	case column == 0:
		return t.Sheet + "!" + strconv.Itoa(row) + ":" + strconv.Itoa(row)
	}
	return t.Sheet + "!" + ColumnName(column) + strconv.Itoa(row)
}

// ColumnName is A for 1, Z for 26, AA for 27.
func ColumnName(n int) string {
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// ColumnNumber is 27 for AA.
func ColumnNumber(name string) (int, bool) { return columnOf(name + "1") }

// Refusal ends the reading of a table.
type Refusal struct{ Fault declarations.Fault }

func (e *Refusal) Error() string { return e.Fault.Code }

func refuse(code string, args ...string) *Refusal {
	return &Refusal{declarations.Fault{Code: code, Severity: declarations.Reject, Args: pairs(args)}}
}

func (e *Refusal) at(path string, row, column int) *Refusal {
	e.Fault.Path, e.Fault.Line, e.Fault.Column = path, row, column
	return e
}

func pairs(args []string) map[string]string {
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

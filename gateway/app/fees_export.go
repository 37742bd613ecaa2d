package app

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kouan/tariffs"
)

// feesExport writes the list of a day for machines: the same rows in the same
// order under the same version in each form.
type feesExport struct {
	feeRows `embed:""`
	XLSX    bool   `name:"xlsx" help:"cli.flag.fee_xlsx"`
	Out     string `help:"cli.flag.fee_out" placeholder:"FILE"`
}

// Run writes to standard output or to a file that is whole or absent.
func (cmd *feesExport) Run(c *console) error {
	day, rows, err := cmd.rows(c)
	if err != nil {
		return err
	}
	var write func(io.Writer) error
	forms := 0
	for _, form := range []struct {
		asked bool
		write func(io.Writer) error
	}{
		{cmd.CSV, func(w io.Writer) error { return tariffs.WriteRows(w, tariffs.BuiltIn().Version, rows) }},
		{cmd.JSON, func(w io.Writer) error { return (&console{out: w}).printJSON(feeList(day, rows)) }},
		{cmd.XLSX, func(w io.Writer) error { return writeFeeBook(w, tariffs.BuiltIn().Version, day, rows) }},
	} {
		if form.asked {
			write, forms = form.write, forms+1
		}
	}
	if forms != 1 {
		return &usageError{key: "cli.error.fee_form"}
	}
	if cmd.Out != "" {
		return writeFile(cmd.Out, 0o644, write)
	}
	return write(c.out)
}

// writeFeeBook writes the rows as a workbook of text cells: a program of
// tables must not turn 0.40 into 0.4 or 2026-01-01 into a number.
func writeFeeBook(out io.Writer, version string, day tariffs.Day, rows []tariffs.Row) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			err = fmt.Errorf("write workbook: %w", err)
		}
	}()
	sheet := "fees " + string(day)
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
	for i := range rows {
		if err := line(i+2, append([]string{version}, rows[i].Cells()...)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

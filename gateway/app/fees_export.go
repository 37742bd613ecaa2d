package app

import (
	"io"

	"kouan/tariffs"
	"kouan/tariffs/feeds"
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
		{cmd.XLSX, func(w io.Writer) error {
			return (&feeds.List{Catalogue: tariffs.BuiltIn().Version, Day: day, Rows: rows}).Book(w)
		}},
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

package app

import (
	"context"
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
func (cmd *feesExport) Run(ctx context.Context, c *console, common *Common) error {
	var l *feeList
	var write func(io.Writer) error
	forms := 0
	for _, form := range []struct {
		asked bool
		write func(io.Writer) error
	}{
		{cmd.CSV, func(w io.Writer) error { return tariffs.WriteRows(w, l.of.Version, l.rows) }},
		{cmd.JSON, func(w io.Writer) error { return (&console{out: w}).printJSON(l.forPrograms()) }},
		{cmd.XLSX, func(w io.Writer) error {
			return (&feeds.List{Catalogue: l.of.Version, Day: l.day, Rows: l.rows}).Book(w)
		}},
	} {
		if form.asked {
			write, forms = form.write, forms+1
		}
	}
	if forms != 1 {
		return &usageError{key: "cli.error.fee_form"}
	}
	var err error
	if l, err = cmd.list(ctx, c, common); err != nil {
		return err
	}
	if cmd.Out != "" {
		err = writeFile(cmd.Out, 0o644, write)
	} else {
		err = write(c.out)
	}
	if err != nil {
		return err
	}
	return c.tellSource(l.of)
}

package app

import (
	"context"
	"path/filepath"
	"strconv"

	"kouan/declarations"
	"kouan/gateway/store"
	"kouan/tariffs/services"
)

// feesServices are the offers of third parties (公示第三方服务事项), which an
// operator publishes: the program carries none.
type feesServices struct {
	Import feesServicesImport `cmd:"" help:"cli.usage.fees_services_import"`
	List   feesServicesList   `cmd:"" help:"cli.usage.fees_services_list"`
}

// feesServicesImport publishes a sheet of services.
type feesServicesImport struct {
	Database `embed:""`
	DryRun   bool   `help:"cli.flag.fee_services_dry"`
	File     string `arg:"" name:"file" help:"cli.arg.fee_services"`
}

// Run takes all rows or none, and tells each fault with its cell.
func (cmd *feesServicesImport) Run(ctx context.Context, c *console, common *Common) error {
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	sheet, place, faults, err := readFeeSheet(body)
	if err != nil {
		return err
	}
	if err := c.tellFaults(cmd.File, faults); err != nil {
		return err
	}
	if declarations.Rejected(faults) {
		return faultyError{}
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		d := c.desk(s)
		e, err := d.FeeEdition(ctx)
		if err != nil {
			return err
		}
		list, found := services.Read(e.Catalogue, sheet)
		for i := range found {
			f := &found[i]
			at := f.Column
			if f.Position > 0 {
				at = place(f.Line, f.Position) + " " + at
			}
			if err := c.print("%s:%d:%d %s %s %s\n", filepath.ToSlash(cmd.File), f.Line, f.Position, f.Code, at, c.words.Fault(f.Code, f.Args)); err != nil {
				return err
			}
		}
		switch {
		case len(found) > 0:
			return faultyError{}
		case cmd.DryRun:
			return c.print("%s\n", c.words.Plural("cli.fees.services_sound", int64(len(list)), nil))
		}
		taken, err := d.ImportFeeServices(ctx, operator, list)
		if err != nil {
			return c.complainFaults(cmd.File, err)
		}
		return c.say("cli.fees.services_taken", arguments{"added": strconv.Itoa(taken.Added), "changed": strconv.Itoa(taken.Changed), "unchanged": strconv.Itoa(taken.Unchanged)})
	})
}

// feesServicesList shows what is published.
type feesServicesList struct {
	Database `embed:""`
	JSON     bool `name:"json" help:"cli.flag.fee_services_json"`
}

// Run prints one service a line.
func (cmd *feesServicesList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		d := c.desk(s)
		list, err := d.FeeServices(ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(list)
		}
		if len(list) == 0 {
			return c.say("cli.fees.services_none", nil)
		}
		e, err := d.FeeEdition(ctx)
		if err != nil {
			return err
		}
		w := c.tariffWords(e.Catalogue)
		var grid [][]string
		for i := range list {
			v := &list[i]
			grid = append(grid, []string{v.Number, w.ServiceName(&v.Service).Text, v.Provider, w.ServicePrice(&v.Service), w.Unit(v.Item, v.Unit), string(v.ValidFrom) + " – " + string(v.ValidTo), w.Sure(v.Word), w.ServiceSample(&v.Service)})
		}
		return c.printGrid(grid)
	})
}

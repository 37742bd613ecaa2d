package app

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// complaintCommand sets in how many days each side of a complaint has to act.
type complaintCommand struct {
	Limits complaintLimits `cmd:"" help:"cli.usage.complaint_limits"`
	Limit  complaintLimit  `cmd:"" help:"cli.usage.complaint_limit"`
}

type complaintLimits struct {
	Database `embed:""`
}

// Run lists the limits in force; what nobody set is marked as an own choice.
func (cmd *complaintLimits) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		limits, err := c.desk(s).FeeLimits(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		_, err = fmt.Fprintln(table, "KEY\tDAYS\tUNIT\tSOURCE")
		for _, l := range limits.All() {
			source := dash(l.Source)
			if l.Own {
				source = c.words.text("cli.complaint.own", nil)
			}
			_, printErr := fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", l.Key, l.Days, l.Unit, source)
			err = errors.Join(err, printErr)
		}
		return errors.Join(err, table.Flush())
	})
}

type complaintLimit struct {
	Database `embed:""`
	Key      string `arg:"" help:"cli.arg.complaint_key"`
	Days     int    `help:"cli.flag.complaint_days" required:""`
	Unit     string `help:"cli.flag.complaint_unit" enum:"calendar,working" default:"calendar"`
	Source   string `help:"cli.flag.complaint_source" placeholder:"TEXT"`
}

// Run sets a limit. Complaints that are under way keep the one they have.
func (cmd *complaintLimit) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		err := c.desk(s).SetFeeLimit(ctx, operator, complaint.Limit{Key: cmd.Key, Days: cmd.Days, Unit: cmd.Unit, Source: cmd.Source})
		if err != nil {
			return c.userError(err)
		}
		return c.say("cli.complaint.limit_set", arguments{"key": cmd.Key})
	})
}

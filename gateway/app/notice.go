package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"kouan/gateway/store"
)

type noticeCommand struct {
	List     noticeList     `cmd:"" help:"cli.usage.notice_list"`
	HandOver noticeHandOver `cmd:"" name:"handover" help:"cli.usage.notice_handover"`
}

// noticeList shows notices, newest first; with --needs-person those about
// which somebody must act, with what to do.
type noticeList struct {
	Database    `embed:""`
	NeedsPerson bool `help:"cli.flag.needs_person"`
	Limit       int  `help:"cli.flag.limit" default:"50"`
}

// Run prints one line a notice.
func (cmd *noticeList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		rows, err := c.desk(s).NoticesForPersons(ctx, cmd.NeedsPerson, cmd.Limit)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return c.say("cli.notice.none", nil)
		}
		grid := [][]string{{"NOTICE", "STATE", "TERMINAL", "DECLARATION", "BOXES", "MADE", "NEXT", "PERSON"}}
		for i := range rows {
			n := &rows[i]
			person := "-"
			if n.Person != "" {
				person = n.Person + ": " + c.words.text("notice_person."+n.Person, nil)
			}
			grid = append(grid, []string{n.Number, n.State, orDash(n.Terminal), orDash(n.EntryNumber), strconv.Itoa(n.Boxes), instant(n.CreatedAt), instant(n.NextAt), person})
		}
		return c.printGrid(grid)
	})
}

// noticeHandOver records that a person told the terminal.
type noticeHandOver struct {
	Database `embed:""`
	Number   string `arg:"" name:"number" help:"cli.arg.notice"`
	Person   string `help:"cli.flag.handover_person" required:"" placeholder:"NAME"`
	Time     string `help:"cli.flag.handover_time" placeholder:"TIME"`
}

// Run exits 1 when the notice does not need it any more.
func (cmd *noticeHandOver) Run(ctx context.Context, c *console, common *Common) error {
	at := c.clock()
	if cmd.Time != "" {
		var err error
		if at, err = time.Parse(time.RFC3339, cmd.Time); err != nil {
			return &usageError{key: "cli.error.instant", args: arguments{"value": cmd.Time}}
		}
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		out, err := c.desk(s).HandOverNotice(ctx, operator, cmd.Number, cmd.Person, at)
		if errors.Is(err, store.ErrNotFound) {
			return &toldError{key: "cli.error.no_notice", args: arguments{"number": cmd.Number}, err: err}
		}
		if err != nil {
			return err
		}
		if out.Refusal != nil {
			c.complain(c.words.text("cli.notice.refused", arguments{"number": cmd.Number, "state": c.words.text("notice_state."+string(out.Refusal.State), nil),
				"why": c.words.text("notice_refusal."+out.Refusal.Why, nil)}))
			return faultyError{}
		}
		return c.say("cli.notice.handed", arguments{"number": cmd.Number, "person": cmd.Person, "state": c.words.text("notice_state."+string(out.State), nil)})
	})
}

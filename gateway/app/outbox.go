package app

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// operator is the actor of what is done on the command line.
const operator = "operator"

type outboxCommand struct {
	List   outboxList   `cmd:"" help:"cli.usage.outbox_list"`
	Replay outboxReplay `cmd:"" help:"cli.usage.outbox_replay"`
	Cancel outboxCancel `cmd:"" help:"cli.usage.outbox_cancel"`
}

// outboxList shows items, newest first.
type outboxList struct {
	Database `embed:""`
	State    string `help:"cli.flag.state" enum:",waiting,sending,delivered,dead,cancelled" default:""`
	Receiver string `help:"cli.flag.receiver" placeholder:"NAME"`
	Limit    int    `help:"cli.flag.limit" default:"50"`
	Before   string `help:"cli.flag.before" placeholder:"ID"`
}

// Run prints one line an item, with the reason of the last failure.
func (cmd *outboxList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		items, err := s.OutboxItems(ctx, store.OutboxFilter{State: cmd.State, Receiver: cmd.Receiver, Before: cmd.Before, Limit: cmd.Limit})
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		if _, err := fmt.Fprintln(table, "ID\tSTATE\tRECEIVER\tDECLARATION\tATTEMPT\tTRIES\tNEXT\tERROR"); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
		for _, it := range items {
			if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", it.ID, it.State, it.Receiver, it.DeclarationID,
				it.Attempt, it.Tries, instant(it.NextAt), it.LastError); err != nil {
				return fmt.Errorf("write list: %w", err)
			}
		}
		return table.Flush()
	})
}

// instant is a stored time as the API shows it; - for none.
func instant(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339)
}

type outboxReplay struct {
	Database `embed:""`
	IDs      []string `arg:"" name:"id" help:"cli.arg.message_ids"`
}

// Run sends messages again, with the same ids and bytes.
func (cmd *outboxReplay) Run(ctx context.Context, c *console, common *Common) error {
	return c.requeue(ctx, &cmd.Database, common, cmd.IDs, (*desk.Desk).Replay, "cli.outbox.replayed")
}

type outboxCancel struct {
	Database `embed:""`
	IDs      []string `arg:"" name:"id" help:"cli.arg.message_ids"`
}

// Run takes messages that have not left out of the queue for good.
func (cmd *outboxCancel) Run(ctx context.Context, c *console, common *Common) error {
	return c.requeue(ctx, &cmd.Database, common, cmd.IDs, (*desk.Desk).CancelMessage, "cli.outbox.cancelled")
}

// requeue does one act to each id; an id that refuses does not stop the
// others, and is named.
func (c *console) requeue(ctx context.Context, d *Database, common *Common, ids []string,
	act func(*desk.Desk, context.Context, string, string) (store.OutboxItem, error), done string) error {
	return d.with(ctx, c, common, func(s *store.Store) error {
		front, failed := c.desk(s), 0
		for _, id := range ids {
			it, err := act(front, ctx, operator, id)
			switch {
			case store.IsConflict(err, "outbox"):
				c.complain(c.words.text("cli.outbox.busy", arguments{"id": id}))
				failed++
			case err != nil:
				c.complain(c.explain(err))
				failed++
			default:
				if err := c.say(done, arguments{"id": id, "receiver": it.Receiver}); err != nil {
					return err
				}
			}
		}
		if failed > 0 {
			return faultyError{}
		}
		return nil
	})
}

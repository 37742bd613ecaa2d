package app

import (
	"context"
	"strconv"
	"strings"

	"kouan/gateway/store"
)

// terminalMessages shows what terminals and carriers sent, and what is wrong
// with what was refused: who writes a file is told nothing else.
type terminalMessages struct {
	Database `embed:""`
	State    string `help:"cli.flag.message_state" enum:"refused,unmatched,matched,all" default:"refused"`
	Partner  string `help:"cli.flag.message_partner" placeholder:"ID"`
	Limit    int    `help:"cli.flag.limit" default:"50"`
}

// Run prints one line a document, and below it a line for each fault.
func (cmd *terminalMessages) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		f := store.TerminalMessageFilter{Source: cmd.Partner, State: cmd.State, Limit: cmd.Limit}
		if cmd.State == "all" {
			f.State = ""
		}
		rows, err := c.desk(s).KeptDocuments(ctx, f)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return c.say("cli.terminal.no_messages", nil)
		}
		for i := range rows {
			m := &rows[i]
			line := []string{instant(m.At), m.Source, m.State, m.Format, strconv.FormatInt(m.Copies, 10), orDash(m.Notice), m.ID, orDash(m.FileName), orDash(m.Reason)}
			if err := c.print("%s\n", strings.Join(line, "  ")); err != nil {
				return err
			}
			for k := range m.Faults {
				fault := &m.Faults[k]
				if err := c.print("    → %s\n", c.faultLine(orDash(m.FileName), fault)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

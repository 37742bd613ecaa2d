package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

type terminalCommand struct {
	List    terminalList    `cmd:"" help:"cli.usage.terminal_list"`
	Set     terminalSet     `cmd:"" help:"cli.usage.terminal_set"`
	Aliases terminalAliases `cmd:"" help:"cli.usage.terminal_aliases"`
}

// terminalList shows the rows of the capability table that are in force.
type terminalList struct {
	Database `embed:""`
	JSON     bool `name:"json" help:"cli.flag.terminal_json"`
}

// Run prints one line a terminal, or a JSON array that terminal set takes.
func (cmd *terminalList) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		rows, err := c.desk(s).AllTerminals(ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			list := make([]inspection.Capability, len(rows))
			for i := range rows {
				list[i] = rows[i].Capability
			}
			return c.printJSON(list)
		}
		grid := [][]string{{"TERMINAL", "NAME", "CLASS", "INTERFACE", "CHANNELS", "LOCK", "TOLD", "TESTED", "STATUS"}}
		for i := range rows {
			t := &rows[i]
			tested := orDash(t.TestedOn)
			if t.Stale {
				tested = c.words.text("cli.terminal.stale", arguments{"day": tested})
			}
			grid = append(grid, []string{t.Terminal, t.Name, t.Class, string(t.Interface), orDash(strings.Join(t.Channels, ",")), string(t.CanLock), t.Informed, tested, t.Verification})
		}
		return c.printGrid(grid)
	})
}

// terminalSet takes rows of the capability table from a file.
type terminalSet struct {
	Database `embed:""`
	File     string `arg:"" name:"file" help:"cli.arg.terminal_file"`
}

// Run sets all rows or none.
func (cmd *terminalSet) Run(ctx context.Context, c *console, common *Common) error {
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		n, err := c.desk(s).SetCapabilities(ctx, operator, body)
		if err != nil {
			return c.complainFaults(cmd.File, err)
		}
		return c.say("cli.terminal.set", arguments{"count": strconv.Itoa(n)})
	})
}

// terminalAliases shows or sets which terminal a free text of a goods place means.
type terminalAliases struct {
	Database `embed:""`
	File     string `arg:"" optional:"" name:"file" help:"cli.arg.alias_file"`
}

// Run lists the table, or adds the rows of a CSV file (text, terminal).
func (cmd *terminalAliases) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.File == "" {
		return cmd.with(ctx, c, common, func(s *store.Store) error {
			rows, err := c.desk(s).Aliases(ctx)
			if err != nil {
				return err
			}
			grid := make([][]string, 0, len(rows))
			for i := range rows {
				grid = append(grid, []string{rows[i].Terminal, rows[i].Alias})
			}
			return c.printGrid(grid)
		})
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	aliases, err := aliasesOf(body)
	if err != nil {
		return &toldError{key: "cli.error.alias_file", args: arguments{"file": cmd.File, "reason": err.Error()}, err: err}
	}
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		if err := c.desk(s).SetAliases(ctx, operator, aliases); err != nil {
			return c.complainFaults(cmd.File, err)
		}
		return c.say("cli.terminal.aliases", arguments{"count": strconv.Itoa(len(aliases))})
	})
}

// aliasesOf reads lines of text and terminal; a text that stands twice with
// two terminals is an error.
func aliasesOf(body []byte) (map[string]string, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\uFEFF")))
	r.FieldsPerRecord, r.TrimLeadingSpace = 2, true
	out := map[string]string{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if old, ok := out[row[0]]; ok && old != row[1] {
			return nil, fmt.Errorf("line %d: %q: %s, %s", line, row[0], old, row[1])
		}
		out[row[0]] = row[1]
	}
}

// complainFaults puts the faults of a file into words, one a line.
func (c *console) complainFaults(file string, err error) error {
	var bad *desk.FaultsError
	if !errors.As(err, &bad) {
		return err
	}
	for i := range bad.Faults {
		f := &bad.Faults[i]
		if f.Severity == declarations.Reject {
			c.complain(strings.TrimSpace(file + ": " + f.Code + " " + f.Path + " " + c.words.Fault(f.Code, f.Args)))
		}
	}
	return faultyError{}
}

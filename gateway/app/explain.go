package app

import (
	"os"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// explainCommand says where a declaration would go and why, and how it goes
// through the port. It needs no server and no database.
type explainCommand struct {
	Routes   string `help:"cli.flag.routes" placeholder:"FILE"`
	Channels string `help:"cli.flag.channels" placeholder:"FILE"`
	Pairs    string `help:"cli.flag.pairs" placeholder:"FILE"`
	Facts    string `help:"cli.flag.facts" placeholder:"FILE"`
	File     string `arg:"" name:"file" help:"cli.arg.file_or_stdin"`
}

// Run goes through the routing table row by row, when there is one, and then
// through the stages of the port.
func (cmd *explainCommand) Run(c *console) error {
	table, err := cmd.table()
	if err != nil {
		return err
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	rows := intake.Read(body, detect(body))
	if len(rows) != 1 {
		return &usageError{key: "cli.error.rows", args: arguments{"count": strconv.Itoa(len(rows))}}
	}
	if declarations.Rejected(rows[0].Faults) {
		if err := c.tellFaults(cmd.File, rows[0].Faults); err != nil {
			return err
		}
		return faultyError{}
	}
	for _, step := range table.Explain(&rows[0].Declaration) {
		mark := " "
		if step.Matched {
			mark = "*"
		}
		if err := c.print("%s %s -> %s (%s): %s\n", mark, step.Route.Name, step.Route.Channel, step.Route.Profile, step.Reason); err != nil {
			return err
		}
	}
	o, err := cmd.clearanceOf(c, &rows[0].Declaration)
	if err != nil {
		return err
	}
	return c.printClearance(o)
}

func (cmd *explainCommand) table() (declarations.Table, error) {
	if cmd.Routes != "" {
		return loadRoutes(cmd.Routes)
	}
	if cmd.Channels == "" {
		return nil, nil
	}
	channels, err := loadChannels(cmd.Channels)
	return defaultRoutes(channels), err
}

// loadRoutes reads an operator's routing table.
func loadRoutes(path string) (declarations.Table, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	table, err := declarations.LoadTable(body)
	if err != nil {
		return nil, &toldError{key: "cli.error.routes", args: arguments{"file": path, "reason": oneLine(err)}, err: err}
	}
	return table, nil
}

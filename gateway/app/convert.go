package app

import (
	"fmt"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/intake"
)

// convertCommand turns one declaration from one form into another, without a server.
type convertCommand struct {
	schemaFolder `embed:""`

	From string `help:"cli.flag.from" enum:"auto,json,decmessage,wco" default:"auto"`
	To   string `help:"cli.flag.to" enum:"json,decmessage,wco" required:""`
	Out  string `help:"cli.flag.out" placeholder:"FILE"`
	File string `arg:"" name:"file" help:"cli.arg.file_or_stdin"`
}

// Run writes the converted document only when nothing in the source refuses
// it; warnings are shown.
func (cmd *convertCommand) Run(c *console) error {
	if cmd.From == "wco" || cmd.To == "wco" {
		return &usageError{key: "cli.error.wco"}
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		c.complain(c.explain(err))
		return &usageError{key: "cli.error.unread"}
	}
	schemas, err := cmd.open()
	if err != nil {
		return err
	}
	if err := c.judgeEdge(schemas, cmd.File, body); err != nil {
		return err
	}
	rows := intake.Read(body, cmd.format(body))
	if len(rows) != 1 {
		return &usageError{key: "cli.error.rows", args: arguments{"count": strconv.Itoa(len(rows))}}
	}
	faults := rowFaults(&rows[0])
	if err := c.tellFaults(cmd.File, faults); err != nil {
		return err
	}
	if declarations.Rejected(faults) {
		return faultyError{}
	}
	out, err := cmd.write(&rows[0].Declaration)
	if err != nil {
		return err
	}
	if err := c.judgeEdge(schemas, cmd.Out, out); err != nil {
		return err
	}
	if cmd.Out == "" || cmd.Out == "-" {
		return c.print("%s", out)
	}
	if err := writeBytes(cmd.Out, 0o644, out); err != nil {
		return err
	}
	return c.say("cli.convert.done", nil)
}

func (cmd *convertCommand) format(body []byte) intake.Format {
	switch cmd.From {
	case "json":
		return intake.JSON
	case "decmessage":
		return intake.XML
	}
	return detect(body)
}

func (cmd *convertCommand) write(d *declarations.Declaration) ([]byte, error) {
	if cmd.To == "decmessage" {
		return customsxml.Write(d, customsxml.Options{}), nil
	}
	out, err := intake.MarshalIndent(d)
	if err != nil {
		return nil, fmt.Errorf("convert %s: %w", cmd.File, err)
	}
	return out, nil
}

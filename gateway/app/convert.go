package app

import (
	"bytes"
	"fmt"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/intake"
)

// convertCommand turns one declaration from one form into another, without a server.
type convertCommand struct {
	schemaFolder `embed:""`
	codeFolder   `embed:""`
	ruleFlags    `embed:""`
	mappingFlag  `embed:""`

	From       string `help:"cli.flag.from" enum:"auto,json,decmessage,wco" default:"auto"`
	To         string `help:"cli.flag.to" enum:"json,decmessage,wco" required:""`
	Unverified bool   `help:"cli.flag.unverified"`
	Out        string `help:"cli.flag.out" placeholder:"FILE"`
	File       string `arg:"" name:"file" help:"cli.arg.file_or_stdin"`
}

// Run writes the converted document only when nothing in the source refuses
// it; warnings are shown, among them every value that the target cannot carry.
func (cmd *convertCommand) Run(c *console) error {
	judge, err := c.judge(cmd.codeFolder, cmd.ruleFlags)
	if err != nil {
		return err
	}
	mapping, err := cmd.saved()
	if err != nil {
		return err
	}
	schemas, err := cmd.open()
	if err != nil {
		return err
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		c.complain(c.explain(err))
		return &usageError{key: "cli.error.unread"}
	}
	if err := c.judgeEdge(schemas, cmd.File, body); err != nil {
		return err
	}
	row, faults, err := cmd.read(body, mapping, judge)
	if err != nil {
		return err
	}
	if declarations.Rejected(faults) {
		return cmd.refuse(c, faults)
	}
	out, lost, err := cmd.write(row)
	if err != nil {
		return err
	}
	if faults = append(faults, lost...); declarations.Rejected(faults) {
		return cmd.refuse(c, faults)
	}
	if err := c.tellFaults(cmd.File, faults); err != nil {
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

func (cmd *convertCommand) refuse(c *console, faults []declarations.Fault) error {
	if err := c.tellFaults(cmd.File, faults); err != nil {
		return err
	}
	return faultyError{}
}

// read is the one declaration of the document and what is wrong with it.
func (cmd *convertCommand) read(body []byte, mapping map[string]string, judge declarations.Judge) (*intake.Row, []declarations.Fault, error) {
	if cmd.isWCO(body) {
		row, doc := cmd.readWCO(body)
		faults := row.Faults
		if cmd.To == "decmessage" && !declarations.Rejected(faults) {
			faults = append(faults, doc.Beyond(cmd.wco())...)
		}
		return &row, faults, nil
	}
	var first *intake.Row
	count := 0
	for row, err := range intake.Stream(bytes.NewReader(body), int64(len(body)), cmd.format(body), intake.Options{Mapping: mapping}) {
		if err != nil {
			return nil, nil, err
		}
		if count++; count == 1 {
			first = &row
		}
	}
	if count != 1 {
		return nil, nil, &usageError{key: "cli.error.rows", args: arguments{"count": strconv.Itoa(count)}}
	}
	if cmd.To == "wco" {
		return first, first.Faults, nil // the rules of the form do not bind a partner abroad
	}
	return first, faultsBy(first, judge), nil
}

func (cmd *convertCommand) format(body []byte) intake.Format {
	switch cmd.From {
	case "json":
		return intake.JSON
	case "decmessage":
		return intake.XML
	}
	if isTable(cmd.File) { // its header may say nothing without the mapping
		return tableFormat(cmd.File, bytes.NewReader(body), int64(len(body)))
	}
	return detect(body)
}

// write gives the document in the form asked for, and what it does not carry.
func (cmd *convertCommand) write(row *intake.Row) ([]byte, []declarations.Fault, error) {
	switch cmd.To {
	case "decmessage":
		return customsxml.Write(&row.Declaration, customsxml.Options{}), nil, nil
	case "wco":
		out, lost := cmd.writeWCO(row)
		return out, lost, nil
	}
	out, err := intake.MarshalIndent(&row.Declaration)
	if err != nil {
		return nil, nil, fmt.Errorf("convert %s: %w", cmd.File, err)
	}
	return out, nil, nil
}

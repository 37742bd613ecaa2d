package app

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
)

// coverageCommand shows how much of the interfaces the program reads, writes
// and judges. Every number is measured when the command runs: documents are
// written, read and judged; nothing is counted from a list of intentions.
type coverageCommand struct {
	JSON bool `name:"json" help:"cli.flag.coverage_json"`
}

// coverageRow is one group of elements of a message.
type coverageRow struct {
	Message   string `json:"message"`
	Group     string `json:"group"`
	Elements  int    `json:"elements"`      // of the interface
	Read      int    `json:"read"`          // came back from a document
	Written   int    `json:"written"`       // stood in the document with their value
	Empty     int    `json:"written_empty"` // abolished: stood there without their value
	Validated int    `json:"validated"`     // some value of theirs is refused or warned of
}

func (r *coverageRow) add(o coverageRow) {
	r.Elements += o.Elements
	r.Read += o.Read
	r.Written += o.Written
	r.Empty += o.Empty
	r.Validated += o.Validated
}

// coverages measure one message each, group by group, in the order of the interface.
var coverages = []func() ([]coverageRow, error){
	decMessageCoverage,
	wcoCoverage,
}

// Run prints a row for each group and a total for each message.
func (cmd *coverageCommand) Run(c *console) error {
	var rows []coverageRow
	for _, measure := range coverages {
		of, err := measure()
		if err != nil {
			return err
		}
		rows = append(rows, withTotal(of)...)
	}
	if cmd.JSON {
		line, err := json.Marshal(rows, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write coverage: %w", err)
		}
		return c.print("%s\n", line)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(table, "MESSAGE\tGROUP\tELEMENTS\tREAD\tWRITTEN\tEMPTY\tVALIDATED")
	for _, r := range rows {
		_, printErr := fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", r.Message, r.Group, r.Elements, r.Read, r.Written, r.Empty, r.Validated)
		err = errors.Join(err, printErr)
	}
	return errors.Join(err, table.Flush())
}

const totalGroup = "total"

func withTotal(rows []coverageRow) []coverageRow {
	if len(rows) == 0 {
		return nil
	}
	total := coverageRow{Message: rows[0].Message, Group: totalGroup}
	for _, r := range rows {
		total.add(r)
	}
	return append(rows, total)
}

package app

import (
	"os"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/clearance"
)

// clearanceOf is the overview of a declaration that nothing is known of but
// its document and, when a file of them is given, the facts of partners.
func (cmd *explainCommand) clearanceOf(c *console, d *declarations.Declaration) (*clearance.Overview, error) {
	var pairs clearance.Pairs
	if cmd.Pairs != "" {
		var err error
		if pairs, err = loadPairs(cmd.Pairs); err != nil {
			return nil, err
		}
	}
	facts, err := cmd.facts(c)
	if err != nil {
		return nil, err
	}
	own := declarations.OwnRecord{State: "draft", Summary: d.IsSummary()}
	o := clearance.Of(d, &clearance.Course{Own: own, Result: declarations.Fold(own, nil)}, facts, pairs, c.clock())
	o.Say(c.words.Text)
	return &o, nil
}

// facts reads a file in the JSON form of POST /api/v1/facts. Who names the file
// says that all of them are about this declaration.
func (cmd *explainCommand) facts(c *console) ([]clearance.Known, error) {
	if cmd.Facts == "" {
		return nil, nil
	}
	body, err := os.ReadFile(cmd.Facts)
	if err != nil {
		return nil, err
	}
	list, faults := clearance.ParseJSON(body)
	if declarations.Rejected(faults) {
		if err := c.tellFaults(cmd.Facts, faults); err != nil {
			return nil, err
		}
		return nil, faultyError{}
	}
	known := make([]clearance.Known, 0, len(list))
	for i := range list {
		known = append(known, clearance.Known{Fact: list[i], ID: strconv.Itoa(i), Source: cmd.Facts, HeardAt: c.clock()})
	}
	return known, nil
}

// printClearance writes mode, deadline, stages and documents, each with what
// to do next.
func (c *console) printClearance(o *clearance.Overview) error {
	lines := []string{c.words.text("clearance.mode."+string(o.Mode), nil), o.Advance.Text, o.Advance.Manifest.Text}
	if t := o.TwoStep; t != nil {
		lines = append(lines, t.Text, t.Deadline.Text)
		for _, m := range t.Missing {
			lines = append(lines, c.words.text("cli.explain.missing", arguments{"path": m.Path, "element": m.Element}))
		}
	}
	if p := o.CombinedPort; p != nil {
		lines = append(lines, p.Text)
	}
	for i := range o.Papers {
		lines = append(lines, o.Papers[i].Text)
	}
	for _, line := range append(lines, o.ShipSide.Text) {
		if err := c.print("%s\n", line); err != nil {
			return err
		}
	}
	rows := make([][]string, 0, len(o.Stages))
	for i := range o.Stages {
		s := &o.Stages[i]
		at := ""
		if !s.At.IsZero() {
			at = string(clearance.DayOf(s.At))
		}
		rows = append(rows, []string{"- " + s.Text, s.StateText, at, s.KeyText})
	}
	return c.printGrid(rows)
}

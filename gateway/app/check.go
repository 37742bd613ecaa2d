package app

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// checkCommand validates files and changes nothing.
type checkCommand struct {
	schemaFolder `embed:""`
	codeFolder   `embed:""`
	ruleFlags    `embed:""`
	mappingFlag  `embed:""`
	JSON         bool     `name:"json" help:"cli.flag.check_json"`
	Files        []string `arg:"" name:"file" help:"cli.arg.files"`
}

// checkedFile is one line of check --json.
type checkedFile struct {
	File   string       `json:"file"`
	OK     bool         `json:"ok"`
	Faults []shownFault `json:"faults"`
}

// shownFault is a finding with its words.
type shownFault struct {
	declarations.Fault
	Message string `json:"message"`
}

// Run exits 0 when no file has a fault; warnings are shown and change
// nothing. A file that cannot be read does not stop the others and ends as
// wrong usage.
func (cmd *checkCommand) Run(c *console) error {
	judge, err := c.judge(cmd.codeFolder, cmd.ruleFlags)
	if err != nil {
		return err
	}
	schemas, err := cmd.open()
	if err != nil {
		return err
	}
	mapping, err := cmd.saved()
	if err != nil {
		return err
	}
	faulty := 0
	var unread error
	for _, file := range cmd.Files {
		rows, err := c.documentRows(file, schemas, mapping)
		var faults []declarations.Fault
		if err == nil {
			faults, err = checkRows(rows, judge)
		}
		if err != nil {
			c.complain(c.explain(err))
			unread = &usageError{key: "cli.error.unread"}
			continue
		}
		if declarations.Rejected(faults) {
			faulty++
		}
		if err := cmd.show(c, file, faults); err != nil {
			return err
		}
	}
	if !cmd.JSON {
		if err := c.say("cli.check.summary", arguments{"files": strconv.Itoa(len(cmd.Files)), "faulty": strconv.Itoa(faulty)}); err != nil {
			return err
		}
	}
	if faulty > 0 && unread == nil {
		return faultyError{}
	}
	return unread
}

// detect finds the form of a document by its content; what has none of the
// known forms gets its fault from the reader.
func detect(body []byte) intake.Format {
	format, known := intake.Detect("", body)
	if !known {
		return ""
	}
	return format
}

// documentRows reads a file. A table is read as its rows are wanted, however
// large it is; a document that the schemas refuse is one row with their faults.
func (c *console) documentRows(file string, schemas *edge, mapping map[string]string) (iter.Seq2[intake.Row, error], error) {
	if isTable(file) {
		return fileRows(file, mapping), nil
	}
	body, err := c.readDocument(file)
	if err != nil {
		return nil, err
	}
	faults, err := schemas.Judge(body)
	if err != nil {
		return nil, err
	}
	if declarations.Rejected(faults) {
		return func(yield func(intake.Row, error) bool) { yield(intake.Row{Faults: faults}, nil) }, nil
	}
	return intake.Stream(bytes.NewReader(body), int64(len(body)), detect(body), intake.Options{Mapping: mapping}), nil
}

// checkRows is everything wrong with a file, its rows one after the other.
func checkRows(rows iter.Seq2[intake.Row, error], judge declarations.Judge) ([]declarations.Fault, error) {
	var faults []declarations.Fault
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		faults = append(faults, faultsBy(&row, judge)...)
	}
	return faults, nil
}

// faultsBy does as the desk does: a document that could not be read is not
// judged further, because every rule would only say that something is missing.
func faultsBy(row *intake.Row, judge declarations.Judge) []declarations.Fault {
	if declarations.Rejected(row.Faults) {
		return row.Faults
	}
	return row.CheckBy(judge)
}

func (cmd *checkCommand) show(c *console, file string, faults []declarations.Fault) error {
	if cmd.JSON {
		return c.printCheck(file, faults)
	}
	if err := c.tellFaults(file, faults); err != nil {
		return err
	}
	rejects, warnings := countFaults(faults)
	switch {
	case rejects > 0:
		return c.print("%s: %s\n", file, c.words.text("cli.check.faults", arguments{"faults": strconv.Itoa(rejects), "warnings": strconv.Itoa(warnings)}))
	case warnings > 0:
		return c.print("%s: %s\n", file, c.words.text("cli.check.warnings", arguments{"warnings": strconv.Itoa(warnings)}))
	}
	return c.print("%s: %s\n", file, c.words.text("cli.check.ok", nil))
}

func (c *console) printCheck(file string, faults []declarations.Fault) error {
	shown := checkedFile{File: file, OK: !declarations.Rejected(faults), Faults: make([]shownFault, 0, len(faults))}
	for i := range faults {
		shown.Faults = append(shown.Faults, shownFault{faults[i], c.words.text("fault."+faults[i].Code, faults[i].Args)})
	}
	line, err := json.Marshal(shown, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %s as JSON: %w", file, err)
	}
	return c.print("%s\n", line)
}

package app

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// feesImport looks a price list over. Publishing needs the store; until it is
// there the dry run is the only mode, and the command says so.
type feesImport struct {
	DryRun bool   `help:"cli.flag.fee_dry_run"`
	File   string `arg:"" name:"file" help:"cli.arg.fee_sheet"`
}

// Run prints one finding a line and exits 1 when one of them refuses the file.
func (cmd *feesImport) Run(c *console) error {
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	sheet, places, faults, err := readFeeSheet(body)
	if err != nil {
		return err
	}
	if err := c.tellFaults(cmd.File, faults); err != nil {
		return err
	}
	if declarations.Rejected(faults) {
		return faultyError{}
	}
	findings := tariffs.Lint(tariffs.BuiltIn(), sheet)
	if err := c.tellFindings(cmd.File, sheet, places, findings); err != nil {
		return err
	}
	if tariffs.Rejected(findings) {
		return faultyError{}
	}
	return nil
}

// placer names a cell as the user's program does: Sheet1!F12, or row and column.
type placer = desk.FeePlacer

// readFeeSheet reads a table of any separator or encoding, or a workbook.
func readFeeSheet(body []byte) (*tariffs.Sheet, placer, []declarations.Fault, error) {
	if len(body) > maxDocument {
		return nil, nil, unreadable(body), nil
	}
	return desk.ReadFeeSheet(body)
}

// tellFindings writes FILE:LINE:COL CODE severity PLACE text (suggestion).
func (c *console) tellFindings(file string, s *tariffs.Sheet, place placer, findings []tariffs.Finding) error {
	rejects := 0
	for i := range findings {
		f := &findings[i]
		severity := c.words.text("cli.fees.severity_warn", nil)
		if f.Severity == tariffs.Reject {
			severity = c.words.text("cli.fees.severity_reject", nil)
			rejects++
		}
		first, _, _ := strings.Cut(f.Column, "|")
		column := 1 + slices.Index(s.Columns, first)
		at := f.Column
		if place(f.Line, column) != "" && strings.Contains(place(f.Line, column), "!") {
			at = place(f.Line, column) + " " + f.Column
		}
		text := c.words.Fault(f.Code, f.Args)
		if f.Repair != "" {
			text += " " + c.words.text("cli.fees.repair", arguments{"value": strconv.Quote(f.Repair)})
		}
		if err := c.print("%s:%d:%d %s %s %s %s\n", filepath.ToSlash(file), f.Line, column, f.Code, severity, at, text); err != nil {
			return err
		}
	}
	if err := c.say("cli.fees.checked", arguments{"rows": strconv.Itoa(len(s.Rows)), "rejects": strconv.Itoa(rejects), "warnings": strconv.Itoa(len(findings) - rejects)}); err != nil {
		return err
	}
	return c.say("cli.fees.dry", nil)
}

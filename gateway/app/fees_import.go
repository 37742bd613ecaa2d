package app

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// feesImport looks price lists over and, when asked to, keeps them as a draft
// of the next edition. Looking over needs no database.
type feesImport struct {
	Database `embed:""`
	person   `embed:""`
	Draft    bool     `help:"cli.flag.fee_draft"`
	DryRun   bool     `help:"cli.flag.fee_dry_run"`
	Partial  bool     `help:"cli.flag.fee_partial"`
	Note     string   `help:"cli.flag.fee_note" placeholder:"TEXT"`
	Reason   string   `help:"cli.flag.fee_reason" placeholder:"TEXT"`
	Urgent   string   `help:"cli.flag.fee_urgent" placeholder:"TEXT"`
	Files    []string `arg:"" name:"file" help:"cli.arg.fee_sheet"`
}

// Run prints one finding a line and exits 1 when one of them refuses a file.
func (cmd *feesImport) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.Draft {
		return cmd.draft(ctx, c, common)
	}
	refused := false
	for _, file := range cmd.Files {
		rejected, err := cmd.look(c, file)
		if err != nil {
			return err
		}
		refused = refused || rejected
	}
	if refused {
		return faultyError{}
	}
	return nil
}

// look checks one file and keeps nothing.
func (cmd *feesImport) look(c *console, file string) (refused bool, err error) {
	body, err := c.readDocument(file)
	if err != nil {
		return false, err
	}
	sheet, places, faults, err := readFeeSheet(body)
	if err != nil {
		return false, err
	}
	if err := c.tellFaults(file, faults); err != nil {
		return false, err
	}
	if declarations.Rejected(faults) {
		return true, nil
	}
	if publication.TableOf(sheet.Columns) != "" { // a table is held against the edition in force
		return false, &toldError{key: "cli.error.fee_table", args: arguments{"file": file}}
	}
	findings := publication.Look(tariffs.BuiltIn(), sheet)
	return tariffs.Rejected(findings), c.tellFindings(file, sheet, places, findings)
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

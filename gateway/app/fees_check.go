package app

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// feesCheck holds an agent's disbursement account against the catalogue.
type feesCheck struct {
	feeSource `embed:""`

	Call string `help:"cli.flag.fee_call" placeholder:"FILE"`
	JSON bool   `name:"json" help:"cli.flag.fee_json"`
	File string `arg:"" name:"file" help:"cli.arg.fee_account"`
}

// Run exits 1 only when the account or the call cannot be read: a line that
// is too high is an answer.
func (cmd *feesCheck) Run(ctx context.Context, c *console, common *Common) error {
	of, err := cmd.catalogue(ctx, c, common)
	if err != nil {
		return err
	}
	catalogue := of.Catalogue
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	var fill func(*tariffs.Call)
	if cmd.Call != "" {
		call, err := c.accountCall(catalogue, cmd.Call)
		if err != nil {
			return err
		}
		fill = func(of *tariffs.Call) { *of = *call }
	}
	read, err := desk.ReadAccount(catalogue, body, fill)
	var refused *desk.FaultsError
	switch {
	case errors.As(err, &refused):
		if err := c.tellFaults(cmd.File, refused.Faults); err != nil {
			return err
		}
		return faultyError{}
	case err != nil:
		return err
	}
	if err := c.tellFaults(cmd.File, read.Notes); err != nil {
		return err
	}
	findings := tariffs.CheckAccount(catalogue, read.Account, c.today())
	if cmd.JSON {
		err = c.printJSON(findings)
	} else {
		err = c.tellAccount(catalogue, read.Account, findings)
	}
	if err != nil {
		return err
	}
	return c.tellSource(of)
}

// accountCall reads the call that --call names; its faults are told under its own name.
func (c *console) accountCall(catalogue *tariffs.Catalogue, file string) (*tariffs.Call, error) {
	body, err := c.readDocument(file)
	if err != nil {
		return nil, err
	}
	call, faults := readCallOn(catalogue, body, "")
	if len(faults) == 0 {
		return call, nil
	}
	if err := c.tellFaults(file, faults); err != nil {
		return nil, err
	}
	return nil, faultyError{}
}

// tellAccount writes the verdict on each line, in the order of the account.
func (c *console) tellAccount(of *tariffs.Catalogue, a *tariffs.Account, findings []tariffs.AccountFinding) error {
	w := c.tariffWords(of)
	lines := map[int]*tariffs.AccountLine{}
	for i := range a.Lines {
		lines[a.Lines[i].Line] = &a.Lines[i]
	}
	money := func(f *tariffs.Fen) string {
		if f == nil {
			return "–"
		}
		return w.Money(*f)
	}
	grid := [][]string{{w.Term("ui.line"), w.Term("ui.item"), c.words.text("cli.fees.billed", nil), c.words.text("cli.fees.reference", nil),
		c.words.text("cli.fees.difference", nil), c.words.text("cli.fees.verdict", nil), w.Term("ui.verification")}}
	for i := range findings {
		f := &findings[i]
		names := make([]string, len(f.Items))
		for n, code := range f.Items {
			names[n] = w.Item(code)
		}
		number, billed := c.words.text("cli.fees.whole", nil), "–"
		if l := lines[f.Line]; l != nil {
			number, billed = strconv.Itoa(f.Line), "CNY "+w.Number(strings.ReplaceAll(l.Amount, ",", ""))
			if len(names) == 0 {
				names = append(names, strictjson.Shown(l.Text()))
			}
		}
		verdict := w.Verdicts(f)
		if f.Suggestion != "" {
			verdict += " " + c.words.text("cli.fees.meant", arguments{"item": w.Item(f.Suggestion)})
		}
		grid = append(grid, []string{number, strings.Join(names, ", "), billed, money(f.Reference), money(f.Difference), verdict, w.Sure(f.Word)})
	}
	if err := c.printGrid(grid); err != nil {
		return err
	}
	return c.say("cli.fees.prevails", nil)
}

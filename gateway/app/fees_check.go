package app

import (
	"bytes"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// feesCheck holds an agent's disbursement account against the catalogue.
type feesCheck struct {
	Call string `help:"cli.flag.fee_call" placeholder:"FILE"`
	JSON bool   `name:"json" help:"cli.flag.fee_json"`
	File string `arg:"" name:"file" help:"cli.arg.fee_account"`
}

// mostAccountLines bounds an account; those of long calls have some dozens.
const mostAccountLines = 2000

// Run exits 1 only when the account or the call cannot be read: a line that
// is too high is an answer.
func (cmd *feesCheck) Run(c *console) error {
	catalogue := tariffs.BuiltIn()
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	account, faults, err := readAccount(catalogue, body)
	if err != nil {
		return err
	}
	file, at := cmd.File, "call."
	if len(faults) == 0 && cmd.Call != "" {
		other, err := c.readDocument(cmd.Call)
		if err != nil {
			return err
		}
		var call tariffs.Call
		if faults = readFee(other, &call); faults != nil {
			file = cmd.Call
		}
		account.Call, at = call, ""
	}
	if len(faults) == 0 {
		faults = callFaults(catalogue, &account.Call, at)
		if cmd.Call != "" {
			file = cmd.Call
		}
	}
	if len(faults) > 0 {
		if err := c.tellFaults(file, faults); err != nil {
			return err
		}
		return faultyError{}
	}
	findings := tariffs.CheckAccount(catalogue, account, c.today())
	if cmd.JSON {
		return c.printJSON(findings)
	}
	return c.tellAccount(account, findings)
}

// readAccount reads the JSON of an account, or its CSV form.
func readAccount(catalogue *tariffs.Catalogue, body []byte) (*tariffs.Account, []declarations.Fault, error) {
	if head := bytes.TrimSpace(body); len(head) == 0 || head[0] == '{' || head[0] == '[' {
		var a tariffs.Account
		if faults := readFee(body, &a); faults != nil {
			return nil, faults, nil
		}
		return &a, accountFaults(&a), nil
	}
	sheet, _, faults, err := readFeeSheet(body)
	if err != nil || declarations.Rejected(faults) {
		return nil, faults, err
	}
	a, faults := accountOf(catalogue, sheet)
	if len(faults) == 0 {
		faults = accountFaults(a)
	}
	return a, faults, nil
}

// accountFaults: amounts must be numbers, or a line would count as nothing.
func accountFaults(a *tariffs.Account) []declarations.Fault {
	if len(a.Lines) == 0 || len(a.Lines) > mostAccountLines {
		return []declarations.Fault{strictjson.Reject(tariffs.CodeLines, "lines", "limit", strconv.Itoa(mostAccountLines))}
	}
	var faults []declarations.Fault
	number := func(path, value string, needed bool) {
		if value == "" && !needed {
			return
		}
		if !tariffs.IsAmount(value) {
			faults = append(faults, strictjson.Reject(tariffs.CodeNumber, path, "value", strictjson.Shown(value)))
		}
	}
	for i := range a.Lines {
		at := "lines[" + strconv.Itoa(i) + "]."
		number(at+"amount", a.Lines[i].Amount, true)
		number(at+"rate", a.Lines[i].Rate, false)
	}
	number("total", a.Total, false)
	return faults
}

// tellAccount writes the verdict on each line, in the order of the account.
func (c *console) tellAccount(a *tariffs.Account, findings []tariffs.AccountFinding) error {
	w := c.tariffWords()
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
				names = append(names, strictjson.Shown(l.TextZH))
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

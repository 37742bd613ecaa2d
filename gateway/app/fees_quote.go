package app

import (
	"context"

	"kouan/tariffs"
)

// feesQuote computes a call, for a day, beside another day or terminal.
type feesQuote struct {
	feeSource `embed:""`

	On              string `help:"cli.flag.fee_day" placeholder:"DAY"`
	CompareDay      string `help:"cli.flag.fee_compare_day" placeholder:"DAY"`
	CompareTerminal string `help:"cli.flag.fee_compare_terminal" placeholder:"CODE"`
	Terms           int    `help:"cli.flag.fee_terms" placeholder:"N"`
	Path            bool   `help:"cli.flag.fee_path"`
	JSON            bool   `name:"json" help:"cli.flag.fee_json"`
	File            string `arg:"" name:"file" help:"cli.arg.file_or_stdin"`
}

// quoted is the answer for programs when more than one quotation was asked for.
type quoted struct {
	Quote    tariffs.Quotation   `json:"quote"`
	Compared *tariffs.Quotation  `json:"compared,omitzero"`
	Changes  []tariffs.Change    `json:"changes,omitempty"`
	Terms    []tariffs.TermOffer `json:"licence_terms,omitempty"`
}

// mostCalls is how many calls a year may be asked for.
const mostCalls = 366

// Run exits 1 when the call cannot be used; an amount that is not known is an
// answer and no failure.
func (cmd *feesQuote) Run(ctx context.Context, c *console, common *Common) error {
	on, err := feeDay(cmd.On, "")
	if err != nil {
		return err
	}
	other, err := feeDay(cmd.CompareDay, "")
	switch {
	case err != nil:
		return err
	case cmd.Terms < 0 || cmd.Terms > mostCalls:
		return &usageError{key: "cli.error.fee_terms"}
	}
	of, err := cmd.catalogue(ctx, c, common)
	if err != nil {
		return err
	}
	catalogue := of.Catalogue
	if cmd.CompareTerminal != "" && catalogue.Terminal(cmd.CompareTerminal) == nil {
		return &usageError{key: "cli.error.fee_terminal", args: arguments{"value": cmd.CompareTerminal}}
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	call, faults := readCallOn(catalogue, body, on)
	if len(faults) > 0 {
		if err := c.tellFaults(cmd.File, faults); err != nil {
			return err
		}
		return faultyError{}
	}
	answer := quoted{Quote: tariffs.Quote(catalogue, call, c.today())}
	if other != "" || cmd.CompareTerminal != "" {
		second := *call
		if other != "" {
			second.On = other
		}
		if cmd.CompareTerminal != "" {
			second.Terminal = cmd.CompareTerminal
		}
		q := tariffs.Quote(catalogue, &second, c.today())
		answer.Compared, answer.Changes = &q, tariffs.Compare(&answer.Quote, &q)
	}
	if cmd.Terms > 0 {
		answer.Terms = tariffs.OfferedTerms(catalogue, call, cmd.Terms)
	}
	switch {
	case cmd.JSON && answer.Compared == nil && answer.Terms == nil:
		err = c.printJSON(&answer.Quote)
	case cmd.JSON:
		err = c.printJSON(&answer)
	default:
		err = c.tellQuote(catalogue, &answer, cmd.Path)
	}
	if err != nil {
		return err
	}
	return c.tellSource(of)
}

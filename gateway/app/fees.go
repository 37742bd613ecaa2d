package app

import (
	"context"
	"strings"

	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// feesCommand is the catalogue of port charges and its calculator, which needs
// no server: the rows are those that the program carries, or those of an
// edition in the database of a gateway. The commands of publication work on
// that database.
type feesCommand struct {
	List   feesList   `cmd:"" help:"cli.usage.fees_list"`
	Quote  feesQuote  `cmd:"" help:"cli.usage.fees_quote"`
	Import feesImport `cmd:"" help:"cli.usage.fees_import"`
	Check  feesCheck  `cmd:"" help:"cli.usage.fees_check"`
	Export feesExport `cmd:"" help:"cli.usage.fees_export"`

	Services   feesServices   `cmd:"" help:"cli.usage.fees_services"`
	CheckDraft feesCheckDraft `cmd:"" help:"cli.usage.fees_check_draft"`
	Publish    feesPublish    `cmd:"" help:"cli.usage.fees_publish"`
	Withdraw   feesWithdraw   `cmd:"" help:"cli.usage.fees_withdraw"`
	Versions   feesVersions   `cmd:"" help:"cli.usage.fees_versions"`
	Diff       feesDiff       `cmd:"" help:"cli.usage.fees_diff"`
}

// tariffWords are the words of a catalogue in the user's language.
func (c *console) tariffWords(of *tariffs.Catalogue) wording.Words {
	return wording.For(c.words.Printer, of)
}

// today is the day of the port on which something is asked.
func (c *console) today() tariffs.Day { return tariffs.DayOf(c.clock()) }

// feeDay reads a day of a flag; empty is the other one.
func feeDay(given string, otherwise tariffs.Day) (tariffs.Day, error) {
	if given == "" {
		return otherwise, nil
	}
	day, ok := tariffs.ParseDay(given)
	if !ok {
		return "", &usageError{key: "cli.error.date", args: arguments{"value": given}}
	}
	return day, nil
}

// feeRows is what list and export share: a day and a choice of rows.
type feeRows struct {
	feeSource `embed:""`

	On    string `help:"cli.flag.fee_day" placeholder:"DAY"`
	Item  string `help:"cli.flag.fee_item" placeholder:"CODE"`
	Trade string `help:"cli.flag.fee_trade" placeholder:"TRADE"`
	Payer string `help:"cli.flag.fee_payer" placeholder:"PAYER"`
	CSV   bool   `name:"csv" help:"cli.flag.fee_csv"`
	JSON  bool   `name:"json" help:"cli.flag.fee_json"`
}

// feeChoices are the values of the filters.
var feeChoices = map[string][]string{"trade": {"international", "domestic"}, "payer": {"ship", "cargo"}}

// list is what was asked for.
func (r *feeRows) list(ctx context.Context, c *console, common *Common) (*feeList, error) {
	day, err := feeDay(r.On, c.today())
	if err != nil {
		return nil, err
	}
	for _, f := range []struct{ name, value string }{{"trade", r.Trade}, {"payer", r.Payer}} {
		if known := strings.Join(feeChoices[f.name], ", "); f.value != "" && !strings.Contains(", "+known+",", ", "+f.value+",") {
			return nil, &usageError{key: "cli.error.fee_choice", args: arguments{"value": f.value, "known": known}}
		}
	}
	of, err := r.catalogue(ctx, c, common)
	if err != nil {
		return nil, err
	}
	if r.Item != "" && of.Item(r.Item) == nil {
		return nil, &usageError{key: "cli.error.fee_item", args: arguments{"value": r.Item}}
	}
	return &feeList{of, day, of.Rows(day, tariffs.RowFilter{Item: r.Item, Trade: r.Trade, Payer: r.Payer})}, nil
}

// feeList are rows of a day with the catalogue that they are of.
type feeList struct {
	of   *feeAnswer
	day  tariffs.Day
	rows []tariffs.Row
}

// shortVersion is enough of a catalogue's version to compare two screens by.
func shortVersion(version string) string { return version[:min(12, len(version))] }

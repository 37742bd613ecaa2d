package tariffs

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// quoted is the quotation of a call by the built-in rows, in brief, without
// the words of verification.
func quoted(call *Call) []string { return shortly(BuiltIn(), call) }

func shortly(c *Catalogue, call *Call) []string {
	q := Quote(c, call, "2026-11-25")
	var out []string
	for _, l := range q.Lines {
		text := l.Unknown
		switch {
		case l.Amount != nil && l.Zero != "":
			text = l.Amount.String() + " " + l.Zero
		case l.Amount != nil:
			text = l.Amount.String()
		case len(l.Needs) > 0:
			text = "needs " + strings.Join(l.Needs, " ")
		}
		out = append(out, strings.Join(strings.Fields(l.Item+" "+l.Component+" "+l.Part+" "+text), " "))
	}
	return append(out, q.Total.Status)
}

func faultsOf(call *Call) map[string]string {
	got := map[string]string{}
	for _, f := range BuiltIn().Check(call) {
		got[f.Path] = f.Reason
	}
	return got
}

func TestALicenceIsCoveredUntilADayOnly(t *testing.T) {
	t.Parallel()
	for until, want := range map[Day]string{
		"2026-06-01": "TONNAGE_DUES P30D 0.00 licence_covers", "2026-05-31": "TONNAGE_DUES P30D 318000.00",
		"banana": "TONNAGE_DUES P30D needs tonnage_dues.licence_until", "2027-02-31": "TONNAGE_DUES P30D needs tonnage_dues.licence_until",
	} {
		call := &Call{Arrival: at(t, "2026-06-01T08:00:00+08:00"), Ship: Ship{NT: "60000"}, Special: outside(),
			Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D", LicenceUntil: until}}
		if got := quoted(call); got[0] != want {
			t.Errorf("licence until %s: %v, want %s", until, got, want)
		}
		_, isDay := ParseDay(string(until))
		if got := faultsOf(call)["tonnage_dues.licence_until"]; (got == "day") == isDay {
			t.Errorf("licence until %s: fault %q", until, got)
		}
	}
}

func TestDomesticTradeOwesNoTonnageDues(t *testing.T) {
	t.Parallel()
	call := &Call{On: "2026-11-24", Trade: domestic, Ship: Ship{NT: "60000"}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}}
	q := Quote(BuiltIn(), call, "2026-11-25")
	if diff := cmp.Diff([]Note{{"dues_other_trade", "TONNAGE-LAW-2018"}}, q.Notes[:min(1, len(q.Notes))]); len(q.Lines) > 0 || diff != "" {
		t.Errorf("%d lines, notes (-want +got):\n%s", len(q.Lines), diff)
	}
	if offers := OfferedTerms(BuiltIn(), call, 6); len(offers) > 0 {
		t.Errorf("licences are offered: %v", offers)
	}
}

func TestAnAmountBeyondTheFenIsUnknownAndNeverWraps(t *testing.T) {
	t.Parallel()
	call := &Call{On: "2026-11-24", Terminal: "CNDLC-12", Ship: Ship{NT: "999999999999"}, Pilotage: &Pilotage{Shifts: 100}, Special: outside()}
	if diff := cmp.Diff([]string{"SHIFTING 1D 19999999999980.00", TotalIndicative}, quoted(call)); diff != "" {
		t.Errorf("it fits (-want +got):\n%s", diff)
	}
	c := *BuiltIn()
	c.Rates = append(c.Rates[:0:0], c.Rates...)
	for i := range c.Rates {
		if r := &c.Rates[i]; r.Item == "SHIFTING" && r.Amount != nil {
			r.price(r.Amount.Shift(6))
		}
	}
	if err := c.index(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"SHIFTING 1D amount_too_large", TotalWithheld}, shortly(&c, call)); diff != "" {
		t.Errorf("it does not (-want +got):\n%s", diff)
	}
}

func TestHoursAtAnchorAreCountedExactly(t *testing.T) {
	t.Parallel()
	for hours, want := range map[string]string{"24": "1 × 1", "24.001": "1 × 2", "999999999999": "1 × 41666666667"} {
		q := Quote(BuiltIn(), &Call{On: "2016-02-28", Ship: Ship{NT: "1"}, Berth: &Berth{Anchorage: hours}}, "2026-11-25")
		if got := linesOf(&q, "ANCHORAGE")[0].Quantity; got != want {
			t.Errorf("%s hours: %s, want %s", hours, got, want)
		}
	}
}

func TestAStayWithoutItsEndNeedsIt(t *testing.T) {
	t.Parallel()
	from := at(t, "2026-06-01T08:00:00+08:00")
	for _, row := range []struct {
		name  string
		berth Berth
		want  []string
	}{
		{"no end", Berth{From: from}, []string{"BERTH_WORKING needs berth.to", TotalWithheld}},
		{"no beginning", Berth{To: from}, []string{"BERTH_WORKING needs berth.from", TotalWithheld}},
		{"neither", Berth{}, []string{"BERTH_WORKING needs berth.from berth.to", TotalWithheld}},
		{"no end, cargo completed", Berth{From: from, CargoDone: from.Add(time.Hour), IdleReason: "ship"}, []string{"BERTH_WORKING needs berth.to", TotalWithheld}},
	} {
		call := &Call{Arrival: from, Ship: Ship{NT: "60000"}, Berth: &row.berth, Special: outside()}
		if faults := faultsOf(call); len(faults) > 0 {
			t.Errorf("%s: refused: %v", row.name, faults)
		}
		if diff := cmp.Diff(row.want, quoted(call)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	for name, berth := range map[string]*Berth{"berth.to": {From: from, To: from.Add(-time.Second)},
		"berth.cargo_completed": {From: from, To: from.Add(time.Hour), CargoDone: from.Add(2 * time.Hour)}} {
		if got := faultsOf(&Call{Arrival: from, Berth: berth}); got[name] != "order" {
			t.Errorf("%s out of order: %v", name, got)
		}
	}
}

func TestChargedVoyagesAreACount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{-3: "negative", 0: "", 5: "", 101: "negative"} {
		if got := faultsOf(&Call{On: "2026-11-24", Special: &Special{Voyages: &n}})["special_port_fee.charged_voyages"]; got != want {
			t.Errorf("%d voyages: %q, want %q", n, got, want)
		}
	}
}

func TestALineWithoutAFigureHasNoWord(t *testing.T) {
	t.Parallel()
	for _, call := range []*Call{
		{On: "2026-11-24", Ship: Ship{NT: "60000"}, Dues: &DuesAsk{}, Special: outside()},
		{On: "2015-06-01", Ship: Ship{NT: "60000", LOA: "200", Type: ShipTypes[0]}, Tugs: &Tugs{In: new(2)}},
	} {
		q := Quote(BuiltIn(), call, "2026-11-25")
		if len(q.Lines) != 1 || q.Lines[0].Word != "" || q.Lines[0].Amount != nil {
			t.Errorf("%+v", q.Lines)
		}
	}
}

// price gives a rate a figure of its own, apart from that of the tables.
func (r *Rate) price(d decimal.Decimal) { r.Amount, r.text = &d, "" }

package tariffs

import (
	"slices"
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

// with is the built-in catalogue and more rows.
func with(t *testing.T, more ...Rate) *Catalogue {
	t.Helper()
	c := *BuiltIn()
	c.Rates = append(slices.Clone(c.Rates), more...)
	if err := c.index(); err != nil {
		t.Fatal(err)
	}
	return &c
}

// ofPort is a row like one of the tables, at the port itself.
func ofPort(t *testing.T, like, id, amount string, change func(*Rate)) Rate {
	t.Helper()
	for _, r := range BuiltIn().Rates {
		if r.ID == like {
			r.ID, r.Place = id, homePort
			r.price(decimal.RequireFromString(amount))
			if change != nil {
				change(&r)
			}
			return r
		}
	}
	t.Fatal("no row " + like)
	return Rate{}
}

func TestTonsThatNoTierTakesHaveNoPrice(t *testing.T) {
	t.Parallel()
	call := func(nt string) *Call {
		return &Call{On: "2027-02-01", Terminal: "CNDLC-12", Ship: Ship{NT: nt}, Pilotage: &Pilotage{In: true}, Tugs: &Tugs{In: new(0)}, Special: outside()}
	}
	first := func(r *Rate) { r.Valid = Span{"2027-01-01", ""} }
	third := func(r *Rate) { first(r); r.NT.From, r.NT.HasFrom = 80_000*thousandths, true }
	second := func(r *Rate) { first(r); r.NT.From = 30_000 * thousandths }
	lowest := ofPort(t, "PILOTAGE-2019-010", "DL-1", "0.45", first)
	for _, row := range []struct {
		name  string
		rows  []Rate
		nt    string
		want  string
		about []string
	}{
		{"within the one tier", []Rate{lowest}, "40000", "PILOTAGE 1A in 16200.00", nil},
		{"above it", []Rate{lowest}, "60000", "PILOTAGE 1A in tons_not_on_file", []string{"40000 – 60000"}},
		{"between two", []Rate{lowest, ofPort(t, "PILOTAGE-2019-012", "DL-3", "0.40", third)}, "90000", "PILOTAGE 1A in tons_not_on_file", []string{"40000 – 80000"}},
		{"below the first", []Rate{ofPort(t, "PILOTAGE-2019-012", "DL-3", "0.40", third)}, "90000", "PILOTAGE 1A in tons_not_on_file", []string{"0 – 80000"}},
		{"taken twice", []Rate{lowest, ofPort(t, "PILOTAGE-2019-011", "DL-2", "0.40", second)}, "60000", "PILOTAGE 1A in several_rows", nil},
	} {
		c := with(t, row.rows...)
		q := Quote(c, call(row.nt), "2026-11-25")
		if diff := cmp.Diff([]string{row.want}, shortly(c, call(row.nt))[:1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
		if diff := cmp.Diff(row.about, q.Lines[0].About); diff != "" {
			t.Errorf("%s, of what (-want +got):\n%s", row.name, diff)
		}
		if unknown := q.Lines[0].Amount == nil; unknown != (q.Total.Status == TotalWithheld) {
			t.Errorf("%s: total %s", row.name, q.Total.Status)
		}
	}
}

func TestABandThatNobodyPublishedIsNamed(t *testing.T) {
	t.Parallel()
	c := *BuiltIn()
	c.Rates = slices.DeleteFunc(slices.Clone(c.Rates), func(r Rate) bool {
		return r.ID == "BOOM-2019-118" || r.ID == "TOWAGE-2019-032" || r.ID == "TOWAGE-2019-033"
	})
	c.Dues = slices.DeleteFunc(slices.Clone(c.Dues), func(d Dues) bool { return d.ID == "TD-2000-ordi-P30D" })
	if err := c.index(); err != nil {
		t.Fatal(err)
	}
	call := &Call{On: "2026-11-24", Boom: 1, Ship: Ship{NT: "2000", LOA: "299.9", Type: ShipTypes[0]}, Tugs: &Tugs{In: new(2)}, Special: outside(),
		Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}}
	want := []string{"TOWAGE in length_not_on_file", "BOOM tons_not_on_file", "TONNAGE_DUES P30D tons_not_on_file", TotalWithheld}
	if diff := cmp.Diff(want, shortly(&c, call)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q := Quote(&c, call, "2026-11-25")
	for i, want := range []string{"299.9", "2000", "2000"} {
		if diff := cmp.Diff([]string{want}, q.Lines[i].About); diff != "" {
			t.Errorf("%s (-want +got):\n%s", q.Lines[i].Item, diff)
		}
	}
}

func TestAFlatRateForSomeShipsIsNotForAll(t *testing.T) {
	t.Parallel()
	small := ofPort(t, "SHIFTING-2019-018", "DL-S", "0.10", func(r *Rate) { r.NT = Band{To: 2_000 * thousandths, HasTo: true} })
	for nt, want := range map[string]string{"2000": "SHIFTING 1D 200.00", "60000": "SHIFTING 1D 12000.00"} {
		call := &Call{On: "2026-11-24", Ship: Ship{NT: nt}, Pilotage: &Pilotage{Shifts: 1}, Special: outside()}
		if got := shortly(with(t, small), call)[0]; got != want {
			t.Errorf("%s NT: %s, want %s", nt, got, want)
		}
	}
}

func TestOneOfSeveralBodiesIsChosenNotGuessed(t *testing.T) {
	t.Parallel()
	own := func(id, amount, body string) Rate {
		return ofPort(t, "TOWAGE-2019-032", id, amount, func(r *Rate) { r.Stated.Collector = body })
	}
	c := with(t, own("TUG-A", "9000", "甲公司"), own("TUG-B", "9500", "乙公司"))
	call := &Call{On: "2026-11-24", Ship: Ship{NT: "60000", LOA: "299.9", Type: ShipTypes[0]}, Tugs: &Tugs{In: new(2)}, Special: outside()}
	q := Quote(c, call, "2026-11-25")
	l := q.Lines[0]
	if l.Amount == nil || l.Amount.String() != "20000.00" || l.AtMost == false || l.Collector != "tug company or terminal" {
		t.Errorf("none is named, and the ceiling binds both: %+v", l)
	}
	for _, body := range []string{"甲公司", "乙公司"} {
		if !slices.Contains(q.Notes, Note{"own_price", body}) {
			t.Errorf("no word of %s: %+v", body, q.Notes)
		}
	}
	for body, want := range map[string]string{"甲公司": "18000.00", "乙公司": "19000.00", "tug company or terminal": "20000.00"} {
		call.Collectors = map[string]string{"TOWAGE": body}
		if faults := c.Check(call); len(faults) > 0 {
			t.Fatal(faults)
		}
		q := Quote(c, call, "2026-11-25")
		if l := q.Lines[0]; l.Amount == nil || l.Amount.String() != want || l.Collector != body {
			t.Errorf("%s: %+v, want %s", body, l, want)
		}
	}
	// No ceiling is on file: which of them serves the ship is asked.
	call.Collectors, call.Trade = nil, domestic
	bare := with(t, own("TUG-A", "9000", "甲公司"), own("TUG-B", "9500", "乙公司"))
	for i := range bare.Rates {
		if r := &bare.Rates[i]; r.Item == "TOWAGE" && r.Stated.Collector == "" {
			r.Amount = nil
		} else if r.Item == "TOWAGE" {
			r.Trade = domestic
		}
	}
	if l := Quote(bare, call, "2026-11-25").Lines[0]; l.Unknown != "several_collectors" || !slices.Equal(l.About, []string{"乙公司", "甲公司"}) || !slices.Equal(l.Needs, []string{"collectors.TOWAGE"}) {
		t.Errorf("without a ceiling: %+v", l)
	}
	call.Trade = ""
	// A ship of another length: neither has a price of its own for it.
	call.Ship.LOA = "200"
	if got := shortly(c, call)[0]; got != "TOWAGE in 17000.00" {
		t.Errorf("without a price of its own: %s", got)
	}
	call.Collectors = map[string]string{"TOWAGE": "丙公司", "BOOM": "甲公司", "NONE": "甲公司"}
	var got []string
	for _, f := range c.Check(call) {
		known, _, _ := strings.Cut(f.Known, ", BARGE_SHUTTLE")
		got = append(got, f.Path+" "+f.Value+" "+f.Reason+": "+known)
	}
	want := []string{"collectors.BOOM 甲公司 choice: boom provider", "collectors NONE choice: ANCHORAGE",
		"collectors.TOWAGE 丙公司 choice: 乙公司, 甲公司, tug company or terminal"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestATugIsChargedByAnyListOfItsCompany(t *testing.T) {
	t.Parallel()
	list := func(kind ScheduleKind, shipType string) Rate {
		return ofPort(t, "TOWAGE-2019-032", "TUG-"+string(kind), "9000", func(r *Rate) { r.Kind, r.ShipType, r.Stated.Collector = kind, shipType, "甲公司" })
	}
	call := &Call{On: "2026-11-24", Ship: Ship{LOA: "299.9", Type: ShipTypes[0]}, Tugs: &Tugs{In: new(1)}, Special: outside(), Collectors: map[string]string{"TOWAGE": "甲公司"}}
	for _, row := range []struct {
		name string
		rows []Rate
		want string
	}{
		{"flat", []Rate{list(Flat, ShipTypes[0])}, "TOWAGE in 9000.00"},
		{"for every type of ship", []Rate{list(Matrix, "")}, "TOWAGE in 9000.00"},
		{"for another type", []Rate{list(Flat, ShipTypes[1])}, "TOWAGE in 10000.00"},
		{"by two lists", []Rate{list(Flat, ""), list(Matrix, "")}, "TOWAGE in several_rows"},
	} {
		if got := shortly(with(t, row.rows...), call)[0]; got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func TestShiftingAtNightIsSurchargedAsPilotageIs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		p       Pilotage
		enabled []string
		trade   string
		want    []string
	}{
		{"by day", Pilotage{Shifts: 1}, nil, "", []string{"SHIFTING 1D 6000.00", TotalIndicative}},
		{"at night", Pilotage{Shifts: 1, Night: true}, nil, "", []string{"SHIFTING 1D surcharge_in_conflict", TotalWithheld}},
		{"at night, a value turned on", Pilotage{Shifts: 1, Night: true}, []string{"M-SUR-NIGHT-A"}, "", []string{"SHIFTING 1D 8700.00", TotalIndicative}},
		{"both, another value turned on", Pilotage{Shifts: 1, Night: true, Holiday: true}, []string{"M-SUR-NIGHT-A"}, "", []string{"SHIFTING 1D surcharge_in_conflict", TotalWithheld}},
		{"both", Pilotage{Shifts: 1, Night: true, Holiday: true}, []string{"M-SUR-NIGHT-HOL"}, "", []string{"SHIFTING 1D 11400.00", TotalIndicative}},
		{"locks have none", Pilotage{Locks: 1, Night: true}, nil, "", []string{"PILOT_LOCK 1C 4200.00", TotalIndicative}},
		{"nor has domestic trade", Pilotage{Shifts: 1, Night: true}, nil, domestic, []string{"SHIFTING D 4050.00", TotalIndicative}},
	} {
		call := &Call{On: "2026-11-24", Trade: row.trade, Ship: Ship{NT: "30000"}, Pilotage: &row.p, Enabled: row.enabled, Special: outside()}
		if diff := cmp.Diff(row.want, quoted(call)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestIdleTimeWithoutARuleOrAPriceIsUnknown(t *testing.T) {
	t.Parallel()
	from := at(t, "2026-06-01T08:00:00+08:00")
	for _, row := range []struct {
		name, trade string
		berth       Berth
		want        []string
	}{
		{"domestic cruise", domestic, Berth{IdleReason: "cruise"}, []string{"BERTH_IDLE not_on_file", TotalWithheld}},
		{"domestic, after its cargo", domestic, Berth{IdleReason: "repair", CargoDone: from.Add(24 * time.Hour)},
			[]string{"BERTH_WORKING 80.00", "BERTH_IDLE not_on_file", TotalWithheld}},
		{"domestic, for the ship's reasons", domestic, Berth{IdleReason: "ship", CargoDone: from.Add(24 * time.Hour)},
			[]string{"BERTH_WORKING idle_rule_not_on_file", "BERTH_IDLE not_on_file", TotalWithheld}},
		{"domestic, working", domestic, Berth{}, []string{"BERTH_WORKING 240.00", TotalIndicative}},
		{"no word of the cargo", "", Berth{IdleReason: "ship"},
			[]string{"BERTH_WORKING needs berth.cargo_completed", "BERTH_IDLE needs berth.cargo_completed", TotalWithheld}},
		{"cruise", "", Berth{IdleReason: "cruise"}, []string{"BERTH_IDLE 10800.00", TotalIndicative}},
		{"within the four hours", "", Berth{IdleReason: "ship", CargoDone: from.Add(69 * time.Hour)}, []string{"BERTH_WORKING 750.00", TotalIndicative}},
	} {
		row.berth.From, row.berth.To = from, from.Add(72*time.Hour)
		call := &Call{Arrival: from, Trade: row.trade, Ship: Ship{NT: "1000"}, Berth: &row.berth, Special: outside()}
		if diff := cmp.Diff(row.want, quoted(call)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestEveryShipsCallIsAskedForTheSpecialFee(t *testing.T) {
	t.Parallel()
	boxes := []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}
	for name, row := range map[string]struct {
		call Call
		want bool
	}{
		"tonnage dues":              {Call{Ship: Ship{NT: "60000", Flag: "US"}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}}, true},
		"tugs":                      {Call{Tugs: &Tugs{In: new(1)}}, true},
		"a boom":                    {Call{Boom: 1}, true},
		"a ship, described":         {Call{Ship: Ship{Flag: "US"}, Boxes: boxes}, true},
		"boxes":                     {Call{Boxes: boxes}, false},
		"boxes on a ship of a name": {Call{Boxes: boxes, Ship: Ship{Name: "TEST", IMO: "9074729"}}, false},
		"domestic trade":            {Call{Trade: domestic, Tugs: &Tugs{In: new(1)}}, false},
	} {
		row.call.Arrival = at(t, "2026-11-20T08:00:00+08:00")
		q := Quote(BuiltIn(), &row.call, "2026-11-25")
		lines := linesOf(&q, "SPECIAL_PORT_FEE")
		if got := len(lines) == 1 && len(lines[0].Needs) == 5; got != row.want || len(lines) > 1 {
			t.Errorf("%s: %+v", name, lines)
		}
	}
}

func TestTheSpecialFeeFollowsTheBerthingNotTheArrival(t *testing.T) {
	t.Parallel()
	berthed := at(t, "2025-10-14T01:00:00+08:00")
	owned := outside()
	owned.Owner, owned.BuiltCN, owned.FirstPort, owned.Voyages = new(true), new(false), new(true), new(0)
	call := &Call{Arrival: berthed.Add(-3 * time.Hour), Ship: Ship{NT: "1000"}, Berth: &Berth{From: berthed, To: berthed.Add(time.Hour)}, Special: owned}
	q := Quote(BuiltIn(), call, "2026-11-25")
	if got := amount(t, &q, "SPECIAL_PORT_FEE", "", ""); got != 40_000_000 {
		t.Errorf("%d fen, want 400 a ton", got)
	}
	c := *BuiltIn() // no state on file: whether it is collected is not known
	c.Special.States = nil
	if got := shortly(&c, call); !slices.Contains(got, "SPECIAL_PORT_FEE status_unknown") {
		t.Errorf("without a state: %v", got)
	}
}

func TestAQuoteOfNothingHasNoTotal(t *testing.T) {
	t.Parallel()
	for _, call := range []*Call{{On: "2026-11-24"}, {On: "2026-06-01", Ship: Ship{NT: "60000", LOA: "230", Type: ShipTypes[2]}}, {On: "2026-11-24", Pilotage: &Pilotage{}, Special: outside()}} {
		q := Quote(BuiltIn(), call, "2026-11-25")
		if q.Total.Amount != nil || q.Total.Status != TotalWithheld || !q.Total.IsEmpty() || !slices.Contains(q.Notes, Note{Note: "nothing_asked"}) {
			t.Errorf("%+v, notes %v", q.Total, q.Notes)
		}
	}
}

func TestNoShipIsOfNoSize(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	for _, f := range c.Check(&Call{On: "2026-11-24", Ship: Ship{NT: "0", LOA: "0.000", GT: "1"}}) {
		if f.Reason != "no_size" || f.Path != "ship.net_tonnage" && f.Path != "ship.length_overall_m" {
			t.Errorf("%+v", f)
		}
	}
	if n := len(c.Check(&Call{On: "2026-11-24", Ship: Ship{NT: "0", LOA: "0.000", GT: "1"}})); n != 2 {
		t.Errorf("%d faults", n)
	}
}

func TestWhatIsNotCountedIsNoted(t *testing.T) {
	t.Parallel()
	arrival := at(t, "2026-06-01T08:00:00+08:00")
	dues := func(until Day) *DuesAsk { return &DuesAsk{RateKind: "ordinary", Term: "P30D", LicenceUntil: until} }
	for _, row := range []struct {
		name string
		call Call
		note Note
		want bool
	}{
		{"a licence that ends in the stay", Call{Leaving: arrival.Add(72 * time.Hour), Dues: dues("2026-06-03")}, Note{"licence_ends_in_stay", "2026-06-03"}, true},
		{"by the time alongside", Call{Berth: &Berth{From: arrival, To: arrival.Add(72 * time.Hour)}, Dues: dues("2026-06-03")}, Note{"licence_ends_in_stay", "2026-06-03"}, true},
		{"a licence to the last day", Call{Leaving: arrival.Add(72 * time.Hour), Dues: dues("2026-06-04")}, Note{"licence_ends_in_stay", "2026-06-04"}, false},
		{"a licence that has ended", Call{Leaving: arrival.Add(72 * time.Hour), Dues: dues("2026-05-31")}, Note{"licence_ends_in_stay", "2026-05-31"}, false},
		{"night in domestic trade", Call{Trade: domestic, Pilotage: &Pilotage{Shifts: 1, Night: true}}, Note{Note: "night_not_counted"}, true},
		{"night in international trade", Call{Pilotage: &Pilotage{Shifts: 1, Night: true}}, Note{Note: "night_not_counted"}, false},
		{"shifting, nothing said of the hour", Call{Pilotage: &Pilotage{Shifts: 1}}, Note{Note: "night_not_asked"}, true},
	} {
		row.call.Arrival, row.call.Ship.NT = arrival, "1000"
		q := Quote(BuiltIn(), &row.call, "2026-11-25")
		if got := slices.Contains(q.Notes, row.note); got != row.want {
			t.Errorf("%s: notes %v", row.name, q.Notes)
		}
	}
}

package publication

import (
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
	"kouan/tariffs"
)

// sheet reads a price list of the samples.
func sheet(t *testing.T, name string) *tariffs.Sheet {
	t.Helper()
	f, err := os.Open(testfacts.Path(t, "samples", "tariffs", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := &tariffs.Sheet{Columns: all[0]}
	for i, cells := range all[1:] {
		s.Rows = append(s.Rows, tariffs.SheetRow{Line: i + 2, Cells: cells})
	}
	return s
}

// list is a price list of one row, a copy of a good one with some cells changed.
func list(t *testing.T, cells map[string]string) []Setting {
	t.Helper()
	row := map[string]string{"item_code": "YARD", "item_zh": "库场使用费", "regime": "market", "collector_zh": "示范码头(虚构)", "payer_zh": "货方", "schedule_kind": "flat", "trade": "foreign",
		"container_size": "20", "load_state": "laden", "basis_zh": "箱·日历日", "amount": "4.10", "amount_kind": "exact", "currency": "CNY", "unit": "20.DAY", "reason_zh": "超期堆存",
		"when_how_paid_zh": "离港前", "legal_basis": "企业定价公示", "valid_from": "2027-01-01", "complaint_channel": "CH-12345-DL", "verification": "unverified"}
	maps.Copy(row, cells)
	s := &tariffs.Sheet{Columns: tariffs.SheetColumns}
	line := make([]string, len(tariffs.SheetColumns))
	for i, column := range tariffs.SheetColumns {
		line[i] = row[column]
	}
	s.Rows = []tariffs.SheetRow{{Line: 2, Cells: line}}
	got, findings := FromSheet(tariffs.BuiltIn(), s)
	if Rejected(findings) {
		t.Fatalf("the list is refused: %+v", findings)
	}
	return got
}

func apply(t *testing.T, base *tariffs.Catalogue, d *Draft) *Result {
	t.Helper()
	r, findings := Apply(base, d, nil)
	if r == nil {
		t.Fatalf("refused: %+v", findings)
	}
	return r
}

func codesOf(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// The whole price list of the samples can be published; each of its rows is a
// rate with everything that the list says.
func TestAPriceListBecomesAnEdition(t *testing.T) {
	t.Parallel()
	s := sheet(t, "catalogue-clean.csv")
	settings, findings := FromSheet(tariffs.BuiltIn(), s)
	if len(settings) != len(s.Rows) || Rejected(findings) {
		t.Fatalf("%d of %d rows, %+v", len(settings), len(s.Rows), findings)
	}
	r := apply(t, tariffs.BuiltIn(), &Draft{Settings: settings})
	terms := Terms{Published: "2025-11-14", Effective: "2025-12-01"} // one row of it was abolished on a day that has passed
	if found := Gate(tariffs.BuiltIn(), r.Catalogue, r.Changes, terms); !Rejected(found) {
		t.Error("the gate does not ask why a row holds from a day that has passed")
	}
	terms.Reason = "收录自2021年起取消的收费"
	if found := Gate(tariffs.BuiltIn(), r.Catalogue, r.Changes, terms); Rejected(found) {
		t.Errorf("the gate refuses %+v", found)
	}
	if len(r.Catalogue.Rates) < len(tariffs.BuiltIn().Rates)+len(settings)/2 {
		t.Errorf("%d rates", len(r.Catalogue.Rates))
	}
	rows := r.Catalogue.Rows("2026-02-01", tariffs.RowFilter{Item: "YARD"})
	i := slices.IndexFunc(rows, func(r tariffs.Row) bool { return r.Amount == "4.10" })
	if i < 0 {
		t.Fatalf("the price is not in the list of the day: %+v", rows)
	}
	got := rows[i]
	want := []string{"示范集装箱码头有限公司(虚构)", "超期堆存", "离港前或月结，银行转账", "企业定价公示", "2025-11-14", "CH-12345-DL", "2026-01-01", "20.DAY"}
	if diff := cmp.Diff(want, []string{got.Collector, got.Reason, got.Payment, got.LegalBasis, got.Published, got.Channel, got.ValidFrom, got.Unit}); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if again, findings := Apply(r.Catalogue, &Draft{Settings: settings}, nil); again != nil || !slices.Equal(codesOf(findings), []string{CodeNothing}) {
		t.Errorf("the same list once more: %+v", findings)
	}
}

// A new price ends the one before it; quotations for days before still find that.
func TestAPriceFollowsAPrice(t *testing.T) {
	t.Parallel()
	one := apply(t, tariffs.BuiltIn(), &Draft{Settings: list(t, nil)})
	two := apply(t, one.Catalogue, &Draft{Settings: list(t, map[string]string{"amount": "5.00", "valid_from": "2027-07-01"})})
	price := func(day tariffs.Day) string {
		var out []string
		for _, r := range two.Catalogue.Rows(day, tariffs.RowFilter{Item: "YARD"}) {
			if r.Collector == "示范码头(虚构)" {
				out = append(out, r.Amount+" v"+r.Version)
			}
		}
		return strings.Join(out, ", ")
	}
	for day, want := range map[tariffs.Day]string{"2026-12-31": "", "2027-01-01": "4.10 v2", "2027-06-30": "4.10 v2", "2027-07-01": "5.00 v1"} {
		if got := price(day); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	if len(two.Changes) != 2 || two.Changes[0].What != Changed || two.Changes[0].Cells[0] != (CellChange{"valid_to", "", "2027-06-30"}) || two.Changes[1].What != Added {
		t.Errorf("changes %+v", two.Changes)
	}
	corrected := apply(t, two.Catalogue, &Draft{Settings: list(t, map[string]string{"amount": "5.50", "valid_from": "2027-07-01"})})
	if len(corrected.Fresh) != 1 || corrected.Fresh[0].Version != 2 || corrected.Fresh[0].Replaces != 1 {
		t.Errorf("a correction: %+v", corrected.Fresh)
	}
	if _, findings := Apply(two.Catalogue, &Draft{Settings: list(t, map[string]string{"valid_from": "2026-12-01"})}, nil); !slices.Equal(codesOf(findings), []string{CodeOverlap}) {
		t.Errorf("a price that runs into a later one: %+v", findings)
	}
	if _, findings := Apply(one.Catalogue, &Draft{Settings: list(t, map[string]string{"amount": "9", "valid_from": "2027-03-01", "valid_to": "2027-03-31"})}, nil); !slices.Equal(codesOf(findings), []string{CodeGap}) {
		t.Errorf("a price for a month leaves a gap behind it: %+v", findings)
	}
	other := apply(t, one.Catalogue, &Draft{Settings: list(t, map[string]string{"amount": "3.90", "collector_zh": "另一码头(虚构)"})})
	if len(other.Changes) != 1 || other.Changes[0].What != Added {
		t.Errorf("another collector's price touches %+v", other.Changes)
	}
}

// Versions go on from the newest that was ever given, also by a draft that was dropped.
func TestVersionsAreNeverGivenTwice(t *testing.T) {
	t.Parallel()
	cells, err := tariffs.BuiltIn().Records()[0].Cells()
	if err != nil {
		t.Fatal(err)
	}
	cells["note"] = "another"
	r, findings := Apply(tariffs.BuiltIn(), &Draft{Settings: []Setting{{Kind: "instruments", Cells: cells}}}, Newest{{"instruments", cells["id"]}: 4})
	if r == nil || r.Fresh[0].Version != 5 || r.Fresh[0].Replaces != 1 {
		t.Errorf("%+v, %+v", r, findings)
	}
}

func TestWhatCannotBeAppliedIsFound(t *testing.T) {
	t.Parallel()
	rate := func(cells map[string]string) Setting {
		all := map[string]string{"rate_id": "X-1", "place": "CNDLC", "item": "TALLY", "schedule_kind": "flat", "trade": "both", "currency": "CNY", "unit": "20", "ceiling": "false",
			"valid_from": "2027-01-01", "verification": "unverified", "amount": "1"}
		maps.Copy(all, cells)
		return Setting{Kind: "rates", Cells: all}
	}
	for _, c := range []struct {
		name  string
		draft Draft
		want  string
	}{
		{"nothing", Draft{}, CodeNothing},
		{"no table", Draft{Settings: []Setting{{Kind: "prices", Cells: map[string]string{"id": "x"}}}}, CodeTable},
		{"no column", Draft{Settings: []Setting{rate(map[string]string{"prise": "1"})}}, CodeCell},
		{"no number", Draft{Settings: []Setting{rate(map[string]string{"amount": "1e3"})}}, CodeCell},
		{"nothing where something must be", Draft{Settings: []Setting{rate(map[string]string{"unit": ""})}}, CodeMissing},
		{"no such charge", Draft{Settings: []Setting{rate(map[string]string{"item": "TALY"})}}, CodeReference},
		{"no such instrument", Draft{Settings: []Setting{rate(map[string]string{"instrument": "MOT-1"})}}, CodeReference},
		{"twice", Draft{Settings: []Setting{rate(nil), rate(map[string]string{"amount": "2"})}}, CodeTwice},
		{"ends what is not there", Draft{Endings: []Ending{{"rates", "nothing"}}}, CodeNoRow},
		{"set and ended", Draft{Settings: []Setting{rate(nil)}, Endings: []Ending{{"rates", "X-1"}}}, CodeTwice},
		{"ends a charge that has rows", Draft{Endings: []Ending{{"items", "PILOTAGE"}}}, CodeReference},
	} {
		if r, findings := Apply(tariffs.BuiltIn(), &c.draft, nil); r != nil || !slices.Equal(codesOf(findings), []string{c.want}) {
			t.Errorf("%s: %+v, want %s", c.name, findings, c.want)
		}
	}
}

// tugs are the cells of a tug's price in a part of a band.
func tugs(amount string) map[string]string {
	return map[string]string{"item": "TOWAGE", "schedule_kind": "matrix", "trade": "international", "container_size": "", "load_state": "", "ship_type": "container_roro_passenger",
		"loa_from": "180", "loa_to": "200", "basis_zh": "拖轮艘次", "unit": "C62", "instrument": "MOT-2019-2", "amount": amount}
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	sha := strings.Repeat("ab", 32)
	for _, c := range []struct {
		name  string
		cells map[string]string
		terms Terms
		want  []string
	}{
		{"all is said", nil, Terms{}, nil},
		{"no reason for the charge", map[string]string{"reason_zh": ""}, Terms{}, []string{CodeMissing}},
		{"not when and how it is paid", map[string]string{"when_how_paid_zh": ""}, Terms{}, []string{CodeMissing}},
		{"nowhere to complain", map[string]string{"complaint_channel": ""}, Terms{}, []string{CodeMissing}},
		{"no unit", map[string]string{"unit": "PCE"}, Terms{}, []string{"FEE-L10"}},
		{"government price without an instrument on file", map[string]string{"item": "CARGO_DUES", "direction": "import", "legal_basis": "内部通知"}, Terms{}, []string{CodeBasis, "FEE-L26"}},
		{"an amount that fen cannot count", map[string]string{"amount": "99999999999999999999999"}, Terms{}, []string{tariffs.CodeAmountBounds}},
		{"zero without an instrument", map[string]string{"amount": "0"}, Terms{}, []string{CodeZero}},
		{"a day that has passed", map[string]string{"valid_from": "2026-11-01"}, Terms{}, []string{CodePast}},
		{"a day that has passed, with a reason", map[string]string{"valid_from": "2026-11-01"}, Terms{Reason: "更正"}, nil},
		{"short notice", map[string]string{"valid_from": "2026-12-10"}, Terms{}, []string{CodeNotice}},
		{"short notice, urgent", map[string]string{"valid_from": "2026-12-10"}, Terms{Urgent: "台风"}, nil},
		{"called official without its document", map[string]string{"verification": "official_text"}, Terms{}, []string{CodeWord}},
		{"called official with it", map[string]string{"verification": "official_text", "attachment": "list.pdf sha256:" + sha, "article": "第3条"}, Terms{}, nil},
		{"a price above its ceiling", tugs("99999"), Terms{}, []string{"FEE-L20"}},
		{"a price below it", tugs("8500"), Terms{}, nil},
		{"a word that chooses no cell", map[string]string{"load_state": "banana"}, Terms{}, []string{tariffs.CodeChoice}},
	} {
		settings := list(t, nil)
		// behind the linter's back: rows of other forms do not pass it
		maps.Copy(settings[0].Cells, c.cells)
		r := apply(t, tariffs.BuiltIn(), &Draft{Settings: settings})
		c.terms.Published, c.terms.Effective = "2026-11-26", "2026-11-26"
		got := codesOf(Gate(tariffs.BuiltIn(), r.Catalogue, r.Changes, c.terms))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A figure of the tables is called surer only by its document.
func TestAWordIsRaisedByADocument(t *testing.T) {
	t.Parallel()
	records := tariffs.BuiltIn().Records()
	i := slices.IndexFunc(records, func(r tariffs.Record) bool { return r.Kind == "rates" && r.Key == "TALLY-x-127" })
	if i < 0 {
		i = slices.IndexFunc(records, func(r tariffs.Record) bool { return r.Kind == "rates" && strings.HasPrefix(r.Key, "TALLY") })
	}
	cells, err := records[i].Cells()
	if err != nil {
		t.Fatal(err)
	}
	cells["verification"], cells["reason_zh"], cells["when_how_paid_zh"], cells["complaint_channel"], cells["valid_from"] = "secondary", "理货", "离港前", "CH-12345-DL", "2027-06-01"
	gate := func() []string {
		r := apply(t, tariffs.BuiltIn(), &Draft{Settings: []Setting{{Kind: "rates", Cells: cells}}})
		return codesOf(Gate(tariffs.BuiltIn(), r.Catalogue, r.Changes, Terms{Published: "2026-11-26", Effective: "2026-11-26"}))
	}
	if got := gate(); !slices.Contains(got, CodeWord) {
		t.Errorf("raised without a document: %v", got)
	}
	cells["attachment"], cells["article"] = strings.Repeat("0f", 32), "第3条"
	if got := gate(); slices.Contains(got, CodeWord) {
		t.Errorf("raised with it: %v", got)
	}
}

func TestAnEditionComparedWithItselfShowsNothing(t *testing.T) {
	t.Parallel()
	records := tariffs.BuiltIn().Records()
	if got := Differ(records, records); len(got) > 0 {
		t.Errorf("%d changes", len(got))
	}
	got := Differ(records[1:], records[:len(records)-1])
	if len(got) != 2 || got[0].What != Added || got[0].Key != records[0].Key || got[1].What != Ended {
		t.Errorf("%+v", got)
	}
}

func TestChangesOfACharge(t *testing.T) {
	t.Parallel()
	changes := []Change{{Kind: "rates", Item: "YARD"}, {Kind: "modifiers", Item: "YARD|TALLY"}, {Kind: "modifiers", Item: "*"}, {Kind: "items", Item: "TALLY"}, {Kind: "channels"}}
	if got := len(ForItem(changes, "YARD")); got != 3 {
		t.Errorf("%d changes concern the charge, want 3", got)
	}
}

package tariffs

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheListOfADay(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	find := func(day Day, id string) *Row {
		rows := c.Rows(day, RowFilter{})
		if i := slices.IndexFunc(rows, func(r Row) bool { return r.ID == id }); i >= 0 {
			return &rows[i]
		}
		return nil
	}
	for _, tc := range []struct {
		name, id                                    string
		day                                         Day
		amount, factor, status, basisStatus, atMost string
	}{
		{"the factor of the port stands beside the rate of the base", "PILOTAGE-2019-010", "2026-11-25", "0.45", "0.90", Priced, "applied_after_stated_term", "yes"},
		{"before the notice of 2022 there was no factor", "PILOTAGE-2019-010", "2022-03-31", "0.45", "", Priced, "in_force", "yes"},
		{"no factor on the miles beyond ten", "PILOTAGE-2019-016", "2026-11-25", "0.004", "", Priced, "applied_after_stated_term", "yes"},
		{"the sum of the port's group takes the place of the national one", "PILOTAGE-2022-014", "2026-11-25", "44100", "", Priced, "in_force", "yes"},
		{"a set price is no ceiling", "CARGO_DUES-2019-080", "2026-11-25", "34.00", "", Priced, "applied_after_stated_term", ""},
		{"what is not on file has no amount", "HANDLING_ALL_IN-x-120", "2026-11-25", "", "", NotOnFile, "not_on_file", ""},
		{"suspended is said", "SPF-2", "2026-11-09", "640", "", Suspended, "suspended_then_unknown", ""},
		{"and what nobody knows as well", "SPF-2", "2026-11-25", "", "", UnknownStatus, "suspended_then_unknown", ""},
		{"zero without an instrument is not known to be zero", "VESSEL_PORT_DUES-x-130", "2026-11-25", "", "", UnknownStatus, "not_on_file", ""},
		{"nor is this one", "CUSTOMS_INSPECTION-x-132", "2026-11-25", "", "", UnknownStatus, "not_on_file", ""},
		{"zero by an instrument is zero", "PORT_CONSTRUCTION-2021-129", "2026-11-25", "0", "", Priced, "in_force", ""},
		{"tonnage dues are rows too", "TD-2000-pref-P1Y", "2026-11-25", "9", "", Priced, "in_force", ""},
	} {
		r := find(tc.day, tc.id)
		if r == nil {
			t.Errorf("%s: %s does not stand in the list of %s", tc.name, tc.id, tc.day)
			continue
		}
		got := []string{r.Amount, r.Factor, r.Status, r.BasisStatus, r.AtMost}
		if diff := cmp.Diff([]string{tc.amount, tc.factor, tc.status, tc.basisStatus, tc.atMost}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	for _, gone := range []struct {
		day Day
		id  string
	}{{"2026-11-25", "PILOTAGE-2019-013"}, {"2026-11-25", "SECURITY-2019-109"}, {"2026-11-25", "PILOTAGE-2022-015"}} {
		if find(gone.day, gone.id) != nil {
			t.Errorf("%s stands in the list of %s", gone.id, gone.day)
		}
	}
	if cap, before := find("2026-11-25", "SECURITY-2022-110"), find("2021-05-01", "SECURITY-2019-109"); cap == nil || cap.PartOf != "HANDLING_ALL_IN" || before == nil || before.PartOf != "" {
		t.Errorf("the security fee is part of the all-in charge since 2022-04-01: %+v, before %+v", cap, before)
	}
	if find("2022-03-31", "PILOTAGE-2019-013") == nil {
		t.Error("the national sum is missing before 2022-04-01")
	}
}

func TestEveryItemStandsInTheListAndUnknownIsNeverZero(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	for _, day := range []Day{"2015-01-01", "2021-05-01", "2026-11-25"} {
		seen := map[string]bool{}
		for _, r := range c.Rows(day, RowFilter{}) {
			seen[r.Item] = true
			if (r.Status == NotOnFile || r.Status == NoRow || r.Status == UnknownStatus) != (r.Amount == "") {
				t.Errorf("%s: %s %s: amount %q", day, r.Item, r.Status, r.Amount)
			}
			if r.Amount != "" && strings.Trim(r.Amount, "0.") == "" && c.Instrument(r.LegalBasis) == nil { // §1
				t.Errorf("%s: %s is zero by no instrument", day, r.ID)
			}
		}
		for _, it := range c.Items {
			if !seen[it.Code] && it.Code != "BERTH_DUES" { // the head of four items, never priced itself
				t.Errorf("%s: %s is not in the list", day, it.Code)
			}
		}
	}
}

func TestTheListCanBeNarrowed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		f     RowFilter
		wrong func(*Row) bool
	}{
		{"by item with its parts", RowFilter{Item: "PILOTAGE"}, func(r *Row) bool { return BuiltIn().Item(r.Item).Parent != "PILOTAGE" && r.Item != "PILOTAGE" }},
		{"by payer", RowFilter{Payer: "cargo"}, func(r *Row) bool { return !strings.Contains(r.Payer, "cargo") }},
		{"by trade", RowFilter{Trade: "domestic"}, func(r *Row) bool { return r.Trade != "domestic" && r.Trade != "both" }},
	} {
		rows := BuiltIn().Rows("2026-11-25", tc.f)
		if len(rows) == 0 || len(rows) == len(BuiltIn().Rows("2026-11-25", RowFilter{})) {
			t.Errorf("%s: %d rows", tc.name, len(rows))
		}
		for i := range rows {
			if tc.wrong(&rows[i]) {
				t.Errorf("%s: %+v", tc.name, rows[i])
			}
		}
	}
}

func TestWhatIsExportedIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	same := func(t interface{ Fatalf(string, ...any) }, version string, rows []Row) {
		var out bytes.Buffer
		if err := WriteRows(&out, version, rows); err != nil {
			t.Fatalf("%v", err)
		}
		v, got, err := ReadRows(&out)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if diff := cmp.Diff(rows, got); diff != "" || v != version {
			t.Fatalf("version %q, want %q; (-want +got):\n%s", v, version, diff)
		}
	}
	for _, day := range []Day{"2016-05-01", "2026-11-25"} {
		same(t, BuiltIn().Version, BuiltIn().Rows(day, RowFilter{}))
	}
	cell := rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t'\",;\n a1吨"))) // what begins formulas, quotes, separators
	rapid.Check(t, func(r *rapid.T) {
		rows := make([]Row, rapid.IntRange(1, 4).Draw(r, "rows"))
		for i := range rows {
			rows[i] = Row{Item: cell.Draw(r, "item"), NameZH: cell.Draw(r, "name"), Amount: cell.Draw(r, "amount"), Word: Word(cell.Draw(r, "word"))}
		}
		same(r, "v1", rows)
	})
}

func TestNoExportedCellIsAFormula(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"=1+1": "'=1+1", "+86": "'+86", "-5": "'-5", "@x": "'@x", "\tx": "'\tx", "'x": "''x", "吨": "吨", "": ""} {
		if got := Neutral(in); got != want || Plain(got) != in {
			t.Errorf("%q is written %q and read back %q", in, got, Plain(got))
		}
	}
}

func FuzzReadRows(f *testing.F) {
	var out bytes.Buffer
	if err := WriteRows(&out, "v", BuiltIn().Rows("2026-11-25", RowFilter{Item: "BOOM"})); err != nil {
		f.Fatal(err)
	}
	f.Add(out.String())
	f.Add("catalogue,row\nv,'=x\n")
	f.Add("catalogue\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		version, rows, err := ReadRows(strings.NewReader(text))
		if err != nil || len(rows) == 0 {
			return
		}
		var out bytes.Buffer
		if err := WriteRows(&out, version, rows); err != nil {
			t.Fatal(err)
		}
		again, got, err := ReadRows(&out)
		if diff := cmp.Diff(rows, got); err != nil || again != version || diff != "" {
			t.Fatalf("%v: %s", err, diff)
		}
	})
}

func TestEveryItemHasATermAndNoTermIsAFalseFriend(t *testing.T) {
	t.Parallel()
	for i := range BuiltIn().Items {
		if it := &BuiltIn().Items[i]; it.Term() == nil {
			t.Errorf("%s has no term", it.Code)
		}
	}
	for _, f := range forbidden {
		for tag, text := range BuiltIn().Item(f.item).Term().Texts {
			if strings.Contains(strings.ToLower(text), strings.ToLower(f.rendering)) {
				t.Errorf("%s in %s: %q says something else", f.item, tag, text)
			}
		}
	}
}

func TestComparing(t *testing.T) {
	t.Parallel()
	now, before, far := Quote(BuiltIn(), containerShip(t), "2026-11-25"), *containerShip(t), *containerShip(t)
	for _, ch := range Compare(&now, &now) {
		if ch.Changed || ch.Difference != nil && *ch.Difference != 0 {
			t.Errorf("a quotation differs from itself: %+v", ch)
		}
	}
	before.On = "2022-03-31"
	far.Terminal = "CNDLC-13" // one mile beyond the base distance
	q, other := Quote(BuiltIn(), &before, "2026-11-25"), Quote(BuiltIn(), &far, "2026-11-25")
	brief := func(a, b *Quotation) []string {
		var out []string
		for _, ch := range Compare(a, b) {
			if ch.Changed {
				out = append(out, ch.Item+" "+ch.Component+" "+ch.Part+" "+ch.Why+" "+ch.Difference.String())
			}
		}
		return out
	}
	if diff := cmp.Diff([]string{"PILOTAGE 1A in other_steps -2600.00", "PILOTAGE 1A out other_steps -2600.00"}, brief(&q, &now)); diff != "" {
		t.Errorf("two days (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"PILOTAGE 1B in line_added 240.00", "PILOTAGE 1B out line_added 240.00"}, brief(&now, &other)); diff != "" {
		t.Errorf("two terminals (-want +got):\n%s", diff)
	}
}

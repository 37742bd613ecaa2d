package codes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

func TestFindByEitherCode(t *testing.T) {
	t.Parallel()
	countries, currencies := codes.Default().Table("countries"), codes.Default().Table("currencies")
	china, ok := countries.FindBy("old_numeric", "142")
	if !ok || china.Code != "CHN" {
		t.Errorf("country 142 = %v, want CHN", china)
	}
	yuan, ok := currencies.FindBy("old_numeric", "142")
	if !ok || yuan.Code != "CNY" {
		t.Errorf("currency 142 = %v, want CNY", yuan)
	}
	if _, ok := countries.Find("QQQ", ""); ok {
		t.Error("country QQQ was found")
	}
}

// Two countries have an old number and no code of today; in a list an empty
// code says that the place is left blank.
func TestEmptyCodeIsFoundByItsNumberOnly(t *testing.T) {
	t.Parallel()
	countries := codes.Default().Table("countries")
	for number, name := range map[string]string{"436": "萨巴", "999": "中性包装原产国别"} {
		e, ok := countries.FindBy("old_numeric", number)
		if !ok || e.NameZh != name || e.Code != "" {
			t.Errorf("country %s = %+v, want %s without a code", number, e, name)
		}
	}
	if e, ok := countries.Find("", ""); ok {
		t.Errorf("the empty code is %+v", e)
	}
	if _, ok := codes.Default().Table("declaration_types").FindIn("1-2", "", ""); !ok {
		t.Error("blank positions 1-2 of Type are not in their table")
	}
}

func mustRead(t *testing.T, name, text string) *codes.Table {
	t.Helper()
	table, err := codes.Read(name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestValidityIsInclusiveOnBothDays(t *testing.T) {
	t.Parallel()
	table := mustRead(t, "x", `code,name_zh,name_en,valid_from,valid_to,status
A,旧,old,,2025-12-31,confirmed
A,新,new,2026-01-01,2026-06-30,confirmed
`)
	for day, want := range map[string]string{"2000-01-01": "old", "2025-12-31": "old", "2026-01-01": "new", "2026-06-30": "new", "2026-07-01": "", "": "new"} {
		got := ""
		if e, ok := table.Find("A", day); ok {
			got = e.NameEn
		}
		if got != want {
			t.Errorf("on %q: %q, want %q", day, got, want)
		}
	}
}

func TestStandingIsWhatTheColumnsSay(t *testing.T) {
	t.Parallel()
	set := codes.Default()
	for _, tc := range []struct {
		table, code string
		want        codes.Standing
	}{
		{"trade_modes", "3039", codes.Inactive},
		{"trade_modes", "0110", codes.Active},
		{"currencies", "DEM", codes.Inactive},
		{"currencies", "CNY", codes.Active},
		{"licence_documents", "1", codes.BelievedActive},
		{"units", "035", codes.Unstated},
	} {
		e, ok := set.Table(tc.table).Find(tc.code, "2026-01-05")
		if !ok || e.Standing() != tc.want {
			t.Errorf("%s %s: %q (found %v), want %q", tc.table, tc.code, e.Standing(), ok, tc.want)
		}
	}
}

func TestCompletenessIsStated(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, name := range codes.Default().Names() {
		if table := codes.Default().Table(name); !table.Complete() {
			got[name] = table.Gap
		}
	}
	want := map[string]string{"attached_document_codes": "sample", "customs_offices": "districts", "licence_documents": "other_list", "ports": "other_list"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("incomplete tables (-want +got):\n%s", diff)
	}
}

func TestNamesInEitherLanguage(t *testing.T) {
	t.Parallel()
	dubai, ok := codes.Default().Table("ports").Find("AEDXB", "")
	if !ok || dubai.Name("zh-Hans") != "迪拜" || dubai.Name("ko") != "Dubai" {
		t.Errorf("AEDXB is %+v", dubai)
	}
	abuDhabi, ok := codes.Default().Table("ports").Find("AEAUH", "")
	if !ok || abuDhabi.Name("zh") != "Abu Dhabi" {
		t.Errorf("a port without a Chinese name is shown as %q", abuDhabi.Name("zh"))
	}
}

func TestConversions(t *testing.T) {
	t.Parallel()
	s, day := codes.Default(), "2026-01-05"
	country := func(v string) (string, bool) { return s.CountryAlpha3(v, day) }
	alpha2 := func(v string) (string, bool) { return s.CountryAlpha2(v, day) }
	currency := func(v string) (string, bool) { c, _, ok := s.CurrencyAlpha3(v, day); return c, ok }
	rec20 := func(v string) (string, bool) { return s.UnitRec20(v, day) }
	unit := func(v string) (string, bool) { return s.UnitFromRec20(v, day) }
	for _, tc := range []struct {
		name     string
		convert  func(string) (string, bool)
		in, want string // "": there is none
	}{
		{"alpha-3 stays", country, "CHN", "CHN"},
		{"alpha-2", country, "CN", "CHN"},
		{"old number of China", country, "142", "CHN"},
		{"414 is Dominica", country, "414", "DMA"},
		{"418 is the Dominican Republic", country, "418", "DOM"},
		{"a number without a code", country, "999", ""},
		{"unknown number", country, "000", ""},
		{"placeholder of the samples", country, "CHN000", ""},
		{"lower case is another code", country, "chn", ""},
		{"nothing", country, "", ""},
		{"to alpha-2", alpha2, "JPN", "JP"},
		{"old number to alpha-2", alpha2, "142", "CN"},
		{"old number of the yuan", currency, "142", "CNY"},
		{"a country is no currency", currency, "CHN", ""},
		{"old number of the dollar", currency, "502", "USD"},
		{"kilogram", rec20, "035", "KGM"},
		{"kilogram back", unit, "KGM", "035"},
		{"no certain equivalence", rec20, "001", ""},
		{"two customs units are PR", unit, "PR", ""},
		{"unknown unit", unit, "ZZZ", ""},
	} {
		got, ok := tc.convert(tc.in)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %q gives %q, %v, want %q", tc.name, tc.in, got, ok, tc.want)
		}
	}
	if code, active, ok := s.CurrencyAlpha3("DEM", day); code != "DEM" || active || !ok {
		t.Errorf("DEM is %q, active %v, found %v; it is historic and known", code, active, ok)
	}
}

// Every unit that has a Recommendation 20 code of its own comes back.
func TestUnitsRoundTrip(t *testing.T) {
	t.Parallel()
	n := 0
	for i := range codes.Default().Table("units").Entries {
		e := &codes.Default().Table("units").Entries[i]
		rec20, ok := codes.Default().UnitRec20(e.Code, "")
		if !ok || rec20 == "PR" {
			continue
		}
		n++
		if back, ok := codes.Default().UnitFromRec20(rec20, ""); !ok || back != e.Code {
			t.Errorf("%s -> %s -> %s, %v", e.Code, rec20, back, ok)
		}
	}
	if n < 30 {
		t.Errorf("only %d units have a Recommendation 20 code", n)
	}
}

// A rule may ask a table that nobody obtained.
func TestATableThatIsNotThere(t *testing.T) {
	t.Parallel()
	table := codes.Default().Table("customs_ports")
	_, found := table.Find("JPN033", "2026-01-05")
	_, byOther := table.FindBy("alpha2", "JP")
	_, only := table.OnlyBy("alpha2", "JP", "")
	if found || byOther || only || table.Complete() || table.On("2026-01-05") != nil || table.Search("JPN") != nil {
		t.Error("a table that is not there answers")
	}
	var none codes.Set
	if _, ok := none.CountryAlpha3("142", ""); ok {
		t.Error("an empty set knows a country")
	}
	if _, _, ok := none.CurrencyAlpha3("CNY", ""); ok {
		t.Error("an empty set knows a currency")
	}
	if _, ok := none.UnitRec20("035", ""); ok {
		t.Error("an empty set knows a unit")
	}
}

func BenchmarkFind(b *testing.B) {
	table := codes.Default().Table("countries")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := table.Find("CHN", "2026-01-05"); !ok {
			b.Fatal("CHN is gone")
		}
	}
}

func BenchmarkCountryByNumber(b *testing.B) {
	source, err := codes.NewSource(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := source.Set().CountryAlpha3("142", "2026-01-05"); !ok {
			b.Fatal("142 is gone")
		}
	}
}

func TestLookUpAllocatesNothing(t *testing.T) {
	set := codes.Default()
	table := set.Table("enumerations")
	n := testing.AllocsPerRun(100, func() {
		table.FindIn("IEFlag", "I", "2026-01-05")
		table.FindIn("a scope much longer than anything that stands on a stack", "I", "2026-01-05")
		set.CountryAlpha3("142", "2026-01-05")
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

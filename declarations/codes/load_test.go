package codes_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

const dutyHead = "code,name_zh,name_en,status\n"

// folder is what an operator keeps.
func folder(files ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		out[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return out
}

func mustOpen(t *testing.T, files ...string) *codes.Set {
	t.Helper()
	set, err := codes.Open(folder(files...))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestOperatorsTableStandsInForTheWhole(t *testing.T) {
	t.Parallel()
	set := mustOpen(t, "duty_modes.csv", dutyHead+"1,照章征税,levy,confirmed\n", "README.md", "not a table", ".duty_modes.csv", "half")
	table := set.Table("duty_modes")
	if len(table.Entries) != 1 || table.Edition.File != "duty_modes.csv" || table.Edition.Day != "" {
		t.Errorf("table %d entries, edition %+v", len(table.Entries), table.Edition)
	}
	if _, ok := table.Find("2", ""); ok {
		t.Error("a code of the built-in table is still there")
	}
	if set.Edition() == codes.Default().Edition() {
		t.Error("another content has the same edition")
	}
	if set.Table("units") != codes.Default().Table("units") {
		t.Error("a table that was not touched differs")
	}
	if same := mustOpen(t, "duty_modes.csv", dutyHead+"1,照章征税,levy,confirmed\n"); same.Edition() != set.Edition() {
		t.Error("the same content has another edition")
	}
}

func TestEditionsBeginOnTheirDay(t *testing.T) {
	t.Parallel()
	set := mustOpen(t,
		"duty_modes.2026-07-01.csv", dutyHead+"1,七月,july,confirmed\n",
		"duty_modes.2026-03-01.csv", dutyHead+"1,三月,march,confirmed\nA,新,new,confirmed\n")
	table := set.Table("duty_modes")
	for day, want := range map[string]string{"2026-02-28": "levy at the statutory rate", "2026-03-01": "march", "2026-06-30": "march", "2026-07-01": "july", "2030-01-01": "july", "": "july"} {
		if e, ok := table.Find("1", day); !ok || e.NameEn != want {
			t.Errorf("on %q: %+v, want %s", day, e, want)
		}
	}
	for day, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true, "2026-07-01": false, "": true} {
		if _, ok := table.Find("A", day); ok != want {
			t.Errorf("A on %q: %v, want %v", day, ok, want)
		}
	}
	var days []string
	for _, e := range table.Editions() {
		days = append(days, e.Edition.Day)
	}
	if diff := cmp.Diff([]string{"", "2026-03-01", "2026-07-01"}, days); diff != "" {
		t.Errorf("editions (-want +got):\n%s", diff)
	}
	if len(codes.Default().Table("duty_modes").Editions()) != 1 {
		t.Error("the built-in set was changed")
	}
}

func TestConversionsFollowTheEdition(t *testing.T) {
	t.Parallel()
	const header = "code,name_zh,name_en,status,alpha2,old_numeric,iso\n"
	set := mustOpen(t, "countries.2026-03-01.csv", header+"XXA,新中国别,moved,confirmed,XA,142,N\n")
	for day, want := range map[string]string{"2026-02-28": "CHN", "2026-03-01": "XXA"} {
		if got, ok := set.CountryAlpha3("142", day); got != want || !ok {
			t.Errorf("142 on %s is %s, want %s", day, got, want)
		}
	}
	if e, ok := set.Table("countries").FindByOn("alpha2", "CN", "2026-03-01"); ok {
		t.Errorf("CN is still %+v", e)
	}
	if e, ok := set.Table("countries").FindBy("alpha2", "CN"); !ok || e.Code != "CHN" {
		t.Errorf("CN on any day is %+v", e)
	}
}

// What an operator's file says about completeness holds; what it does not say
// stays as it was.
func TestGapOfAnOperatorsTable(t *testing.T) {
	t.Parallel()
	const header = "code,name_zh,name_en,status,full_name_zh,district\n"
	const row = "0901,大连海关,Dalian,confirmed,大连海关,0900 Dalian\n"
	for text, want := range map[string]bool{header + row: false, "# complete\n" + header + row: true, "# incomplete: sample\n" + header + row: false} {
		if got := mustOpen(t, "customs_offices.csv", text).Table("customs_offices").Complete(); got != want {
			t.Errorf("%.20q: complete %v, want %v", text, got, want)
		}
	}
}

func TestAnAwaitedTableMayBeBrought(t *testing.T) {
	t.Parallel()
	if codes.Default().Table("customs_ports") != nil {
		t.Fatal("the program has a table that nobody obtained")
	}
	set := mustOpen(t, "customs_ports.2026-03-01.csv", "# complete\n"+head+"JPN033,东京,Tokyo,,,confirmed,\n")
	table := set.Table("customs_ports")
	if _, ok := table.Find("JPN033", "2026-03-01"); !ok || !table.On("2026-03-01").Complete() {
		t.Error("the table that was brought is not used")
	}
	if _, ok := table.Find("JPN033", "2026-02-28"); ok || table.On("2026-02-28").Complete() || len(table.Search("JPN")) != 0 {
		t.Error("before its first day the table is not unknown")
	}
	if diff := cmp.Diff(len(codes.Default().Names())+1, len(set.Names())); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

func TestFaultyFolderIsRefusedWithAllItsFaults(t *testing.T) {
	t.Parallel()
	_, err := codes.Open(folder(
		"country.csv", dutyHead+"1,a,a,confirmed\n",
		"duty_modes.csv", dutyHead+"1,照章征税,levy,sure\n2,,,confirmed\n",
		"duty_modes.2026-13-01.csv", dutyHead+"1,照章征税,levy,confirmed\n",
		"duty_modes.CSV", dutyHead+"1,照章征税,levy,confirmed\n",
		"trade_modes.csv", "code,name_zh,name_en,status,active\n0110,一般贸易,general,confirmed,Y\n130,易货贸易,barter,confirmed,Y\n",
		"units.csv", dutyHead+"035,千克,kilogram,confirmed\n",
	))
	var bad *codes.FaultsError
	if !errors.As(err, &bad) {
		t.Fatalf("no faults but %v", err)
	}
	var got []string
	for _, f := range bad.Faults {
		got = append(got, fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Code))
	}
	want := []string{"country.csv:0 COD-1016", "duty_modes.2026-13-01.csv:0 COD-1015", "duty_modes.CSV:0 COD-1015",
		"duty_modes.csv:2 COD-1006", "duty_modes.csv:3 COD-1011", "trade_modes.csv:3 COD-1014", "units.csv:1 COD-1004"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for _, place := range []string{"duty_modes.csv:2: COD-1006", "7 faults"} {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("the log says %q, without %s", err, place)
		}
	}
}

func TestHugeFileIsRefused(t *testing.T) {
	t.Parallel()
	_, err := codes.Open(folder("duty_modes.csv", dutyHead+strings.Repeat("1,照章征税,levy,confirmed\n", 1<<20)))
	var bad *codes.FaultsError
	if !errors.As(err, &bad) || bad.Faults[0].Code != codes.CodeTooLarge || len(bad.Faults) != 1 {
		t.Errorf("%.200v", err)
	}
}

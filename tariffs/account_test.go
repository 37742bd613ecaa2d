package tariffs

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// sampleAccount is the form of the samples; the program has its own.
type sampleAccount struct {
	Number string `json:"account_no"`
	Ship   struct {
		Name, IMO, Type, NT, GT, Terminal string
		LOA                               string `json:"loa_m"`
		Arrival, Departure, Alongside     string
		CargoCompleted                    string `json:"cargo_completed"`
		First                             bool   `json:"first_chinese_port"`
		Nexus                             string `json:"us_nexus"`
	} `json:"ship"`
	Lines []AccountLine `json:"lines"`
	Total string        `json:"total"`
}

func readAccount(t *testing.T, name string) *Account {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "samples", "tariffs", name+".json")
	body, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("%s is needed", path)
		}
		t.Skipf("%s is not there", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var s sampleAccount
	if err := json.Unmarshal(body, &s, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	terminal := ""
	for _, k := range BuiltIn().Terminals {
		if strings.HasPrefix(k.NameZH, s.Ship.Terminal) {
			terminal = k.Code
		}
	}
	if terminal == "" {
		t.Fatalf("no terminal %s", s.Ship.Terminal)
	}
	types := map[string]string{"container": "container_roro_passenger"}
	typ := s.Ship.Type
	if v := types[typ]; v != "" {
		typ = v
	}
	from, to, _ := strings.Cut(s.Ship.Alongside, "/")
	call := Call{Terminal: terminal, Arrival: at(t, s.Ship.Arrival), Leaving: at(t, s.Ship.Departure), Ship: Ship{NT: s.Ship.NT, GT: s.Ship.GT, LOA: s.Ship.LOA, Type: typ},
		Pilotage: &Pilotage{In: true, Out: true}, Tugs: &Tugs{In: new(2), Out: new(2)}, Berth: &Berth{From: at(t, from), To: at(t, to)}, Boom: 1}
	if s.Ship.CargoCompleted != "" {
		call.Berth.CargoDone, call.Berth.IdleReason = at(t, s.Ship.CargoCompleted), "ship"
	}
	if s.Ship.Nexus == "" {
		call.Special = outside()
	}
	return &Account{Number: s.Number, Call: call, Lines: s.Lines, Total: s.Total}
}

func TestAccountsAreJudgedAsExpected(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for _, row := range samples(t, "accounts-expected.csv")[1:] {
		line, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		item := row[2]
		if item == "(total)" {
			item = ""
		}
		want[row[0]] = append(want[row[0]], strconv.Itoa(line)+" "+item+" "+row[3]+" "+row[4])
	}
	for name, lines := range want {
		var got []string
		for _, f := range CheckAccount(BuiltIn(), readAccount(t, name), "2026-11-25") {
			var verdicts []string
			for _, v := range f.Verdicts {
				verdicts = append(verdicts, string(v))
			}
			got = append(got, strconv.Itoa(f.Line)+" "+strings.Join(f.Items, "|")+" "+strings.Join(verdicts, "|")+" "+string(f.Word))
		}
		slices.Sort(lines)
		slices.Sort(got)
		if diff := cmp.Diff(lines, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestNamesAreReadInEitherScript: agents of Hong Kong and Taiwan write
// Traditional characters; it is the same charge.
func TestNamesAreReadInEitherScript(t *testing.T) {
	t.Parallel()
	names := BuiltIn().names()
	for billed, want := range map[string]string{"引航費（進）": "PILOTAGE", "拖 輪 費": "TOWAGE", "船舶噸稅": "TONNAGE_DUES", "停泊費": "BERTH_WORKING", "代理費": "AGENCY_FEE"} {
		if m := names.match(&AccountLine{TextZH: billed, Amount: "1"}); m.item == nil || m.item.Code != want {
			t.Errorf("%s is %+v, want %s", billed, m.item, want)
		}
	}
}

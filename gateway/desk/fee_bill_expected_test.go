package desk_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

func accountOf(t testing.TB, body []byte, fill func(*tariffs.Call)) *tariffs.Account {
	t.Helper()
	got, err := desk.ReadAccount(tariffs.BuiltIn(), body, fill)
	var faults *desk.FaultsError
	if errors.As(err, &faults) {
		t.Fatalf("read account: %v", placed(faults.Faults))
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.Account
}

func sampleAccount(t testing.TB, name string) *tariffs.Account {
	t.Helper()
	return accountOf(t, sampleFile(t, name), nil)
}

// sampleBook is a sample table as a workbook.
func sampleBook(t testing.TB, name string) []byte {
	t.Helper()
	var rows [][]any
	for _, line := range testfacts.Lines(t, "samples", "tariffs", name) {
		row := make([]any, len(line))
		for i := range line {
			row[i] = line[i]
		}
		rows = append(rows, row)
	}
	return sheet(t, nil, rows...)
}

// judgments are what is found on an account, a line each: number, items,
// verdicts, word.
func judgments(a *tariffs.Account) []string {
	var out []string
	for _, f := range tariffs.CheckAccount(tariffs.BuiltIn(), a, "2026-11-25") {
		var verdicts []string
		for _, v := range f.Verdicts {
			verdicts = append(verdicts, string(v))
		}
		out = append(out, strings.TrimSpace(strconv.Itoa(f.Line)+" "+strings.Join(f.Items, "|")+" "+strings.Join(verdicts, "|")+" "+string(f.Word)+" "+strings.Join(f.Needs, ",")))
	}
	slices.Sort(out)
	return out
}

// withoutFacts are the lines that a table without the ship's type and the time
// alongside leaves otherwise: what the facts that it has do not settle is asked
// for, what they settle is said. Tugs of 8700 are below every type's price.
var withoutFacts = map[string][]string{
	"account-clean":       {"5 BERTH_WORKING status_unknown unverified berth.from,berth.to"},
	"account-overcharged": {"4 TOWAGE status_unknown unverified ship.type", "5 BERTH_WORKING quantity_wrong unverified"},
	"account-not-listed":  {"3 TOWAGE status_unknown unverified ship.type", "4 BERTH_WORKING status_unknown unverified berth.from,berth.to"},
}

// TestSamplesAreJudgedAsExpected: through the reader, in all three formats.
func TestSamplesAreJudgedAsExpected(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for _, row := range testfacts.Rows(t, "samples", "tariffs", "accounts-expected.csv") {
		line := row["line"] + " " + strings.TrimPrefix(row["item"], "(total)") + " " + row["finding"] + " " + row["verification_of_reference"]
		if row["finding"] == "status_unknown" { // the questions of the special port fee
			line += " special_port_fee.us_owner,special_port_fee.us_operator,special_port_fee.us_equity_25,special_port_fee.us_flag,special_port_fee.built_in_us"
		}
		want[row["account"]] = append(want[row["account"]], line)
	}
	if len(want) != 3 {
		t.Fatalf("%d accounts", len(want))
	}
	for name, lines := range want {
		slices.Sort(lines)
		form := sampleAccount(t, name+".json")
		fill := func(of *tariffs.Call) {
			of.Ship.Type, of.Berth, of.Special = form.Call.Ship.Type, form.Call.Berth, form.Call.Special
		}
		for format, a := range map[string]*tariffs.Account{"json": form, "csv": accountOf(t, sampleFile(t, name+".csv"), fill), "xlsx": accountOf(t, sampleBook(t, name+".csv"), fill)} {
			if diff := cmp.Diff(lines, judgments(a)); diff != "" {
				t.Errorf("%s as %s (-want +got):\n%s", name, format, diff)
			}
		}
		alone := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
			return slices.ContainsFunc(withoutFacts[name], func(other string) bool { return strings.Split(other, " ")[0] == strings.Split(line, " ")[0] })
		})
		alone = append(alone, withoutFacts[name]...)
		slices.Sort(alone)
		for format, body := range map[string][]byte{"csv": sampleFile(t, name+".csv"), "xlsx": sampleBook(t, name+".csv")} {
			if diff := cmp.Diff(alone, judgments(accountOf(t, body, nil))); diff != "" {
				t.Errorf("%s as %s alone (-want +got):\n%s", name, format, diff)
			}
		}
	}
}

// TestAnAccountIsAddedUpByWhoPaysAndWhoCharges: figures reckoned by hand from
// samples/tariffs/accounts-expected.csv. Only the agent's margin stands
// against a text that was read; everything else is to be asked about.
func TestAnAccountIsAddedUpByWhoPaysAndWhoCharges(t *testing.T) {
	t.Parallel()
	a := sampleAccount(t, "account-overcharged.json")
	s := tariffs.SumAccount(tariffs.BuiltIn(), a, tariffs.CheckAccount(tariffs.BuiltIn(), a, "2026-11-26"))
	for _, f := range tariffs.CheckAccount(tariffs.BuiltIn(), a, "2026-11-26") {
		if slices.Contains(f.Verdicts, tariffs.SumWrong) && f.Standing() != tariffs.StandsDiffers { // arithmetic needs no source
			t.Errorf("a wrong sum stands %s", f.Standing())
		}
	}
	if s.All.Lines != 9 || s.All.Over != 41200 || s.All.Differs != 1 {
		t.Errorf("all: %+v, want 9 lines of which one is over by 412.00", s.All)
	}
	agent := s.ByBody[slices.IndexFunc(s.ByBody, func(x tariffs.Sum) bool { return x.Of == "ship-agent" })]
	if agent.Standing != tariffs.StandsDiffers || agent.Over != 41200 {
		t.Errorf("the margin is the agent's own: %+v", agent)
	}
	pilots := s.ByBody[slices.IndexFunc(s.ByBody, func(x tariffs.Sum) bool { return x.Of == "pilot-station" })]
	// 7142.40 − 6428.16 and 761.86 − 126.98 (15872 × 2 × 0.004, rounded once)
	if pilots.Standing != tariffs.StandsAsked || pilots.Question != 71424+63488 || pilots.Over != 0 || pilots.Agreeing != 1 {
		t.Errorf("pilots: %+v", pilots)
	}
	nobody := s.ByBody[slices.IndexFunc(s.ByBody, func(x tariffs.Sum) bool { return x.Of == tariffs.NoBody })]
	if nobody.Question != 128000 { // the whole of a charge that was abolished
		t.Errorf("abolished: %+v", nobody)
	}
}

func TestAnEqualAccountStandsEqual(t *testing.T) {
	t.Parallel()
	a := sampleAccount(t, "account-clean.json")
	s := tariffs.SumAccount(tariffs.BuiltIn(), a, tariffs.CheckAccount(tariffs.BuiltIn(), a, "2026-11-26"))
	if s.All.Over != 0 || s.All.Question != 0 || s.All.Standing != tariffs.StandsEqual || s.All.Agreeing != 6 || s.All.Judged != 6 {
		t.Errorf("all: %+v", s.All)
	}
}

func TestIdentityIsOfWhatAnAccountSays(t *testing.T) {
	t.Parallel()
	a := sampleAccount(t, "account-overcharged.json")
	first := a.Identity()
	other := *a
	other.Lines = slices.Clone(a.Lines)
	other.Lines[0].Amount = "7,142.4"
	other.Lines[0].TextZH = " 引航费（进） "
	other.Agent = "另一家"
	if other.Identity() != first {
		t.Error("the same account in other writing has another identity")
	}
	other.Lines[0].Amount = "7142.41"
	if other.Identity() == first {
		t.Error("another amount has the same identity")
	}
}

package tariffs

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBodiesAreThoseThatCollect(t *testing.T) {
	t.Parallel()
	c := BuiltIn()
	items := 0
	for _, b := range c.Bodies() {
		if b.Code == NoBody || strings.Trim(b.Code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("body code %q", b.Code)
		}
		if found := c.Body(b.Code); found == nil || found.Name != b.Name {
			t.Errorf("%s is not found by its code", b.Code)
		}
		items += len(b.Items)
	}
	want := 0
	for i := range c.Items {
		if c.Items[i].Collector != "none" {
			want++
		}
	}
	if items != want {
		t.Errorf("bodies collect %d items, want %d", items, want)
	}
	if c.Body(NoBody) != nil {
		t.Error("nobody is a body")
	}
}

// TestAnAccountIsAddedUpByWhoPaysAndWhoCharges: figures reckoned by hand from
// samples/tariffs/accounts-expected.csv. Only the agent's margin stands
// against a text that was read; everything else is to be asked about.
func TestAnAccountIsAddedUpByWhoPaysAndWhoCharges(t *testing.T) {
	t.Parallel()
	a := readAccount(t, "account-overcharged")
	s := SumAccount(BuiltIn(), a, CheckAccount(BuiltIn(), a, "2026-11-26"))
	for _, f := range CheckAccount(BuiltIn(), a, "2026-11-26") {
		if slices.Contains(f.Verdicts, SumWrong) && f.Standing() != StandsDiffers { // arithmetic needs no source
			t.Errorf("a wrong sum stands %s", f.Standing())
		}
	}
	if s.All.Lines != 9 || s.All.Over != 41200 || s.All.Differs != 1 {
		t.Errorf("all: %+v, want 9 lines of which one is over by 412.00", s.All)
	}
	agent := s.ByBody[slices.IndexFunc(s.ByBody, func(x Sum) bool { return x.Of == "ship-agent" })]
	if agent.Standing != StandsDiffers || agent.Over != 41200 {
		t.Errorf("the margin is the agent's own: %+v", agent)
	}
	pilots := s.ByBody[slices.IndexFunc(s.ByBody, func(x Sum) bool { return x.Of == "pilot-station" })]
	// 7142.40 − 6428.16 and 761.86 − 126.98 (15872 × 2 × 0.004, rounded once)
	if pilots.Standing != StandsAsked || pilots.Question != 71424+63488 || pilots.Over != 0 || pilots.Agreeing != 1 {
		t.Errorf("pilots: %+v", pilots)
	}
	nobody := s.ByBody[slices.IndexFunc(s.ByBody, func(x Sum) bool { return x.Of == NoBody })]
	if nobody.Question != 128000 { // the whole of a charge that was abolished
		t.Errorf("abolished: %+v", nobody)
	}
}

func TestAnEqualAccountStandsEqual(t *testing.T) {
	t.Parallel()
	a := readAccount(t, "account-clean")
	s := SumAccount(BuiltIn(), a, CheckAccount(BuiltIn(), a, "2026-11-26"))
	if s.All.Over != 0 || s.All.Question != 0 || s.All.Standing != StandsEqual || s.All.Agreeing != 6 || s.All.Judged != 6 {
		t.Errorf("all: %+v", s.All)
	}
}

// TestSumsAgree: however the verdicts fall, parts add up to the whole, twice.
func TestSumsAgree(t *testing.T) {
	t.Parallel()
	codes := make([]string, 0, len(BuiltIn().Items))
	for i := range BuiltIn().Items {
		codes = append(codes, BuiltIn().Items[i].Code)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := &Account{}
		var findings []AccountFinding
		for n := range rapid.IntRange(0, 20).Draw(t, "lines") {
			a.Lines = append(a.Lines, AccountLine{Line: n + 1, Amount: rapid.StringMatching(`[0-9]{1,6}\.[0-9]{2}`).Draw(t, "amount")})
			f := AccountFinding{Line: n + 1, Word: rapid.SampledFrom(Words).Draw(t, "word"),
				Verdicts: []Verdict{rapid.SampledFrom([]Verdict{Equal, WithinCeiling, AboveCeiling, QuantityWrong, Abolished, AgentMargin, NotListed, MarketPrice, RateKindQuestion}).Draw(t, "verdict")}}
			if f.Verdicts[0] != NotListed {
				f.Items = []string{rapid.SampledFrom(codes).Draw(t, "item")}
			}
			if TooMuch(f.Verdicts[0]) {
				f.Difference = new(Fen(rapid.IntRange(1, 1000).Draw(t, "difference")))
			}
			findings = append(findings, f)
		}
		s := SumAccount(BuiltIn(), a, findings)
		for name, parts := range map[string][]Sum{"payers": s.ByPayer, "bodies": s.ByBody} {
			var all Sum
			for _, p := range parts {
				all.Lines += p.Lines
				all.Billed += p.Billed
				all.Over += p.Over
				all.Question += p.Question
				all.Agreeing += p.Agreeing
			}
			if all.Lines != s.All.Lines || all.Billed != s.All.Billed || all.Over != s.All.Over || all.Question != s.All.Question || all.Agreeing != s.All.Agreeing {
				t.Fatalf("%s add up to %+v, the account to %+v", name, all, s.All)
			}
		}
		if plain := slices.ContainsFunc(findings, func(f AccountFinding) bool { return TooMuch(f.Verdicts[0]) && f.Word.Plain() }); !plain && s.All.Over != 0 {
			t.Fatal("something is over against a reference that nobody read")
		}
	})
}

func TestIdentityIsOfWhatAnAccountSays(t *testing.T) {
	t.Parallel()
	a := readAccount(t, "account-overcharged")
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

func TestEstimateAndFinal(t *testing.T) {
	t.Parallel()
	estimate := &Account{Lines: []AccountLine{{Line: 1, TextZH: "引航费(进)", Amount: "100.00"}, {Line: 2, TextZH: "引航费(出)", Amount: "100.00"}, {Line: 3, TextZH: "拖轮费", Amount: "50"}}}
	final := &Account{Lines: []AccountLine{{Line: 1, TextZH: "引航费(进)", Amount: "260.00"}, {Line: 2, TextZH: "夜间照明费", Amount: "7.5"}}}
	want := []Variance{
		{Item: "PILOTAGE", Estimate: new(Fen(20000)), Final: new(Fen(26000)), Difference: 6000},
		{Text: "夜间照明费", Final: new(Fen(750)), Difference: 750},
		{Item: "TOWAGE", Estimate: new(Fen(5000)), Difference: -5000},
	}
	if diff := cmp.Diff(want, CompareAccounts(BuiltIn(), estimate, final)); diff != "" {
		t.Errorf("variance (-want +got)\n%s", diff)
	}
}

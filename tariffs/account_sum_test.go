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

package tariffs

import (
	"slices"
	"testing"
)

// bulkCall is a call by which lines are judged: 15,872 NT, 27,411 GT, 182.3 m,
// twelve miles from the boarding area, 30 hours alongside.
func bulkCall(t *testing.T) Call {
	t.Helper()
	return Call{Terminal: "CNDLC-12", Arrival: at(t, "2026-09-14T22:40:00+08:00"), Leaving: at(t, "2026-09-18T06:10:00+08:00"),
		Ship:     Ship{NT: "15872", GT: "27411", LOA: "182.3", Type: "bulk_general_other"},
		Pilotage: &Pilotage{In: true, Out: true}, Tugs: &Tugs{In: new(2), Out: new(2)},
		Berth: &Berth{From: at(t, "2026-09-15T00:15:00+08:00"), To: at(t, "2026-09-16T06:15:00+08:00")}}
}

// findingOn is what is found on the lines of an account of that call.
func findingOn(t *testing.T, call Call, lines ...AccountLine) []AccountFinding {
	t.Helper()
	for i := range lines {
		lines[i].Line = i + 1
	}
	found := CheckAccount(BuiltIn(), &Account{Currency: "CNY", Call: call, Lines: lines}, "2026-11-26")
	return slices.DeleteFunc(found, func(f AccountFinding) bool { return f.Line == 0 })
}

// TestAnAmountIsJudgedWithoutAPriceForOne: a blank price is no low price.
func TestAnAmountIsJudgedWithoutAPriceForOne(t *testing.T) {
	t.Parallel()
	f := findingOn(t, bulkCall(t), AccountLine{TextZH: "拖轮费", Quantity: "1", Unit: "C62", Amount: "99999"})[0]
	if !slices.Equal(f.Verdicts, []Verdict{AboveCeiling}) || f.Reference == nil || *f.Reference != 1100000 || f.Difference == nil || *f.Difference != 8899900 {
		t.Errorf("%+v", f)
	}
}

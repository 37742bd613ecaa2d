package tariffs

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

func boxedCall(t *testing.T) Call {
	t.Helper()
	call := bulkCall(t)
	call.Boxes = []Boxes{{Count: 10, Size: "20", State: "laden", Direction: "import"}, {Count: 5, Size: "40", State: "laden", Direction: "export"}}
	return call
}

// judgedAs is a finding in short: verdicts, and what is asked for.
func judgedAs(f *AccountFinding) string {
	var out strings.Builder
	for i, v := range f.Verdicts {
		if i > 0 {
			out.WriteString("+")
		}
		out.WriteString(string(v))
	}
	if f.Reason != "" {
		out.WriteString(" " + f.Reason)
	}
	for _, n := range f.Needs {
		out.WriteString(" ?" + n)
	}
	if f.Reference != nil {
		out.WriteString(" " + f.Reference.String())
	}
	return out.String()
}

// TestLinesAreJudgedByWhatTheySay: each row is one account of the same call;
// its findings stand in the order of its lines.
func TestLinesAreJudgedByWhatTheySay(t *testing.T) {
	t.Parallel()
	pilot := func(text string) AccountLine {
		return AccountLine{TextZH: text, Quantity: "15872", Unit: "NTT", Rate: "0.405", Amount: "6428.16"}
	}
	zh := func(text, quantity, unit, rate, amount string) AccountLine {
		return AccountLine{TextZH: text, Quantity: quantity, Unit: unit, Rate: rate, Amount: amount}
	}
	en := func(text, quantity, unit, rate, amount string) AccountLine {
		return AccountLine{TextEN: text, Quantity: quantity, Unit: unit, Rate: rate, Amount: amount}
	}
	for _, c := range []struct {
		name  string
		lines []AccountLine
		want  []string
	}{
		// groups of boxes
		{"the group that the line names", []AccountLine{zh("货物港务费(出口40)", "5", "21", "34", "170")}, []string{"equal 170.00"}},
		{"each group by its own line", []AccountLine{zh("货物港务费(进口)", "10", "20", "34", "340"), zh("货物港务费(出口)", "5", "21", "34", "170")}, []string{"equal 340.00", "equal 170.00"}},
		{"a group in two lines", []AccountLine{zh("货物港务费(进口)", "6", "20", "34", "204"), zh("货物港务费(进口)", "4", "20", "34", "136")}, []string{"equal 204.00", "equal 136.00"}},
		{"more boxes than there are", []AccountLine{zh("货物港务费(进口)", "10", "20", "34", "340"), zh("货物港务费(进口)", "1", "20", "34", "34")}, []string{"equal 340.00", "quantity_wrong repeated 0.00"}},
		{"a set price is not less either", []AccountLine{zh("货物港务费(进口20)", "10", "20", "30", "300")}, []string{"basis_wrong 340.00"}},
		{"all groups in one line", []AccountLine{zh("货物港务费", "", "", "", "510")}, []string{"equal 510.00"}},
		{"a group by its amount only", []AccountLine{zh("货物港务费", "", "", "", "170")}, []string{"equal 170.00"}},
		{"what cannot be told is asked", []AccountLine{zh("货物港务费", "", "", "", "200")}, []string{"status_unknown several_groups ?boxes"}},
		{"more than all groups together", []AccountLine{zh("货物港务费", "", "", "", "511")}, []string{"above_ceiling 510.00"}},
		{"a group that the call does not have", []AccountLine{zh("货物港务费(出口20)", "1", "20", "17", "17")}, []string{"status_unknown ?boxes"}},
		{"an all-in charge without a price list", []AccountLine{zh("港口作业包干费", "10", "20", "99999", "999990")}, []string{"market_price"}},
		// the deny list
		{"light dues", []AccountLine{zh("灯塔费", "1", "C62", "412", "412"), en("Light dues", "1", "", "", "412")}, []string{"basis_wrong light_dues", "basis_wrong light_dues"}},
		{"dues by gross tonnage", []AccountLine{zh("吨位费", "27411", "GRT", "1", "27411"), zh("船舶吨税", "15872", "GT", "1.5", "23808"), en("Tonnage dues per GRT", "27411", "", "1", "27411")}, []string{"basis_wrong gross_tonnage", "basis_wrong gross_tonnage", "basis_wrong gross_tonnage"}},
		{"pilotage on the gross tonnage", []AccountLine{zh("引航费(进)", "27411", "NTT", "0.405", "11101.46")}, []string{"basis_wrong gross_tonnage 6428.16"}},
		{"tugs by the hour", []AccountLine{zh("拖轮费(每小时)", "4", "HUR", "5000", "20000"), en("Tug per hour", "4", "", "5000", "20000")}, []string{"basis_wrong hourly_tugs", "basis_wrong hourly_tugs"}},
		{"a circular that nobody has", []AccountLine{zh("引航费(进)(交水发〔2021〕999号)", "15872", "NTT", "0.405", "6428.16"), zh("引航费(出)(交水规〔2019〕2号)", "15872", "NTT", "0.405", "6428.16"), en("Tugs, Circular No. 77/2020", "1", "C62", "9000", "9000")}, []string{"basis_wrong unknown_circular", "within_ceiling 6428.16", "basis_wrong unknown_circular"}},
		{"a paper with a number is no circular", []AccountLine{zh("引航费(进) 发票〔2026〕12号", "15872", "NTT", "0.405", "6428.16")}, []string{"not_listed"}},
		// findings by the facts
		{"none of this port's", []AccountLine{zh("非基本港引航附加", "15872", "NTT", "0.27", "4285.44")}, []string{"basis_wrong not_at_this_port"}},
		{"a zero of which no instrument is on file", []AccountLine{zh("海关查验费", "1", "C62", "500", "500")}, []string{"status_unknown"}},
		{"abolished", []AccountLine{zh("港口建设费", "1", "C62", "1280", "1280"), zh("船舶港务费", "1", "C62", "10", "10"), zh("应急响应服务费(强制)", "1", "", "", "100")}, []string{"abolished 0.00", "abolished", "abolished 0.00"}},
		{"of the rules of 2001", []AccountLine{zh("系解缆费", "1", "C62", "213", "213")}, []string{"status_unknown"}},
		// arithmetic and repetition
		{"the quantity is not the ship's", []AccountLine{zh("引航费(进)", "1", "NTT", "0.405", "6428.16")}, []string{"quantity_wrong 6428.16"}},
		{"the product is not the amount", []AccountLine{zh("拖轮费", "2", "C62", "9000", "19000")}, []string{"sum_wrong 18000.00"}},
		{"of a market price, too", []AccountLine{zh("船舶污染物接收处理服务费", "3", "MTQ", "265", "895")}, []string{"market_price+sum_wrong 795.00"}},
		{"within a fen", []AccountLine{zh("引航费(进)", "15872", "NTT", "0.405", "6428.15")}, []string{"within_ceiling 6428.16"}},
		{"too high and no product", []AccountLine{zh("拖轮费", "2", "C62", "9000", "29000")}, []string{"above_ceiling+sum_wrong 22000.00"}},
		{"a job billed three times", []AccountLine{pilot("引航费(进)"), pilot("引航费(进)"), pilot("引航费(进)")}, []string{"within_ceiling 6428.16", "quantity_wrong repeated 0.00", "quantity_wrong repeated 0.00"}},
		{"a way that is not said is the other one", []AccountLine{pilot("引航费"), pilot("引航费(进)"), pilot("引航费")}, []string{"within_ceiling 6428.16", "within_ceiling 6428.16", "quantity_wrong repeated 0.00"}},
		{"both ways in one line", []AccountLine{zh("引航费", "15872 x 2", "NTT", "0.405", "12856.32")}, []string{"within_ceiling 12856.32"}},
		{"more tugs than were ordered", []AccountLine{zh("拖轮费(进)", "2", "C62", "9000", "18000"), zh("拖轮费(出)", "3", "C62", "9000", "27000")}, []string{"within_ceiling 22000.00", "quantity_wrong 22000.00"}},
		{"dues twice", []AccountLine{zh("船舶吨税(30天优惠)", "15872", "NTT", "4", "63488"), zh("船舶吨税", "15872", "NTT", "3.3", "52377.60"), zh("船舶吨税", "15872", "NTT", "3.3", "52377.60")}, []string{"basis_wrong no_such_rate", "equal 52377.60", "quantity_wrong repeated 0.00"}},
		// berth
		{"days as tons and days", []AccountLine{zh("停泊费", "15872 x 2", "NTT.DAY", "0.25", "7936")}, []string{"within_ceiling 7936.00"}},
		{"days as one product", []AccountLine{zh("停泊费", "31744", "NTT.DAY", "0.25", "7936")}, []string{"within_ceiling 7936.00"}},
		{"a day too many", []AccountLine{zh("停泊费", "3", "DAY", "3968", "11904")}, []string{"quantity_wrong 7936.00"}},
		{"a stay in two lines", []AccountLine{zh("停泊费", "1", "DAY", "3968", "3968"), zh("停泊费", "1", "DAY", "3968", "3968"), zh("停泊费", "1", "DAY", "3968", "3968")}, []string{"within_ceiling 3968.00", "within_ceiling 3968.00", "quantity_wrong repeated 0.00"}},
		{"one day at the price of two", []AccountLine{zh("停泊费", "1", "DAY", "7936", "7936")}, []string{"above_ceiling 3968.00"}},
		{"a stay as a lump sum", []AccountLine{zh("停泊费", "1", "C62", "7936", "7936")}, []string{"within_ceiling 7936.00"}},
		{"idle hours of a stay without a reason", []AccountLine{zh("停泊费(非生产性)", "6", "HUR", "2380.8", "14284.80")}, []string{"status_unknown ?berth.idle_reason"}},
		{"shifts of a number that nobody stated", []AccountLine{zh("移泊费", "15872", "NTT", "0.2", "3174.40"), zh("移泊费", "15872", "NTT", "9", "142848")}, []string{"status_unknown ?pilotage.shifts", "above_ceiling 3174.40"}},
		// names
		{"English names", []AccountLine{en("Pilotage in", "15872", "NTT", "0.405", "6428.16"), en("Tugs", "2", "C62", "9000", "18000"), en("Berthage", "2", "DAY", "3968", "7936"), en("Agency fee", "1", "", "", "5200"), en("Agent margin on cargo dues", "1", "", "", "412")},
			[]string{"within_ceiling 6428.16", "within_ceiling 22000.00", "within_ceiling 7936.00", "not_a_port_charge", "agent_margin"}},
		{"a carrier's charge", []AccountLine{zh("THC", "1", "C62", "1", "1"), en("Terminal handling charge (THC)", "1", "", "", "1"), zh("ISPS费", "10", "20", "20", "200"), zh("滞箱费", "1", "", "", "10")}, []string{"not_a_port_charge", "not_a_port_charge", "not_a_port_charge", "not_a_port_charge"}},
		{"like another, and another thing", []AccountLine{zh("特殊平台使用费", "1", "C62", "1", "1")}, []string{"not_listed"}},
		{"what an agent may and may not add", []AccountLine{zh("货物港务费代收手续费", "1", "", "", "412"), zh("货物港务费服务费", "1", "", "", "412")}, []string{"agent_margin", "not_listed"}},
		{"the Chinese text prevails", []AccountLine{{TextZH: "港杂费", TextEN: "Pilotage", Amount: "1"}}, []string{"not_listed"}},
	} {
		got := findingOn(t, boxedCall(t), c.lines...)
		for i := range got {
			if s := judgedAs(&got[i]); s != c.want[i] {
				t.Errorf("%s, line %d: %s, want %s", c.name, i+1, s, c.want[i])
			}
		}
	}
	if got := findingOn(t, boxedCall(t), AccountLine{TextZH: "港杂费", TextEN: "Pilotage", Amount: "1"}); got[0].Suggestion != "PILOTAGE" {
		t.Errorf("an English name beside a Chinese one that nobody knows suggests %q", got[0].Suggestion)
	}
}

// TestVerdictAndDifferenceNeverDisagree: whatever an account says of itself,
// what stands within a ceiling has no difference, and what has one is a finding.
func TestVerdictAndDifferenceNeverDisagree(t *testing.T) {
	t.Parallel()
	calls := []Call{bulkCall(t), boxedCall(t), {Arrival: at(t, "2026-11-16T08:00:00+08:00"), Leaving: at(t, "2026-11-17T20:30:00+08:00"), Ship: Ship{NT: "8346", LOA: "144.2"}, Pilotage: &Pilotage{In: true}}, {On: "2019-01-01"}}
	texts := []string{"引航费(进)", "引航费(出)", "引航费", "引航费超程(进)", "拖轮费", "拖轮费(进)", "停泊费", "停泊费(非生产性)", "围油栏使用费", "船舶吨税", "货物港务费(出口40)", "货物港务费", "港口设施保安费",
		"港口建设费", "海关查验费", "非基本港引航附加", "灯塔费", "特殊平台使用费", "代理费", "移泊费", "船舶特别港务费", "货物港务费代收手续费", "港口作业包干费", "理货服务费"}
	rapid.Check(t, func(t *rapid.T) {
		a := &Account{Call: rapid.SampledFrom(calls).Draw(t, "call")}
		for n := range rapid.IntRange(1, 6).Draw(t, "lines") {
			a.Lines = append(a.Lines, AccountLine{Line: n + 1, TextZH: rapid.SampledFrom(texts).Draw(t, "text"),
				Quantity: rapid.SampledFrom([]string{"", "1", "2", "5", "15872", "27411", "15872 x 2", "15872 x 12", "0", "0.5", "3 次", "12a"}).Draw(t, "quantity"),
				Unit:     rapid.SampledFrom([]string{"", "C62", "NTT", "DAY", "NTT.DAY", "20", "21", "HUR", "GRT"}).Draw(t, "unit"),
				Rate:     rapid.SampledFrom([]string{"", "0.405", "0.45", "9000", "11600", "3.3", "4.6", "34", "3968", "0"}).Draw(t, "rate"),
				Amount:   rapid.SampledFrom([]string{"0", "1", "170", "340", "6428.16", "7936", "18000", "52377.60", "99999", "88000000.5"}).Draw(t, "amount")})
		}
		for _, f := range CheckAccount(BuiltIn(), a, "2026-11-26") {
			if f.Line == 0 {
				continue
			}
			billed, _ := a.Lines[f.Line-1].Billed()
			above := f.Reference != nil && billed > *f.Reference
			switch {
			case (f.Difference != nil) != above || above && *f.Difference != billed-*f.Reference:
				t.Fatalf("line %+v: difference of %+v", a.Lines[f.Line-1], f)
			case above && !slices.ContainsFunc(f.Verdicts, func(v Verdict) bool { return TooMuch(v) || v == SumWrong }):
				t.Fatalf("line %+v: above a reference without a word of it: %+v", a.Lines[f.Line-1], f)
			case slices.Contains(f.Verdicts, AboveCeiling) && !above:
				t.Fatalf("line %+v: above no reference: %+v", a.Lines[f.Line-1], f)
			case slices.Contains(f.Verdicts, Equal) && (f.Reference == nil || billed != *f.Reference), slices.Contains(f.Verdicts, WithinCeiling) && f.Reference == nil:
				t.Fatalf("line %+v: equal to nothing: %+v", a.Lines[f.Line-1], f)
			case f.Standing() == StandsEqual && above, f.Questioned(billed) > billed:
				t.Fatalf("line %+v: stands %s: %+v", a.Lines[f.Line-1], f.Standing(), f)
			}
		}
	})
}

// TestAStayThatThePortCausedIsFree: each line of it is above nothing.
func TestAStayThatThePortCausedIsFree(t *testing.T) {
	t.Parallel()
	call := bulkCall(t)
	call.Berth.PortCaused = true
	got := findingOn(t, call, AccountLine{TextZH: "停泊费", Quantity: "2", Unit: "DAY", Rate: "3968", Amount: "7936"})
	if s := judgedAs(&got[0]); s != "above_ceiling 0.00" {
		t.Errorf("%s", s)
	}
}

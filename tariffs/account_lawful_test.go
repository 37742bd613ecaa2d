package tariffs

import (
	"slices"
	"strings"
	"testing"
)

// liner is the call of a container ship: 15,872 NT, 230 m, in and out with two
// tugs each way, 30 hours alongside, a licence of 30 days, two groups of boxes.
func liner(t *testing.T) Call {
	t.Helper()
	return Call{Terminal: "CNDLC-12", Arrival: at(t, "2026-06-01T08:00:00+08:00"), Leaving: at(t, "2026-06-02T20:00:00+08:00"),
		Ship:     Ship{NT: "15872", LOA: "230", Type: "container_roro_passenger"},
		Pilotage: &Pilotage{In: true, Out: true}, Tugs: &Tugs{In: new(2), Out: new(2)},
		Berth: &Berth{From: at(t, "2026-06-01T08:00:00+08:00"), To: at(t, "2026-06-02T14:00:00+08:00")},
		Dues:  &DuesAsk{RateKind: "preferential", Term: "P30D"},
		Boxes: []Boxes{{Count: 10, Size: "20", State: "laden", Direction: "import"}, {Count: 5, Size: "40", State: "laden", Direction: "export"}}}
}

// TestLawfulLinesAreNotAccused: how bills print what the catalogue gives. Each
// row is an account of that call, with what is other in it.
func TestLawfulLinesAreNotAccused(t *testing.T) {
	t.Parallel()
	zh := func(text, quantity, unit, rate, amount string) AccountLine {
		return AccountLine{TextZH: text, Quantity: quantity, Unit: unit, Rate: rate, Amount: amount}
	}
	tons := func(nt string) func(*Call) { return func(c *Call) { c.Ship.NT = nt } }
	large := func(c *Call) { c.Ship.NT, c.Ship.LOA = "60000", "300" }
	gross := func(c *Call) { c.Ship.GT = "27411" }
	for _, c := range []struct {
		name  string
		call  func(*Call)
		lines []AccountLine
		want  []string
	}{
		// the ton is rounded up (R-NT-UP)
		{"tons of the certificate, amounts of whole tons", tons("15871.6"), []AccountLine{zh("引航费(进)", "15871.6", "NTT", "0.405", "6428.16"), zh("船舶吨税(30天优惠)", "15871.6", "NTT", "3.3", "52377.60"), zh("停泊费", "15871.6 x 2", "NTT.DAY", "0.25", "7936")},
			[]string{"within_ceiling 6428.16", "equal 52377.60", "within_ceiling 7936.00"}},
		{"tons of the certificate times days, multiplied", tons("15871.6"), []AccountLine{zh("停泊费", "31743.2", "NTT.DAY", "0.25", "7936")}, []string{"within_ceiling 7936.00"}},
		{"both ways, multiplied", tons("15871.6"), []AccountLine{zh("引航费", "31743.2", "NTT", "0.405", "12856.32")}, []string{"within_ceiling 12856.32"}},
		{"tons of the certificate throughout", tons("15871.6"), []AccountLine{zh("引航费(进)", "15871.6", "NTT", "0.405", "6428.00")}, []string{"within_ceiling 6428.16"}},
		{"tons of another ship", tons("15871.6"), []AccountLine{zh("引航费(进)", "15873.2", "NTT", "0.405", "6428.16")}, []string{"quantity_wrong 6428.16"}},
		// the rate of the list beside an amount with the factors in force
		{"a list rate beside the reduced amount", func(c *Call) {
			c.Arrival, c.Leaving = at(t, "2020-04-01T08:00:00+08:00"), at(t, "2020-04-02T20:00:00+08:00")
		}, []AccountLine{zh("货物港务费(进口20)", "10", "20", "34", "272")}, []string{"equal 272.00"}},
		{"a list rate beside the amount with the port factor", nil, []AccountLine{zh("引航费(进)", "15872", "NTT", "0.45", "6428.16")}, []string{"within_ceiling 6428.16"}},
		{"an amount above the catalogue is none of them", nil, []AccountLine{zh("引航费(进)", "15872", "NTT", "0.45", "7142.40")}, []string{"above_ceiling 6428.16"}},
		// a job in parts
		{"tier by tier", large, []AccountLine{zh("引航费(进)", "40000", "NTT", "0.405", "16200"), zh("引航费(进)", "20000", "NTT", "0.36", "7200")}, []string{"within_ceiling 23400.00", "within_ceiling 7200.00"}},
		{"tier by tier at list rates", large, []AccountLine{zh("引航费(进)", "40000", "NTT", "0.45", "16200"), zh("引航费(进)", "20000", "NTT", "0.40", "7200")}, []string{"within_ceiling 23400.00", "within_ceiling 7200.00"}},
		{"tier by tier, no way said", large, []AccountLine{zh("引航费", "40000", "NTT", "0.405", "16200"), zh("引航费", "20000", "NTT", "0.36", "7200"), zh("引航费", "40000", "NTT", "0.405", "16200"), zh("引航费", "20000", "NTT", "0.36", "7200")},
			[]string{"within_ceiling 23400.00", "within_ceiling 23400.00", "within_ceiling 16200.00", "within_ceiling 7200.00"}},
		{"a tier too many", large, []AccountLine{zh("引航费(进)", "40000", "NTT", "0.405", "16200"), zh("引航费(进)", "20000", "NTT", "0.36", "7200"), zh("引航费(进)", "20000", "NTT", "0.36", "7200")}, []string{"within_ceiling 23400.00", "within_ceiling 7200.00", "quantity_wrong repeated 0.00"}},
		{"parts beyond the job", large, []AccountLine{zh("引航费(进)", "", "", "", "16200"), zh("引航费(进)", "", "", "", "7200.01")}, []string{"within_ceiling 23400.00", "quantity_wrong repeated 7200.00"}},
		// gross tonnage
		{"the size of the ship in the text", gross, []AccountLine{zh("引航费(进) GRT 27411", "15872", "NTT", "0.405", "6428.16"), zh("代理费 GT 30000", "1", "C62", "3000", "3000"), {TextEN: "Garbage disposal, ship of 51872 GT", Amount: "300"}},
			[]string{"not_listed", "not_listed", "not_listed"}},
		{"by gross tonnage all the same", gross, []AccountLine{zh("引航费(进)", "27411", "NTT", "0.405", "11101.46"), zh("吨位费", "1", "GRT", "1", "1"), {TextEN: "Gross tonnage dues", Amount: "300"}},
			[]string{"basis_wrong gross_tonnage 6428.16", "basis_wrong gross_tonnage", "basis_wrong gross_tonnage"}},
		// jobs at a price for each
		{"two pilot jobs", nil, []AccountLine{zh("引航费", "2", "C62", "6428.16", "12856.32")}, []string{"within_ceiling 12856.32"}},
		{"two pilot jobs at the list price", nil, []AccountLine{zh("引航费", "2", "C62", "7142.40", "12856.32")}, []string{"within_ceiling 12856.32"}},
		{"three pilot jobs of two", nil, []AccountLine{zh("引航费", "3", "C62", "6428.16", "19284.48")}, []string{"above_ceiling 6428.16"}},
		{"two pilot jobs and one of them again", nil, []AccountLine{zh("引航费", "2", "C62", "6428.16", "12856.32"), zh("引航费", "1", "C62", "6428.16", "6428.16")}, []string{"within_ceiling 12856.32", "quantity_wrong repeated 0.00"}},
		// a stay in one sum
		{"working and idle time in one sum", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "42060.80")}, []string{"within_ceiling 42060.80"}},
		{"more than both", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "42060.81")}, []string{"above_ceiling 42060.80"}},
		{"one sum beside idle hours", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "42060.80"), zh("停泊费(非生产性)", "", "", "", "38092.80")}, []string{"above_ceiling 3968.00", "within_ceiling 38092.80"}},
		{"both parts by one name", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "3968"), zh("停泊费", "", "", "", "38092.80")}, []string{"within_ceiling 3968.00", "within_ceiling 38092.80"}},
		{"both parts by one name, the idle one first", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "38092.80"), zh("停泊费", "1", "DAY", "3968", "3968")}, []string{"within_ceiling 38092.80", "within_ceiling 3968.00"}},
		{"a third part", idleAfterCargo(t), []AccountLine{zh("停泊费", "", "", "", "3968"), zh("停泊费", "", "", "", "38092.80"), zh("停泊费", "", "", "", "1")}, []string{"within_ceiling 3968.00", "within_ceiling 38092.80", "quantity_wrong repeated 0.00"}},
		{"idle from the beginning", func(c *Call) { c.Berth.IdleReason = "repair" }, []AccountLine{zh("停泊费", "", "", "", "71424")}, []string{"within_ceiling 71424.00"}},
		// dues in one sum
		{"dues as one sum", nil, []AccountLine{zh("船舶吨税", "1", "C62", "52377.60", "52377.60")}, []string{"equal 52377.60"}},
		{"dues as another sum", nil, []AccountLine{zh("船舶吨税", "1", "C62", "52377.61", "52377.61")}, []string{"basis_wrong no_such_rate 52377.60"}},
	} {
		call := liner(t)
		if c.call != nil {
			c.call(&call)
		}
		got := findingOn(t, call, c.lines...)
		for i := range got {
			if s := judgedAs(&got[i]); s != c.want[i] {
				t.Errorf("%s, line %d: %s, want %s", c.name, i+1, s, c.want[i])
			}
		}
	}
	call := liner(t)
	idleAfterCargo(t)(&call)
	if got := findingOn(t, call, zh("停泊费", "", "", "", "42060.80"))[0].Items; !slices.Equal(got, []string{"BERTH_WORKING", "BERTH_IDLE"}) {
		t.Errorf("one sum for both parts of a stay is of %s", strings.Join(got, ", "))
	}
}

// idleAfterCargo: the ship stays on for its own reasons.
func idleAfterCargo(t *testing.T) func(*Call) {
	return func(c *Call) {
		c.Berth.CargoDone, c.Berth.IdleReason = at(t, "2026-06-01T18:00:00+08:00"), "ship"
	}
}

// TestTugsOfTwoCompaniesAreAskedAbout: whose price a line is of, the quotation
// asks too; what is above both is above either.
func TestTugsOfTwoCompaniesAreAskedAbout(t *testing.T) {
	t.Parallel()
	one, other := tugPrice("T-1", "大连甲拖轮有限公司", "8500"), tugPrice("T-2", "大连乙拖轮有限公司", "8000")
	one["valid_from"], other["valid_from"] = "2026-01-01", "2026-01-01"
	c := published(t, one, other)
	for _, row := range []struct{ body, quantity, amount, want string }{
		{"", "2", "17000", "status_unknown ?collectors.TOWAGE"},
		{"", "2", "16000", "within_ceiling 16000.00"},
		{"", "2", "17001", "above_ceiling 17000.00"},
		{"大连甲拖轮有限公司", "2", "17000", "within_ceiling 17000.00"},
		{"大连乙拖轮有限公司", "2", "17000", "above_ceiling 16000.00"},
	} {
		call := bulkCall(t)
		if row.body != "" {
			call.Collectors = map[string]string{"TOWAGE": row.body}
		}
		a := &Account{Call: call, Lines: []AccountLine{{Line: 1, TextZH: "拖轮费", Quantity: row.quantity, Unit: "C62", Amount: row.amount}}}
		if s := judgedAs(&CheckAccount(c, a, "2026-11-26")[0]); s != row.want {
			t.Errorf("%s of %q: %s, want %s", row.amount, row.body, s, row.want)
		}
	}
}

package tariffs

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func linesOf(q *Quotation, item string) []Line {
	var out []Line
	for _, l := range q.Lines {
		if l.Item == item {
			out = append(out, l)
		}
	}
	return out
}

func TestOverDistance(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		terminal string
		want     []string // components of the way in
	}{{"CNDLC-12", []string{"1A"}}, {"CNDLC-07", []string{"1A", "1B"}}, {"CNDLC-20", []string{"1A", "1B"}}} {
		call := pilotageOn("2026-11-24", 15_872)
		call.Terminal = row.terminal
		q := Quote(BuiltIn(), call, "2026-11-25")
		var got []string
		for _, l := range linesOf(&q, "PILOTAGE") {
			got = append(got, l.Component)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.terminal, diff)
		}
	}
	// 13 miles: three of them count, and the factor of the port does not touch them.
	for _, day := range []Day{"2022-03-31", "2022-04-01"} {
		call := pilotageOn(day, 15_872)
		call.Terminal = "CNDLC-07"
		q := Quote(BuiltIn(), call, "2026-11-25")
		if got := amount(t, &q, "PILOTAGE", "1B", "in"); got != 19046 { // 15,872 × 3 × 0.004 = 190.464
			t.Errorf("%s: %d fen, want 19046", day, got)
		}
	}
	call := pilotageOn("2026-11-24", 15_872)
	call.Terminal = "CNDLC-20"
	if q := Quote(BuiltIn(), call, "2026-11-25"); q.Total.Status != TotalWithheld || q.Lines[1].Unknown != "distance_not_on_file" {
		t.Errorf("a distance that is not on file: %s, %s", q.Total.Status, q.Lines[1].Unknown)
	}
}

func TestBerthSplitsAStayWithoutChargingAMinuteTwice(t *testing.T) {
	t.Parallel()
	from := at(t, "2026-11-24T08:00:00+08:00")
	rapid.Check(t, func(r *rapid.T) {
		minutes := rapid.Int64Range(1, 20*24*60)
		stay := time.Duration(minutes.Draw(r, "stay")) * time.Minute
		done := from.Add(min(stay, time.Duration(minutes.Draw(r, "done"))*time.Minute))
		q := Quote(BuiltIn(), &Call{On: "2026-11-24", Ship: Ship{NT: "1"}, Special: outside(),
			Berth: &Berth{From: from, To: from.Add(stay), CargoDone: done, IdleReason: "ship"}}, "2026-11-25")
		idle := max(0, stay-done.Add(4*time.Hour).Sub(from))
		work := stay - idle
		days := int64((work + 24*time.Hour - 1) / (24 * time.Hour))
		if got := amount(r, &q, "BERTH_WORKING", "", ""); got != days*25 {
			r.Fatalf("working %s: %d fen, want %d days", work, got, days)
		}
		lines := linesOf(&q, "BERTH_IDLE")
		if (len(lines) > 0) != (idle > 0) {
			r.Fatalf("idle %s: %d lines", idle, len(lines))
		}
		if idle > 0 {
			// 1 for the started first hour, then halves
			halves := int64(2)
			if rest := idle - time.Hour; rest > 0 {
				halves += 2*int64(rest/time.Hour) + (int64(rest%time.Hour)+int64(30*time.Minute)-1)/int64(30*time.Minute)
			}
			want := (halves*15 + 1) / 2 // 0.15 a ton and hour, half up
			if got := int64(*lines[0].Amount); got != want {
				r.Fatalf("idle %s: %d fen, want %d", idle, got, want)
			}
		}
	})
}

func TestSecurityIsSeparateUntil2022AndInsideAfterwards(t *testing.T) {
	t.Parallel()
	for day, want := range map[Day]int{"2022-03-31": 1, "2022-04-01": 0, "2026-11-24": 0} {
		q := Quote(BuiltIn(), &Call{On: day, Boxes: []Boxes{{Count: 3, Size: "20", State: "laden", Direction: "import"}}}, "2026-11-25")
		if got := len(linesOf(&q, "SECURITY")); got != want {
			t.Errorf("%s: %d lines of the security fee, want %d", day, got, want)
		}
		if len(linesOf(&q, "HANDLING_ALL_IN")) != 1 || q.Total.Status != TotalWithheld {
			t.Errorf("%s: the all-in charge is not on file, the total is %s", day, q.Total.Status)
		}
	}
}

func TestTemporaryFactorsActOnTheirDaysOnly(t *testing.T) {
	t.Parallel()
	for day, want := range map[Day]int64{"2020-02-29": 3400, "2020-03-01": 2720, "2020-06-30": 2720, "2020-07-01": 3400} {
		q := Quote(BuiltIn(), &Call{On: day, Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}}, "2026-11-25")
		if got := amount(t, &q, "CARGO_DUES", "", ""); got != want {
			t.Errorf("%s: %d fen, want %d", day, got, want)
		}
	}
}

func TestEmptiesAndTransitAreFreeForAReason(t *testing.T) {
	t.Parallel()
	q := Quote(BuiltIn(), &Call{On: "2026-11-24", Boxes: []Boxes{{Count: 2, Size: "40", State: "empty", Direction: "export"},
		{Count: 1, Size: "20", State: "laden", Direction: "transit"}, {Count: 5, Size: "20", State: "folded", Direction: "import"}, {Count: 1, Size: "45", State: "laden", Direction: "import"}}}, "2026-11-25")
	got := map[string]string{}
	for _, l := range linesOf(&q, "CARGO_DUES") {
		got[l.Part] = l.Zero + l.Unknown
		if l.Amount != nil {
			got[l.Part] += " " + l.Amount.String()
		}
	}
	want := map[string]string{"40-empty-export": "empty_exempt 0.00", "20-laden-transit": "transit_exempt 0.00", "45-laden-import-no_rule": "not_stated",
		"20-folded-import": " 68.00"} // five folded are two laden
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSpecialPortFee(t *testing.T) {
	t.Parallel()
	us := func(change func(*Special)) *Special {
		s := outside()
		s.BuiltCN, s.FirstPort, s.Voyages = new(false), new(true), new(0)
		change(s)
		return s
	}
	owned := us(func(s *Special) { s.Owner = new(true) })
	for _, row := range []struct {
		name, at string
		ask      *Special
		want     string
	}{
		{"outside the scope there is no line", "2026-11-20T10:00:00+08:00", outside(), ""},
		{"applied in its first weeks", "2025-10-20T10:00:00+08:00", owned, "400000.00"},
		{"the first minute of the suspension", "2025-11-10T13:01:00+08:00", owned, "0.00 suspended"},
		{"the last minute before it", "2025-11-10T13:00:59+08:00", owned, "400000.00"},
		{"after the suspension its status is unknown", "2026-11-10T13:01:00+08:00", owned, "status_unknown"},
		{"nothing is assumed about a ship", "2026-11-20T10:00:00+08:00", nil, "not_stated"},
		{"built in China is outside C1 to C4", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Owner, s.BuiltCN = new(true), new(true) }), "0.00 ship_exempt"},
		{"in ballast to a yard is exempt whatever it is", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Flag, s.Repair = new(true), new(true) }), "0.00 ship_exempt"},
		{"exempt by a decision, though nothing else is stated", "2026-11-20T10:00:00+08:00", &Special{Exempted: new(true)}, "0.00 ship_exempt"},
		{"built in China and in the United States is no answer to C5", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Owner, s.BuiltCN, s.BuiltUS = new(true), new(true), nil }), "not_stated"},
		{"who answers no to each needs no exemption", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Repair = new(true) }), ""},
		{"built in the United States counts all the same", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.BuiltUS = new(true) }), "400000.00"},
		{"only the first port collects", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Owner, s.FirstPort = new(true), new(false) }), "0.00 not_first_port"},
		{"five voyages a year", "2025-10-20T10:00:00+08:00", us(func(s *Special) { s.Owner, s.Voyages = new(true), new(5) }), "0.00 five_voyages"},
		{"before it was introduced", "2025-10-13T23:59:00+08:00", owned, ""},
	} {
		q := Quote(BuiltIn(), &Call{Arrival: at(t, row.at), Ship: Ship{NT: "1000"}, Berth: &Berth{From: at(t, row.at), To: at(t, row.at).Add(time.Hour)}, Special: row.ask}, "2026-11-25")
		got := ""
		for _, l := range linesOf(&q, "SPECIAL_PORT_FEE") {
			got = l.Unknown
			if l.Amount != nil {
				got = l.Amount.String()
			}
			if l.Zero != "" {
				got += " " + l.Zero
			}
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
		if unknown := got == "status_unknown" || got == "not_stated"; unknown != (q.Total.Status == TotalWithheld) {
			t.Errorf("%s: total %s", row.name, q.Total.Status)
		}
	}
}

// sure is the catalogue with every figure as if its instrument had been read.
func sure() *Catalogue {
	c := *BuiltIn()
	c.Rates, c.Modifiers, c.Dues = slices.Clone(c.Rates), slices.Clone(c.Modifiers), slices.Clone(c.Dues)
	for i := range c.Rates {
		c.Rates[i].Word = OfficialText
	}
	for i := range c.Modifiers {
		c.Modifiers[i].Word = OfficialText
	}
	for i := range c.Dues {
		c.Dues[i].Word = OfficialText
	}
	if err := c.index(); err != nil {
		panic(err)
	}
	return &c
}

func TestOneUnverifiedFigureMarksTheTotalAndOnlyItDoes(t *testing.T) {
	t.Parallel()
	c := sure()
	if q := Quote(c, containerShip(t), "2026-11-25"); q.Total.Status != TotalPlain || len(q.Total.Taints) > 0 {
		t.Fatalf("all figures read: %s, %v", q.Total.Status, q.Total.Taints)
	}
	used := map[string]bool{}
	base := Quote(c, containerShip(t), "2026-11-25")
	for _, l := range base.Lines {
		for _, s := range l.Path {
			used[s.By] = true
		}
	}
	for i := range c.Rates {
		was := c.Rates[i].Word
		c.Rates[i].Word = Unverified
		q := Quote(c, containerShip(t), "2026-11-25")
		if marked := q.Total.Status == TotalIndicative; marked != used[c.Rates[i].ID] {
			t.Errorf("%s unverified: total %s, used %v", c.Rates[i].ID, q.Total.Status, used[c.Rates[i].ID])
		}
		c.Rates[i].Word = was
	}
}

func TestAnUnknownFigureWithholdsTheTotal(t *testing.T) {
	t.Parallel()
	c := sure()
	for i := range c.Rates {
		was := c.Rates[i].Amount
		c.Rates[i].Amount = nil
		q, before := Quote(c, containerShip(t), "2026-11-25"), Quote(sure(), containerShip(t), "2026-11-25")
		if q.Total.Status == TotalWithheld {
			if q.Total.Amount != nil || q.Total.AtLeast >= before.Total.AtLeast || len(q.Total.Unknown) == 0 {
				t.Errorf("%s unknown: %+v", c.Rates[i].ID, q.Total)
			}
		} else if *q.Total.Amount != *before.Total.Amount {
			t.Errorf("%s unknown: the total is smaller in silence", c.Rates[i].ID)
		}
		c.Rates[i].Amount = was
	}
}

// someYard is no stay in the yard, or one of which something may be missing.
func someYard(r *rapid.T) *Yard {
	if rapid.Bool().Draw(r, "no yard") {
		return nil
	}
	from := time.Date(2027, 5, 1, rapid.IntRange(0, 23).Draw(r, "hour"), 0, 0, 0, port)
	y := &Yard{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 400).Draw(r, "hours")) * time.Hour)}
	if rapid.IntRange(0, 9).Draw(r, "agreed") > 0 {
		y.FreeDays = new(rapid.IntRange(0, 20).Draw(r, "free"))
	}
	return y
}

func TestTheSumOfTheLinesIsTheTotalAndOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	list := withList(t, listRow("amount", "655"), listRow("amount", "985.37", "container_size", "40", "unit", "21"), listRow("item", "YARD", "amount", "4.10", "unit", "20.DAY"),
		listRow("item", "YARD", "amount", "3.333", "container_size", "40", "unit", "21.DAY"), listRow("item", "YARD", "amount", "0.07", "container_size", "", "load_state", "", "unit", "TNE.DAY"),
		listRow("item", "CARGO_DUES", "schedule_kind", "matrix", "amount", "1.4", "container_size", "", "load_state", "", "cargo_class", "group2_unlisted", "unit", "MTQ"))
	rapid.Check(t, func(r *rapid.T) {
		box := rapid.Custom(func(r *rapid.T) Boxes {
			return Boxes{Count: rapid.IntRange(1, 500).Draw(r, "count"), Size: rapid.SampledFrom([]string{"20", "40", "45"}).Draw(r, "size"),
				Rule45: rapid.SampledFrom([]string{"", "as_40", "volume"}).Draw(r, "rule"), Yard: someYard(r),
				State: rapid.SampledFrom([]string{"laden", "empty", "folded"}).Draw(r, "state"), Direction: rapid.SampledFrom([]string{"import", "export", "transit"}).Draw(r, "direction"),
				Class: rapid.SampledFrom([]string{"", general, dangerousOrReefer}).Draw(r, "class")}
		})
		boxes := rapid.SliceOfN(box, 1, 8).Draw(r, "boxes")
		loose := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) Cargo {
			c := Cargo{Class: rapid.SampledFrom(append(list.CargoClasses(), "")).Draw(r, "class"), Direction: rapid.SampledFrom(directions).Draw(r, "way"), Yard: someYard(r)}
			quantity := rapid.SampledFrom([]string{"1250.5", "0.001", "", "33"}).Draw(r, "quantity")
			if rapid.Bool().Draw(r, "by the tonne") {
				c.Tonnes = quantity
			} else {
				c.Cubic = quantity
			}
			return c
		}), 0, 5).Draw(r, "cargo")
		call := Call{On: rapid.SampledFrom([]Day{"2021-05-01", "2027-05-01"}).Draw(r, "day"), Boxes: boxes, Cargo: loose, Volumes: Volumes45{rapid.SampledFrom([]string{"", "86.1"}).Draw(r, "volume"), "67.7"}}
		if faults := list.Check(&call); len(faults) > 0 {
			r.Fatalf("%v", faults)
		}
		q := Quote(list, &call, "2026-11-25")
		shuffled := Call{On: call.On, Volumes: call.Volumes, Boxes: rapid.Permutation(boxes).Draw(r, "order"), Cargo: rapid.Permutation(loose).Draw(r, "order of cargo")}
		other := Quote(list, &shuffled, "2026-11-25")
		if diff := cmp.Diff(q, other); diff != "" {
			r.Fatalf("order matters:\n%s", diff)
		}
		sum := Fen(0)
		for _, l := range q.Lines {
			if l.Amount != nil {
				sum += *l.Amount
			}
		}
		seen := map[[2]string]bool{}
		for _, l := range q.Lines { // a comparison finds lines by these
			if seen[[2]string{l.Item, l.Part}] {
				r.Fatalf("two lines %s %s", l.Item, l.Part)
			}
			seen[[2]string{l.Item, l.Part}] = true
		}
		if sum != q.Total.AtLeast {
			r.Fatalf("lines %s, total %s", sum, q.Total.AtLeast)
		}
	})
}

func TestADayBeforeTheFirstRowIsUnknown(t *testing.T) {
	t.Parallel()
	q := Quote(BuiltIn(), &Call{On: "2015-01-01", Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}}, "2026-11-25")
	if l := linesOf(&q, "CARGO_DUES")[0]; l.Amount != nil || l.Unknown != "no_row" {
		t.Errorf("amount %v, %q", l.Amount, l.Unknown)
	}
}

func TestCheckFindsWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	bad := &Call{Port: "CNSHA", Trade: "coastal", Terminal: "X", Ship: Ship{Type: "submarine", NT: "60,000", LOA: "-3"}, Enabled: []string{"M-PORT-90", "M-NONE"},
		Tugs: &Tugs{In: new(-1)}, Boxes: []Boxes{{Size: "30", State: "laden", Direction: "import"}}}
	got := map[string]string{}
	for _, f := range BuiltIn().Check(bad) {
		got[f.Path] = f.Reason
	}
	want := map[string]string{"arrival": "needed", "port": "choice", "trade": "choice", "terminal": "terminal", "ship.type": "choice", "ship.net_tonnage": "number",
		"ship.length_overall_m": "number", "tugs.in": "negative", "boxes[0].size": "choice", "boxes[0].count": "negative", "enabled_modifiers[1]": "modifier"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if faults := BuiltIn().Check(containerShip(t)); len(faults) > 0 {
		t.Errorf("a good call: %v", faults)
	}
}

func BenchmarkQuote(b *testing.B) {
	c := BuiltIn()
	call := &Call{On: "2026-11-24", Terminal: "CNDLC-07", Ship: Ship{Type: ShipTypes[0], NT: "60000", LOA: "299.9"},
		Pilotage: &Pilotage{In: true, Out: true, Shifts: 1}, Tugs: &Tugs{In: new(2), Out: new(2)},
		Berth: &Berth{From: time.Unix(0, 0), To: time.Unix(30*3600, 0)}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P90D"}, Special: outside()}
	for i := range 6 {
		call.Boxes = append(call.Boxes, Boxes{Count: 10 + i, Size: []string{"20", "40"}[i%2], State: "laden", Direction: []string{"import", "export"}[i/2%2], Class: []string{general, dangerousOrReefer}[i/4]})
	}
	b.ReportAllocs()
	for b.Loop() {
		if q := Quote(c, call, "2026-11-25"); len(q.Lines) < 10 {
			b.Fatal(strconv.Itoa(len(q.Lines)))
		}
	}
}

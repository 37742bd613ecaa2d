package tariffs

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func yardOf(t testing.TB, from, to string, free *int) *Yard {
	t.Helper()
	return &Yard{From: at(t, from), To: at(t, to), FreeDays: free}
}

func TestStorageCountsMidnightsAndTheBerthPeriodsOf24Hours(t *testing.T) {
	t.Parallel()
	c := withList(t, listRow("item", "YARD", "amount", "4.10", "unit", "20.DAY"))
	for _, row := range []struct {
		from, to    string
		yard, berth int64
	}{
		{"2027-03-01T08:00:00+08:00", "2027-03-02T08:00:00+08:00", 2, 1},
		{"2027-03-01T08:00:00+08:00", "2027-03-02T08:00:01+08:00", 2, 2},
		{"2027-03-01T23:59:59+08:00", "2027-03-02T00:00:01+08:00", 2, 1},
		{"2027-03-01T00:00:00+08:00", "2027-03-02T00:00:00+08:00", 1, 1},
		{"2027-03-01T00:00:00+08:00", "2027-03-03T23:59:59+08:00", 3, 3},
		{"2027-02-28T15:59:00Z", "2027-02-28T16:01:00Z", 2, 1}, // midnight of the port, not of Greenwich
	} {
		call := &Call{On: "2027-03-01", Ship: Ship{NT: "1000"}, Special: outside(), Berth: &Berth{From: at(t, row.from), To: at(t, row.to)},
			Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import", Yard: yardOf(t, row.from, row.to, new(0))}}}
		q := Quote(c, call, "2026-11-25")
		if got, want := amount(t, &q, "YARD", "", ""), row.yard*410; got != want {
			t.Errorf("%s to %s: %d fen for the yard, want %d days", row.from, row.to, got, row.yard)
		}
		if got, want := amount(t, &q, "BERTH_WORKING", "", ""), row.berth*25000; got != want {
			t.Errorf("%s to %s: %d fen for the berth, want %d days", row.from, row.to, got, row.berth)
		}
	}
}

func TestStorageIsUnknownUntilAllOfItIsOnFile(t *testing.T) {
	t.Parallel()
	list := withList(t, listRow("item", "YARD", "amount", "4.10", "unit", "20.DAY"), listRow("item", "YARD", "amount", "0.25", "container_size", "", "load_state", "", "unit", "TNE.DAY"))
	from, to := "2027-03-01T08:00:00+08:00", "2027-03-10T08:00:00+08:00" // ten calendar days
	box := func(y *Yard) *Call {
		return &Call{On: "2027-03-01", Boxes: []Boxes{{Count: 3, Size: "20", State: "laden", Direction: "import", Yard: y}}}
	}
	for _, row := range []struct {
		name string
		c    *Catalogue
		call *Call
		want string
	}{
		{"free time is by agreement and asked for", list, box(yardOf(t, from, to, nil)), "not_stated"},
		{"seven days were agreed", list, box(yardOf(t, from, to, new(7))), "36.90"}, // 3 boxes × 3 days × 4.10
		{"all of it is free time", list, box(yardOf(t, from, to, new(10))), "0.00 free_time"},
		{"an end is asked for", list, box(&Yard{From: at(t, from), FreeDays: new(7)}), "not_stated"},
		{"no price list", BuiltIn(), box(yardOf(t, from, to, new(7))), "not_on_file"},
		{"a price without the day it counts", withList(t, listRow("item", "YARD", "amount", "4.10")), box(yardOf(t, from, to, new(7))), "not_on_file"},
		{"by the tonne", list, &Call{On: "2027-03-01", Cargo: []Cargo{{Direction: "import", Tonnes: "100.5", Yard: yardOf(t, from, to, new(7))}}}, "75.38"}, // 100.5 × 3 × 0.25 = 75.375
	} {
		if faults := row.c.Check(row.call); len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := lineOf(t, row.c, row.call, "YARD"); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	if q := Quote(list, &Call{On: "2027-03-01", Boxes: []Boxes{{Count: 3, Size: "20", State: "laden", Direction: "import"}}}, "2026-11-25"); len(linesOf(&q, "YARD")) > 0 {
		t.Error("a line of storage that nobody asked for")
	}
}

// Cargo that is not in boxes: the classes and units are those of the rows,
// whose figures are not on file; a published price is quantity by rate.
func TestCargoThatIsNotInBoxes(t *testing.T) {
	t.Parallel()
	list := withList(t, listRow("amount", "18.5", "container_size", "", "load_state", "", "unit", "TNE"),
		listRow("item", "CARGO_DUES", "schedule_kind", "matrix", "amount", "1.40", "container_size", "", "load_state", "", "cargo_class", "group2_unlisted", "direction", "import", "unit", "MTQ"))
	loose := func(class, way, tonnes, cubic string) Cargo {
		return Cargo{Class: class, Direction: way, Tonnes: tonnes, Cubic: cubic}
	}
	for _, row := range []struct {
		name  string
		day   Day
		cargo Cargo
		item  string
		want  string
	}{
		{"the figure of the dues is not on file", "2026-11-24", loose("group2_unlisted", "import", "1200", ""), "CARGO_DUES", "not_on_file"},
		{"a class is needed for the dues", "2027-03-01", loose("", "import", "1200", ""), "CARGO_DUES", "not_stated"},
		{"a quantity is needed", "2027-03-01", loose("group2_unlisted", "import", "", ""), "HANDLING_ALL_IN", "not_stated"},
		{"transit is exempt", "2027-03-01", loose("group2_unlisted", "transit", "1200", ""), "CARGO_DUES", "0.00 transit_exempt"},
		{"published by the cubic metre", "2027-03-01", loose("group2_unlisted", "import", "", "33.335"), "CARGO_DUES", "46.67"}, // 46.669
		{"of another class it is not", "2027-03-01", loose("group1_coal_ore_grain_salt_cement_steel_fertiliser", "import", "", "33"), "CARGO_DUES", "not_on_file"},
		{"the all-in charge by the tonne", "2027-03-01", loose("group2_unlisted", "import", "1200.25", ""), "HANDLING_ALL_IN", "22204.63"}, // 22,204.625
		{"and by the cubic metre nobody published one", "2027-03-01", loose("group2_unlisted", "import", "", "5"), "HANDLING_ALL_IN", "no_row"},
		{"the security fee of bulk was separate", "2021-03-01", loose("group2_unlisted", "import", "5", ""), "SECURITY", "no_row"},
		{"before the first row the dues are unknown", "2015-01-01", loose("group2_unlisted", "import", "5", ""), "CARGO_DUES", "no_row"},
	} {
		if got := lineOf(t, list, &Call{On: row.day, Cargo: []Cargo{row.cargo}}, row.item); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	if q := Quote(list, &Call{On: "2027-03-01", Cargo: []Cargo{loose("group2_unlisted", "import", "5", "")}}, "2026-11-25"); len(linesOf(&q, "SECURITY")) > 0 {
		t.Error("the security fee is inside the all-in charge")
	}
}

func TestFaultsOfCargo(t *testing.T) {
	t.Parallel()
	call := &Call{On: "2027-03-01", Cargo: []Cargo{
		{Class: "coal", Direction: "inward", Tonnes: "-5"}, {Direction: "import", Tonnes: "5", Cubic: "5"}, {Direction: "import", Cubic: "0"}, {Direction: "import", Tonnes: "10000000.001"}},
		Boxes: []Boxes{{Count: 1, Size: "45", State: "laden", Direction: "import", Rule45: "by weight",
			Yard: &Yard{From: at(t, "2027-03-02T00:00:00Z"), To: at(t, "2027-03-01T00:00:00Z"), FreeDays: new(-1)}}}, Volumes: Volumes45{"86,1", "1001"}}
	got := map[string]string{}
	for _, f := range BuiltIn().Check(call) {
		got[f.Path] = f.Code()
	}
	for path, code := range map[string]string{"cargo[0].cargo_class": CodeChoice, "cargo[0].direction": CodeChoice, "cargo[0].tonnes": CodeQuantity, "cargo[1].cubic_metres": CodeTwoUnits,
		"cargo[2].cubic_metres": CodeQuantity, "cargo[3].tonnes": CodeQuantity, "boxes[0].rule_45": CodeChoice, "volumes_45.inner_volume_m3": CodeQuantity, "volumes_45.inner_volume_40_m3": CodeQuantity,
		"boxes[0].yard.to": CodeOrder, "boxes[0].yard.free_days": CodeBounds} {
		if got[path] != code {
			t.Errorf("%s: %q, want %s", path, got[path], code)
		}
		delete(got, path)
	}
	if len(got) > 0 {
		t.Errorf("more: %v", got)
	}
}

// TestBoxesScaleExactly: n times the boxes cost n times the exact line, by
// either rule for 45 ft; the oracle divides big rationals.
func TestBoxesScaleExactly(t *testing.T) {
	t.Parallel()
	c := withList(t, listRow("amount", "985.37", "container_size", "40", "unit", "21"))
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(r, "count")
		volume, volume40 := rapid.IntRange(1, 1_000_000).Draw(r, "volume"), rapid.IntRange(1, 1_000_000).Draw(r, "of 40 ft")
		box := Boxes{Count: n, Size: rapid.SampledFrom([]string{"40", "45"}).Draw(r, "size"), State: "laden", Direction: "export", Rule45: rapid.SampledFrom(Rules45).Draw(r, "rule")}
		want := new(big.Rat).Mul(big.NewRat(98537, 100), big.NewRat(int64(n), 1))
		if box.Size == "45" && box.Rule45 == "volume" {
			want.Mul(want, big.NewRat(int64(volume), int64(volume40)))
		}
		q := Quote(c, &Call{On: "2027-03-01", Boxes: []Boxes{box}, Volumes: Volumes45{Measure(volume).Decimal().String(), Measure(volume40).Decimal().String()}}, "2026-11-25")
		if got := amount(r, &q, "HANDLING_ALL_IN", "", ""); got != fenOf(want) {
			r.Fatalf("%+v: %d fen, want %s", box, got, want.FloatString(6))
		}
	})
}

func TestTheRuleFor45FeetIsAsked(t *testing.T) {
	t.Parallel()
	own := withList(t, listRow("amount", "1100", "container_size", "45", "unit", "21"))
	box := Boxes{Count: 2, Size: "45", State: "laden", Direction: "import"}
	with := func(rule string) Boxes {
		b := box
		b.Rule45 = rule
		return b
	}
	for _, row := range []struct {
		name    string
		c       *Catalogue
		item    string
		box     Boxes
		volumes Volumes45
		want    string
	}{
		{"no rule is stated", BuiltIn(), "CARGO_DUES", box, Volumes45{}, "not_stated"},
		{"as 40 ft", BuiltIn(), "CARGO_DUES", with("as_40"), Volumes45{}, "136.00"},
		{"no size has a volume on file", BuiltIn(), "CARGO_DUES", with("volume"), Volumes45{Box: "86.1"}, "not_stated"},
		{"by inner volume", BuiltIn(), "CARGO_DUES", with("volume"), Volumes45{"86.1", "67.7"}, "172.96"}, // 136 × 86.1 ÷ 67.7 = 172.963…
		{"a list that has the size needs no rule", own, "HANDLING_ALL_IN", box, Volumes45{}, "2200.00"},
	} {
		if got := lineOf(t, row.c, &Call{On: "2027-03-01", Boxes: []Boxes{row.box}, Volumes: row.volumes}, row.item); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// A stay in the yard that is longer by a day costs a day more, whenever it began.
func TestADayMoreIsADayMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		from := time.Date(2027, 1, 1, 0, rapid.IntRange(0, 24*60-1).Draw(r, "minute"), 0, 0, port)
		to := from.Add(time.Duration(rapid.IntRange(1, 60*24*60).Draw(r, "minutes")) * time.Minute)
		if n := calendarDays(from, to); n != calendarDays(from, to.Add(24*time.Hour))-1 || n < 1 {
			r.Fatalf("%s to %s: %d days", from, to, n)
		}
	})
}

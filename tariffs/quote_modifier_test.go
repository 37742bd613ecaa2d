package tariffs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Naming a modifier either changes a line or is refused; none is taken in
// silence. The values are those of the table.
func TestAModifierThatIsNamedActsOrIsRefused(t *testing.T) {
	t.Parallel()
	acting := map[string]*Call{
		"M-SUR-NIGHT-A":   {Terminal: "CNDLC-12", Ship: Ship{NT: "60000"}, Pilotage: &Pilotage{In: true, Night: true}},
		"M-SUR-NIGHT-HOL": {Terminal: "CNDLC-12", Ship: Ship{NT: "60000"}, Pilotage: &Pilotage{In: true, Night: true, Holiday: true}},
		"M-MIN-NT-INT":    {Terminal: "CNDLC-12", Ship: Ship{NT: "1500"}, Pilotage: &Pilotage{In: true}},
		"M-MIN-NT-DOM":    {Terminal: "CNDLC-12", Trade: domestic, Ship: Ship{NT: "300"}, Pilotage: &Pilotage{In: true}},
		"M-TUG-30-50":     {Ship: Ship{Type: ShipTypes[0], LOA: "299.9"}, Tugs: &Tugs{In: new(2)}},
		"M-TUG-50":        {Ship: Ship{Type: ShipTypes[0], LOA: "299.9"}, Tugs: &Tugs{In: new(2)}},
		"M-TEMP-2020-EXT": {On: "2020-08-01", Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}},
		"M-TONDUES-50":    {Ship: Ship{NT: "60000"}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}},
		inYuan:            {Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}},
	}
	ids := []string{inYuan}
	for i := range BuiltIn().Modifiers {
		ids = append(ids, BuiltIn().Modifiers[i].ID)
	}
	for _, id := range ids {
		m := BuiltIn().Modifier(id)
		if m != nil && m.Enabled {
			continue
		}
		call := acting[id]
		if call == nil {
			faults := BuiltIn().Check(&Call{On: "2026-11-24", Enabled: []string{id}})
			if len(faults) != 1 || faults[0].Code() != CodeNoEffect || faults[0].Known != strings.Join(BuiltIn().CanBeNamed(), ", ") {
				t.Errorf("%s does nothing and is not refused: %+v", id, faults)
			}
			continue
		}
		if call.On == "" {
			call.On = "2026-11-24"
		}
		without := Quote(BuiltIn(), call, "2026-11-25")
		call.Enabled = []string{id}
		if faults := BuiltIn().Check(call); len(faults) > 0 {
			t.Errorf("%s: %+v", id, faults)
		}
		with := Quote(BuiltIn(), call, "2026-11-25")
		used := slices.ContainsFunc(with.Lines, func(l Line) bool { return slices.ContainsFunc(l.Path, func(s Step) bool { return s.By == id }) })
		if !used || cmp.Equal(without.Lines, with.Lines) || slices.ContainsFunc(with.Notes, func(n Note) bool { return n.Note == "modifier_unused" }) {
			t.Errorf("%s changes nothing: %v", id, brief(&with))
		}
		delete(acting, id)
	}
	if len(acting) > 0 {
		t.Errorf("not in the table: %v", acting)
	}
}

func TestWhatTheNamedModifiersCome(t *testing.T) {
	t.Parallel()
	dues := func(enabled ...string) *Call {
		return &Call{On: "2026-11-24", Ship: Ship{NT: "60000"}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}, Enabled: enabled}
	}
	tugs := func(enabled ...string) *Call {
		return &Call{On: "2026-11-24", Ship: Ship{Type: ShipTypes[0], LOA: "299.9"}, Tugs: &Tugs{In: new(2)}, Enabled: enabled}
	}
	for _, row := range []struct {
		call *Call
		item string
		want int64
	}{
		{dues(), "TONNAGE_DUES", 318_000_00}, {dues("M-TONDUES-50"), "TONNAGE_DUES", 159_000_00},
		{tugs(), "TOWAGE", 20_000_00}, {tugs("M-TUG-30-50"), "TOWAGE", 22_000_00}, {tugs("M-TUG-50"), "TOWAGE", 24_000_00},
	} {
		q := Quote(BuiltIn(), row.call, "2026-11-25")
		if got := amount(t, &q, row.item, "", ""); got != row.want {
			t.Errorf("%s with %v: %d fen, want %d", row.item, row.call.Enabled, got, row.want)
		}
		if len(row.call.Enabled) > 0 && !slices.Contains(q.Total.Taints, Taint{row.call.Enabled[0], Unverified}) {
			t.Errorf("%v marks no total: %v", row.call.Enabled, q.Total.Taints)
		}
	}
	faults := BuiltIn().Check(tugs("M-TUG-30-50", "M-TUG-50"))
	if len(faults) != 1 || faults[0].Path != "enabled_modifiers[1]" || faults[0].Code() != CodeEitherOr || faults[0].Known != "M-TUG-30-50" {
		t.Errorf("two distances of one tug: %+v", faults)
	}
	q := Quote(BuiltIn(), tugs("M-TONDUES-50"), "2026-11-25")
	if !slices.Contains(q.Notes, Note{"modifier_unused", "M-TONDUES-50"}) {
		t.Errorf("named for a call without dues: %v", q.Notes)
	}
}

// An operator who enters the instrument makes the exemption act: for whoever
// says by its name that the case is one.
func TestAnExemptionActsOnceItsInstrumentIsEntered(t *testing.T) {
	t.Parallel()
	records := slices.Clone(BuiltIn().Records())
	i := slices.IndexFunc(records, func(r Record) bool { return r.Key == "M-BERTH-FREE-OTHER" })
	cells, err := records[i].Cells()
	if err != nil {
		t.Fatal(err)
	}
	cells["instrument"] = "MOC-1997-3"
	if records[i], err = NewRecord("modifiers", cells); err != nil {
		t.Fatal(err)
	}
	c, err := FromRecords(records)
	if err != nil {
		t.Fatal(err)
	}
	call := &Call{On: "2026-11-24", Ship: Ship{NT: "1000"}, Special: outside(), Berth: &Berth{From: at(t, "2026-11-24T08:00:00+08:00"), To: at(t, "2026-11-25T08:00:00+08:00"), Anchorage: "5"}}
	if got := lineOf(t, c, call, "BERTH_WORKING"); got != "250.00" {
		t.Errorf("not named: %s", got)
	}
	call.Enabled = []string{"M-BERTH-FREE-OTHER"}
	if faults := c.Check(call); len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, item := range []string{"BERTH_WORKING", "ANCHORAGE"} {
		if got := lineOf(t, c, call, item); got != "0.00 exempt_as_stated" {
			t.Errorf("%s: %s", item, got)
		}
	}
}

func TestAStayThatThePortCausedIsFreeAtAnchorToo(t *testing.T) {
	t.Parallel()
	call := &Call{On: "2026-11-24", Ship: Ship{NT: "1000"}, Special: outside(), Berth: &Berth{From: at(t, "2026-11-24T08:00:00+08:00"), To: at(t, "2026-11-25T08:00:00+08:00"), PortCaused: true, Anchorage: "5"}}
	q := Quote(BuiltIn(), call, "2026-11-25")
	for _, item := range []string{"BERTH_WORKING", "ANCHORAGE"} {
		if got := lineOf(t, BuiltIn(), call, item); got != "0.00 caused_by_port" {
			t.Errorf("%s: %s", item, got)
		}
	}
	if q.Total.Status == TotalWithheld {
		t.Errorf("withheld for %v", q.Total.Unknown)
	}
}

// Whole yuan stand beside the fen and never in their place; they are rounded
// from the exact figure, and what costs something costs at least one.
func TestWholeYuanStandBesideTheFen(t *testing.T) {
	t.Parallel()
	c := withList(t, listRow("item", "YARD", "amount", "4.10", "unit", "20.DAY"), listRow("item", "YARD", "amount", "0.4995", "container_size", "", "load_state", "", "unit", "TNE.DAY"),
		listRow("amount", "655.5"), listRow("amount", "0.75", "container_size", "", "load_state", "", "unit", "TNE"))
	yard := yardOf(t, "2027-03-01T08:00:00+08:00", "2027-03-01T09:00:00+08:00", new(0))
	call := &Call{On: "2027-03-01", Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import", Yard: yard}}, Cargo: []Cargo{{Class: "group2_unlisted", Direction: "transit", Tonnes: "0.1", Yard: yard}}}
	plain := Quote(c, call, "2026-11-25")
	call.Enabled = []string{inYuan}
	q := Quote(c, call, "2026-11-25")
	var got []string
	for i := range q.Lines {
		if l := &q.Lines[i]; l.WholeYuan != nil {
			got = append(got, l.Item+" "+l.Amount.String()+" "+l.WholeYuan.String())
		}
		if p := &plain.Lines[i]; p.WholeYuan != nil || !cmp.Equal(p.Amount, q.Lines[i].Amount) {
			t.Errorf("%s: the fen figure is another one", p.Item)
		}
	}
	want := []string{"CARGO_DUES 34.00 34.00", "HANDLING_ALL_IN 655.50 656.00", "HANDLING_ALL_IN 0.08 1.00", "YARD 4.10 4.00", "YARD 0.05 1.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if q.Total.Yuan == nil || *q.Total.Yuan != 696_00 || *q.Total.Amount != 693_73 {
		t.Errorf("total %v, in yuan %v", q.Total.Amount, q.Total.Yuan)
	}
}

// A call across a change lists both sides; the day of arrival is charged.
func TestACallAcrossAChangeListsBothSides(t *testing.T) {
	t.Parallel()
	box := []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}
	ship := func(from, to string, change func(*Call)) *Call {
		call := &Call{Terminal: "CNDLC-12", Arrival: at(t, from), Leaving: at(t, to), Ship: Ship{NT: "60000"}, Special: outside(), Pilotage: &Pilotage{In: true}}
		if change != nil {
			change(call)
		}
		return call
	}
	boxes := func(c *Call) { c.Pilotage, c.Ship, c.Special, c.Boxes = nil, Ship{}, nil, box }
	owned := func(c *Call) {
		c.Special.Owner, c.Special.BuiltCN, c.Special.FirstPort, c.Special.Voyages = new(true), new(false), new(true), new(0)
		c.Pilotage, c.Berth = nil, &Berth{From: c.Arrival, To: c.Leaving, PortCaused: true}
	}
	for _, row := range []struct {
		name string
		call *Call
		want []string
	}{
		{"the factor of the port", ship("2022-03-31T08:00:00+08:00", "2022-04-01T08:00:00+08:00", nil), []string{"2022-04-01 PILOTAGE 26000.00 → 23400.00"}},
		{"a fee becomes a part of another", ship("2022-03-31T08:00:00+08:00", "2022-04-01T08:00:00+08:00", boxes), []string{"2022-04-01 SECURITY 8.00 → no line line_included"}},
		{"a factor for a time begins", ship("2020-02-28T08:00:00+08:00", "2020-03-02T08:00:00+08:00", boxes), []string{"2020-03-01 CARGO_DUES 34.00 → 27.20", "2020-03-01 SECURITY 8.00 → 6.40"}},
		{"and ends", ship("2020-06-30T08:00:00+08:00", "2020-07-01T00:00:00+08:00", boxes), []string{"2020-07-01 CARGO_DUES 27.20 → 34.00", "2020-07-01 SECURITY 6.40 → 8.00"}},
		{"two changes in one stay", ship("2020-02-28T08:00:00+08:00", "2020-08-02T08:00:00+08:00", boxes),
			[]string{"2020-03-01 CARGO_DUES 34.00 → 27.20", "2020-03-01 SECURITY 8.00 → 6.40", "2020-07-01 CARGO_DUES 27.20 → 34.00", "2020-07-01 SECURITY 6.40 → 8.00"}},
		{"a state that turns within a day", ship("2026-11-09T08:00:00+08:00", "2026-11-12T08:00:00+08:00", owned), []string{"2026-11-11 SPECIAL_PORT_FEE 0.00 suspended → status_unknown"}},
		{"no change", ship("2026-11-20T08:00:00+08:00", "2026-11-23T08:00:00+08:00", nil), nil},
		{"the last day before it", ship("2022-03-30T08:00:00+08:00", "2022-03-31T23:59:59+08:00", nil), nil},
		{"arrived on the day of it", ship("2022-04-01T00:00:00+08:00", "2022-04-03T08:00:00+08:00", nil), nil},
		{"the rows of a stated day", ship("2022-03-31T08:00:00+08:00", "2022-04-01T08:00:00+08:00", func(c *Call) { c.On = "2022-03-31" }), nil},
		{"a stay without a departure", ship("2022-03-31T08:00:00+08:00", "2022-03-31T08:00:00+08:00", func(c *Call) {
			c.Leaving = time.Time{}
			c.Berth = &Berth{From: c.Arrival, To: c.Arrival.Add(24 * time.Hour), PortCaused: true}
		}), []string{"2022-04-01 PILOTAGE 26000.00 → 23400.00"}},
	} {
		q := Quote(BuiltIn(), row.call, "2026-11-25")
		var got []string
		for _, a := range q.Across {
			for _, ch := range a.Changes {
				before, after := "no line", "no line"
				if ch.Before != nil {
					before = said(ch.Before)
				}
				if ch.After != nil {
					after = said(ch.After)
				} else {
					after += " " + ch.Why
				}
				got = append(got, string(a.On)+" "+ch.Item+" "+before+" → "+after)
			}
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
		if noted := slices.Contains(q.Notes, Note{"call_spans_change", ""}); noted != (len(row.want) > 0) {
			t.Errorf("%s: notes %v", row.name, q.Notes)
		}
	}
}

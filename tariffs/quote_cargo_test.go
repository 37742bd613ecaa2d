package tariffs

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"kouan/declarations/testfacts"
)

// withList is the built-in catalogue and numbered rows of price lists beside it.
func withList(t testing.TB, lists ...map[string]string) *Catalogue {
	t.Helper()
	rows := make([]map[string]string, len(lists))
	for i, cells := range lists {
		rows[i] = maps.Clone(cells)
		rows[i]["rate_id"] = "LIST-" + strconv.Itoa(i+1)
	}
	return published(t, rows...)
}

// listRow is a row of a terminal's price list for 2027.
func listRow(pairs ...string) map[string]string {
	cells := map[string]string{"place": "CNDLC", "item": "HANDLING_ALL_IN", "schedule_kind": "flat", "trade": "foreign", "container_size": "20", "load_state": "laden",
		"currency": "CNY", "unit": "20", "ceiling": "false", "valid_from": "2027-01-01", "verification": "official_text", "collector_zh": "示范集装箱码头有限公司(虚构)"}
	for i := 0; i < len(pairs); i += 2 {
		cells[pairs[i]] = pairs[i+1]
	}
	return cells
}

// lineOf is what one line of an item says in a few words.
func lineOf(t testing.TB, c *Catalogue, call *Call, item string) string {
	t.Helper()
	q := Quote(c, call, "2026-11-25")
	lines := linesOf(&q, item)
	if len(lines) != 1 {
		t.Fatalf("%d lines of %s", len(lines), item)
	}
	return said(&lines[0])
}

func said(l *Line) string {
	out := l.Unknown
	if l.Amount != nil {
		out = l.Amount.String()
	}
	if l.Zero != "" {
		out += " " + l.Zero
	}
	return out
}

// The price list of the samples, moved to 2027: what the terminal published
// for laden boxes is the charge, though the built-in row for the size still
// says that none is on file.
func TestAPublishedPriceListGivesTheAllInCharge(t *testing.T) {
	t.Parallel()
	s := sheet(testfacts.Lines(t, "samples", "tariffs", "catalogue-clean.csv"))
	from := slices.Index(s.Columns, "valid_from")
	for i := range s.Rows {
		s.Rows[i].Cells[from] = "2027-01-01"
	}
	rates, findings := SheetRates(BuiltIn(), s)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	var lists []map[string]string
	for _, r := range rates {
		lists = append(lists, r.Cells)
	}
	c := withList(t, lists...)
	for _, row := range []struct {
		box  Boxes
		want string
	}{
		{Boxes{Count: 1, Size: "20", State: "laden", Direction: "import"}, "655.00"},
		{Boxes{Count: 2, Size: "40", State: "laden", Direction: "export"}, "1970.00"},
		{Boxes{Count: 8, Size: "20", State: "folded", Direction: "export"}, "1310.00"}, // two laden boxes
		{Boxes{Count: 1, Size: "20", State: "empty", Direction: "import"}, "not_on_file"},
		{Boxes{Count: 1, Size: "20", State: "laden", Direction: "import", Class: dangerousOrReefer}, "not_on_file"},
	} {
		if got := lineOf(t, c, &Call{On: "2027-01-15", Boxes: []Boxes{row.box}}, "HANDLING_ALL_IN"); got != row.want {
			t.Errorf("%+v: %s, want %s", row.box, got, row.want)
		}
	}
	if got := lineOf(t, c, &Call{On: "2026-12-31", Boxes: []Boxes{{Count: 1, Size: "20", State: "laden", Direction: "import"}}}, "HANDLING_ALL_IN"); got != "not_on_file" {
		t.Errorf("the day before the list: %s", got)
	}
}

func TestTheRowThatWasWrittenForTheBoxIsTheOneThatCounts(t *testing.T) {
	t.Parallel()
	laden, reefer := Boxes{Count: 3, Size: "20", State: "laden", Direction: "import"}, Boxes{Count: 3, Size: "20", State: "laden", Direction: "import", Class: dangerousOrReefer}
	for _, row := range []struct {
		name string
		box  Boxes
		list []map[string]string
		want string
	}{
		{"laden and empty are two rows: laden", laden, []map[string]string{listRow("amount", "655"), listRow("amount", "300", "load_state", "empty")}, "1965.00"},
		{"laden and empty are two rows: empty", Boxes{Count: 3, Size: "20", State: "empty", Direction: "import"},
			[]map[string]string{listRow("amount", "655"), listRow("amount", "300", "load_state", "empty")}, "900.00"},
		{"import is closer than both ways", laden, []map[string]string{listRow("amount", "655"), listRow("amount", "700", "direction", "import")}, "2100.00"},
		{"a class is closer than any cargo", reefer, []map[string]string{listRow("amount", "655"), listRow("amount", "900", "cargo_class", dangerousOrReefer)}, "2700.00"},
		{"a row for any cargo holds for a class", reefer, []map[string]string{listRow("amount", "655")}, "1965.00"},
		{"a row for general cargo does not", reefer, []map[string]string{listRow("amount", "655", "cargo_class", general)}, "not_on_file"},
		{"a class without a figure is not priced as the others", reefer, []map[string]string{listRow("amount", "655"), listRow("cargo_class", dangerousOrReefer)}, "not_on_file"},
		{"a price for each box of any size", laden, []map[string]string{listRow("amount", "500", "container_size", "", "unit", "C62")}, "1500.00"},
		{"a price by the ton counts no boxes", laden, []map[string]string{listRow("amount", "5", "unit", "TNE")}, "not_on_file"},
		{"a matrix is quantity by rate as well", laden, []map[string]string{listRow("amount", "655", "schedule_kind", "matrix")}, "1965.00"},
		{"two as close of one collector", laden, []map[string]string{listRow("amount", "655", "direction", "import"), listRow("amount", "700", "cargo_class", general)}, "several_rows"},
		{"a narrower row of another terminal does not outbid", laden, []map[string]string{listRow("amount", "655"), listRow("amount", "700", "direction", "import", "collector_zh", "另一码头")}, "several_collectors"},
	} {
		c := withList(t, row.list...)
		if got := lineOf(t, c, &Call{On: "2027-01-15", Boxes: []Boxes{row.box}}, "HANDLING_ALL_IN"); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func TestTheTerminalWhoseListCountsCanBeNamed(t *testing.T) {
	t.Parallel()
	c := withList(t, listRow("amount", "655"), listRow("amount", "700", "direction", "import", "collector_zh", "另一码头"))
	for body, want := range map[string]string{"示范集装箱码头有限公司(虚构)": "1965.00", "另一码头": "2100.00"} {
		call := &Call{On: "2027-01-15", Boxes: []Boxes{{Count: 3, Size: "20", State: "laden", Direction: "import"}}, Collectors: map[string]string{"HANDLING_ALL_IN": body}}
		if faults := c.Check(call); len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := lineOf(t, c, call, "HANDLING_ALL_IN"); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// Before the fee became a part of the all-in charge it was a charge of its own
// on every day, also on one of which no rate is on file; exemptions are lines.
func TestSecurityIsALineOfItsOwnOnEveryDayBeforeItWasInside(t *testing.T) {
	t.Parallel()
	laden := Boxes{Count: 1, Size: "20", State: "laden", Direction: "import"}
	with := func(change func(*Boxes)) Boxes {
		b := laden
		change(&b)
		return b
	}
	empty, transit := with(func(b *Boxes) { b.State = "empty" }), with(func(b *Boxes) { b.Direction = "transit" })
	for _, row := range []struct {
		day  Day
		box  Boxes
		want string
	}{
		{"2016-02-29", laden, "no_row"},
		{"2016-03-01", laden, "10.00"},
		{"2022-03-31", laden, "8.00"},
		{"2018-05-01", empty, "no_row"}, // the row of the exemption begins in 2019
		{"2021-05-01", empty, "0.00 empty_exempt"},
		{"2021-05-01", transit, "transit_not_on_file"},
		{"2021-05-01", with(func(b *Boxes) { b.State, b.Direction = "empty", "transit" }), "0.00 empty_exempt"},
	} {
		if got := lineOf(t, BuiltIn(), &Call{On: row.day, Boxes: []Boxes{row.box}}, "SECURITY"); got != row.want {
			t.Errorf("%s %+v: %s, want %s", row.day, row.box, got, row.want)
		}
	}
	for _, call := range []Call{{On: "2022-04-01", Boxes: []Boxes{laden, empty, transit}}, {On: "2021-05-01", Trade: domestic, Boxes: []Boxes{laden}}} {
		if q := Quote(BuiltIn(), &call, "2026-11-25"); len(linesOf(&q, "SECURITY")) > 0 {
			t.Errorf("%s %s: a line of the security fee", call.On, call.Trade)
		}
	}
}

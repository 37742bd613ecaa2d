package tariffs

import (
	"bytes"
	"encoding/csv"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// exported is the list of a day as a file of it is read.
func exported(t interface{ Fatal(...any) }, c *Catalogue, day Day) *Sheet {
	var out bytes.Buffer
	if err := WriteRows(&out, c.Version, c.Rows(day, RowFilter{})); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := &Sheet{Columns: all[0]}
	for i, cells := range all[1:] {
		s.Rows = append(s.Rows, SheetRow{Line: i + 2, Cells: cells})
	}
	return s
}

func (s *Sheet) rowOf(id string) *SheetRow {
	at := slices.Index(s.Columns, "row")
	i := slices.IndexFunc(s.Rows, func(r SheetRow) bool { return r.Cells[at] == id })
	return &s.Rows[i]
}

func (s *Sheet) set(id, column, value string) {
	s.rowOf(id).Cells[slices.Index(s.Columns, column)] = value
}

func TestWhatWasExportedSetsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		cells := tugPrice("T-1", rapid.SampledFrom([]string{"大连甲拖轮有限公司", "=1+1", "'x", "-"}).Draw(r, "company"), rapid.StringMatching(`[1-9][0-9]{0,4}(\.[0-9]{1,3})?`).Draw(r, "amount"))
		cells["reason_zh"] = rapid.SampledFrom([]string{"", "协助靠离泊", "@a,\"b\"", "+8"}).Draw(r, "reason")
		cells["authority_zh"] = rapid.SampledFrom([]string{"", "交通运输部"}).Draw(r, "authority")
		c := published(t, cells)
		if rapid.Bool().Draw(r, "kept") {
			c.PublishedOn(map[string]Day{"T-1": "2026-12-06"})
		}
		day := rapid.SampledFrom([]Day{"2015-01-01", "2021-05-01", "2022-04-01", "2025-11-01", "2026-11-09", "2026-11-26", "2027-02-01", "2028-04-18"}).Draw(r, "day")
		set, found := c.ReadBack(exported(t, c, day))
		if len(set) > 0 || len(found) > 0 {
			r.Fatalf("the list of %s, taken in again, sets %+v and finds %+v", day, set, found)
		}
	})
	if found := Lint(BuiltIn(), exported(t, BuiltIn(), "2026-11-26")); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestWhatWasChangedInAnExportSetsItsRow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, id, column, value, kind, cell, want string }{
		{"a price", "PILOTAGE-2019-010", "amount", "0.44", "rates", "amount", "0.44"},
		{"a slab of tonnage dues", "TD-2000-pref-P1Y", "amount", "9.5", "tonnage_dues", "amount", "9.5"},
		{"why it is charged", "PILOTAGE-2019-010", "reason", "引领船舶", "rates", "reason_zh", "引领船舶"},
		{"who charges", "TOWAGE-2019-032", "collector", "大连甲拖轮有限公司", "rates", "collector_zh", "大连甲拖轮有限公司"},
		{"a legal text on file", "YARD-x-123", "legal_basis", "MOT-2017-104", "rates", "instrument", "MOT-2017-104"},
		{"the authority", "PILOTAGE-2019-010", "authority", "交通运输部", "rates", "authority_zh", "交通运输部"},
		{"the last day", "PILOTAGE-2019-010", "valid_to", "2027-12-31", "rates", "valid_to", "2027-12-31"},
	} {
		s := exported(t, BuiltIn(), "2026-11-26")
		s.set(tc.id, tc.column, tc.value)
		set, found := BuiltIn().ReadBack(s)
		if len(found) > 0 || len(set) != 1 || set[0].Kind != tc.kind || set[0].Cells[tc.cell] != tc.want || set[0].Line != s.rowOf(tc.id).Line {
			t.Errorf("%s: %+v, %+v", tc.name, set, found)
		}
	}
}

func TestWhatCannotBeTakenInIsTold(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Sheet)
		want   Finding
	}{
		{"a cell that follows", func(s *Sheet) { s.set("PILOTAGE-2019-010", "port_factor", "0.80") }, Finding{Code: CodeFollows, Column: "port_factor"}},
		{"a name of the item", func(s *Sheet) { s.set("PILOTAGE-2019-010", "name_zh", "引水费") }, Finding{Code: CodeFollows, Column: "name_zh"}},
		{"guided prices are ceilings", func(s *Sheet) { s.set("PILOTAGE-2019-010", "at_most", "") }, Finding{Code: CodeFollows, Column: "at_most"}},
		{"a row that is not there", func(s *Sheet) { s.set("PILOTAGE-2019-010", "row", "PILOTAGE-NEW") }, Finding{Code: CodeNoListRow, Column: "row"}},
		{"an item that is not there", func(s *Sheet) { s.set("PILOTAGE-2019-010", "item", "PILOTAG") }, Finding{Code: "FEE-L11", Column: "item"}},
		{"another catalogue", func(s *Sheet) { s.set("PILOTAGE-2019-010", "catalogue", "abc") }, Finding{Code: CodeOtherList, Column: "catalogue"}},
		{"an unknown column", func(s *Sheet) { s.Columns[5] = "sum" }, Finding{Code: "FEE-L36", Column: "sum"}},
	} {
		s := exported(t, BuiltIn(), "2026-11-26")
		tc.change(s)
		_, found := BuiltIn().ReadBack(s)
		if len(found) == 0 || found[0].Code != tc.want.Code || found[0].Column != tc.want.Column || found[0].Severity != Reject || found[0].Line == 0 {
			t.Errorf("%s: %+v", tc.name, found)
		}
	}
	s := exported(t, BuiltIn(), "2026-11-26") // a file from before the column came
	last := len(s.Columns) - 1
	s.Columns = s.Columns[:last]
	for i := range s.Rows {
		s.Rows[i].Cells = s.Rows[i].Cells[:last]
	}
	if set, found := BuiltIn().ReadBack(s); len(set) > 0 || len(found) > 0 {
		t.Errorf("an older file: %+v, %+v", set, found)
	}
	if diff := cmp.Diff([]bool{true, false, false}, []bool{IsList(ListColumns()), IsList(SheetColumns), IsList(ColumnsOf("rates"))}); diff != "" {
		t.Error(diff)
	}
}

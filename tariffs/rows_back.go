package tariffs

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// The published list can be taken in again (§7: import(export(catalogue)) is
// the identity): what was not changed sets nothing, what was changed sets the
// row of the table that it came from. The list is flat, so that some of its
// columns follow from other tables; a change there is refused, not lost.

// Codes of what stands against a list that is taken in again.
const (
	CodeOtherList = "FEE-1340" // of another catalogue than the one it is laid over; args: value, known
	CodeFollows   = "FEE-1341" // a cell that follows from other tables; args: name, value
	CodeNoListRow = "FEE-1342" // the catalogue has no such row; args: value
)

// IsList reports the heading of the published list: no price list and no table
// names the catalogue and a row's version.
func IsList(heading []string) bool {
	return slices.Contains(heading, versionColumn) && slices.Contains(heading, "row") && slices.Contains(heading, "row_version")
}

// lateColumns came to the list later: an older file lacks them.
var lateColumns = []string{"authority"}

// ListSetting is a row of a table as a changed row of the list wants it.
type ListSetting struct {
	Kind  string
	Line  int
	Cells map[string]string
}

// back is a list being taken in.
type back struct {
	*lint
	records map[string]*Record // by code of the row
	rows    map[string][]Row   // of all days, by item
	asked   []askedRow
	out     []ListSetting
}

// askedRow is what a changed row wants to be.
type askedRow struct {
	line    int
	row     Row
	columns []string // that were changed
}

// ReadBack finds what a list has otherwise than the catalogue that it was
// written from.
func (c *Catalogue) ReadBack(s *Sheet) ([]ListSetting, []Finding) {
	b := &back{lint: &lint{c: c, at: map[string]int{}}, records: map[string]*Record{}, rows: map[string][]Row{}}
	if !b.listHeading(s.Columns) {
		return nil, b.findings
	}
	for i := range c.records {
		switch r := &c.records[i]; r.Kind {
		case "rates", "tonnage_dues", "special_port_fee":
			b.records[r.Key] = r
		}
	}
	for i := range s.Rows {
		r := lintRow{lint: b.lint, SheetRow: s.Rows[i]}
		if version := Plain(r.text(versionColumn)); version != c.Version {
			b.add(r.Line, versionColumn, CodeOtherList, Reject, "value", clipped(version), "known", c.Version)
			return nil, b.findings // all rows are of one list
		}
		b.take(&r)
	}
	b.verify()
	return b.out, b.findings
}

func (b *back) listHeading(given []string) bool {
	for i, name := range given {
		if _, twice := b.at[name]; twice || !slices.Contains(ListColumns(), name) {
			b.add(1, name, "FEE-L36", Reject, "name", name)
		}
		b.at[name] = i
	}
	for _, name := range ListColumns() {
		if _, has := b.at[name]; !has && !slices.Contains(lateColumns, name) {
			b.add(1, name, "FEE-L37", Reject, "name", name)
		}
	}
	return len(b.findings) == 0
}

// take holds a row against those that the catalogue gives on any day.
func (b *back) take(r *lintRow) {
	var row Row
	to := reflect.ValueOf(&row).Elem()
	for i, name := range RowColumns {
		to.Field(i).SetString(Plain(r.text(name)))
	}
	if b.c.items[row.Item] == nil {
		f := r.find("item", "FEE-L11", Reject, "value", clipped(row.Item))
		f.Repair = b.c.nearest(row.Item)
		return
	}
	near, columns := b.nearestRow(&row)
	switch {
	case near != nil && len(columns) == 0:
		return // as it was written
	case near == nil || row.ID == "" || b.records[row.ID] == nil:
		r.find("row", CodeNoListRow, Reject, "value", clipped(row.ID))
		return
	}
	record := b.records[row.ID]
	cells, err := record.Cells()
	if err != nil {
		r.find("row", CodeNoListRow, Reject, "value", clipped(row.ID))
		return
	}
	cells = maps.Clone(cells)
	for _, name := range columns {
		set := listColumns[record.Kind][name]
		if set == nil {
			r.find(name, CodeFollows, Reject, "name", name, "value", clipped(cellOfRow(near, name)))
			return
		}
		set(b.c, cells, cellOfRow(&row, name))
	}
	b.asked = append(b.asked, askedRow{r.Line, row, columns})
	b.out = append(b.out, ListSetting{record.Kind, r.Line, cells})
}

// nearestRow is the row of the same code, of all days, that differs least, with
// the columns in which it does.
func (b *back) nearestRow(row *Row) (near *Row, columns []string) {
	all, has := b.rows[row.Item]
	if !has {
		for _, p := range b.c.Periods(row.Item) {
			all = append(all, p.Rows...)
		}
		b.rows[row.Item] = all
	}
	for i := range all {
		if all[i].ID != row.ID {
			continue
		}
		if differing := b.differing(&all[i], row); near == nil || len(differing) < len(columns) {
			near, columns = &all[i], differing
		}
	}
	return near, columns
}

// differing are the columns of the file in which two rows differ.
func (b *back) differing(x, y *Row) []string {
	if *x == *y {
		return nil
	}
	var out []string
	one, other := x.Cells(), y.Cells()
	for i, name := range RowColumns {
		if _, has := b.at[name]; has && one[i] != other[i] {
			out = append(out, name)
		}
	}
	return out
}

func cellOfRow(r *Row, column string) string { return r.Cells()[slices.Index(RowColumns, column)] }

// verify makes the catalogue with the changed rows and looks whether each
// changed cell comes out as it was asked for. A row that cannot be read is
// told by whoever applies the settings.
func (b *back) verify() {
	if len(b.out) == 0 || len(b.findings) > 0 {
		return
	}
	changed := map[string]*ListSetting{}
	for i := range b.out {
		changed[b.asked[i].row.ID] = &b.out[i]
	}
	records := slices.Clone(b.c.records)
	for i := range records {
		s := changed[records[i].Key]
		if s == nil || s.Kind != records[i].Kind {
			continue
		}
		r, err := NewRecord(s.Kind, s.Cells)
		if err != nil {
			return
		}
		records[i] = r
	}
	next, err := FromRecords(records)
	if err != nil {
		return
	}
	next.published = b.c.published
	after := &back{lint: &lint{c: next, at: b.at}, rows: map[string][]Row{}}
	for i := range b.asked {
		a := &b.asked[i]
		_, columns := after.nearestRow(&a.row)
		for _, name := range a.columns {
			if slices.Contains(columns, name) {
				b.add(a.line, name, CodeFollows, Reject, "name", name, "value", clipped(cellOfRow(&a.row, name)))
			}
		}
	}
}

// setter writes a cell of the list into the row of its table.
type setter func(c *Catalogue, cells map[string]string, value string)

func into(column string) setter {
	return func(_ *Catalogue, cells map[string]string, value string) { cells[column] = value }
}

// cited writes a legal basis: an instrument on file, else its words where the
// table has room for them.
func cited(words string) setter {
	return func(c *Catalogue, cells map[string]string, value string) {
		n := c.Cited(value)
		cells["instrument"] = value
		if words != "" {
			cells["instrument"], cells[words] = "", value
		}
		if n != nil {
			cells["instrument"] = n.ID
			delete(cells, words)
		}
	}
}

func atMost(_ *Catalogue, cells map[string]string, value string) {
	cells["ceiling"] = map[string]string{"yes": "true", "": "false"}[value] // another word is refused by the table
}

// listColumns are the columns of the list that are cells of a table. All
// others follow.
var listColumns = func() map[string]map[string]setter {
	of := func(same string, others map[string]setter) map[string]setter {
		for name := range strings.SplitSeq(same, ",") {
			others[name] = into(name)
		}
		return others
	}
	return map[string]map[string]setter{
		"rates": of("component,place,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,nt_from,nt_to,loa_from,loa_to,distance_from_nm,distance_to_nm,amount,currency,unit,valid_from,valid_to,verification,article,published_at,complaint_channel",
			map[string]setter{"collector": into("collector_zh"), "reason": into("reason_zh"), "when_how_paid": into("when_how_paid_zh"), "authority": into("authority_zh"),
				"legal_basis": cited("legal_basis"), "at_most": atMost}),
		"tonnage_dues":     of("nt_from,nt_to,rate_kind,licence_term,amount,valid_from,valid_to,verification", map[string]setter{"legal_basis": cited("")}),
		"special_port_fee": of("amount", map[string]setter{"legal_basis": cited("")}),
	}
}()

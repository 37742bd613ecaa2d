package intake

import (
	"slices"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// sheetHeader is what the header of a table says: the column of each position.
type sheetHeader struct {
	table   *cells.Table
	names   []string  // as the user wrote them
	columns []*column // nil: not read
	places  map[*column]int
	row     int
	ref     int                  // position of the client reference
	origin  *origin              // of a part that was kept
	faults  []declarations.Fault // about the file, told with its first row
}

// known finds a column by what the header cell says, or by the saved mapping.
func known(name string, mapping map[string]string) *column {
	if path, mapped := mapping[name]; mapped {
		return columnsOfSheets().byPath[path]
	}
	return columnsOfSheets().byName[headerKey(name)]
}

// isHeader reports a row with a column for the client reference.
func isHeader(row *cells.Row, mapping map[string]string) bool {
	return slices.ContainsFunc(row.Cells, func(c cells.Cell) bool {
		col := known(c.Text, mapping)
		return col != nil && col.path == referencePath
	})
}

// header reads the first row with text. A second result of false ends the
// reading: without the reference no row belongs to a declaration, and with two
// columns for one value nobody knows which is meant.
func header(table *cells.Table, row *cells.Row, mapping map[string]string) (*sheetHeader, bool) {
	h := &sheetHeader{table: table, row: row.Number, ref: -1, places: map[*column]int{}, columns: make([]*column, len(row.Cells))}
	for i := range row.Cells {
		name := trim(row.Cells[i].Text)
		h.names = append(h.names, name)
		if name == "" || headerKey(name) == faultsKey || isPlaceColumn(name) {
			continue
		}
		c := known(name, mapping)
		if c == nil {
			h.fault(declarations.Warn, i, codeUnknown, "name", clip(name))
			continue
		}
		if first, taken := h.taken(c); taken {
			h.fault(declarations.Reject, i, codeTwice, "name", clip(name), "first", table.Place(row.Number, first+1))
			continue
		}
		h.columns[i] = c
		h.places[c] = i
		if c.path == referencePath {
			h.ref = i
		}
	}
	if h.ref < 0 {
		label := columnsOfSheets().byPath[referencePath].labels
		h.fault(declarations.Reject, -1, codeNoReference, "name", label.Zh+", "+label.En+", ClientSeqNo")
	}
	for _, m := range table.Merged {
		if m.Top <= row.Number && m.Bottom >= row.Number {
			h.fault(declarations.Reject, m.Left-1, codeMerged, "range", m.Name)
		}
	}
	return h, !declarations.Rejected(h.faults)
}

// faultsKey is the column that we add to rows that go back; it is not read.
const faultsKey = "kouan:faults"

// taken reports another column for the same value: the same one, the whole
// that it is a part of, or its part.
func (h *sheetHeader) taken(c *column) (int, bool) {
	for other, i := range h.places {
		if other == c || overlaps(other, c) || overlaps(c, other) {
			return i, true
		}
	}
	return 0, false
}

func overlaps(whole, part *column) bool {
	return part.path != "" && slices.Contains(whole.covers, part.path)
}

func (h *sheetHeader) fault(severity declarations.Severity, i int, code string, args ...string) {
	f := sheetFault(severity, code, args...)
	f.Path, f.Line, f.Column = h.table.Place(h.row, i+1), h.row, i+1
	if len(h.faults) < maxFaults {
		h.faults = append(h.faults, f)
	}
}

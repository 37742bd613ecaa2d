package intake

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/intake/cells"
)

// A sheet has one row for each goods line. Rows that stand together under one
// client reference are one declaration; it is complete, and leaves the reader,
// when another reference begins. Values of the header may be repeated on each
// row or stand on the first only.

// maxLines of one declaration are kept in memory: more than the 999 that any
// message has, and the rules refuse far fewer.
const maxLines = 2_000

// Source is the part of a table that a declaration came from, as text, so
// that it can be given back to be corrected.
type Source struct {
	Sheet  string // empty in CSV
	Header []string
	Lines  [][]string
	Rows   []int // of each line, in the table
	always []int // columns that say something even when they are empty
}

// sheetReader turns rows of a table into declarations.
type sheetReader struct {
	*sheetHeader
	coding    string
	byElement bool             // a country stands under the name of its element
	seen      map[[16]byte]int // references that ended, and their first row
	group     *sheetGroup
	out       []Row // complete
	// pending are faults of the next declaration: a row without a reference
	// may belong to the one before it or to the one behind it.
	pending []declarations.Fault
}

// sheetGroup is a declaration at work.
type sheetGroup struct {
	Row
	reference string
	rows      []int    // of each goods line
	values    []string // of the header, by position
	first     []int    // the row where each stands; 0: nowhere
	lines     int
}

func newSheetReader(h *sheetHeader, t *cells.Table) *sheetReader {
	s := &sheetReader{sheetHeader: h, coding: t.Encoding, seen: map[[16]byte]int{}}
	for c := range h.places {
		s.byElement = s.byElement || c.item != nil && c.path == ""
	}
	return s
}

// take reads a row; declarations that are complete go to out.
func (s *sheetReader) take(row *cells.Row) {
	reference := s.reading(row, s.ref)
	switch {
	case reference.refused() || reference.value == "":
		s.unclear(row, reference)
		return
	case known(reference.value, nil) == s.columns[s.ref]:
		s.end()
		s.alone(row, []declarations.Fault{s.at(row.Number, s.ref, sheetFault(declarations.Reject, codeHeaderAgain))})
		return
	}
	if s.group == nil || s.group.reference != reference.value {
		s.end()
		s.begin(reference.value, row)
	}
	s.line(row)
}

// unclear is a row whose declaration is not known. Neither of its neighbours
// may be filed without it.
func (s *sheetReader) unclear(row *cells.Row, r reading) {
	faults := s.placed(row.Number, s.ref, r.faults)
	if !r.refused() {
		faults = append(faults, s.at(row.Number, s.ref, sheetFault(declarations.Reject, codeRowReference, "row", strconv.Itoa(row.Number))))
	}
	s.pending = append(s.pending, faults...)
	s.pending = s.pending[:min(len(s.pending), maxFaults)]
	if s.group == nil {
		s.alone(row, faults)
		return
	}
	s.group.add(faults...)
	if s.group.lines++; s.group.lines <= maxLines {
		s.keep(row)
	}
}

// alone is a row that is refused by itself.
func (s *sheetReader) alone(row *cells.Row, faults []declarations.Fault) {
	g := &sheetGroup{Row: Row{Line: row.Number, Locate: nowhere, Source: s.source()}}
	g.add(s.faults...)
	g.add(faults...)
	s.group, s.faults = g, nil
	s.keep(row)
	s.group = nil
	s.out = append(s.out, g.Row)
}

func (s *sheetReader) source() *Source {
	out := &Source{Sheet: s.table.Sheet, Header: s.names}
	for _, path := range []string{"items[].line_number", "items[].licences[].item_number"} {
		if i, ok := s.position(path); ok { // without the column, lines are numbered in order
			out.always = append(out.always, i)
		}
	}
	return out
}

func (s *sheetReader) begin(reference string, row *cells.Row) {
	g := &sheetGroup{Row: Row{Line: row.Number, Source: s.source()},
		reference: reference, values: make([]string, len(s.columns)), first: make([]int, len(s.columns))}
	g.Locate = s.locator(g)
	g.add(s.faults...)
	g.add(s.pending...)
	s.faults, s.pending = nil, nil
	key := keyOf(reference)
	if first, again := s.seen[key]; again {
		g.add(s.at(row.Number, s.ref, sheetFault(declarations.Reject, codeAgain, "value", clip(reference), "first", s.table.Place(first, s.ref+1))))
	} else {
		s.seen[key] = row.Number
	}
	s.group = g
}

// keyOf is a reference in the set of those that ended; the set must not hold
// the texts of a million rows.
func keyOf(reference string) [16]byte {
	sum := sha256.Sum256([]byte(reference))
	return [16]byte(sum[:16])
}

// end completes the declaration at work.
func (s *sheetReader) end() {
	g := s.group
	if g == nil {
		return
	}
	s.header(g)
	s.group = nil
	g.Declaration.UseAlphaCodes(codes.Default())
	if !declarations.Rejected(g.Faults) {
		g.add(s.located(g, lossless(&g.Declaration))...)
	}
	if declarations.Rejected(g.Faults) {
		// What a row with faults says is not a declaration; its reference names it in the answer.
		g.Declaration = declarations.Declaration{Header: declarations.Header{ClientReference: g.reference}}
	}
	s.out = append(s.out, g.Row)
}

func (g *sheetGroup) add(faults ...declarations.Fault) {
	for i := range faults {
		if len(g.Faults) < maxFaults || faults[i].Severity == declarations.Reject && !declarations.Rejected(g.Faults) {
			g.Faults = append(g.Faults, faults[i])
		}
	}
}

// reading reads the cell at a position of a row.
func (s *sheetReader) reading(row *cells.Row, i int) reading {
	r := reading{col: s.columns[i], name: s.names[i], coding: s.coding}
	if i < len(row.Cells) { // rows may be shorter than the header
		r.read(&row.Cells[i])
	}
	return r
}

func (s *sheetReader) at(row, i int, f declarations.Fault) declarations.Fault {
	f.Path, f.Line, f.Column = s.table.Place(row, i+1), row, i+1
	return f
}

func (s *sheetReader) placed(row, i int, faults []declarations.Fault) []declarations.Fault {
	for n := range faults {
		faults[n] = s.at(row, i, faults[n])
	}
	return faults
}

// line adds a row to the declaration at work.
func (s *sheetReader) line(row *cells.Row) {
	g := s.group
	if g.lines++; g.lines > maxLines {
		if g.lines == maxLines+1 {
			g.add(s.at(row.Number, s.ref, sheetFault(declarations.Reject, declarations.CodeTooLarge, "unit", "rows", "limit", strconv.Itoa(maxLines))))
		}
		return
	}
	s.keep(row)
	s.origin.note(row)
	s.shape(row)
	direction := s.direction(row)
	var item declarations.Item
	var count map[string]int // of the lists of this line
	for i, c := range s.columns {
		if c == nil {
			continue
		}
		r := s.reading(row, i)
		g.add(s.placed(row.Number, i, r.faults)...)
		switch {
		case r.refused():
		case c.item != nil:
			*c.item(direction, &item) = r.value
		case c.itemNth != nil:
			if count == nil {
				count = map[string]int{}
			}
			if r.value != "" {
				s.spread(count, row.Number, i, r.value, func(n int) *string { return c.itemNth(&item, n) })
			}
		case r.value != "":
			s.same(row.Number, i, r)
		}
	}
	if _, numbered := s.position("items[].line_number"); !numbered {
		item.LineNumber = declarations.Decimal(strconv.Itoa(len(g.Declaration.Items) + 1))
	}
	if _, numbered := s.position("items[].licences[].item_number"); !numbered {
		for n := range item.Licences { // a licence in the row of a line is of that line
			item.Licences[n].ItemNumber = item.LineNumber
		}
	}
	g.Declaration.Items = append(g.Declaration.Items, item)
	g.rows = append(g.rows, row.Number)
}

// position is where the column of a canonical path stands.
func (s *sheetReader) position(path string) (int, bool) {
	i, ok := s.places[columnsOfSheets().byPath[path]]
	return i, ok
}

// direction is what the declaration's direction is, as far as its rows have said.
func (s *sheetReader) direction(row *cells.Row) declarations.Direction {
	i, ok := s.position("declaration.trade_direction")
	if !ok || !s.byElement {
		return ""
	}
	v := s.group.values[i]
	if v == "" {
		v = s.reading(row, i).value
	}
	var d declarations.Declaration
	s.columns[i].set(&d, v)
	return d.Header.TradeDirection
}

// same keeps a value of the header, or refuses another one than before.
func (s *sheetReader) same(row, i int, r reading) {
	g := s.group
	before := g.values[i]
	switch {
	case g.first[i] == 0:
		g.values[i], g.first[i] = r.value, row
	case before != r.value:
		g.add(s.at(row, i, sheetFault(declarations.Reject, codeDiffers, "name", clip(r.name), "value", clip(r.value), "first", s.table.Place(g.first[i], i+1))))
	}
}

// shape looks at what a row is beside its values.
func (s *sheetReader) shape(row *cells.Row) {
	g := s.group
	if row.Hidden {
		f := sheetFault(declarations.Warn, cells.CodeHidden, "reason", "hidden_row", "name", strconv.Itoa(row.Number))
		f.Path, f.Line = s.table.Place(row.Number, 0), row.Number
		g.add(f)
	}
	for i := len(s.columns); i < len(row.Cells); i++ {
		if c := &row.Cells[i]; strings.TrimSpace(c.Text) != "" || c.Kind == cells.Formula {
			g.add(s.at(row.Number, i, sheetFault(declarations.Reject, codeBesides, "value", clip(c.Text))))
		}
	}
	for _, m := range s.table.Merged {
		if m.Top <= row.Number && row.Number <= m.Bottom && m.Left <= len(s.columns) && (row.Number == m.Top || g.lines == 1) {
			f := sheetFault(declarations.Reject, codeMerged, "range", m.Name)
			f.Path, f.Line, f.Column = s.table.Sheet+"!"+m.Name, m.Top, m.Left
			g.add(f)
		}
	}
}

// header puts the values of the header and of the small groups into the
// declaration: the direction first, because other values depend on it.
func (s *sheetReader) header(g *sheetGroup) {
	if i, ok := s.position("declaration.trade_direction"); ok {
		s.columns[i].set(&g.Declaration, g.values[i])
	}
	for i, c := range s.columns {
		if c != nil && c.set != nil && g.values[i] != "" {
			c.set(&g.Declaration, g.values[i])
		}
	}
	s.lists(g)
}

// lists spreads cells like A;B over the rows of their group.
func (s *sheetReader) lists(g *sheetGroup) {
	count := map[string]int{}
	for i, c := range s.columns {
		if c != nil && c.nth != nil && g.values[i] != "" {
			s.spread(count, g.first[i], i, g.values[i], func(n int) *string { return c.nth(&g.Declaration, n) })
		}
	}
}

// spread takes a cell of a list apart. All filled cells of a group must have
// as many parts: count has the number of those before.
func (s *sheetReader) spread(count map[string]int, row, i int, v string, nth func(int) *string) {
	parts := strings.Split(v, ";")
	list := s.columns[i].list
	want, begun := count[list]
	if !begun {
		count[list], want = len(parts), len(parts)
	}
	switch {
	case len(parts) != want:
		s.group.add(s.at(row, i, sheetFault(declarations.Reject, codeListLength, "name", clip(s.names[i]), "count", strconv.Itoa(len(parts)), "limit", strconv.Itoa(want))))
	case len(parts) > maxLines:
		s.group.add(s.at(row, i, sheetFault(declarations.Reject, declarations.CodeTooLarge, "unit", "rows", "limit", strconv.Itoa(maxLines))))
	default:
		for n, part := range parts {
			*nth(n) = trim(part)
		}
	}
}

// keep notes the row as it stands, for the file that goes back. A number or a
// date of a workbook is kept as it was read, because as text its digits would
// say something else.
func (s *sheetReader) keep(row *cells.Row) {
	line := make([]string, len(s.names))
	for i := range min(len(line), len(row.Cells)) {
		c := &row.Cells[i]
		line[i] = c.Text
		if isNeutralised(c.Text) {
			line[i] = c.Text[1:] // writing puts it back
		}
		if c.Kind != cells.Number && c.Kind != cells.Date {
			continue
		}
		if c.Shown != "" {
			line[i] = c.Shown
		}
		if s.columns[i] == nil {
			continue
		}
		if r := s.reading(row, i); !r.refused() {
			line[i] = r.value
		}
	}
	s.group.Source.Lines = append(s.group.Source.Lines, line)
	s.group.Source.Rows = append(s.group.Source.Rows, row.Number)
}

package intake

import (
	"slices"
	"strings"

	"kouan/declarations"
)

// locator translates a canonical path into a cell: of the goods line, of the
// row where the value of the header stands, or the row alone when the table
// has no column for it.
func (s *sheetReader) locator(g *sheetGroup) func(string) (string, int, int) {
	return func(path string) (string, int, int) {
		row, column := g.Line, -1
		steps := split(path)
		if len(steps) > 1 && steps[0] == "items" {
			if n, indexed := number(steps[1]); indexed && n < len(g.rows) {
				row = g.rows[n]
			}
		}
		path = everyRow(steps)
		if i, ok := s.columnAt(path, g.Declaration.IsExport()); ok {
			column = i
			if g.first[i] > 0 {
				row = g.first[i]
			}
		}
		if s.origin != nil {
			return s.origin.of(row, column+1)
		}
		return s.table.Place(row, column+1), row, column + 1
	}
}

// everyRow is items[].licences[].number for items[0].licences[1].number.
func everyRow(steps []string) string {
	var b strings.Builder
	for i, step := range steps {
		switch _, indexed := number(step); {
		case indexed:
			b.WriteString("[]")
			continue
		case i > 0:
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// columnAt finds the position that holds the value at a path: its own column,
// or one that holds it with others.
func (s *sheetReader) columnAt(path string, export bool) (int, bool) {
	if i, ok := s.places[columnsOfSheets().byPath[path]]; ok {
		return i, true
	}
	for c, i := range s.places {
		covered := slices.Contains(c.covers, path)
		if c.item != nil && c.path == "" { // the countries of a line, as the message has them
			covered = c.covers[countryOf(c.element, export)] == path
		}
		if covered {
			return i, true
		}
	}
	return 0, false
}

// countryOf tells which country stands under an element: 0 of origin, 1 of destination.
func countryOf(element string, export bool) int {
	if (element == "OriginCountry") == export {
		return 1
	}
	return 0
}

// located sets the places of faults that have a canonical path.
func (s *sheetReader) located(g *sheetGroup, faults []declarations.Fault) []declarations.Fault {
	for i := range faults {
		faults[i].Path, faults[i].Line, faults[i].Column = g.Locate(faults[i].Path)
	}
	return faults
}

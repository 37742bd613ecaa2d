package intake

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/intake/cells"
)

// placeKey begins the header of the column that Part adds: behind it stand the
// columns that the user's table had, and in each line its sheet and its row
// there, so that an error told months later is found in the user's own file.
// Only what was kept is read so; in a file that comes in the column means nothing.
const placeKey = "kouan:place"

func isPlaceColumn(name string) bool { return strings.HasPrefix(name, placeKey) }

// Kept reads a document as Part gave it: places are those of the file that it
// was a part of. Other documents are read as Read does.
func Kept(data []byte, format Format) []Row {
	if format != CSV {
		return Read(data, format)
	}
	return slices.Collect(inMemory(data, format, Options{kept: true}))
}

// origin is where the rows of a part stood.
type origin struct {
	at      int // position of the added column
	columns []int
	table   cells.Table
	rows    map[int]int // by row of the part
}

// originOf finds the added column; nil when there is none, as in what was
// kept before there was one.
func originOf(names []string) *origin {
	at := slices.IndexFunc(names, isPlaceColumn)
	if at < 0 {
		return nil
	}
	o := &origin{at: at, rows: map[int]int{}}
	for name := range strings.SplitSeq(strings.TrimSpace(strings.TrimPrefix(names[at], placeKey)), ",") {
		n, ok := cells.ColumnNumber(name)
		if !ok {
			return nil
		}
		o.columns = append(o.columns, n)
	}
	return o
}

// note remembers where a row stood.
func (o *origin) note(row *cells.Row) {
	if o == nil || o.at >= len(row.Cells) {
		return
	}
	text := row.Cells[o.at].Text
	if neutralised.MatchString(text) {
		text = text[1:]
	}
	sheet := ""
	if i := strings.LastIndexByte(text, '!'); i >= 0 {
		sheet, text = text[:i], text[i+1:]
	}
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		o.table.Sheet, o.rows[row.Number] = sheet, n
	}
}

// of translates a place in the part; a column that the part does not have was
// empty, so the row alone is told.
func (o *origin) of(row, column int) (place string, line, col int) {
	n, known := o.rows[row]
	if !known {
		return "", 0, 0
	}
	col = 0
	if column > 0 && column <= len(o.columns) {
		col = o.columns[column-1]
	}
	return o.table.Place(n, col), n, col
}

// placeHeader and placeOf are the added column of a part.
func (s *Source) placeHeader(kept []int) string {
	names := make([]string, len(kept))
	for i, position := range kept {
		names[i] = cells.ColumnName(position + 1)
	}
	return placeKey + " " + strings.Join(names, ",")
}

func (s *Source) placeOf(line int) string {
	row := strconv.Itoa(s.Rows[line])
	if s.Sheet == "" {
		return row
	}
	return s.Sheet + "!" + row
}

package intake

import (
	"bytes"
	"strconv"

	"kouan/declarations"
)

// maxArray bounds the declarations of one array.
const maxArray = 10_000

// IsArray reports JSON that is an array.
func IsArray(data []byte) bool {
	at := begin(data, 0)
	return at < len(data) && data[at] == '['
}

// readArray reads an array of declarations: each is a document of its own,
// with its places in the whole.
func readArray(data []byte) []Row {
	if _, stop := scan(data); stop.code == declarations.CodeTooDeep {
		return []Row{readJSON(data)}
	}
	d := decoder(data)
	if _, err := d.ReadToken(); err != nil {
		return []Row{readJSON(data)}
	}
	var rows []Row
	places := &jsonPlaces{data: data}
	for d.PeekKind() != ']' {
		at := begin(data, int(d.InputOffset()))
		if len(rows) == maxArray {
			return append(rows, refused(tooLarge(maxArray, "unit", "rows"))...)
		}
		err := d.SkipValue()
		if err != nil { // the rest of the array cannot be told apart
			line, column := places.lineColumn(int(d.InputOffset()))
			return append(rows, Row{Line: line, Locate: nowhere, Faults: []declarations.Fault{{
				Code: declarations.CodeJSONSyntax, Severity: declarations.Reject, Path: "[" + strconv.Itoa(len(rows)) + "]", Line: line, Column: column,
				Args: arrayReason(err)}}})
		}
		rows = append(rows, elementOf(places, data[at:d.InputOffset()], at, len(rows)))
	}
	if _, err := d.ReadToken(); err != nil || len(rows) == 0 {
		return []Row{readJSON(data)}
	}
	if rest := data[d.InputOffset():]; len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		at := len(data) - len(bytes.TrimLeft(rest, " \t\r\n"))
		return append(rows, Row{Line: 1, Locate: nowhere, Faults: []declarations.Fault{places.fault(declarations.CodeTrailing, "", at)}})
	}
	return rows
}

func arrayReason(err error) map[string]string {
	reason := syntaxReason(err)
	return map[string]string{reason[0]: reason[1]}
}

// elementOf reads one declaration of an array and moves its places into the
// whole: its paths begin with its index.
func elementOf(places *jsonPlaces, data []byte, at, index int) Row {
	row := readJSON(data)
	line, column := places.lineColumn(at)
	move := func(path string, l, c int) (string, int, int) {
		if l == 1 {
			c += column - 1
		}
		if l > 0 {
			l += line - 1
		}
		prefix := "[" + strconv.Itoa(index) + "]"
		if path != "" {
			prefix += "."
		}
		return prefix + path, l, c
	}
	row.Line, row.Raw, row.RawType = line, data, "application/json"
	for i := range row.Faults {
		f := &row.Faults[i]
		f.Path, f.Line, f.Column = move(f.Path, f.Line, f.Column)
	}
	inner := row.Locate
	row.Locate = func(path string) (string, int, int) { return move(inner(path)) }
	return row
}

package intake

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// jsonPlaces finds places in a document, and does nothing until it is asked.
type jsonPlaces struct {
	data   []byte
	cursor *strictxml.Cursor
	begins map[string][]int // where top members and the rows of top lists begin; rows under name + "["
}

func (p *jsonPlaces) lineColumn(at int) (line, column int) {
	if p.cursor == nil {
		p.cursor = cursor(p.data)
	}
	return p.cursor.Place(at)
}

func (p *jsonPlaces) fault(code, path string, at int, args ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: strictxml.Args(args...)}
	f.Line, f.Column = p.lineColumn(at)
	return f
}

// place sets line and column of faults that have a path only.
func (p *jsonPlaces) place(faults []declarations.Fault) []declarations.Fault {
	for i := range faults {
		_, faults[i].Line, faults[i].Column = p.locate(faults[i].Path)
	}
	return faults
}

// locate finds the value at a canonical path, or the nearest value around it.
func (p *jsonPlaces) locate(path string) (string, int, int) {
	if p.begins == nil {
		p.begins = index(p.data)
	}
	line, column := p.lineColumn(p.find(path))
	return path, line, column
}

// find goes from the nearest indexed value down the rest of the path.
func (p *jsonPlaces) find(path string) int {
	steps := split(path)
	if len(steps) == 0 || len(p.begins[steps[0]]) == 0 {
		return begin(p.data, 0)
	}
	at := p.begins[steps[0]][0]
	steps = steps[1:]
	if len(steps) > 0 {
		if i, isRow := number(steps[0]); isRow {
			rows := p.begins[strings.Split(path, "[")[0]+"["]
			if i >= len(rows) {
				return at
			}
			at, steps = rows[i], steps[1:]
		}
	}
	for _, step := range steps {
		next, ok := child(p.data, at, step)
		if !ok {
			return at
		}
		at = next
	}
	return at
}

// split makes items, [2], hs_code of items[2].hs_code.
func split(path string) []string {
	var steps []string
	for part := range strings.SplitSeq(path, ".") {
		name, indexes, indexed := strings.Cut(part, "[")
		if name != "" {
			steps = append(steps, name)
		}
		if indexed {
			steps = append(steps, "["+indexes)
		}
	}
	return steps
}

func number(step string) (int, bool) {
	if !strings.HasPrefix(step, "[") {
		return 0, false
	}
	n, err := strconv.Atoi(strings.Trim(step, "[]"))
	return n, err == nil && n >= 0
}

func decoder(data []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// child finds one member or element of the value that begins at an offset.
func child(data []byte, at int, step string) (int, bool) {
	d := decoder(data[at:])
	i, isRow := number(step)
	open, closing := jsontext.Kind('{'), jsontext.Kind('}')
	if isRow {
		open, closing = '[', ']'
	}
	if d.PeekKind() != open {
		return 0, false
	}
	if _, err := d.ReadToken(); err != nil {
		return 0, false
	}
	for n := 0; d.PeekKind() != closing; n++ {
		found := isRow && n == i
		if !isRow {
			name, err := d.ReadToken()
			if err != nil {
				return 0, false
			}
			found = name.String() == step
		}
		if found {
			return begin(data, at+int(d.InputOffset())), true
		}
		if err := d.SkipValue(); err != nil {
			return 0, false
		}
	}
	return 0, false
}

// index notes where the members of the top object and the rows of its lists begin.
func index(data []byte) map[string][]int {
	m := make(map[string][]int)
	d := decoder(data)
	if d.PeekKind() != '{' {
		return m
	}
	if _, err := d.ReadToken(); err != nil {
		return m
	}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return m
		}
		name := token.String()
		m[name] = append(m[name], begin(data, int(d.InputOffset())))
		if d.PeekKind() != '[' {
			err = d.SkipValue()
		} else {
			m[name+"["], err = elements(data, d)
		}
		if err != nil {
			return m
		}
	}
	return m
}

// elements reads a list and notes where its elements begin.
func elements(data []byte, d *jsontext.Decoder) ([]int, error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var at []int
	for d.PeekKind() != ']' {
		at = append(at, begin(data, int(d.InputOffset())))
		if err := d.SkipValue(); err != nil {
			return at, err
		}
	}
	_, err := d.ReadToken()
	return at, err
}

// begin skips what stands between one token and the next.
func begin(data []byte, at int) int {
	for at < len(data) && strings.IndexByte(" \t\r\n,:", data[at]) >= 0 {
		at++
	}
	return at
}

// pathAt is the path of the value that holds the byte at an offset.
func (p *jsonPlaces) pathAt(at int) string {
	d := decoder(p.data)
	for int(d.InputOffset()) <= at {
		if _, err := d.ReadToken(); err != nil {
			break
		}
	}
	return dotted(d)
}

// dotted is the decoder's place as items[2].hs_code.
func dotted(d *jsontext.Decoder) string {
	var b strings.Builder
	level := 0
	for step := range d.StackPointer().Tokens() {
		level++
		if kind, _ := d.StackIndex(level); kind == '[' {
			b.WriteString("[" + step + "]")
		} else {
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(clip(step))
		}
		if level == 16 {
			b.WriteString("…") // deeper than any member of the field map
			break
		}
	}
	return b.String()
}

// clip keeps what a document brought into a fault short.
func clip(s string) string {
	n := 0
	for i := range s {
		if n == 60 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

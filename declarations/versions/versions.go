// Package versions compares two documents of one declaration: what was
// added, removed and changed, in the order of the form, with each row of a
// list set against the row that it was.
//
// Contract: Diff of equal documents is empty; Apply of a difference to the
// first document gives the second; the same two documents always give the
// same list. Values are the text of the canonical form; a whole row is its
// canonical JSON.
//
// The package does not know who changed what or when, what is stored, whether
// a change is allowed, or any language: words come from i18n at the edge.
package versions

import (
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
)

// Kind says what became of a value or of a row.
type Kind string

// A value that was empty is added, one that became empty is removed.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Change is one difference. Path is canonical (items[2].hs_code, counted from
// 0). Rows count as the second document has them; only the row of a removal
// (items[2] alone) counts as the first one had it, because it is in no other.
type Change struct {
	Path string `json:"path"`
	Old  string `json:"old,omitzero"`
	New  string `json:"new,omitzero"`
	Kind Kind   `json:"kind"`
}

// IsRow tells a whole row from a value.
func (c *Change) IsRow() bool { return c.Path != "" && c.Path[len(c.Path)-1] == ']' }

// Diff lists what b has otherwise than a. A line number that only follows
// from lines removed or added before it is no change: deleting line 3 of 20
// is one.
func Diff(a, b *declarations.Declaration) []Change {
	var w differ
	w.group("", planOf(), reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
	return w.out
}

type differ struct{ out []Change }

func (w *differ) group(prefix string, p *plan, a, b reflect.Value) {
	for i := range p.parts {
		part := &p.parts[i]
		x, y := a.Field(part.index), b.Field(part.index)
		switch part.kind {
		case isGroup:
			if !same(part.sub, x, y) {
				w.group(join(prefix, part.name), part.sub, x, y)
			}
		case isList:
			w.list(join(prefix, part.name), part, x, y)
		default:
			if before, after := part.text(x), part.text(y); before != after {
				w.value(join(prefix, part.name), before, after)
			}
		}
	}
}

func (w *differ) value(path, before, after string) {
	kind := Changed
	switch {
	case before == "":
		kind = Added
	case after == "":
		kind = Removed
	}
	w.out = append(w.out, Change{Path: path, Old: before, New: after, Kind: kind})
}

// list writes removals first, then the rows of b: so they are applied.
func (w *differ) list(path string, part *part, a, b reflect.Value) {
	if a.Len() == 0 && b.Len() == 0 {
		return
	}
	from := align(part, a, b)
	kept := make([]bool, a.Len())
	for _, i := range from {
		if i >= 0 {
			kept[i] = true
		}
	}
	for i, stays := range kept {
		if !stays {
			w.out = append(w.out, Change{Path: at(path, i), Old: row(a.Index(i)), Kind: Removed})
		}
	}
	renumbered := numbered(part, a)
	for j, i := range from {
		if i < 0 {
			w.out = append(w.out, Change{Path: at(path, j), New: row(b.Index(j)), Kind: Added})
			continue
		}
		w.row(path, part, j, renumbered, a.Index(i), b.Index(j))
	}
}

func (w *differ) row(path string, part *part, j int, renumbered bool, a, b reflect.Value) {
	if part.number < 0 {
		if !same(part.sub, a, b) {
			w.group(at(path, j), part.sub, a, b)
		}
		return
	}
	expected := a.Field(part.number).String()
	if renumbered {
		expected = strconv.Itoa(j + 1)
	}
	if got := b.Field(part.number).String(); got != expected {
		w.value(join(at(path, j), part.numberName), expected, got)
	}
	if !same(part.rest, a, b) {
		w.group(at(path, j), part.rest, a, b)
	}
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// row is the canonical JSON of a row. What was read is UTF-8, and nothing
// else in the types can fail.
func row(v reflect.Value) string {
	b, err := json.Marshal(v.Interface(), json.Deterministic(true))
	if err != nil {
		panic("versions: " + err.Error())
	}
	return string(b)
}

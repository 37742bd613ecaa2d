package customsxml

import (
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// group is the layout of the elements inside one element: the scalar fields of
// a T, how they are found by name and written, and the parts that stand among them.
type group[T any] struct {
	fields []declarations.Field[T]
	index  map[string]int
	tags   []tag
	indent string // of its elements

	parts  []part[T]
	before []int          // field that the part is written before
	within map[string]int // part by the elements that begin it
}

// part is what stands inside a P and is no scalar: a single group, or a list of groups.
type part[P any] interface {
	about() *about
	write(w *writer, v *P)
	read(p *parser, v *P, e *strictxml.Element)
	// locate goes to a canonical path below P; false: the path is not of this part.
	locate(w *walk, path string) bool
	// holds tells whether the place of a carried element, given as its steps
	// from P, is there, and whether the element is modelled at it.
	holds(dir declarations.Direction, v *P, steps []string) (modelled, known bool)
	// outline adds the elements of the part; at is the canonical path of v.
	outline(o *outline, v *P, at string)
}

// about says how a part is found.
type about struct {
	names []string // elements that begin it; the first is the one that is written
	row   string   // element that is one row of it
	twice string   // fault when it comes again; empty when it may
	// optional: an empty element is the same as none.
	optional bool
}

// tag holds the constant bytes around one value. Abolished fields have no
// open tag: whatever they hold is not written.
type tag struct{ open, close, empty string }

func layout[T any](fields []declarations.Field[T], depth int) group[T] {
	g := group[T]{
		fields: fields, index: make(map[string]int, len(fields)), tags: make([]tag, len(fields)),
		indent: indentation(depth), within: map[string]int{},
	}
	for i, f := range fields {
		g.index[f.Element] = i
		t := tag{empty: g.indent + "<" + f.Element + "/>\n"}
		if !strings.HasPrefix(f.Path, "deprecated.") {
			t.open, t.close = g.indent+"<"+f.Element+">", "</"+f.Element+">\n"
		}
		g.tags[i] = t
	}
	return g
}

func indentation(depth int) string { return strings.Repeat("  ", depth) }

// with adds a part behind the element of that name; empty: behind all.
func (g group[T]) with(behind string, p part[T]) group[T] {
	at := len(g.fields)
	if behind != "" {
		at = g.index[behind] + 1
	}
	for _, name := range p.about().names {
		g.within[name] = len(g.parts)
	}
	g.parts, g.before = append(g.parts, p), append(g.before, at)
	return g
}

// find gives the index of an element. Documents are mostly in writing order,
// so the one behind the last found is tried first.
func (g *group[T]) find(local string, after int) (int, bool) {
	if next := after + 1; next < len(g.fields) && g.fields[next].Element == local {
		return next, true
	}
	i, ok := g.index[local]
	return i, ok
}

// holds tells whether the element that steps lead to is modelled in the group,
// and whether the group that they lead through is there.
func (g *group[T]) holds(dir declarations.Direction, t *T, steps []string) (modelled, known bool) {
	name, _, _ := strings.Cut(steps[0], "[")
	n, isPart := g.within[name]
	if len(steps) == 1 {
		_, isField := g.index[steps[0]]
		return isField || isPart, true
	}
	if !isPart {
		return false, false
	}
	return g.parts[n].holds(dir, t, steps)
}

// hasContent reports whether any field that is written has a value.
func (g *group[T]) hasContent(t *T) bool {
	for i := range g.fields {
		if g.tags[i].open != "" && g.fields[i].Value(t) != "" {
			return true
		}
	}
	return false
}

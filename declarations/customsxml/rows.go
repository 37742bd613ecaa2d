package customsxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
)

// rows is a list of groups inside a P, in a wrapper or bare.
type rows[P, T any] struct {
	wrapper, element string
	tolerated        string // wrapper that is read around rows that are written bare
	path             string // of the list in the canonical JSON, relative to P
	depth            int    // of its outermost element
	required         bool   // the wrapper is written without rows as well
	empties          bool   // empty elements are written when the author's form has them
	list             func(*P) *[]T
	layout           func(declarations.Direction) *group[T]
	own              func(*T) *[]declarations.Carried // where a row keeps what it carries; nil: with the message

	info                                           about
	indent, openWrapper, closeWrapper, open, close string
}

func (r rows[P, T]) ready() rows[P, T] {
	depth := r.depth
	r.indent = indentation(depth)
	r.info = about{names: []string{r.element}, row: r.element}
	if r.tolerated != "" {
		r.info.names = append(r.info.names, r.tolerated)
	}
	if r.wrapper != "" {
		r.info = about{names: []string{r.wrapper}, row: r.element, twice: codeDuplicate, optional: !r.required}
		r.openWrapper, r.closeWrapper = r.indent+"<"+r.wrapper+">\n", r.indent+"</"+r.wrapper+">\n"
		depth++
	}
	r.open, r.close = indentation(depth)+"<"+r.element+">\n", indentation(depth)+"</"+r.element+">\n"
	return r
}

func (r *rows[P, T]) about() *about { return &r.info }

// write writes the list when there is any row.
func (r *rows[P, T]) write(w *writer, v *P) {
	list := *r.list(v)
	if len(list) == 0 && (r.wrapper == "" || !r.required && !w.carries(r.wrapper)) {
		w.emptyGroup(r.wrapper)
		return
	}
	if r.wrapper != "" {
		w.b = append(w.b, r.openWrapper...)
		w.trail = append(w.trail, step{r.wrapper, -1})
	}
	g := r.layout(w.d.Header.TradeDirection)
	for i := range list {
		w.b = append(w.b, r.open...)
		r.row(w, g, &list[i], i)
		w.b = append(w.b, r.close...)
	}
	if r.wrapper != "" {
		if len(w.strays.list) > 0 {
			w.unknown(r.indent+"  ", nil)
		}
		w.trail = w.trail[:len(w.trail)-1]
		w.b = append(w.b, r.closeWrapper...)
	}
}

func (r *rows[P, T]) row(w *writer, g *group[T], t *T, i int) {
	base, outer := w.base, w.strays
	w.trail = append(w.trail, step{r.element, i})
	if r.own != nil {
		w.base, w.strays = len(w.trail), straysOf(*r.own(t))
	}
	g.write(w, t, r.empties && w.o.EmptyElements)
	w.trail, w.base, w.strays = w.trail[:len(w.trail)-1], base, outer
}

func (r *rows[P, T]) holds(dir declarations.Direction, v *P, steps []string) (modelled, known bool) {
	if r.wrapper != "" {
		if steps[0] != r.wrapper {
			return false, false
		}
		if steps = steps[1:]; len(steps) == 1 {
			return steps[0] == r.element, true
		}
	}
	element, row, ok := cutRow(steps[0])
	list := *r.list(v)
	if !ok || element != r.element || row > len(list) || r.own != nil {
		return false, false
	}
	return r.layout(dir).holds(dir, &list[row-1], steps[1:])
}

// locate goes to the list, to a row (items[2]) or to what stands in it.
func (r *rows[P, T]) locate(w *walk, path string) bool {
	rest, ok := strings.CutPrefix(path, r.path)
	if !ok || rest != "" && rest[0] != '[' {
		return false
	}
	if r.wrapper != "" {
		w.into(r.wrapper)
	}
	if rest == "" {
		return true
	}
	number, rest, _ := strings.Cut(rest[1:], "]")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 {
		return true
	}
	if r.tolerated != "" && w.el.Child(r.element) == nil && w.el.Child(r.tolerated) != nil {
		w.into(r.tolerated)
	}
	w.intoRow(r.element, i)
	r.layout(w.dir).locate(w, strings.TrimPrefix(rest, "."))
	return true
}

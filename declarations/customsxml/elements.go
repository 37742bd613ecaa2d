package customsxml

import (
	"strings"

	"kouan/declarations"
)

// Element is one scalar element of the message, bound to the declaration that
// holds its value.
type Element struct {
	Group, Name string // of the interface: DecGoodsLimit, LicenceNo
	Path        string // canonical: items[0].licences[0].number
	Kind        declarations.Kind
	Length      int
	Decimals    int
	Need        declarations.Need
	Abolished   bool // read, and written empty

	Value func() string
	Set   func(string)
}

// Elements are all elements of the interface, group by group, for the
// direction of d. A list of d without rows gets one; of others the first row
// is taken. The attribute Version of DecMessage is not among them.
func Elements(d *declarations.Declaration) []Element {
	o := outline{dir: d.Header.TradeDirection}
	decMessage.outline(&o, "", d, "")
	return o.elements
}

type outline struct {
	dir      declarations.Direction
	elements []Element
}

func (s *single) outline(o *outline, d *declarations.Declaration, _ string) {
	s.layout.outline(o, s.name, d, "")
}

func (r *rows[P, T]) outline(o *outline, v *P, at string) {
	list := r.list(v)
	if len(*list) == 0 {
		*list = make([]T, 1)
	}
	r.layout(o.dir).outline(o, r.element, &(*list)[0], at+declarations.IndexPath(r.path, 0, "")+".")
}

// outline adds the fields of a group, and behind them those of its parts.
func (g *group[T]) outline(o *outline, name string, t *T, at string) {
	for i := range g.fields {
		f := &g.fields[i]
		o.elements = append(o.elements, Element{
			Group: name, Name: f.Element, Path: at + f.PathIn(o.dir),
			Kind: f.Kind, Length: f.Length, Decimals: f.Decimals, Need: f.Need,
			Abolished: strings.HasPrefix(f.Path, "deprecated."),
			Value:     func() string { return f.Value(t) },
			Set:       func(v string) { f.Set(t, v) },
		})
	}
	for _, p := range g.parts {
		p.outline(o, t, at)
	}
}

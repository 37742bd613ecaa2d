package wcoxml

import (
	"slices"

	"kouan/declarations"
)

// documentBlock: a document of the declaration, one character of kind here,
// stands at the first line without a category (WCO D006, D005). No public
// table pairs the kinds, so both are as unverified as the kind.
func documentBlock() block[declaration] {
	class := itemNode().Child("AdditionalDocument")
	category, id, kind, off := class.Child("CategoryCode"), class.Child("ID"), class.Child("TypeCode"), class.Child("WriteOff")
	row := pair("items[].documents[].type_code", kind.Path())
	read := func(r *reader, e *element, d *declaration) {
		for _, item := range items(e)[:min(1, len(items(e)))] {
			for _, g := range item.all(class) {
				if v := g.word(kind); g.find(category, 1) == nil && g.find(off, 1) == nil && len(v) <= 1 && r.open(row, g) {
					d.Documents = append(d.Documents, declarations.Document{TypeCode: v, Number: g.word(id)})
				}
			}
		}
	}
	return block[declaration]{names: []string{"documents"}, read: read, write: func(w *writer, e *element, d *declaration) {
		if len(d.Documents) == 0 {
			return
		}
		var now declaration
		if read(&w.reader, e, &now); slices.Equal(now.Documents, d.Documents) {
			return
		}
		for i := range d.Documents {
			x := &d.Documents[i]
			kindName, idName := declarations.IndexPath("documents", i, "type_code"), declarations.IndexPath("documents", i, "number")
			lines := items(e)
			switch {
			case !w.unverified:
				w.loseAll(reasonUnverified, kindName, x.TypeCode, idName, x.Number)
				continue
			case len(lines) == 0 || i < len(now.Documents) && now.Documents[i] == *x:
				continue
			}
			g := lines[0].add(class)
			w.set(g.make(kind, 1), kindName, x.TypeCode)
			w.set(g.make(id, 1), idName, x.Number)
			for _, n := range []*Node{kind, id} {
				if c := g.find(n, 1); c.text == "" {
					g.remove(c)
				}
			}
			if len(g.children) == 0 {
				lines[0].remove(g)
			}
		}
	}}
}

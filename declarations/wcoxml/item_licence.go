package wcoxml

import (
	"slices"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// licenceBlock: a licence of the line is a document with a writing-off; one
// without a quantity cannot be told from other documents.
func licenceBlock() block[declarations.Item] {
	class := itemNode().Child("AdditionalDocument")
	kind, id, off := class.Child("TypeCode"), class.Child("ID"), class.Child("WriteOff")
	quantity := off.Child("QuantityQuantity")
	row := pair("items[].licences[].number", class.Path()+"/ID")
	licence := func(r *reader, g *element) (declarations.Licence, bool) {
		o := g.find(off, 1)
		if o == nil {
			return declarations.Licence{}, false
		}
		q := o.find(quantity, 1)
		if q == nil || q.absent {
			return declarations.Licence{}, false
		}
		l := declarations.Licence{TypeCode: g.word(kind), Number: g.word(id), WriteoffQuantity: trimmed(q.text)}
		l.WriteoffUnitCode, _ = unit.read(r.codes, q.attr(unitCode))
		return l, true
	}
	read := func(r *reader, e *element, it *declarations.Item) {
		for _, g := range e.all(class) {
			if l, ok := licence(r, g); ok && r.open(row, g) {
				l.ItemNumber = it.LineNumber // a licence names the line that it stands in (V069)
				it.Licences = append(it.Licences, l)
			}
		}
	}
	return block[declarations.Item]{names: []string{"licences"}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		if !w.bare {
			var now declarations.Item
			read(&w.reader, e, &now)
			if slices.EqualFunc(now.Licences, it.Licences, sameLicence) {
				return
			}
			for _, g := range slices.Clone(e.all(class)) {
				if _, ok := licence(&w.reader, g); ok {
					e.remove(g)
				}
			}
		}
		for i := range it.Licences {
			l := &it.Licences[i]
			at := func(name string) string { return declarations.IndexPath("licences", i, name) }
			if _, ok := declarations.Decimal(l.WriteoffQuantity).Number(); !ok {
				for _, x := range [][2]string{{"type_code", l.TypeCode}, {"number", l.Number}, {"writeoff_quantity", l.WriteoffQuantity}, {"writeoff_unit_code", l.WriteoffUnitCode}} {
					if x[1] != "" {
						w.lose(at(x[0]), class.Path(), reasonNoCode, x[1])
					}
				}
				continue
			}
			g := e.add(class)
			for _, x := range []struct {
				node        *Node
				name, value string
			}{{id, "number", l.Number}, {kind, "type_code", l.TypeCode}} {
				if x.value == "" {
					continue
				}
				w.set(g.make(x.node, 1), at(x.name), x.value)
				if c := g.find(x.node, 1); c.text == "" {
					g.remove(c)
				}
			}
			var attrs []strictxml.Attr
			if text, reason := unit.write(w.codes, l.WriteoffUnitCode); l.WriteoffUnitCode != "" {
				if reason != "" {
					w.lose(at("writeoff_unit_code"), quantity.Path()+"@"+unitCode, reason, l.WriteoffUnitCode)
				}
				if text != "" {
					attrs = []strictxml.Attr{{Local: unitCode, Value: text}}
				}
			}
			w.set(g.make(off, 1).make(quantity, 1), at("writeoff_quantity"), l.WriteoffQuantity, attrs...)
			if g.find(off, 1).find(quantity, 1).text == "" {
				g.remove(g.find(off, 1))
			}
		}
	}}
}

func sameLicence(a, b declarations.Licence) bool {
	return a.TypeCode == b.TypeCode && a.Number == b.Number && a.WriteoffQuantity == b.WriteoffQuantity && a.WriteoffUnitCode == b.WriteoffUnitCode
}

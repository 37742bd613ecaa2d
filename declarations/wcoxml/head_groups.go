package wcoxml

import "kouan/declarations"

// firstGroup is a field that stands in the first group of a class that is
// meant: the first that has the leaf. The map may know it by another name.
func firstGroup(name, mapped, class, leaf string, meant func(*element) bool, at func(*declaration) *string) block[declaration] {
	row := pair(mapped, head+class+"/"+leaf)
	p := below(Root(), class)
	n := p.leaf().Child(leaf)
	first := func(e *element) *element {
		parent := e
		if len(p) > 1 {
			if parent = e.at(p[:len(p)-1]); parent == nil {
				return nil
			}
		}
		for _, g := range parent.all(p.leaf()) {
			if c := g.find(n, 1); c != nil && meant(g) {
				return g
			}
		}
		return nil
	}
	read := func(r *reader, e *element, d *declaration) {
		if g := first(e); g != nil && r.open(row, g) {
			*at(d) = g.word(n)
		}
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := *at(d)
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); *at(&now) == v {
				return
			}
		}
		g := first(e)
		switch {
		case v == "":
			if g != nil {
				g.remove(g.find(n, 1))
			}
			return
		case g == nil:
			parent := e
			if len(p) > 1 {
				parent = e.put(p[:len(p)-1])
			}
			g = parent.add(p.leaf())
			w.set(g.make(n, 1), name, v)
			if c := g.find(n, 1); c.text == "" {
				parent.remove(g)
				if len(p) > 1 && len(parent.children) == 0 {
					e.take(p[:len(p)-1])
				}
			}
			return
		}
		w.set(g.find(n, 1), name, v)
	}}
}

// notAmendment leaves out the reason text of an amendment (WCO 369 = AES).
func notAmendment(g *element) bool { return g.word(g.node.Child("StatementTypeCode")) != "AES" }

func anyGroup(*element) bool { return true }

// contractDocument is the document type contract of UN/EDIFACT 1001, which the
// field map names; no sample uses it.
const contractDocument = "315"

// contractBlock: the contract number as a document of the declaration.
func contractBlock() block[declaration] {
	const name = "declaration.contract_number"
	row := pair(name, "/Declaration/AdditionalDocument/ID")
	class := Root().Child("AdditionalDocument")
	id, kind := class.Child("ID"), class.Child("TypeCode")
	find := func(e *element) *element {
		for _, g := range e.all(class) {
			if g.word(kind) == contractDocument {
				return g
			}
		}
		return nil
	}
	read := func(r *reader, e *element, d *declaration) {
		if g := find(e); g != nil && r.open(row, g) {
			d.Header.ContractNumber = g.word(id)
		}
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := d.Header.ContractNumber
		if !w.unverified {
			if v != "" {
				w.lose(name, row.Path, reasonUnverified, v)
			}
			return
		}
		g := find(e)
		switch {
		case v == "" || g != nil && g.word(id) == v:
			return
		case g == nil:
			g = e.add(class)
		}
		w.set(g.make(id, 1), name, v)
		if g.find(id, 1).text == "" {
			e.remove(g)
			return
		}
		w.set(g.make(kind, 1), name, contractDocument)
	}}
}

// authorisationBlock: the kind of a qualification and its number; the number
// of WCO is that of the holder, so it is written and not read.
func authorisationBlock() block[declaration] {
	const kind, number = "authorisations[].type_code", "authorisations[].number"
	row := pair(kind, "/Declaration/AuthorisationHolder/CategoryCode")
	class := Root().Child("AuthorisationHolder")
	id, category := class.Child("ID"), class.Child("CategoryCode")
	read := func(r *reader, e *element, d *declaration) {
		for _, g := range e.all(class) {
			if v := g.word(category); v != "" && r.open(row, g) {
				d.Authorisations = append(d.Authorisations, declarations.Authorisation{TypeCode: v})
			}
		}
	}
	return block[declaration]{names: []string{kind, number}, read: read, write: func(w *writer, e *element, d *declaration) {
		if len(d.Authorisations) == 0 {
			return
		}
		var now declaration
		read(&w.reader, e, &now)
		for i := range d.Authorisations {
			a := &d.Authorisations[i]
			typeName, numberName := declarations.IndexPath("authorisations", i, "type_code"), declarations.IndexPath("authorisations", i, "number")
			switch {
			case !w.unverified:
				w.loseAll(reasonUnverified, typeName, a.TypeCode, numberName, a.Number)
				continue
			case wrong(category, a.TypeCode) != "":
				w.loseAll(reasonTooLong, typeName, a.TypeCode, numberName, a.Number)
				continue
			case i < len(now.Authorisations) && now.Authorisations[i].TypeCode == a.TypeCode && a.Number == "":
				continue
			}
			g := e.add(class)
			w.set(g.make(category, 1), typeName, a.TypeCode)
			if a.Number != "" {
				w.set(g.make(id, 1), numberName, a.Number)
				if c := g.find(id, 1); c.text == "" {
					g.remove(c)
				}
			}
		}
	}}
}

package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func (p *parser) head(e *strictxml.Element) {
	if !p.first(&p.once.head, codeGroups, e) {
		return
	}
	present, empty := p.scalars(&headGroup, e, stray{group: "DecHead"})
	p.doc.Form.EmptyElements = empty > len(headGroup.fields)-present
}

func (p *parser) freeText(e *strictxml.Element) {
	if p.first(&p.once.freeText, codeDuplicate, e) {
		p.scalars(&freeTextGroup, e, stray{group: "DecFreeTxt"})
	}
}

func (p *parser) signature(e *strictxml.Element) {
	if p.first(&p.once.sign, codeGroups, e) {
		p.scalars(&signGroup, e, stray{group: "DecSign"})
	}
}

// scalars reads a group whose fields live in the declaration itself.
func (p *parser) scalars(g *group[declarations.Declaration], e *strictxml.Element, s stray) (present, empty int) {
	s.into, s.row = &p.doc.Declaration.Carried, -1
	return readScalars(p, g, &p.doc.Declaration, e, s)
}

// readScalars reads the fields of one group and gives the number of elements,
// and of empty ones among them. What is no field goes to s.
func readScalars[T any](p *parser, g *group[T], t *T, e *strictxml.Element, s stray) (present, empty int) {
	p.groupForm(e)
	var seen [2]uint64 // a group has at most 91 fields
	last := -1
	for _, c := range e.Children {
		if p.foreign(c) {
			continue
		}
		i, ok := g.find(c.Local, last)
		if !ok {
			p.carry(s, c)
			continue
		}
		last = i
		if seen[i/64]&(1<<(i%64)) != 0 {
			p.reject(codeDuplicate, c, "element", c.Local)
			continue
		}
		seen[i/64] |= 1 << (i % 64)
		present++
		if c.Text == "" && len(c.Children) == 0 {
			empty++
		}
		setScalar(p, &g.fields[i], t, c)
	}
	return present, empty
}

func setScalar[T any](p *parser, f *declarations.Field[T], t *T, c *strictxml.Element) {
	if len(c.Attrs) > 0 {
		p.noAttributes(c)
	}
	if len(c.Children) > 0 {
		p.reject(declarations.CodeWrongType, c, "want", "text", "got", "child_element", "child", c.Children[0].Local)
		return
	}
	f.Set(t, c.Text)
}

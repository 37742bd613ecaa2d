package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// read reads the elements of a group and gives the number of its scalars, and
// of empty ones among them. What is no field and no part is carried; old names
// elements that are known and have no place any more.
func (g *group[T]) read(p *parser, t *T, e *strictxml.Element, old map[string]bool) (present, empty int) {
	p.groupForm(e)
	var seen, blank [2]uint64 // a group has at most 98 fields
	var once uint64
	last := -1
	for _, c := range e.Children {
		if p.foreign(c) {
			continue
		}
		i, ok := g.find(c.Local, last)
		if !ok {
			g.readOther(p, t, c, &once, old)
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
			blank[i/64] |= 1 << (i % 64)
		}
		setScalar(p, &g.fields[i], t, c)
	}
	if empty > 0 {
		if p.doc.Form.Empty == nil {
			p.doc.Form.Empty = Blanks{}
		}
		p.doc.Form.Empty[p.trail.string()] = blank
	}
	return present, empty
}

func (g *group[T]) readOther(p *parser, t *T, c *strictxml.Element, once *uint64, old map[string]bool) {
	n, ok := g.within[c.Local]
	switch {
	case ok:
		g.readPart(p, t, n, c, once)
	case old[c.Local]:
		p.leave(c)
	default:
		p.carry(c)
	}
}

// readPart reads one part; once has the parts that were there before.
func (g *group[T]) readPart(p *parser, t *T, n int, c *strictxml.Element, once *uint64) {
	part := g.parts[n]
	if code := part.about().twice; code != "" && *once&(1<<n) != 0 {
		p.reject(code, c, "element", c.Local)
		return
	}
	*once |= 1 << n
	part.read(p, t, c)
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

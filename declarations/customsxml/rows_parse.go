package customsxml

import "kouan/declarations/strictxml"

// read reads one bare row, or the rows of a wrapper.
func (r *rows[P, T]) read(p *parser, v *P, e *strictxml.Element) {
	list := r.list(v)
	if e.Local == r.element {
		if !p.tooMany(len(*list), e) {
			r.readRow(p, list, e)
		}
		return
	}
	p.groupForm(e)
	if r.wrapper != "" {
		p.trail = append(p.trail, step{r.wrapper, -1})
		defer func() { p.trail = p.trail[:len(p.trail)-1] }()
	}
	for _, c := range e.Children {
		switch {
		case p.foreign(c):
		case c.Local == r.element && p.tooMany(len(*list), c):
			return
		case c.Local == r.element:
			if *list == nil {
				*list = make([]T, 0, min(len(e.Children), 64))
			}
			r.readRow(p, list, c)
		default:
			p.carry(c)
		}
	}
}

func (r *rows[P, T]) readRow(p *parser, list *[]T, e *strictxml.Element) {
	i := len(*list)
	var none T
	*list = append(*list, none)
	t := &(*list)[i]
	base, carried := p.base, p.carried
	p.trail = append(p.trail, step{r.element, i})
	if r.own != nil {
		p.base, p.carried = len(p.trail), r.own(t)
	}
	r.layout(p.doc.Declaration.Header.TradeDirection).read(p, t, e, nil)
	if r.own != nil {
		sortCarried(*p.carried)
	}
	p.trail, p.base, p.carried = p.trail[:len(p.trail)-1], base, carried
}

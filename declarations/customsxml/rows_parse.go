package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func (p *parser) attachment(e *strictxml.Element, list []declarations.Attachment) []declarations.Attachment {
	if p.tooMany(len(list), e) {
		return list
	}
	return append(list, row(p, &attachmentRows, e, len(list)))
}

func (p *parser) originLink(e *strictxml.Element, list []declarations.OriginLink) []declarations.OriginLink {
	if p.tooMany(len(list), e) {
		return list
	}
	return append(list, row(p, &originLinkRows, e, len(list)))
}

// wrapped reads the rows of one wrapper; a second wrapper is a fault.
func wrapped[T any](p *parser, r *rows[T], e *strictxml.Element, list []T) []T {
	at := &p.once.containers
	if r.wrapper == documentRows.wrapper {
		at = &p.once.documents
	}
	if !p.first(at, codeDuplicate, e) {
		return list
	}
	p.groupForm(e)
	for _, c := range e.Children {
		switch {
		case p.foreign(c):
		case c.Local == r.element && p.tooMany(len(list), c):
			return list
		case c.Local == r.element:
			list = append(list, row(p, r, c, len(list)))
		default:
			p.carry(stray{into: &p.doc.Declaration.Carried, group: r.wrapper, row: -1}, c)
		}
	}
	return list
}

func row[T any](p *parser, r *rows[T], e *strictxml.Element, i int) T {
	group := r.element
	if r.wrapper != "" {
		group = r.wrapper + "/" + r.element
	}
	var t T
	readScalars(p, &r.layout, &t, e, stray{into: &p.doc.Declaration.Carried, group: group, row: i})
	return t
}

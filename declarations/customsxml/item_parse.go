package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func (p *parser) items(e *strictxml.Element) {
	if !p.first(&p.once.lists, codeDuplicate, e) {
		return
	}
	p.groupForm(e)
	d := &p.doc.Declaration
	g := itemGroup(d.Header.TradeDirection)
	d.Items = make([]declarations.Item, 0, min(len(e.Children), 64))
	for _, c := range e.Children {
		switch {
		case p.foreign(c):
		case c.Local == "DecList" && p.tooMany(len(d.Items), c):
			return
		case c.Local == "DecList":
			d.Items = append(d.Items, declarations.Item{})
			it := &d.Items[len(d.Items)-1]
			readScalars(p, g, it, c, stray{into: &it.Carried, item: true, row: -1})
			sortItemCarried(it.Carried)
		default:
			p.carry(stray{into: &d.Carried, group: "DecLists", row: -1}, c)
		}
	}
	if len(d.Items) == 0 {
		d.Items = nil
	}
}

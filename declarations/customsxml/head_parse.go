package customsxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func (s *single) read(p *parser, d *declarations.Declaration, e *strictxml.Element) {
	p.trail = append(p.trail, step{s.name, -1})
	present, empty := s.layout.read(p, d, e, s.old)
	p.trail = p.trail[:len(p.trail)-1]
	if s == &headPart {
		p.doc.Form.EmptyElements = empty > len(s.layout.fields)-present
	}
}

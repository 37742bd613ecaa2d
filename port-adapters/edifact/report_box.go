package edifact

import (
	"slices"
	"strings"

	"kouan/declarations"
)

// box is what EQD says.
func box(s *Segment) ReportBox {
	return ReportBox{Number: strings.ToUpper(word(s.Value(2, 1))), SizeType: word(s.Value(3, 1)), Direction: s.Value(5, 1), Fill: s.Value(6, 1), segment: s}
}

// equipment reads a group that EQD opens, with the groups inside.
func (p *reporter) equipment(g *Group) {
	if g.Segments[0].Tag() != "EQD" {
		return
	}
	b := box(&g.Segments[0])
	walkGroups(g, func(g *Group) {
		for i := range g.Segments {
			p.ofBox(&b, &g.Segments[i])
		}
	})
	p.r.Boxes = append(p.r.Boxes, b)
}

// moved are the qualifiers of the time at which a box was moved, by message.
var moved = map[string][]string{
	"CODECO": {"7"},
	"COARRI": {"203", "96", "403", "404"},
	"IFTSTA": {"334"},
	"VERMAS": {"WAT", "798"},
}

// ofBox reads one segment about a box.
func (p *reporter) ofBox(b *ReportBox, s *Segment) {
	qualifier := s.Value(1, 1)
	switch s.Tag() {
	case "RFF":
		number := word(s.Value(1, 2))
		switch qualifier {
		case "BM":
			b.Bill = number
		case "BN":
			b.Booking = number
		case "RE":
			b.Release = number
		}
	case "DTM":
		if slices.Contains(moved[p.m.Type], qualifier) {
			b.At = p.when(s)
		}
	case "LOC":
		p.ofPlace(b, s)
	case "MEA":
		p.weight(b, s)
	case "SEL":
		if n := word(s.Value(1, 1)); n != "" {
			b.Seals = append(b.Seals, n)
		}
	case "TMP":
		b.SetPoint = p.number(s, 2, 1)
	case "DGS":
		if n := word(s.Value(3, 1)); n != "" {
			b.UNNumbers = append(b.UNNumbers, n)
		}
	case "DAM":
		b.Damaged = true
	case "FTX":
		if code := s.Value(3, 1); (qualifier == "HAN" || qualifier == "AAI") && (code == "DIRECT" || code == "DIRECT_LOAD") {
			b.Direct = true
		}
	case "HAN":
		b.Direct = b.Direct || qualifier == "DIR"
	case "TDT":
		if qualifier == "1" || qualifier == "30" {
			b.Plate = word(s.Value(8, 1))
		}
	case "DOC":
		if qualifier == "SM1" || qualifier == "SM2" {
			b.Weighed = qualifier
		}
	}
}

func (p *reporter) ofPlace(b *ReportBox, s *Segment) {
	place, terminal := word(s.Value(2, 1)), word(s.Value(3, 1))
	switch s.Value(1, 1) {
	case "147":
		b.Cell = place
	case "9":
		b.LoadPort = place
	case "11":
		b.UnloadPort = place
	case "7", "83":
		b.Destination = place
	case "99":
		b.ReturnPlace = place
	case "165", "175":
		if b.Terminal = terminal; terminal == "" {
			b.Terminal = place
		}
		b.YardPlace = word(s.Value(4, 1)) // the second related place: the cell of the yard
	}
}

// weight reads MEA: gross mass and verified gross mass in kg.
func (p *reporter) weight(b *ReportBox, s *Segment) {
	what := s.Value(2, 1)
	if q := s.Value(1, 1); q == "WT" || q == "VGM" { // SMDG 2.2
		what = q
	}
	if what != "G" && what != "WT" && what != "VGM" {
		return
	}
	if unit := s.Value(3, 1); unit != "KGM" {
		p.warn(s, 3, 1, CodeMeaning, "id", "6411", "value", shown(unit))
		return
	}
	if n := p.number(s, 3, 2); what == "VGM" {
		b.VGMKg = n
	} else {
		b.GrossKg = n
	}
}

// number is a decimal with a point, whatever mark was used.
func (p *reporter) number(s *Segment, e, c int) declarations.Decimal {
	text := strings.Replace(s.Value(e, c), ",", ".", 1)
	d := declarations.Decimal(text)
	if text == "" || d.Fits(19, 5, true) {
		return d
	}
	p.warn(s, e, c, CodeNumeric, "id", s.Tag(), "value", shown(text))
	return ""
}

// cell reads a group of BAPLIE: the place on the ship, and the box in it.
func (p *reporter) cell(g *Group) {
	first := &g.Segments[0]
	if first.Tag() != "LOC" || first.Value(1, 1) != "147" {
		return
	}
	b := ReportBox{segment: first}
	walkGroups(g, func(g *Group) {
		for i := range g.Segments {
			s := &g.Segments[i]
			if s.Tag() == "EQD" {
				e := box(s)
				b.Number, b.SizeType, b.Direction, b.Fill, b.segment = e.Number, e.SizeType, e.Direction, e.Fill, s
				continue
			}
			p.ofBox(&b, s)
		}
	})
	p.r.Boxes = append(p.r.Boxes, b)
}

// milestones reads a consignment of IFTSTA: one entry a status.
func (p *reporter) milestones(g *Group) {
	if g.Segments[0].Tag() != "CNI" {
		return
	}
	bill := word(g.Segments[0].Value(2, 1))
	for _, status := range g.Groups {
		b := ReportBox{Bill: bill, Status: word(status.Segments[0].Value(2, 1)), segment: &status.Segments[0]}
		walkGroups(status, func(inner *Group) {
			for i := range inner.Segments {
				s := &inner.Segments[i]
				switch {
				case s.Tag() == "RFF" && s.Value(1, 1) == "EQ":
					b.Number = strings.ToUpper(word(s.Value(1, 2)))
				case s.Tag() == "EQD" && b.Number == "":
					b.Number = strings.ToUpper(word(s.Value(2, 1)))
				case s.Tag() == "TDT":
					p.transport(s)
				default:
					p.ofBox(&b, s)
				}
			}
		})
		p.r.Boxes = append(p.r.Boxes, b)
	}
}

// customs: the boxes of CUSRES stand before its groups.
func (p *reporter) customs(*Group) {}

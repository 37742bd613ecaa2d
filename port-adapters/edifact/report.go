package edifact

import (
	"strings"
	"time"

	"kouan/declarations"
)

// Report is what a container message says, in plain values: orders (COPARN,
// COPRAR, COREOR, COPINO), reports (CODECO, COARRI, IFTSTA), the stowage plan
// (BAPLIE), weights (VERMAS) and what customs says of boxes (CUSRES).
type Report struct {
	Type     string
	Document string // BGM 1001
	Number   string // BGM 1004
	Function string // BGM 1225: 9 original, 5 replace, 1 cancel
	At       time.Time
	Sender   string // NAD MS
	Carrier  string // NAD CF
	Voyage   string
	ShipName string
	ShipIMO  string // seven digits; empty: not told
	CallSign string
	Port     string // of the call
	Terminal string // as the sender writes it
	Booking  string
	Bill     string
	Order    string // release order, acceptance order
	Previous string // message that it replaces
	Closing  time.Time
	Boxes    []ReportBox

	Office        string   // customs office
	Site          string   // of inspection
	Declaration   string   // 18 digits
	InspectionNo  string   //
	CustomsSays   []string // GIS
	CustomsSaidAt time.Time
}

// ReportBox is what a message says about one box.
type ReportBox struct {
	Number      string
	SizeType    string
	Direction   string // 8249: 2 export, 3 import, 6 transhipment
	Fill        string // 8169: 4 empty, 5 full
	Bill        string
	Booking     string
	Release     string // number or PIN under which it is handed over
	At          time.Time
	Terminal    string
	YardPlace   string
	Cell        string // BBBRRTT on the ship
	LoadPort    string
	UnloadPort  string
	Destination string
	ReturnPlace string
	GrossKg     declarations.Decimal
	VGMKg       declarations.Decimal
	Weighed     string // SM1, SM2
	Seals       []string
	SetPoint    declarations.Decimal
	UNNumbers   []string
	Direct      bool // ship side pick-up, or direct loading
	Damaged     bool
	Plate       string // of the truck
	Status      string // 9011
	segment     *Segment
}

// reporter reads one message.
type reporter struct {
	m *Message
	r *Report
}

// ReadReport reads a container message or an answer of customs; false for
// other messages. What it cannot understand it adds to the findings of the
// message. A message whose structure was not checked says nothing sure.
func ReadReport(m *Message) (*Report, bool) {
	boxes, known := shapes[m.Type]
	if !known || m.Layout == nil {
		return nil, false
	}
	p := &reporter{m: m, r: &Report{Type: m.Type}}
	root := m.Tree()
	p.head(root)
	for _, g := range root.Groups {
		boxes(p, g)
	}
	return p.r, true
}

// shapes say how each message has its boxes.
var shapes = map[string]func(*reporter, *Group){
	"CODECO": (*reporter).equipment, "COARRI": (*reporter).equipment, "COREOR": (*reporter).equipment, "COPARN": (*reporter).equipment,
	"COPRAR": (*reporter).equipment, "COPINO": (*reporter).equipment, "VERMAS": (*reporter).equipment,
	"BAPLIE": (*reporter).cell, "IFTSTA": (*reporter).milestones, "CUSRES": (*reporter).customs,
}

func (p *reporter) warn(s *Segment, e, c int, name string, pairs ...string) {
	f := found(false, name, pairs...)
	f.Segment, f.Tag, f.Element, f.Component, f.Offset = s.Number(), s.Tag(), e, c, s.OffsetOf(e, 1, max(c, 1))
	p.m.add(&p.m.Findings, f)
}

// when reads DTM; a time that cannot be read is told.
func (p *reporter) when(s *Segment) time.Time {
	value := s.Value(1, 2)
	if value == "" {
		return time.Time{}
	}
	t, ok := readTime(value, s.Value(1, 3))
	if !ok {
		p.warn(s, 1, 2, CodeTime, "value", shown(value+" ("+s.Value(1, 3)+")"))
	}
	return t
}

// head reads what stands before the boxes.
func (p *reporter) head(root *Group) {
	r := p.r
	for i := range root.Segments {
		s := &root.Segments[i]
		switch s.Tag() {
		case "BGM":
			r.Document, r.Number, r.Function = s.Value(1, 1), word(s.Value(2, 1)), s.Value(3, 1)
		case "DTM":
			if s.Value(1, 1) == "137" {
				r.At = p.when(s)
			}
		case "TDT":
			p.transport(s)
		case "LOC":
			p.place(s)
		case "GIS":
			r.CustomsSays = append(r.CustomsSays, s.Value(1, 1))
		case "EQD":
			r.Boxes = append(r.Boxes, box(s))
		}
	}
	for _, g := range root.Groups {
		switch g.Segments[0].Tag() {
		case "RFF", "TDT", "NAD":
			walkGroups(g, p.around)
		}
	}
}

// around reads the groups of references, of the voyage and of parties.
func (p *reporter) around(g *Group) {
	r := p.r
	for i := range g.Segments {
		s := &g.Segments[i]
		switch tag, qualifier := s.Tag(), s.Value(1, 1); tag {
		case "RFF":
			p.reference(qualifier, word(s.Value(1, 2)))
		case "TDT":
			p.transport(s)
		case "LOC":
			p.place(s)
		case "NAD":
			switch qualifier {
			case "MS":
				r.Sender = word(s.Value(2, 1))
			case "CF":
				r.Carrier = word(s.Value(2, 1))
			}
		case "DTM":
			switch qualifier {
			case "180":
				r.Closing = p.when(s)
			case "204", "148": // release, acceptance by customs
				r.CustomsSaidAt = p.when(s)
			}
		}
	}
}

func (p *reporter) reference(qualifier, number string) {
	r := p.r
	switch qualifier {
	case "BN":
		r.Booking = number
	case "BM":
		r.Bill = number
	case "ATY", "ATX":
		r.Order = number
	case "ACW":
		r.Previous = number
	case "VON":
		if r.Voyage == "" {
			r.Voyage = number
		}
	case "ABT":
		r.Declaration = number
	case "ALW":
		r.InspectionNo = number
	}
}

// transport reads the ship of TDT 20.
func (p *reporter) transport(s *Segment) {
	if s.Value(1, 1) != "20" {
		return
	}
	r := p.r
	if v := word(s.Value(2, 1)); v != "" {
		r.Voyage = v
	}
	id, list := word(s.Value(8, 1)), s.Value(8, 2)
	if r.ShipName = word(s.Value(8, 4)); list == "103" {
		r.CallSign = id
	}
	if n := strings.TrimPrefix(id, "IMO"); list == "146" && len(n) == 7 && digits(n) {
		r.ShipIMO = n
	}
}

// place reads a place of the message.
func (p *reporter) place(s *Segment) {
	r := p.r
	switch s.Value(1, 1) {
	case "9", "11", "165", "88", "176":
		if terminal := word(s.Value(3, 1)); terminal != "" { // the place that has the terminal is the call
			r.Port, r.Terminal = word(s.Value(2, 1)), terminal
		} else if r.Port == "" {
			r.Port = word(s.Value(2, 1))
		}
	case "22":
		r.Office = word(s.Value(2, 1))
	case "229", "43":
		r.Site = word(s.Value(2, 1))
	}
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// word is a value as others may keep it: bounded, on one line, UTF-8.
func word(s string) string {
	const most = 200
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return cut(strings.TrimSpace(s), most)
}

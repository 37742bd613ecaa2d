package edifact

import "unicode/utf8"

// openMessage begins a message with the UNH that was just read.
func (s *scanner) openMessage() {
	if s.message != nil { // the one before it has no UNT
		pending := s.notes()
		seg := s.taken()
		s.closeMessage()
		s.text, s.values, s.base = append(s.text[:0], seg.block.text...), append(s.values[:0], seg.block.values...), seg.block.base
		s.segment, s.first = 0, 0
		s.pending = append(s.pending, pending...)
		for i := range s.pending { // back to indices of values
			s.pending[i].Element = s.index(s.pending[i].Element, s.pending[i].Component)
		}
	}
	if len(s.ic.Messages) == MaxMessages {
		s.limit(MaxMessages, "unit", "messages")
		return
	}
	s.block = &block{base: s.base, release: s.una.Release, charset: s.charset}
	s.message = &Message{Offset: s.base, Group: s.group - 1}
	s.keep()
}

// index is the value of the segment at the beginning of the text that stands at a place.
func (s *scanner) index(element, component int) int {
	for i := range s.values {
		if e, _, c := s.place(i); e == element && c == component {
			return i
		}
	}
	return 0
}

// keep adds the segment that was read to the message.
func (s *scanner) keep() {
	m := s.message
	number := len(s.list) + 1
	if len(s.pending) > 0 {
		for _, f := range s.notes() {
			f.Segment, f.Tag = number, s.tag()
			m.add(&m.Findings, f)
		}
	}
	s.list = append(s.list, Segment{block: s.block, first: uint32(s.first), last: uint32(len(s.values)), number: int32(number)})
}

// closeMessage ends the message, with or without UNT, and judges it.
func (s *scanner) closeMessage() {
	m := s.message
	if m == nil {
		return
	}
	s.message = nil
	s.block.text, s.text = string(s.text), s.text[:0]
	s.block.values, s.values = keepOf(s.values)
	m.Segments, s.list = keepOf(s.list)

	head := &m.Segments[0]
	m.Reference, m.Access = head.Value(1, 1), head.Value(3, 1)
	m.Type, m.Version, m.Release = head.Value(2, 1), head.Value(2, 2), head.Value(2, 3)
	m.Agency, m.Association = head.Value(2, 4), head.Value(2, 5)
	add := func(f Finding) { m.add(&m.Findings, f) }
	s.require(head, add)

	s.belongs(m, head)
	last := &m.Segments[len(m.Segments)-1]
	if last.Tag() == "UNT" {
		s.require(last, add)
		s.count(last, len(m.Segments), add)
		s.same(last, m.Reference, add)
	} else {
		f := s.finding(last, 0, 0, CodeNoEnd, "tag", shown(last.Tag()))
		add(f)
		s.short = true
	}
	if m.Reference != "" && s.refs[m.Reference] {
		add(s.finding(head, 1, 1, CodeDuplicate, "value", shown(m.Reference)))
	}
	s.refs[m.Reference] = true
	s.check(m)
	s.ic.Messages = append(s.ic.Messages, m)
}

// belongs settles whether the message stands in a group, alone, or where it should not.
func (s *scanner) belongs(m *Message, head *Segment) {
	s.noHeader(head)
	s.ic.Bare = s.ic.Header.block == nil
	if m.Group < 0 {
		s.loose++
		if len(s.ic.Groups) > 0 {
			s.mix(head)
		}
		return
	}
	g := &s.ic.Groups[m.Group]
	g.Messages++
	if g.Type != m.Type {
		m.add(&m.Findings, s.finding(head, 2, 1, CodeTwoTypes, "value", shown(m.Type), "expected", shown(g.Type)))
	}
}

func runes(s string) int {
	if ascii(s) {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

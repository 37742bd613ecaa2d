package edifact

import "strings"

// value is a span of the text of a block, with what came before it and
// whether its octets are not yet the value itself.
type value struct {
	start uint32
	end   uint32 // the lowest 28 bits
}

// What comes before a value, and that it must be cooked: released characters,
// line breaks or octets above ASCII are in it.
const (
	afterComponent  = 0 << 28
	afterElement    = 1 << 28
	afterRepetition = 2 << 28
	isTag           = 3 << 28
	kindMask        = 3 << 28
	raw             = 1 << 30
	endMask         = 1<<28 - 1
)

func (v value) kind() uint32  { return v.end & kindMask }
func (v value) isRaw() bool   { return v.end&raw != 0 }
func (v value) to() uint32    { return v.end & endMask }
func (v value) length() int   { return int(v.to() - v.start) }
func (v value) isEmpty() bool { return v.to() == v.start }

// block is the text that segments stand in: of one message, or of one segment
// of the envelope.
type block struct {
	text    string
	base    int64 // offset of the text in what was read
	values  []value
	release byte // 0: none
	charset *charset
}

// Segment is one segment. Elements, repetitions and components count from 1,
// as people who read EDIFACT count them; what does not stand there is empty.
type Segment struct {
	block       *block
	first, last uint32 // values
	number      int32
	group       int16
	depth       int8
	opens       bool
}

// Tag is the three letters.
func (s *Segment) Tag() string {
	if s.block == nil {
		return ""
	}
	v := s.block.values[s.first]
	return s.block.text[v.start:v.to()]
}

// Number is the place in the message, UNH = 1; 0 outside messages.
func (s *Segment) Number() int { return int(s.number) }

// Offset is the octet at which it begins.
func (s *Segment) Offset() int64 {
	if s.block == nil {
		return 0
	}
	return s.block.base + int64(s.block.values[s.first].start)
}

// Group is the segment group it was matched to; 0: none. Opens says that it
// is the trigger of a new instance, Depth how many groups are around it.
func (s *Segment) Group() int { return int(s.group) }

// Opens reports the trigger of a group.
func (s *Segment) Opens() bool { return s.opens }

// Depth is how many groups are around the segment.
func (s *Segment) Depth() int { return int(s.depth) }

// Elements is how many elements stand after the tag.
func (s *Segment) Elements() int {
	n := 0
	for _, v := range s.values() {
		if v.kind() == afterElement {
			n++
		}
	}
	return n
}

// Repetitions is how often an element stands there.
func (s *Segment) Repetitions(element int) int {
	n := 0
	s.walk(func(e, _, c int, _ value) bool {
		if e == element && c == 1 {
			n++
		}
		return e <= element
	})
	return n
}

// Components is how many components an element has.
func (s *Segment) Components(element, repetition int) int {
	n := 0
	s.walk(func(e, r, _ int, _ value) bool {
		if e == element && r == repetition {
			n++
		}
		return e <= element
	})
	return n
}

// Value is a component of the first repetition of an element.
func (s *Segment) Value(element, component int) string { return s.At(element, 1, component) }

// At is a component of any repetition.
func (s *Segment) At(element, repetition, component int) string {
	v, ok := s.find(element, repetition, component)
	if !ok {
		return ""
	}
	return s.block.cook(v)
}

// OffsetOf is the octet at which a component begins; of the segment when it does not stand there.
func (s *Segment) OffsetOf(element, repetition, component int) int64 {
	if v, ok := s.find(element, repetition, component); ok {
		return s.block.base + int64(v.start)
	}
	return s.Offset()
}

// Text is the segment as it was received, without its terminator.
func (s *Segment) Text() string {
	if s.block == nil {
		return ""
	}
	vs := s.values()
	return s.block.text[vs[0].start:vs[len(vs)-1].to()]
}

func (s *Segment) values() []value {
	if s.block == nil {
		return nil
	}
	return s.block.values[s.first:s.last]
}

func (s *Segment) find(element, repetition, component int) (value, bool) {
	e, r, c := 0, 0, 0
	for _, v := range s.values() {
		switch v.kind() {
		case afterElement:
			e, r, c = e+1, 1, 1
		case afterRepetition:
			r, c = r+1, 1
		case afterComponent:
			c++
		}
		if e > element {
			break
		}
		if e == element && r == repetition && c == component {
			return v, true
		}
	}
	return value{}, false
}

// walk visits all values after the tag; what explicit nesting puts behind the
// tag (TAG:1:2) is passed over.
func (s *Segment) walk(visit func(element, repetition, component int, v value) bool) {
	e, r, c := 0, 0, 0
	for _, v := range s.values() {
		switch v.kind() {
		case afterElement:
			e, r, c = e+1, 1, 1
		case afterRepetition:
			r, c = r+1, 1
		case afterComponent:
			c++
		}
		if e > 0 && !visit(e, r, c, v) {
			return
		}
	}
}

// cook makes the value of a span: without release characters and line breaks,
// in UTF-8. Octets that the character set does not have stay as they are.
func (b *block) cook(v value) string {
	if !v.isRaw() {
		return b.text[v.start:v.to()]
	}
	text, _ := b.charset.decode(b.octets(v))
	return text
}

// octets are those of a span without release characters and line breaks.
func (b *block) octets(v value) string {
	s := b.text[v.start:v.to()]
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); {
		n := b.charset.width(s[i:])
		switch {
		case n > 1:
		case b.release != 0 && s[i] == b.release && i+1 < len(s):
			i++
			n = b.charset.width(s[i:])
		case s[i] == '\r' || s[i] == '\n':
			i++
			continue
		}
		out.WriteString(s[i : i+n])
		i += n
	}
	return out.String()
}

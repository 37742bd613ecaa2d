package edifact

import (
	"slices"
	"strconv"
	"strings"
)

// Classes of octets, as the service characters and the repertoire of an
// interchange make them.
const (
	plain = iota
	component
	element
	repetition
	release
	terminator
	lineBreak
	foreign // not in the repertoire
	high    // above ASCII: cooked when asked for
)

// state is where the scanner is between two octets.
type state byte

const (
	between state = iota // segments
	peeking              // the first letters may be UNA or UNB
	advice               // inside UNA
	inside               // a segment
)

// scanner is fed with octets in pieces of any size and makes one interchange
// of them. Every octet is looked at once, and the result does not depend on
// where the pieces end.
type scanner struct {
	options Options
	una     UNA
	class   [256]byte
	charset *charset
	ic      *Interchange
	started bool
	lost    bool
	carry   string

	state state
	peek  []byte
	at    int64 // offset of the next octet
	*scratch
	base    int64 // offset of text[0]
	segment int   // where the segment begins in text
	first   int   // and in values
	open    value // the value that is being read
	escaped bool  // the next octet is released
	trail   int   // octets that still belong to a character of several
	pending []Finding
	blanks  bool // a finding about blanks was made for this gap
	odd     bool // the segment does not begin like one of an envelope

	envelope
}

// scratch is what grows while a message is read; what is kept of it is cut to
// size. One serves all interchanges of a stream, one after the other.
type scratch struct {
	text   []byte // of the message, or of the segment outside one
	values []value
	list   []Segment
}

// reserve makes room for data of a size, by what a segment of a container
// message has: 20 to 30 octets, 5 to 7 values.
func (s *scratch) reserve(size int) {
	size = min(size, MaxInterchange)
	s.text = slices.Grow(s.text, size)
	s.values = slices.Grow(s.values, size/4)
	s.list = slices.Grow(s.list, size/24)
}

// keepOf cuts to size: a copy, or all of it when most of it is used.
func keepOf[T any](list []T) (kept, rest []T) {
	if len(list) > 4096 && len(list) > cap(list)/2 {
		return slices.Clip(list), nil
	}
	return slices.Clone(list), list[:0]
}

func newScanner(options Options, at int64, room *scratch) *scanner {
	room.text, room.values, room.list = room.text[:0], room.values[:0], room.list[:0]
	s := &scanner{options: options, at: at, scratch: room, ic: &Interchange{UNA: Default, strict: options.Strict}}
	s.refs = map[string]bool{}
	s.setUNA(Default)
	return s
}

// begin takes the first letters of an interchange that the one before it met.
func (s *scanner) begin(carry string) {
	if carry != "" {
		s.start()
		s.feed([]byte(carry))
	}
}

func (s *scanner) start() {
	if !s.started {
		s.started, s.ic.Offset = true, s.at
	}
}

// setUNA sorts the octets anew.
func (s *scanner) setUNA(u UNA) {
	s.una = u
	for c := range s.class {
		switch b := byte(c); {
		case b >= 0x80:
			s.class[c] = high
		case s.charset != nil && !s.charset.takes(b):
			s.class[c] = foreign
		default:
			s.class[c] = plain
		}
	}
	s.class['\r'], s.class['\n'] = lineBreak, lineBreak
	s.class[u.Component], s.class[u.Element], s.class[u.Terminator] = component, element, terminator
	if u.Repetition != 0 {
		s.class[u.Repetition] = repetition
	}
	if u.Release != 0 {
		s.class[u.Release] = release
	}
}

// feed reads until p or the interchange ends.
func (s *scanner) feed(p []byte) (n int, done bool) {
	for i := 0; i < len(p); {
		if s.lost {
			s.end()
			return i, true
		}
		switch s.state {
		case between:
			switch c := p[i]; c {
			case '\r', '\n':
			case ' ', '\t':
				s.blank()
			default:
				if !s.started && (c == 0xEF || c == 0xBB || c == 0xBF) {
					break // a byte order mark is no data
				}
				s.start()
				s.blanks, s.odd = false, c != 'U'
				if c == 'U' {
					s.state, s.peek = peeking, s.peek[:0]
				} else {
					s.begins()
				}
				continue
			}
			i++
			s.at++
		case peeking:
			const what = "UNA"
			c := p[i]
			if k := len(s.peek); c == what[k] || k == 2 && c == 'B' {
				s.peek = append(s.peek, c)
				i++
				s.at++
				if k < 2 {
					continue
				}
				if s.ic.Header.block != nil || s.ic.Bare || s.junk { // the next interchange
					s.carry = string(s.peek)
					s.at -= int64(len(s.peek))
					s.end()
					return i, true
				}
				if c == 'A' {
					s.state = advice
					continue
				}
			}
			s.at -= int64(len(s.peek))
			s.begins()
			s.run(s.peek)
		case advice:
			take := min(lengthUNA-len(s.peek), len(p)-i)
			s.peek = append(s.peek, p[i:i+take]...)
			i += take
			s.at += int64(take)
			if len(s.peek) == lengthUNA {
				s.advice()
			}
		case inside:
			n := s.run(p[i:])
			i += n
			if s.closed {
				return i, true
			}
		}
	}
	if s.lost {
		s.end()
		return len(p), true
	}
	return len(p), false
}

func (s *scanner) advice() {
	u, ok := parseUNA(string(s.peek[3:]))
	s.state = between
	if !ok {
		f := found(s.options.Strict, CodeServiceChars, "value", shown(string(s.peek[3:])))
		f.Offset, f.Tag = s.at-lengthUNA+3, "UNA"
		s.ic.add(&s.ic.Findings, f)
		return
	}
	s.ic.UNA, s.ic.Advised = u, true
	announced := u
	u.Repetition = 0 // until UNB says version 4
	s.setUNA(u)
	s.announced = announced
}

// begins a segment at the next octet.
func (s *scanner) begins() {
	if s.at-s.ic.Offset > MaxInterchange {
		s.limit(MaxInterchange, "unit", "bytes")
		return
	}
	if s.message == nil {
		s.text, s.values, s.base = s.text[:0], s.values[:0], s.at
	}
	// terminators and what stands between segments are not kept, but counted:
	// the place of a value in the text is its place in what was read
	for gap := s.at - s.base - int64(len(s.text)); gap > 0; gap-- {
		s.text = append(s.text, '\n')
	}
	s.state, s.segment, s.first = inside, len(s.text), len(s.values)
	s.open = value{start: uint32(s.segment), end: isTag}
}

// run reads octets of a segment up to its terminator and says how many.
func (s *scanner) run(p []byte) int {
	from := len(s.text) // p[0] will stand there
	i := 0
	if s.escaped && len(p) > 0 {
		i = s.released(p, 0)
	}
	if s.trail > 0 {
		i += s.follow(p[i:])
	}
	class := &s.class
	for i < len(p) {
		switch class[p[i]] {
		case plain:
			i++
		case component:
			s.cut(from+i, afterComponent)
			i++
		case element:
			s.cut(from+i, afterElement)
			i++
		case repetition:
			s.cut(from+i, afterRepetition)
			i++
		case release:
			s.open.end |= raw
			s.escaped = true
			i++
			if i < len(p) {
				i = s.released(p, i)
			}
		case terminator:
			s.cut(from+i, 0)
			s.text = append(s.text, p[:i]...)
			s.at += int64(i + 1)
			s.state = between
			s.endSegment()
			return i + 1
		case lineBreak:
			if s.outside() {
				s.cut(from+i, 0)
				s.text = append(s.text, p[:i]...)
				s.at += int64(i)
				s.state = between
				s.endSegment()
				return i
			}
			s.open.end |= raw
			s.note(CodeLineBreak, from+i)
			i++
		case foreign:
			s.note(CodeCharacter, from+i, "value", shown(string(rune(p[i]))), "charset", s.charset.name)
			i++
		case high:
			s.open.end |= raw
			i += s.wide(p[i:])
		}
		if from+i-s.segment > MaxSegment {
			s.limit(MaxSegment, "unit", "bytes")
			return i
		}
	}
	s.text = append(s.text, p[:i]...)
	s.at += int64(i)
	if s.at-s.ic.Offset > MaxInterchange {
		s.limit(MaxInterchange, "unit", "bytes")
	}
	return i
}

// released passes over the character behind a release character.
func (s *scanner) released(p []byte, i int) int {
	s.escaped = false
	if p[i] >= 0x80 {
		return i // no service character: read as any other
	}
	if c := s.charset; c != nil && !c.takes(p[i]) && p[i] != '\r' && p[i] != '\n' {
		s.note(CodeCharacter, len(s.text)+i, "value", shown(string(rune(p[i]))), "charset", c.name)
	}
	return i + 1
}

// wide passes over an octet above ASCII, and in GB 18030 over those behind it,
// which may look like service characters.
func (s *scanner) wide(p []byte) int {
	if s.charset == nil || !s.charset.double || p[0] == 0x80 || p[0] == 0xff {
		return 1
	}
	s.trail = 2 // the second octet is next
	return 1 + s.follow(p[1:])
}

// follow passes over the octets of a character behind its first. One that
// cannot belong to it is left to be read as any other.
func (s *scanner) follow(p []byte) int {
	for n, c := range p {
		digit := c >= '0' && c <= '9'
		switch {
		case s.trail == 2 && digit && s.charset.four, s.trail == 3 && c > 0x80 && c < 0xff:
			s.trail++
		case s.trail == 2 && c >= 0x40 && c != 0x7f && c != 0xff, s.trail == 4 && digit:
			s.trail = 0
			return n + 1
		default:
			s.trail = 0
			return n
		}
	}
	return len(p)
}

// cut ends the open value and begins the next.
func (s *scanner) cut(at int, kind uint32) {
	s.open.end |= uint32(at)
	s.values = append(s.values, s.open)
	s.open = value{start: uint32(at + 1), end: kind}
}

// note keeps a finding about the open value for the end of the segment, when
// its place has a number. One of a kind is enough for a value.
func (s *scanner) note(name string, at int, pairs ...string) {
	if n := len(s.pending); n > 0 {
		if last := &s.pending[n-1]; last.Code == name && last.Element == len(s.values) || n > 2*maxFindings {
			return
		}
	}
	f := found(s.options.Strict, name, pairs...)
	f.Offset, f.Element = s.base+int64(at), len(s.values)
	s.pending = append(s.pending, f)
}

// blank notes blanks before a segment, once a gap; before an interchange and
// behind its end they are white space.
func (s *scanner) blank() {
	if !s.started || s.blanks {
		return
	}
	s.blanks = true
	f := found(s.options.Strict, CodeBlank)
	f.Offset = s.at
	s.ic.add(&s.ic.Findings, f)
}

func (s *scanner) limit(most int, unit ...string) {
	f := found(s.options.Strict, CodeLimit, append(unit, "limit", strconv.Itoa(most))...)
	f.Offset = s.at
	s.ic.add(&s.ic.Findings, f)
	s.lost = true
}

// finish is called when there are no more octets; nil when there was nothing.
func (s *scanner) finish() *Interchange {
	if !s.started {
		return nil
	}
	if s.state == peeking && len(s.peek) < 3 {
		s.at -= int64(len(s.peek))
		s.begins()
		s.run(s.peek)
	}
	if s.state == inside {
		name := CodeEndsEarly
		if s.escaped {
			name = CodeDangling
		}
		s.cut(len(s.text), 0)
		f := found(s.options.Strict, name)
		f.Offset = s.at
		f.Tag = s.tag()
		if s.message != nil {
			f.Segment = len(s.list) + 1
		}
		f.Element, f.Repetition, f.Component = s.place(len(s.values) - 1)
		s.ic.add(&s.ic.Findings, f)
		s.short, s.cutOff = true, true
		if s.message != nil {
			s.keep()
		}
	}
	if s.state == advice {
		f := found(s.options.Strict, CodeEndsEarly)
		f.Offset, f.Tag = s.at, "UNA"
		s.ic.add(&s.ic.Findings, f)
	}
	s.end()
	return s.result()
}

// tag is the tag of the segment that is being read.
func (s *scanner) tag() string {
	v := s.values[s.first]
	return shown(string(s.text[v.start:v.to()]))
}

// place is the element, repetition and component of a value of the segment
// that is being read.
func (s *scanner) place(index int) (e, r, c int) {
	for i := s.first + 1; i <= index && i < len(s.values); i++ {
		switch s.values[i].kind() {
		case afterElement:
			e, r, c = e+1, 1, 1
		case afterRepetition:
			r, c = r+1, 1
		case afterComponent:
			if e > 0 {
				c++
			}
		}
	}
	return e, r, c
}

// taken is the segment that was read as a block of its own.
func (s *scanner) taken() Segment {
	b := &block{text: string(s.text[s.segment:]), base: s.base + int64(s.segment), release: s.una.Release, charset: s.charset}
	for _, v := range s.values[s.first:] {
		b.values = append(b.values, value{start: v.start - uint32(s.segment), end: v.end - uint32(s.segment)})
	}
	s.text, s.values = s.text[:s.segment], s.values[:s.first]
	return Segment{block: b, last: uint32(len(b.values))}
}

// wellTagged reports three capital letters; what explicit nesting puts behind
// the tag is passed over.
func wellTagged(tag string) bool {
	return len(tag) == 3 && strings.IndexFunc(tag, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// outside reports junk: not in a message, and no segment of an envelope.
// There a line break ends what is read, so that an interchange is found again.
func (s *scanner) outside() bool {
	return s.odd && s.message == nil && s.ic.Header.block == nil
}

package edifact

import (
	"slices"
	"strconv"
	"strings"
)

// envelope is what the scanner knows of the interchange around the message
// that it reads.
type envelope struct {
	message   *Message
	block     *block // of the message; its text follows when it ends
	announced UNA
	refs      map[string]bool // 0062
	segments  int
	loose     int  // messages outside groups
	group     int  // open functional group + 1
	mixed     bool // was said
	short     bool // something ended early
	cutOff    bool // inside a segment: that was told
	closed    bool // UNZ was read
	junk      bool
	ended     bool
}

// field is one value of a service segment, with the length that syntax
// versions 1 to 4 allow at most.
type field struct {
	element, component int
	id                 string
	needed             bool
	most               int
}

// fields are the values of the service segments that are used or checked
// (ISO 9735 annex; edifact.md 1.4). A date of UNB has six or eight digits in
// every version: samples of version 2 write eight.
var fields = map[string][]field{
	"UNB": {
		{1, 1, "0001", true, 4}, {1, 2, "0002", true, 1},
		{2, 1, "0004", true, 35}, {2, 2, "0007", false, 4}, {2, 3, "0008", false, 35},
		{3, 1, "0010", true, 35}, {3, 2, "0007", false, 4}, {3, 3, "0014", false, 35},
		{4, 1, "0017", true, 8}, {4, 2, "0019", true, 4},
		{5, 1, "0020", true, 14}, {7, 1, "0026", false, 14}, {8, 1, "0029", false, 1},
		{9, 1, "0031", false, 1}, {10, 1, "0032", false, 35}, {11, 1, "0035", false, 1},
	},
	"UNG": {{1, 1, "0038", true, 6}, {5, 1, "0048", true, 14}, {6, 1, "0051", true, 3}},
	"UNH": {
		{1, 1, "0062", true, 14}, {2, 1, "0065", true, 6}, {2, 2, "0052", true, 3}, {2, 3, "0054", true, 3},
		{2, 4, "0051", true, 3}, {2, 5, "0057", false, 6}, {3, 1, "0068", false, 35},
	},
	"UNT": {{1, 1, "0074", true, 10}, {2, 1, "0062", true, 14}},
	"UNE": {{1, 1, "0060", true, 6}, {2, 1, "0048", true, 14}},
	"UNZ": {{1, 1, "0036", true, 6}, {2, 1, "0020", true, 14}},
}

// finding is one about a place in a segment.
func (s *scanner) finding(seg *Segment, e, c int, name string, pairs ...string) Finding {
	f := found(s.options.Strict, name, pairs...)
	f.Segment, f.Tag, f.Element, f.Component = seg.Number(), seg.Tag(), e, c
	f.Offset = seg.OffsetOf(e, 1, max(c, 1))
	return f
}

func (s *scanner) say(seg *Segment, e, c int, name string, pairs ...string) {
	s.ic.add(&s.ic.Findings, s.finding(seg, e, c, name, pairs...))
}

// endSegment sorts a segment that was read to its end.
func (s *scanner) endSegment() {
	s.segments++
	if s.segments > MaxSegments {
		s.limit(MaxSegments, "unit", "segments")
		return
	}
	v := s.values[s.first]
	switch string(s.text[v.start:v.to()]) { // compared without a copy
	case "UNB", "UNG", "UNE", "UNZ":
		tag := string(s.text[v.start:v.to()])
		pending := s.notes()
		seg := s.taken()
		s.closeMessage()
		for _, f := range pending {
			f.Tag = tag
			s.ic.add(&s.ic.Findings, f)
		}
		switch tag {
		case "UNB":
			s.header(seg)
		case "UNG":
			s.openGroup(seg)
		case "UNE":
			s.closeGroup(seg)
		case "UNZ":
			s.trailer(seg)
		}
	case "UNH":
		s.openMessage()
	case "UNT":
		if s.message == nil {
			s.stray("UNT")
			return
		}
		s.keep()
		s.closeMessage()
	default:
		if s.message == nil {
			s.stray(s.tag())
			return
		}
		s.keep()
	}
}

// notes are the findings about values of the segment, with their places.
func (s *scanner) notes() []Finding {
	if len(s.pending) == 0 {
		return nil
	}
	out := slices.Clone(s.pending)
	for i := range out {
		f := &out[i]
		f.Element, f.Repetition, f.Component = s.place(f.Element)
	}
	s.pending = s.pending[:0]
	return out
}

// stray is a segment outside of messages.
func (s *scanner) stray(tag string) {
	s.pending = s.pending[:0]
	seg := s.taken()
	s.noHeader(&seg)
	if !s.ic.Bare {
		s.junk = s.ic.Header.block == nil
	}
	s.say(&seg, 0, 0, CodeOutside, "value", shown(tag))
}

// noHeader says once that there is no UNB.
func (s *scanner) noHeader(seg *Segment) {
	if s.ic.Header.block == nil && !s.ic.Bare && !s.junk {
		s.say(seg, 0, 0, CodeNoHeader)
	}
}

// require checks the values of a service segment.
func (s *scanner) require(seg *Segment, add func(Finding)) {
	tag := seg.Tag()
	for _, f := range fields[tag] {
		v := seg.Value(f.element, f.component)
		switch n := runes(v); {
		case v == "" && f.needed:
			name := CodeEnvelope
			if tag == "UNT" || tag == "UNE" || tag == "UNZ" {
				name = CodeElementMissing
			}
			add(s.finding(seg, f.element, f.component, name, "id", f.id))
		case n > f.most:
			add(s.finding(seg, f.element, f.component, CodeTooLong, "id", f.id, "limit", strconv.Itoa(f.most), "length", strconv.Itoa(n)))
		}
	}
}

func (s *scanner) header(seg Segment) {
	ic := s.ic
	if ic.Header.block != nil {
		s.say(&seg, 0, 0, CodeOutside, "value", "UNB")
		return
	}
	ic.Header = seg
	u := &ic.Header
	s.require(u, func(f Finding) { ic.add(&ic.Findings, f) })
	ic.Syntax, ic.SyntaxVersion = u.Value(1, 1), u.Value(1, 2)
	if v := ic.SyntaxVersion; v != "" && (len(v) != 1 || v < "1" || v > "4") {
		s.say(u, 1, 2, CodeVersion, "value", shown(v))
	}
	s.charset = charsets[ic.Syntax]
	if name := s.options.Charset; name != "" {
		s.charset = agreed[strings.ToUpper(name)]
		if s.charset == nil {
			s.say(u, 1, 1, CodeCharset, "value", shown(name))
		}
	} else if s.charset == nil && ic.Syntax != "" {
		s.say(u, 1, 1, CodeCharset, "value", shown(ic.Syntax))
	}
	una := s.ic.UNA
	una.Repetition = s.announced.repetition(ic.SyntaxVersion)
	if s.announced == (UNA{}) {
		una.Repetition = Default.repetition(ic.SyntaxVersion)
	}
	ic.UNA = una
	s.setUNA(una)
	u.block.charset = s.charset
	s.repertoire(u)
	ic.Sender = Party{u.Value(2, 1), u.Value(2, 2), u.Value(2, 3)}
	ic.Recipient = Party{u.Value(3, 1), u.Value(3, 2), u.Value(3, 3)}
	ic.Date, ic.Time = u.Value(4, 1), u.Value(4, 2)
	ic.Reference, ic.Application = u.Value(5, 1), u.Value(7, 1)
	ic.AckRequested, ic.Agreement, ic.Test = u.Value(9, 1) == "1", u.Value(10, 1), u.Value(11, 1) == "1"
}

// repertoire checks UNB itself, which was read before it told its repertoire.
func (s *scanner) repertoire(seg *Segment) {
	if s.charset == nil {
		return
	}
	seg.walk(func(e, _, c int, v value) bool {
		text := seg.block.text[v.start:v.to()]
		if i := strings.IndexFunc(text, func(r rune) bool { return r < 0x80 && r != '\r' && r != '\n' && !s.charset.takes(byte(r)) }); i >= 0 && !v.isRaw() {
			s.say(seg, e, c, CodeCharacter, "value", shown(text[i:i+1]), "charset", s.charset.name)
		}
		if v.isRaw() {
			if _, ok := s.charset.decode(text); !ok {
				s.say(seg, e, c, CodeOctets, "charset", s.charset.name)
			}
		}
		return true
	})
}

func (s *scanner) openGroup(seg Segment) {
	s.noHeader(&seg)
	s.ic.Bare = s.ic.Header.block == nil
	if s.loose > 0 {
		s.mix(&seg)
	}
	s.require(&seg, func(f Finding) { s.ic.add(&s.ic.Findings, f) })
	s.ic.Groups = append(s.ic.Groups, FunctionalGroup{
		Type: seg.Value(1, 1), Reference: seg.Value(5, 1), Header: seg,
		Sender: Party{ID: seg.Value(2, 1), Qualifier: seg.Value(2, 2)}, Recipient: Party{ID: seg.Value(3, 1), Qualifier: seg.Value(3, 2)},
	})
	s.group = len(s.ic.Groups)
}

func (s *scanner) mix(seg *Segment) {
	if !s.mixed {
		s.mixed = true
		s.say(seg, 0, 0, CodeMixed)
	}
}

func (s *scanner) closeGroup(seg Segment) {
	if s.group == 0 {
		s.say(&seg, 0, 0, CodeOutside, "value", "UNE")
		return
	}
	g := &s.ic.Groups[s.group-1]
	g.Trailer, s.group = seg, 0
	s.require(&seg, func(f Finding) { s.ic.add(&s.ic.Findings, f) })
	s.count(&seg, g.Messages, func(f Finding) { s.ic.add(&s.ic.Findings, f) })
	s.same(&seg, g.Reference, func(f Finding) { s.ic.add(&s.ic.Findings, f) })
}

// count compares the first element of a trailer; leading zeros are no fault.
func (s *scanner) count(seg *Segment, n int, add func(Finding)) {
	v := seg.Value(1, 1)
	if v == "" {
		return
	}
	if got, err := strconv.Atoi(v); err != nil || got != n || v[0] == '+' || v[0] == '-' {
		add(s.finding(seg, 1, 1, CodeCount, "value", shown(v), "counted", strconv.Itoa(n)))
	}
}

// same compares the second element of a trailer with the reference of its header.
func (s *scanner) same(seg *Segment, reference string, add func(Finding)) {
	if v := seg.Value(2, 1); v != "" && v != reference {
		add(s.finding(seg, 2, 1, CodeReference, "value", shown(v), "expected", shown(reference)))
	}
}

func (s *scanner) trailer(seg Segment) {
	if s.ic.Header.block == nil {
		s.headless(&seg)
		return
	}
	s.endGroup(&seg)
	s.ic.Trailer = seg
	add := func(f Finding) { s.ic.add(&s.ic.Findings, f) }
	s.require(&seg, add)
	n := s.loose
	if len(s.ic.Groups) > 0 {
		n += len(s.ic.Groups)
	}
	s.count(&seg, n, add)
	s.same(&seg, s.ic.Reference, add)
	if len(s.ic.Messages) == 0 {
		s.say(&seg, 0, 0, CodeNoMessage)
	}
	s.closed = true
	s.end()
}

// headless is a trailer without its header.
func (s *scanner) headless(seg *Segment) {
	s.noHeader(seg)
	s.junk = !s.ic.Bare
	s.say(seg, 0, 0, CodeOutside, "value", "UNZ")
}

// endGroup says that a group has no UNE.
func (s *scanner) endGroup(seg *Segment) {
	if s.group > 0 {
		s.group = 0
		s.say(seg, 0, 0, CodeMissing, "expected", "UNE")
	}
}

// end closes what is open. Without UNZ a stream may go on later: what is there
// stands, but the interchange is not complete.
func (s *scanner) end() {
	if s.ended {
		return
	}
	s.ended = true
	s.closeMessage()
	s.ic.Complete = s.closed && !s.short
	if s.ic.Header.block != nil && !s.closed && !s.lost && !s.cutOff {
		f := found(s.options.Strict, CodeNoTrailer)
		f.Offset = s.at
		s.ic.add(&s.ic.Findings, f)
	}
	if s.ic.Header.block == nil && !s.ic.Bare && !s.junk {
		f := found(s.options.Strict, CodeNoHeader)
		f.Offset = s.ic.Offset
		s.ic.add(&s.ic.Findings, f)
	}
}

func (s *scanner) result() *Interchange {
	s.ic.Size = s.at - s.ic.Offset
	return s.ic
}

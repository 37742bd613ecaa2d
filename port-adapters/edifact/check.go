package edifact

import (
	"slices"
	"strconv"

	"kouan/declarations"
	"kouan/port-adapters/edifact/directory"
)

// check judges a message that was read to its end: each segment for itself,
// its place in the layout, and what the message says about itself.
func (s *scanner) check(m *Message) {
	c := &checker{strict: s.options.Strict, m: m}
	if !m.identified() {
		return // UNH does not say what it is: that was told
	}
	if f := s.options.Supports; f != nil && !f(m.Type, m.Version, m.Release) {
		c.say(&m.Segments[0], 2, 0, 1, CodeUnsupported, "type", shown(m.Type), "version", shown(m.Edition()))
	}
	layout, ok := directory.Lookup(m.Type, m.Version, m.Release)
	if ok {
		m.Layout = layout
		c.place = newPlacer(layout)
	} else {
		c.say(&m.Segments[0], 2, 0, 1, CodeUnchecked, "type", shown(m.Type), "version", shown(m.Edition()))
	}
	for i := range m.Segments {
		seg := &m.Segments[i]
		c.syntax(seg)
		if c.place == nil {
			continue
		}
		c.put(seg)
		if tag := seg.Tag(); tag != "UNH" && tag != "UNT" {
			if spec, ok := layout.Segment(tag); ok {
				c.elements(seg, spec)
				c.lists(seg)
			}
		}
	}
	if c.place != nil {
		c.finish()
	}
	c.boxes()
	slices.SortStableFunc(m.Findings, func(a, b Finding) int { return int(a.Offset - b.Offset) })
}

func (m *Message) identified() bool { return m.Type != "" && m.Version != "" && m.Release != "" }

type checker struct {
	strict bool
	m      *Message
	place  *placer // nil: no layout
}

func (c *checker) say(seg *Segment, e, r, comp int, name string, pairs ...string) {
	f := found(c.strict, name, pairs...)
	if f.Severity == off {
		return
	}
	f.Segment, f.Tag = seg.Number(), shown(seg.Tag())
	f.Element, f.Repetition, f.Component = e, r, comp
	f.Offset = seg.OffsetOf(e, max(r, 1), max(comp, 1))
	c.m.add(&c.m.Findings, f)
}

// syntax is what holds for any segment: its tag, octets of the character set,
// and no separator behind which nothing comes.
func (c *checker) syntax(seg *Segment) {
	if tag := seg.Tag(); !wellTagged(tag) {
		c.say(seg, 0, 0, 0, CodeTag, "value", shown(tag))
	}
	values := seg.values()
	e, r, comp := 0, 0, 0
	for i, v := range values {
		switch v.kind() {
		case afterElement:
			e, r, comp = e+1, 1, 1
		case afterRepetition:
			r, comp = r+1, 1
		case afterComponent:
			comp++
		}
		if v.isRaw() {
			if text := seg.block.text[v.start:v.to()]; !ascii(text) {
				if _, ok := seg.block.charset.decode(seg.block.octets(v)); !ok {
					c.say(seg, e, r, comp, CodeOctets, "charset", seg.block.charsetName())
				}
			}
		}
		last := i == len(values)-1
		// an empty value is trailing when nothing of its composite, or of the segment, follows
		if c.strict && v.isEmpty() && e > 0 && (last || comp > 1 && values[i+1].kind() != afterComponent) {
			c.say(seg, e, r, comp, CodeTrailing)
		}
	}
}

func (b *block) charsetName() string {
	if b.charset == nil {
		return "ASCII"
	}
	return b.charset.name
}

// elements compares a segment with its layout.
func (c *checker) elements(seg *Segment, spec *directory.Segment) {
	values := seg.values()[1:]
	for len(values) > 0 && values[0].kind() == afterComponent {
		values = values[1:] // explicit nesting
	}
	e := 0
	for len(values) > 0 {
		n := 1
		for n < len(values) && values[n].kind() != afterElement {
			n++
		}
		if e == len(spec.Elements) {
			c.beyond(seg, e, values)
			return
		}
		c.element(seg, e+1, &spec.Elements[e], values[:n])
		values = values[n:]
		e++
	}
	for ; e < len(spec.Elements); e++ {
		if spec.Elements[e].Mandatory {
			c.say(seg, e+1, 0, 0, CodeElementMissing, "id", spec.Elements[e].ID)
		}
	}
}

// beyond are values behind the last element of the layout; empty ones are
// trailing separators.
func (c *checker) beyond(seg *Segment, elements int, values []value) {
	e, comp := elements, 0
	for _, v := range values {
		comp++
		if v.kind() == afterElement {
			e, comp = e+1, 1
		}
		if !v.isEmpty() {
			c.say(seg, e, 0, comp, CodeTooMany, "limit", strconv.Itoa(elements))
			return
		}
	}
}

// element checks all repetitions of one element.
func (c *checker) element(seg *Segment, e int, spec *directory.Element, values []value) {
	r, comp := 1, 0
	full, whole := uint64(0), false // components of this repetition that have a value; any value at all
	for i, v := range values {
		if v.kind() == afterRepetition {
			c.complete(seg, e, r, spec, full)
			r, comp, full = r+1, 0, 0
			if r == max(1, spec.Repeat)+1 {
				c.say(seg, e, r, 0, CodeRepetition, "id", spec.ID, "limit", strconv.Itoa(max(1, spec.Repeat)))
			}
		}
		comp++
		if v.isEmpty() {
			continue
		}
		whole = true
		if comp > len(spec.Components) {
			if i == 0 || comp == len(spec.Components)+1 {
				c.say(seg, e, r, comp, CodeTooMany, "limit", strconv.Itoa(len(spec.Components)))
			}
			continue
		}
		full |= 1 << uint(comp-1)
		c.value(seg, e, r, comp, &spec.Components[comp-1], v)
	}
	if !whole {
		if spec.Mandatory {
			c.say(seg, e, 0, 0, CodeElementMissing, "id", spec.ID)
		}
		return
	}
	c.complete(seg, e, r, spec, full)
}

// complete checks that a composite with a value has those that it needs.
func (c *checker) complete(seg *Segment, e, r int, spec *directory.Element, full uint64) {
	if full == 0 {
		return
	}
	for i := range spec.Components {
		if spec.Components[i].Mandatory && full&(1<<uint(i)) == 0 {
			c.say(seg, e, r, i+1, CodeElementMissing, "id", spec.Components[i].ID)
		}
	}
}

// value checks form and length (reading rules 7 and 8).
func (c *checker) value(seg *Segment, e, r, comp int, spec *directory.Component, v value) {
	f := spec.Format
	if f.Class == 'x' && spec.ID[0] == '6' && slices.Contains(quantities, spec.ID) && mixedMarks(seg.block.cook(v)) {
		c.say(seg, e, r, comp, CodeDecimal, "id", spec.ID, "value", shown(seg.block.cook(v)))
		return
	}
	if f.Class == 'x' && !f.Fixed && v.length() <= f.Max {
		return // octets are at least as many as characters
	}
	text := seg.block.text[v.start:v.to()]
	if v.isRaw() {
		text = seg.block.cook(v)
	}
	n := runes(text)
	switch f.Class {
	case 'n':
		var fault string
		if n, fault = number(text); fault != "" {
			c.say(seg, e, r, comp, fault, "id", spec.ID, "value", shown(text))
			return
		}
	case 'a':
		for i := range len(text) {
			if text[i] >= '0' && text[i] <= '9' {
				c.say(seg, e, r, comp, CodeLetters, "id", spec.ID, "value", shown(text))
				return
			}
		}
	}
	switch {
	case n > f.Max:
		c.say(seg, e, r, comp, CodeTooLong, "id", spec.ID, "limit", strconv.Itoa(f.Max), "length", strconv.Itoa(n))
	case f.Fixed && n < f.Max:
		c.say(seg, e, r, comp, CodeTooShort, "id", spec.ID, "limit", strconv.Itoa(f.Max), "length", strconv.Itoa(n))
	}
}

// number counts the digits of a numeric value, or says what is wrong with it:
// a minus and one mark between digits are allowed, nothing else is.
func number(s string) (digits int, fault string) {
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	mark, marks := -1, 0
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			digits++
		case b == '.' || b == ',':
			if mark >= 0 && s[mark] != b {
				return digits, CodeDecimal
			}
			mark = i
			marks++
		default:
			return digits, CodeNumeric
		}
	}
	switch {
	case marks > 1 || digits == 0:
		return digits, CodeNumeric
	case mark == 0 || mark >= 0 && mark == len(s)-1:
		return digits, CodeDecimalPlace
	}
	return digits, ""
}

// boxes are the checks of the content that need no partner: the number of
// boxes (CNT 16) and the check digit of ISO 6346.
func (c *checker) boxes() {
	boxes := 0
	var counts []*Segment
	for i := range c.m.Segments {
		seg := &c.m.Segments[i]
		switch seg.Tag() {
		case "EQD":
			boxes++
			if id := seg.Value(2, 1); seg.Value(1, 1) == "CN" && id != "" && !declarations.CheckContainer(id) {
				c.say(seg, 2, 0, 1, CodeCheckDigit, "value", shown(id))
			}
		case "CNT":
			if seg.Value(1, 1) == "16" {
				counts = append(counts, seg)
			}
		}
	}
	for _, seg := range counts {
		v := seg.Value(1, 2)
		if n, err := strconv.Atoi(v); v != "" && (err != nil || n != boxes) {
			c.say(seg, 1, 0, 2, CodeBoxes, "value", shown(v), "counted", strconv.Itoa(boxes))
		}
	}
}

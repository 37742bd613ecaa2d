// Package describe explains EDIFACT interchanges in words, for people who have
// a file and a telephone: every segment on a line of its own, indented by
// group, with the names of its elements, the meaning of its codes, readable
// dates and numbers, and what is wrong with it just below.
//
// Contract: Lines puts an interchange into words of one language and drops
// nothing: what has no name is shown by its place, a code without a known
// meaning as it stands. Write prints the same for a terminal. Neither judges:
// the findings are those of the reader, the names are texts of i18n
// (edi.message.COPARN, edi.segment.BGM, edi.element.1004, edi.code.1225.9).
// A code may mean something of its own in one message: edi.code.1001.34.CODECO
// comes before edi.code.1001.34.
//
// The package does not know files, partners or what a message is for.
package describe

import (
	"iter"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/i18n"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/edifact/directory"
)

// Line is one segment in words.
type Line struct {
	Number int    // place in the message, UNH = 1; 0: a segment of the envelope
	Depth  int    // how many groups are around it
	Group  int    // the group that it opens; 0: none
	Tag    string // as it was sent
	Name   string
	Parts  []Part
	Faults []Fault
}

// Part is one value of a segment.
type Part struct {
	Element    int // from 1, behind the tag
	Repetition int // from 1
	Component  int // from 1; 0: the element is a single value
	Name       string
	Value      string // as it was sent, but for characters that a terminal would obey
	Words      string // readable form or meaning; empty: the value says it
}

// Fault is a finding and its words.
type Fault struct {
	declarations.Fault
	Element   int
	Component int
	Words     string
}

// Lines explains one interchange: envelope and messages, in the order of the
// text, each line when it is asked for. Findings of nothing that was sent stand
// on a last line without a tag.
func Lines(p i18n.Printer, ic *edifact.Interchange) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		d := &describer{p: p, syntax: ic.SyntaxVersion, envelope: unplaced(ic), yield: yield}
		d.service(&ic.Header)
		group := -1
		for _, m := range ic.Messages {
			if m.Group != group {
				d.leave(ic, group)
				group = m.Group
				d.enter(ic, group)
			}
			d.message(m)
			if d.stopped {
				return
			}
		}
		d.leave(ic, group)
		d.service(&ic.Trailer)
		d.rest()
	}
}

type describer struct {
	p        i18n.Printer
	syntax   string
	envelope []*edifact.Finding // of the envelope, not shown yet
	yield    func(Line) bool
	stopped  bool // nobody wants more
}

func (d *describer) show(line Line) {
	d.stopped = d.stopped || !d.yield(line)
}

func unplaced(ic *edifact.Interchange) []*edifact.Finding {
	out := make([]*edifact.Finding, 0, len(ic.Findings))
	for i := range ic.Findings {
		out = append(out, &ic.Findings[i])
	}
	return out
}

func (d *describer) enter(ic *edifact.Interchange, group int) {
	if group >= 0 && group < len(ic.Groups) {
		d.service(&ic.Groups[group].Header)
	}
}

func (d *describer) leave(ic *edifact.Interchange, group int) {
	if group >= 0 && group < len(ic.Groups) {
		d.service(&ic.Groups[group].Trailer)
	}
}

// service explains a segment of the envelope and takes the findings that are
// about it: of its tag, or of an octet between it and its end.
func (d *describer) service(s *edifact.Segment) {
	tag := s.Tag()
	if tag == "" {
		return
	}
	layout, _ := directory.Service(tag, d.syntax)
	line := d.line(s, layout, "")
	end := s.Offset() + int64(len(s.Text()))
	var later []*edifact.Finding
	for _, f := range d.envelope {
		if f.Tag == tag && (tag == "UNB" || tag == "UNZ" || f.Offset >= s.Offset() && f.Offset <= end) {
			line.Faults = append(line.Faults, d.fault(f, ""))
		} else {
			later = append(later, f)
		}
	}
	d.envelope = later
	d.show(line)
}

// rest is what no segment of the envelope has on it: a missing UNZ, text
// outside messages.
func (d *describer) rest() {
	if len(d.envelope) == 0 {
		return
	}
	var line Line
	for _, f := range d.envelope {
		line.Faults = append(line.Faults, d.fault(f, ""))
	}
	d.show(line)
}

func (d *describer) message(m *edifact.Message) {
	last := len(m.Segments)
	faults := map[int][]Fault{} // by segment
	for i := range m.Findings {
		f := &m.Findings[i]
		at := f.Segment
		if at < 1 || at > last {
			at = last // what is about no segment stands below the last
		}
		faults[at] = append(faults[at], d.fault(f, m.Reference))
	}
	for i := range m.Segments {
		if d.stopped {
			return
		}
		s := &m.Segments[i]
		line := d.line(s, d.layout(m, s.Tag()), m.Type)
		line.Number, line.Depth, line.Faults = s.Number(), s.Depth(), faults[i+1]
		if s.Opens() {
			line.Group = s.Group()
		}
		d.show(line)
	}
}

// layout is that of the message, and without one that of its directory; nil
// means that the elements have no names.
func (d *describer) layout(m *edifact.Message, tag string) *directory.Segment {
	if s, ok := directory.Service(tag, d.syntax); ok {
		return s
	}
	if m.Layout != nil {
		if s, ok := m.Layout.Segment(tag); ok {
			return s
		}
	}
	s, _ := directory.SegmentOf(m.Version, m.Release, tag)
	return s
}

func (d *describer) fault(f *edifact.Finding, message string) Fault {
	fault := f.Fault(message)
	return Fault{Fault: fault, Element: f.Element, Component: f.Component, Words: Visible(d.p.Fault(fault.Code, fault.Args))}
}

func (d *describer) line(s *edifact.Segment, layout *directory.Segment, message string) Line {
	line := Line{Tag: Visible(s.Tag()), Name: d.name("edi.segment." + s.Tag())}
	if line.Name == "" {
		line.Name = d.p.Text("edi.unknown_segment", nil)
	}
	for e := 1; e <= s.Elements(); e++ {
		var element *directory.Element
		if layout != nil && e <= len(layout.Elements) {
			element = &layout.Elements[e-1]
		}
		for r := 1; r <= max(1, s.Repetitions(e)); r++ {
			line.Parts = append(line.Parts, d.element(s, element, e, r, message)...)
		}
	}
	return line
}

func (d *describer) element(s *edifact.Segment, layout *directory.Element, e, r int, message string) []Part {
	n := s.Components(e, r)
	values := make([]string, n)
	for c := range values {
		values[c] = s.At(e, r, c+1)
	}
	var parts []Part
	for c, v := range values {
		if v == "" {
			continue
		}
		part := Part{Element: e, Repetition: r, Component: c + 1, Value: Visible(v)}
		if n == 1 && (layout == nil || !layout.Composite) {
			part.Component = 0
		}
		if layout != nil && c < len(layout.Components) {
			id := layout.Components[c].ID
			part.Name = d.name("edi.element." + id)
			part.Words = d.words(id, v, message, layout, values)
		}
		if part.Name == "" {
			part.Name = d.p.Text("edi.unknown_element", map[string]string{"place": place(e, part.Component)})
		}
		parts = append(parts, part)
	}
	return parts
}

// name is a text, or nothing when there is none.
func (d *describer) name(key string) string {
	if text := d.p.Text(key, nil); text != key {
		return text
	}
	return ""
}

func place(element, component int) string {
	if component == 0 {
		return strconv.Itoa(element)
	}
	return strconv.Itoa(element) + ":" + strconv.Itoa(component)
}

// Visible keeps a terminal from obeying what a sender wrote.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

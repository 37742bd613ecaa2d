package edifact

import (
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
)

// Outgoing is an interchange to be written. The counts and the trailers are
// made by the writer.
type Outgoing struct {
	UNA           UNA    // zero: the default, which is not announced
	Syntax        string // UNOA, UNOC, UNOY …
	SyntaxVersion string // 1 … 4
	Charset       string // of a partner's agreement, instead of the repertoire
	Sender        Party
	Recipient     Party
	Prepared      time.Time // in the local time that the partner reads
	Reference     string    // 0020
	Application   string    // 0026
	AckRequested  bool
	Agreement     string
	Test          bool
	Messages      []Draft
	PerLine       bool // one segment a line, when the partner agrees
}

// Draft is a message to be written, without UNH and UNT.
type Draft struct {
	Reference   string
	Type        string
	Version     string
	Release     string
	Agency      string // UN
	Association string
	Access      string // 0068
	Lines       []Line
}

// Write makes the octets of an interchange. When the findings are not empty
// there are no octets: a value with characters outside the repertoire, a
// service segment without what it needs. Values are written as they are:
// transliteration is for the caller, who knows what a name is.
func Write(o *Outgoing) ([]byte, []Finding) {
	w := newEncoder(o)
	if len(w.findings) > 0 {
		return nil, w.findings
	}
	w.advise(o.UNA != UNA{} && o.UNA != Default)
	w.line(o.header())
	for i := range o.Messages {
		m := &o.Messages[i]
		w.message, w.number = m.Reference, 0
		w.line(m.header())
		for _, l := range m.Lines {
			w.line(l)
		}
		w.line(L("UNT", E(strconv.Itoa(w.number+1)), E(m.Reference)))
		w.message = ""
	}
	w.line(L("UNZ", E(strconv.Itoa(len(o.Messages))), E(o.Reference)))
	if len(w.findings) > 0 {
		return nil, w.findings
	}
	return w.buf, nil
}

// header is UNB.
func (o *Outgoing) header() Line {
	day := "060102"
	if o.SyntaxVersion == "4" {
		day = "20060102"
	}
	flag := func(b bool) Element {
		if b {
			return E("1")
		}
		return nil
	}
	party := func(p Party) Element { return E(p.ID, p.Qualifier, p.Route) }
	return L("UNB", E(o.Syntax, o.SyntaxVersion), party(o.Sender), party(o.Recipient),
		E(o.Prepared.Format(day), o.Prepared.Format("1504")), E(o.Reference), nil, E(o.Application), nil,
		flag(o.AckRequested), E(o.Agreement), flag(o.Test))
}

func (m *Draft) header() Line {
	return L("UNH", E(m.Reference), E(m.Type, m.Version, m.Release, m.Agency, m.Association), E(m.Access))
}

// Number writes a decimal with the mark that the interchange announces.
func (o *Outgoing) Number(d declarations.Decimal) string {
	if o.UNA == (UNA{}) || o.UNA.Decimal == '.' {
		return string(d)
	}
	return strings.Replace(string(d), ".", string(rune(o.UNA.Decimal)), 1)
}

// encoder appends segments.
type encoder struct {
	una      UNA
	charset  *charset
	perLine  bool
	buf      []byte
	findings []Finding
	message  string
	number   int // of the segment in its message
}

func newEncoder(o *Outgoing) *encoder {
	w := &encoder{una: o.UNA, perLine: o.PerLine, charset: charsets[o.Syntax]}
	if w.una == (UNA{}) {
		w.una = Default
	}
	w.una.Repetition = w.una.repetition(o.SyntaxVersion)
	if o.Charset != "" {
		w.charset = agreed[strings.ToUpper(o.Charset)]
	}
	if w.charset == nil {
		w.say(0, 0, CodeCharset, "value", shown(o.Syntax+o.Charset))
	}
	if _, ok := parseUNA(w.una.text()[3:]); !ok {
		w.say(0, 0, CodeServiceChars, "value", shown(w.una.text()[3:]))
	}
	return w
}

func (w *encoder) say(e, c int, name string, pairs ...string) {
	if len(w.findings) == maxFindings {
		return
	}
	f := found(true, name, pairs...)
	f.Segment, f.Element, f.Component, f.Offset = w.number, e, c, int64(len(w.buf))
	w.findings = append(w.findings, f)
}

// advise writes UNA when it is needed.
func (w *encoder) advise(needed bool) {
	if !needed {
		return
	}
	w.buf = append(w.buf, w.una.text()...)
	w.newLine()
}

func (w *encoder) newLine() {
	if w.perLine {
		w.buf = append(w.buf, '\n')
	}
}

// line writes a segment. One without data is not sent (reading rule 5).
func (w *encoder) line(l Line) {
	l = l.trimmed()
	if len(l.Elements) == 0 {
		return
	}
	w.number++
	from := len(w.findings)
	if !wellTagged(l.Tag) {
		w.say(0, 0, CodeTag, "value", shown(l.Tag))
	}
	for _, f := range fields[l.Tag] {
		if f.needed && at(l, f.element, f.component) == "" {
			w.say(f.element, f.component, CodeEnvelope, "id", f.id)
		}
		if n := runes(at(l, f.element, f.component)); n > f.most {
			w.say(f.element, f.component, CodeTooLong, "id", f.id, "limit", strconv.Itoa(f.most), "length", strconv.Itoa(n))
		}
	}
	w.buf = append(w.buf, l.Tag...)
	for e, el := range l.Elements {
		w.buf = append(w.buf, w.una.Element)
		for r, comps := range el {
			if r > 0 {
				if w.una.Repetition == 0 {
					w.say(e+1, 0, CodeRepetition, "id", l.Tag, "limit", "1")
					break
				}
				w.buf = append(w.buf, w.una.Repetition)
			}
			for c, v := range comps {
				if c > 0 {
					w.buf = append(w.buf, w.una.Component)
				}
				w.value(e+1, c+1, v)
			}
		}
	}
	w.buf = append(w.buf, w.una.Terminator)
	w.newLine()
	for i := range w.findings[from:] {
		w.findings[from+i].Tag = l.Tag
	}
}

func at(l Line, element, component int) string {
	if element > len(l.Elements) || len(l.Elements[element-1]) == 0 || component > len(l.Elements[element-1][0]) {
		return ""
	}
	return l.Elements[element-1][0][component-1]
}

// value writes one value in the character set and releases service characters.
func (w *encoder) value(e, c int, v string) {
	octets, ok := w.charset.encode(v)
	if !ok {
		w.say(e, c, CodeCharacter, "value", shown(v), "charset", w.charset.name)
		return
	}
	for i := 0; i < len(octets); {
		n := w.charset.width(octets[i:])
		if n == 1 && w.serves(octets[i]) {
			if w.una.Release == 0 {
				w.say(e, c, CodeCharacter, "value", shown(v), "charset", w.charset.name)
				return
			}
			w.buf = append(w.buf, w.una.Release)
		}
		w.buf = append(w.buf, octets[i:i+n]...)
		i += n
	}
}

// serves reports a service character in use; the decimal mark is none here.
func (w *encoder) serves(b byte) bool {
	u := &w.una
	return b == u.Component || b == u.Element || b == u.Terminator || u.Release != 0 && b == u.Release || u.Repetition != 0 && b == u.Repetition
}

// Lines are all segments of the interchange in the order in which they were
// read, UNA aside.
func (ic *Interchange) Lines() []Line {
	var all []*Segment
	add := func(s *Segment) {
		if s.block != nil {
			all = append(all, s)
		}
	}
	add(&ic.Header)
	open := -1
	for _, m := range ic.Messages {
		if m.Group != open && open >= 0 {
			add(&ic.Groups[open].Trailer)
		}
		if m.Group != open && m.Group >= 0 {
			add(&ic.Groups[m.Group].Header)
		}
		open = m.Group
		for i := range m.Segments {
			add(&m.Segments[i])
		}
	}
	if open >= 0 {
		add(&ic.Groups[open].Trailer)
	}
	add(&ic.Trailer)
	lines := make([]Line, len(all))
	for i, s := range all {
		lines[i] = s.Line()
	}
	return lines
}

// Encode writes the interchange that was read again: the same values and
// counts, without what says nothing (line breaks, trailing separators).
func (ic *Interchange) Encode(charset string, perLine bool) ([]byte, []Finding) {
	w := newEncoder(&Outgoing{UNA: ic.UNA, Syntax: ic.Syntax, SyntaxVersion: ic.SyntaxVersion, Charset: charset, PerLine: perLine})
	if len(w.findings) > 0 {
		return nil, w.findings
	}
	w.advise(ic.Advised)
	for _, l := range ic.Lines() {
		w.line(l)
	}
	if len(w.findings) > 0 {
		return nil, w.findings
	}
	return w.buf, nil
}

package cells

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"
)

// A sheet is read without an allocation for each tag. What is plain - tags,
// attributes in quotes, text with the five entities of XML - is read here, and
// only as encoding/xml would read it; everything else is left to that decoder,
// token by token, so the verdict on a workbook does not depend on this file
// (FuzzScanIsTheDecoder).

type tokenKind uint8

const (
	startToken tokenKind = iota
	endToken
	textToken
	directiveToken
	otherToken // comment, processing instruction
)

// token is valid until the next one is read.
type token struct {
	kind  tokenKind
	local []byte
	attrs []attr
	text  []byte
}

type attr struct{ local, value []byte }

// scanBuffer is the longest tag or text that is read here.
const scanBuffer = 64 << 10

type scanner struct {
	r     io.Reader
	buf   []byte
	pos   int
	end   int
	err   error // of reading r
	token token
	close bool // the element was empty: its end comes next
	plain []byte

	slow         *xml.Decoder
	read         int64 // bytes that slow has taken
	before, last byte  // the last two of them
}

func newScanner(r io.Reader, size int) *scanner { return &scanner{r: r, buf: make([]byte, size)} }

// next is io.EOF at the end. Other errors are those of encoding/xml and of the reader.
func (s *scanner) next() (*token, error) {
	if s.close {
		s.close = false
		s.token.kind, s.token.attrs = endToken, s.token.attrs[:0]
		return &s.token, nil
	}
	for {
		n, found := s.quick(s.buf[s.pos:s.end])
		switch {
		case found == whole:
			s.pos += n
			return &s.token, nil
		case found == more && s.fill():
			continue
		}
		return s.slowly()
	}
}

// fill reads more behind what is there; false when there is no more or no room.
func (s *scanner) fill() bool {
	if s.err != nil || s.pos == 0 && s.end == len(s.buf) {
		return false
	}
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos = 0
	n := 0
	for n == 0 && s.err == nil {
		n, s.err = s.r.Read(s.buf[s.end:])
		s.end += n
	}
	return n > 0
}

// ReadByte serves the decoder, which then reads no byte ahead but one.
func (s *scanner) ReadByte() (byte, error) {
	if s.pos == s.end && !s.fill() {
		return 0, s.err
	}
	s.before, s.last = s.last, s.buf[s.pos]
	s.pos++
	s.read++
	return s.last, nil
}

func (s *scanner) Read(b []byte) (int, error) {
	return 0, errors.New("cells: the decoder reads bytes") // encoding/xml takes a ByteReader as such
}

// slowly lets the decoder read one token.
func (s *scanner) slowly() (*token, error) {
	if s.slow == nil {
		s.slow, s.read = xml.NewDecoder(s), 0
	}
	got, err := s.slow.RawToken()
	if err != nil {
		return nil, err
	}
	s.token = token{kind: otherToken, attrs: s.token.attrs[:0]}
	switch t := got.(type) {
	case xml.StartElement:
		s.token.kind, s.token.local = startToken, []byte(t.Name.Local)
		for i := range t.Attr {
			s.token.attrs = append(s.token.attrs, attr{[]byte(t.Attr[i].Name.Local), []byte(t.Attr[i].Value)})
		}
		s.close = s.before == '/'
	case xml.EndElement:
		s.token.kind, s.token.local = endToken, []byte(t.Name.Local)
	case xml.CharData:
		s.token.kind, s.token.text = textToken, t
	case xml.Directive:
		s.token.kind = directiveToken
	}
	switch {
	case s.read > s.slow.InputOffset():
		s.pos-- // it looked at the next tag
		s.slow = nil
	case s.close:
		s.slow = nil // it would tell the end once more
	}
	return &s.token, nil
}

type found uint8

const (
	foreign found = iota // for the decoder
	more                 // it goes on behind the buffer
	whole
)

// quick reads the token at the beginning of b, and tells its length.
func (s *scanner) quick(b []byte) (int, found) {
	switch {
	case len(b) < 2:
		return 0, more
	case b[0] != '<':
		return s.quickText(b)
	case b[1] == '!' || b[1] == '?':
		return 0, foreign
	case b[1] == '/':
		return s.quickEnd(b)
	}
	return s.quickStart(b)
}

func (s *scanner) quickEnd(b []byte) (int, found) {
	local, i, f := quickName(b, 2)
	if f != whole {
		return 0, f
	}
	i = blanks(b, i)
	switch {
	case i == len(b):
		return 0, more
	case b[i] != '>':
		return 0, foreign
	}
	s.token.kind, s.token.local, s.token.attrs = endToken, local, s.token.attrs[:0]
	return i + 1, whole
}

func (s *scanner) quickStart(b []byte) (int, found) {
	local, i, f := quickName(b, 1)
	if f != whole {
		return 0, f
	}
	attrs := s.token.attrs[:0]
	for {
		behind := i
		i = blanks(b, i)
		if i+1 >= len(b) { // a tag at the very end is left to the decoder
			return 0, more
		}
		empty := b[i] == '/' && b[i+1] == '>'
		if empty || b[i] == '>' {
			s.token.kind, s.token.local, s.token.attrs, s.close = startToken, local, attrs, empty
			if empty {
				i++
			}
			return i + 1, whole
		}
		if behind == i {
			return 0, foreign
		}
		var a attr
		if a, i, f = quickAttr(b, i); f != whole {
			return 0, f
		}
		attrs = append(attrs, a)
	}
}

// quickAttr reads name="value"; a value with a reference, a control character
// or a tag is not plain.
func quickAttr(b []byte, i int) (a attr, end int, f found) {
	if a.local, i, f = quickName(b, i); f != whole {
		return a, 0, f
	}
	if i+1 >= len(b) {
		return a, 0, more
	}
	quote := b[i+1]
	if b[i] != '=' || quote != '"' && quote != '\'' {
		return a, 0, foreign
	}
	i += 2
	n := bytes.IndexByte(b[i:], quote)
	if n < 0 {
		return a, 0, more
	}
	a.value = b[i : i+n]
	ascii := true
	for _, c := range a.value {
		if c < ' ' || c == '<' || c == '&' {
			return a, 0, foreign
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ascii && !carried(a.value) {
		return a, 0, foreign
	}
	return a, i + n + 1, whole
}

func (s *scanner) quickText(b []byte) (int, found) {
	n := bytes.IndexByte(b, '<')
	if n < 0 {
		return 0, more
	}
	text := b[:n]
	ascii, bracket, entity := true, false, false
	for _, c := range text {
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c == ']':
			bracket = true
		case c == '&':
			entity = true
		case c < ' ' && c != '\t' && c != '\n':
			return 0, foreign
		}
	}
	if !ascii && !carried(text) || bracket && bytes.Contains(text, []byte("]]>")) {
		return 0, foreign
	}
	if entity {
		var ok bool
		if text, ok = s.entities(text); !ok {
			return 0, foreign
		}
	}
	s.token.kind, s.token.text, s.token.attrs = textToken, text, s.token.attrs[:0]
	return n, whole
}

// entities replaces the five of XML (XML 1.0, 4.6); numbers are left to the decoder.
func (s *scanner) entities(text []byte) ([]byte, bool) {
	out := s.plain[:0]
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			out = append(out, text...)
			s.plain = out
			return out, true
		}
		out, text = append(out, text[:i]...), text[i+1:]
		n := bytes.IndexByte(text, ';')
		if n < 0 {
			return nil, false
		}
		switch string(text[:n]) {
		case "amp":
			out = append(out, '&')
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "quot":
			out = append(out, '"')
		case "apos":
			out = append(out, '\'')
		default:
			return nil, false
		}
		text = text[n+1:]
	}
}

// carried reports UTF-8 without the two characters beyond ASCII that XML does not have.
func carried(b []byte) bool {
	return utf8.Valid(b) && !bytes.Contains(b, []byte("\ufffe")) && !bytes.Contains(b, []byte("\uffff"))
}

// quickName reads a name of ASCII with at most one prefix and gives its local part.
func quickName(b []byte, i int) (local []byte, end int, f found) {
	from, colon := i, -1
	for ; i < len(b) && isName(b[i], i == from); i++ {
		if b[i] != ':' {
			continue
		}
		if colon >= 0 {
			return nil, 0, foreign
		}
		colon = i
	}
	switch {
	case i == len(b):
		return nil, 0, more
	case i == from, b[i] >= utf8.RuneSelf, colon == i-1:
		return nil, 0, foreign
	case colon >= 0:
		return b[colon+1 : i], i, whole
	}
	return b[from:i], i, whole
}

func isName(c byte, first bool) bool {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' {
		return true
	}
	return !first && (c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':')
}

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

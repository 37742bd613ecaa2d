package strictxml

import (
	"encoding/xml"
	"strings"
)

// This file reads the markup that a message consists of - tags, attributes
// without references, plain text, comments - without a decoder. It takes a token only
// when encoding/xml would take the same; everything else is left to that
// decoder, so the verdict on a document does not depend on this file
// (FuzzQuickIsTheDecoder).

// quick is what a token turned out to be; not is left to the decoder.
type quick uint8

const (
	not quick = iota
	startTag
	emptyTag // start and end in one
	endTag
	plainText
	comment
)

// quickToken looks at what begins at offset i of the source and gives the
// offset behind it. A tag has its name, in prefix and local part; the attributes
// of a start tag are in r.attrs.
func (r *reader) quickToken(i int) (what quick, prefix, local string, end int) {
	s := r.src[:r.stop.at]
	if i+1 >= len(s) {
		return not, "", "", 0
	}
	if s[i] != '<' {
		end, ok := quickText(s, i)
		if !ok {
			return not, "", "", 0
		}
		return plainText, "", "", end
	}
	what, i = startTag, i+1
	switch s[i] {
	case '/':
		what, i = endTag, i+1
	case '!':
		return quickComment(s, i)
	}
	prefix, local, i = quickName(s, i)
	if i < 0 {
		return not, "", "", 0
	}
	r.attrs = r.attrs[:0]
	for i < len(s) {
		behind := i
		i = pastSpace(s, i)
		switch {
		case i < len(s) && s[i] == '>':
			return what, prefix, local, i + 1
		case what != startTag:
			return not, "", "", 0
		case i+1 < len(s) && s[i] == '/' && s[i+1] == '>':
			return emptyTag, prefix, local, i + 2
		case i == behind: // attributes have white space before them
			return not, "", "", 0
		}
		var a xml.Attr
		if a, i = quickAttr(s, i); i < 0 {
			return not, "", "", 0
		}
		r.attrs = append(r.attrs, a)
	}
	return not, "", "", 0
}

// quickAttr reads one attribute whose value stands as it is meant; end is -1
// when it is another.
func quickAttr(s string, i int) (a xml.Attr, end int) {
	a.Name.Space, a.Name.Local, i = quickName(s, i)
	if i < 0 {
		return a, -1
	}
	if i = pastSpace(s, i); i >= len(s) || s[i] != '=' {
		return a, -1
	}
	if i = pastSpace(s, i+1); i >= len(s) || s[i] != '"' && s[i] != '\'' {
		return a, -1
	}
	quote, from := s[i], i+1
	for i = from; i < len(s); i++ {
		switch s[i] {
		case quote:
			a.Value = s[from:i]
			return a, i + 1
		case '<', '&', '\r':
			return a, -1
		}
	}
	return a, -1
}

func pastSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// quickText ends before the next tag; text with references, carriage returns
// or the end of a CDATA section is not plain.
func quickText(s string, i int) (end int, ok bool) {
	end = len(s)
	if n := strings.IndexByte(s[i:], '<'); n >= 0 {
		end = i + n
	}
	bracket := false
	for j := i; j < end; j++ {
		switch s[j] {
		case '&', '\r':
			return 0, false
		case ']':
			bracket = true
		}
	}
	return end, !bracket || !strings.Contains(s[i:end], "]]>")
}

func quickComment(s string, i int) (what quick, prefix, local string, end int) {
	const begin = "!--"
	if !strings.HasPrefix(s[i:], begin) {
		return not, "", "", 0
	}
	i += len(begin)
	n := strings.Index(s[i:], "--")
	if n < 0 || i+n+2 >= len(s) || s[i+n+2] != '>' {
		return not, "", "", 0
	}
	return comment, "", "", i + n + 3
}

// quickName reads a name of ASCII letters with at most one prefix; end is -1
// when it is another.
func quickName(s string, i int) (prefix, local string, end int) {
	from, colon := i, -1
	for i < len(s) {
		class := nameBytes[s[i]]
		if class == 0 || class == inside && i == from {
			break
		}
		if s[i] == ':' {
			if colon >= 0 {
				return "", "", -1
			}
			colon = i
		}
		i++
	}
	switch {
	case i == from, i < len(s) && s[i] >= 0x80, colon == i-1:
		return "", "", -1
	case colon >= 0:
		return s[from:colon], s[colon+1 : i], i
	}
	return "", s[from:i], i
}

const (
	inside = 1 // of a name, not at its beginning
	begins = 2
)

var nameBytes = func() (class [256]uint8) {
	for b := range 128 {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_':
			class[b] = begins
		case b >= '0' && b <= '9', b == '-', b == '.', b == ':':
			class[b] = inside
		}
	}
	return class
}()

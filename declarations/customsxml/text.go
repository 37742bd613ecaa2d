package customsxml

import (
	"strings"

	"kouan/declarations/strictxml"
)

// appendText escapes character data. A carriage return would come back as a
// line feed, so it is written as a reference.
func appendText(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		ref := ""
		switch s[i] {
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '&':
			ref = "&amp;"
		case '\r':
			ref = "&#13;"
		default:
			continue
		}
		b = append(append(b, s[from:i]...), ref...)
		from = i + 1
	}
	return append(b, s[from:]...)
}

// In an attribute a reader turns every kind of white space into a blank.
var attributeEscapes = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", `"`, "&quot;", "\r", "&#13;", "\n", "&#10;", "\t", "&#9;")

// appendElement writes an element and all below it on one line, without
// prefixes and namespace declarations.
func appendElement(b []byte, e *strictxml.Element) []byte {
	b = append(append(b, '<'), e.Local...)
	for _, a := range e.Attrs {
		if a.Space != "" || a.IsNamespace() {
			continue // foreign attributes are not read
		}
		b = append(append(append(b, ' '), a.Local...), `="`...)
		b = append(append(b, attributeEscapes.Replace(a.Value)...), '"')
	}
	if e.Text == "" && len(e.Children) == 0 {
		return append(b, "/>"...)
	}
	b = appendText(append(b, '>'), e.Text)
	for _, c := range e.Children {
		b = appendElement(b, c)
	}
	return append(append(append(b, "</"...), e.Local...), '>')
}

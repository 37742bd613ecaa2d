package xsd

import (
	"bytes"
	"slices"

	"kouan/declarations/strictxml"
)

const instance = "http://www.w3.org/2001/XMLSchema-instance"

// withoutHints blanks xsi:schemaLocation and xsi:noNamespaceSchemaLocation:
// samples point to files that do not exist, and one is malformed, for which
// the engine would refuse the document though xmllint does not. Bytes are
// replaced by as many blanks, so that places stay what they are.
func withoutHints(doc []byte, root *strictxml.Element) []byte {
	out := doc
	walk(root, func(e *strictxml.Element) {
		for i, a := range e.Attrs {
			if a.Space != instance || a.Local != "schemaLocation" && a.Local != "noNamespaceSchemaLocation" {
				continue
			}
			if len(out) > 0 && &out[0] == &doc[0] {
				out = slices.Clone(doc)
			}
			blank(out[e.Start:e.End], i)
		}
	})
	return out
}

// blank overwrites the n-th attribute (from 0) of the start tag that tag
// begins with. The document is well-formed: every name but that of the element
// has a value in quotes.
func blank(tag []byte, n int) {
	for i := 1; ; {
		start := i
		for tag[i] != '=' && tag[i] != '>' && tag[i] != '/' && !isSpace(tag[i]) {
			i++
		}
		if i == start {
			return // no attribute is left
		}
		for isSpace(tag[i]) || tag[i] == '=' {
			i++
		}
		if tag[i] != '"' && tag[i] != '\'' {
			continue // that was the name of the element
		}
		end := i + 1 + bytes.IndexByte(tag[i+1:], tag[i])
		if n == 0 {
			for j := start; j <= end; j++ {
				if !isSpace(tag[j]) {
					tag[j] = ' '
				}
			}
			return
		}
		n--
		for i = end + 1; isSpace(tag[i]); {
			i++
		}
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

func walk(e *strictxml.Element, visit func(*strictxml.Element)) {
	visit(e)
	for _, c := range e.Children {
		walk(c, visit)
	}
}

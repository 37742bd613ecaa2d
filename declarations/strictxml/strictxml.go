// Package strictxml is the reader in front of every XML document that comes
// from outside. It gives a tree of elements with their places, or one fault.
//
// Contract: Read returns a tree only for a document that is well-formed with
// namespaces, has one root and stays inside its limits; otherwise exactly one
// fault with code, place and reason. Time and memory are linear in the size
// limit. A document type, a processing instruction, an undeclared prefix and
// everything else that encoding/xml lets pass is refused.
//
// The package does not know any message: it judges form, never content.
package strictxml

import (
	"strconv"

	"kouan/declarations"
)

// Rules of the rule table that are judged here.
const (
	codeMalformed = "DEC-0001" // V001: well-formed, valid characters; args: reason and its own
	codeDirective = "DEC-0002" // V002: no document type, no entity declaration
)

// Limits bound one document. A zero field means its default.
type Limits struct {
	Bytes      int // of the document as it came; 4 MiB
	Depth      int // of nesting, the root is 1; 64
	Attributes int // on one element, namespace declarations included; 256
	Elements   int // of the whole document; 100,000
	// GB18030 lets a document that declares GB18030, GBK or GB2312 pass; it is
	// transcoded. Without it only UTF-8 is read.
	GB18030 bool
}

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		at  *int
		def int
	}{{&l.Bytes, 4 << 20}, {&l.Depth, 64}, {&l.Attributes, 256}, {&l.Elements, 100_000}} {
		if *f.at <= 0 {
			*f.at = f.def
		}
	}
	return l
}

// Attr is one attribute. A namespace declaration has Space "xmlns", or Local
// "xmlns" and no Space.
type Attr struct {
	Space, Local, Value string
}

// IsNamespace tells a namespace declaration from data.
func (a Attr) IsNamespace() bool {
	return a.Space == "xmlns" || a.Space == "" && a.Local == "xmlns"
}

// Element is one element of a document.
type Element struct {
	Space, Local string // namespace URI and local name
	Attrs        []Attr
	// Text is the direct character data, untrimmed. Beside child elements, runs
	// of nothing but white space are left out.
	Text     string
	Children []*Element
	// Line and Column of the start tag count from 1, Column in characters.
	Line, Column int
	// Start and End are byte offsets of the element in the document as it came,
	// or in its UTF-8 form when it was transcoded.
	Start, End int64
}

// Child is the first child of that local name, nil when there is none.
func (e *Element) Child(local string) *Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Local == local {
			return c
		}
	}
	return nil
}

// ChildText is the text of the first child of that local name, empty without one.
func (e *Element) ChildText(local string) string {
	if c := e.Child(local); c != nil {
		return c.Text
	}
	return ""
}

// All are the children of that local name, in document order.
func (e *Element) All(local string) []*Element {
	if e == nil {
		return nil
	}
	var all []*Element
	for _, c := range e.Children {
		if c.Local == local {
			all = append(all, c)
		}
	}
	return all
}

// Read reads one document. On success the tree is not nil and there is no
// fault; otherwise the tree is nil and there is one fault of severity reject,
// whose Path is the place of the innermost open element (/DecMessage/DecHead).
func Read(data []byte, lim Limits) (*Element, []declarations.Fault) {
	return read(data, lim.withDefaults(), false)
}

func read(data []byte, lim Limits, slow bool) (*Element, []declarations.Fault) {
	if len(data) > lim.Bytes {
		return nil, []declarations.Fault{{
			Code: declarations.CodeTooLarge, Severity: declarations.Reject, Path: "/",
			Args: map[string]string{"limit": strconv.Itoa(lim.Bytes), "unit": "bytes"},
		}}
	}
	text, fault := decode(data, lim)
	if fault != nil {
		return nil, []declarations.Fault{*fault}
	}
	r := newReader(text, lim)
	r.slow = slow
	if fault := r.read(); fault != nil {
		return nil, []declarations.Fault{*fault}
	}
	return r.root, nil
}

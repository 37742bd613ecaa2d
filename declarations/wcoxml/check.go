package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// checker walks a message along the layout: it finds what is wrong and builds
// the tree of what is right.
type checker struct {
	profile *Profile
	found   findings
	arena   arena
	path    []byte // of the element at hand, with numbers where elements repeat
}

// message checks the envelope and the declaration in it.
func (c *checker) message(root, dec *strictxml.Element) *element {
	c.path = append(c.path, '/')
	c.path = append(c.path, root.Local...)
	c.attributes(root, nil)
	c.noText(root)
	next := 0
	for _, e := range root.Children {
		if e == dec {
			next = len(envelopeFields) + 1
			continue
		}
		i := slices.Index(envelopeFields, e.Local)
		if i < next || e.Space != c.profile.Envelope {
			c.report(codeNotAllowed, e, c.child(e.Local, 0), "element", e.Local, "allowed", c.afterEnvelope(next))
			continue
		}
		next = i + 1
		c.envelope(e)
	}
	back := len(c.path)
	c.path = append(append(c.path, '/'), dec.Local...)
	c.arena.elements.expect(size(dec))
	built := c.class(dec, Root(), 1)
	c.path = c.path[:back]
	return built
}

// size is how many elements there are from e on down.
func size(e *strictxml.Element) int {
	n := 1
	for _, c := range e.Children {
		n += size(c)
	}
	return n
}

// envelope warns of what is written otherwise than it was read.
func (c *checker) envelope(e *strictxml.Element) {
	path := c.child(e.Local, 0)
	allowed := []string{languageID} // of a name; the envelope takes any text in its attributes
	if strings.HasSuffix(e.Local, "Code") {
		allowed = codeAttributes
	}
	for _, a := range e.Attrs {
		if !a.IsNamespace() && !hint(a) && (a.Space != "" || !slices.Contains(allowed, a.Local)) {
			c.report(codeAttribute, e, path+"/@"+shorten(a.Local), "element", e.Local, "attribute", shorten(a.Local), "value", shorten(a.Value))
		}
	}
	for _, child := range e.Children {
		c.report(codeNotAllowed, child, path+"/"+child.Local, "element", child.Local, "allowed", nothing)
	}
	text := strings.TrimSpace(e.Text)
	if written := c.profile.envelopeValue(e.Local); text != "" && text != written {
		c.found.add(*finding(declarations.Warn, codeEnvelope, e, path, []string{"element", e.Local, "value", shorten(text), "written", written}))
	}
}

func (c *checker) afterEnvelope(next int) string {
	if next > len(envelopeFields) {
		return nothing
	}
	return strings.Join(append(slices.Clone(envelopeFields[next:]), declarationName), ", ")
}

// class checks one class element and all below it.
func (c *checker) class(e *strictxml.Element, n *Node, nth int) *element {
	built := c.arena.new(n, nth)
	built.source = e
	c.attributes(e, nil)
	c.noText(e)
	at, count := 0, 0 // where in the sequence, and how many of that node
	for _, child := range e.Children {
		node := n.Child(child.Local)
		switch {
		case node == nil || child.Space != c.profile.Namespace || node.place < at:
			c.report(codeNotAllowed, child, c.child(child.Local, 0), "element", child.Local, "allowed", c.allowed(n, at, count))
			continue
		case node.place > at:
			c.missing(e, n, at, node.place, count)
			at, count = node.place, 0
		}
		if count++; node.Max > 0 && count > node.Max {
			if count == node.Max+1 {
				c.report(codeTooOften, child, c.child(child.Local, count), "element", child.Local, "limit", strconv.Itoa(node.Max))
			}
			continue
		}
		if b := c.one(child, node, count); b != nil {
			built.children = append(built.children, b)
		}
	}
	c.missing(e, n, at, len(n.Children), count)
	return built
}

func (c *checker) one(e *strictxml.Element, n *Node, nth int) *element {
	back := len(c.path)
	c.path = append(append(c.path, '/'), e.Local...)
	if n.Repeats() {
		c.path = append(strconv.AppendInt(append(c.path, '['), int64(nth), 10), ']')
	}
	var built *element
	if n.IsClass() {
		built = c.class(e, n, nth)
	} else {
		built = c.leaf(e, n)
	}
	c.path = c.path[:back]
	return built
}

// missing reports the nodes from at to before end that must occur and do not.
func (c *checker) missing(e *strictxml.Element, n *Node, at, end, count int) {
	for i := at; i < end; i++ {
		if node := n.Children[i]; node.Min > 0 && (i > at || count == 0) {
			c.report(codeMissing, e, c.child(node.Name, 0), "element", node.Name)
		}
	}
}

// allowed names what may stand next.
func (c *checker) allowed(n *Node, at, count int) string {
	var names []string
	for _, node := range n.Children[at:] {
		if node.place == at && count > 0 && node.Max > 0 && count >= node.Max {
			continue
		}
		if names = append(names, node.Name); len(names) == 6 {
			return strings.Join(names, ", ") + " …"
		}
	}
	if len(names) == 0 {
		return nothing
	}
	return strings.Join(names, ", ")
}

// nothing may stand next.
const nothing = "–"

// child is the path of a child of the element at hand.
func (c *checker) child(name string, nth int) string {
	path := string(c.path) + "/" + shorten(name)
	if nth > 0 {
		path += "[" + strconv.Itoa(nth) + "]"
	}
	return path
}

func (c *checker) report(code string, at *strictxml.Element, path string, args ...string) {
	if len(c.found.faults) >= maxFindings {
		c.found.more++
		return
	}
	c.found.add(*reject(code, at, path, args...))
}

// shorten keeps a value from the document short enough to be shown.
func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

package wcoxml

import (
	"slices"
	"strings"

	"kouan/declarations/strictxml"
)

// element is one element of a message that was read or is to be written.
// Several elements of one node in a parent are counted from 1; a message that
// is being composed may have gaps, which are closed by writing.
type element struct {
	node     *Node
	nth      int
	text     string
	attrs    []strictxml.Attr
	children []*element // by node, then by number
	absent   bool       // a leaf that the message read did not have though it would be derived
	empty    bool       // a class that the message read had without anything in it
	source   *strictxml.Element
	from     *arena
}

// before orders the children of one element.
func (e *element) before(n *Node, nth int) int {
	if e.node != n {
		return e.node.place - n.place
	}
	return e.nth - nth
}

func (e *element) index(n *Node, nth int) (int, bool) {
	from, to := 0, len(e.children)
	for from < to {
		middle := (from + to) / 2
		switch order := e.children[middle].before(n, nth); {
		case order == 0:
			return middle, true
		case order < 0:
			from = middle + 1
		default:
			to = middle
		}
	}
	return from, false
}

// root is an empty message that may be kept.
func root() *element { return new(arena).new(Root(), 1) }

// find is the child of a node with that number, nil when there is none.
func (e *element) find(n *Node, nth int) *element {
	if i, ok := e.index(n, nth); ok {
		return e.children[i]
	}
	return nil
}

// make is find; the child is made when there is none.
func (e *element) make(n *Node, nth int) *element {
	if last := len(e.children) - 1; last < 0 || e.children[last].before(n, nth) < 0 {
		c := e.from.new(n, nth)
		e.children = append(e.children, c)
		return c
	}
	i, ok := e.index(n, nth)
	if !ok {
		e.children = slices.Insert(e.children, i, e.from.new(n, nth))
	}
	return e.children[i]
}

// all are the children of a node.
func (e *element) all(n *Node) []*element {
	from, _ := e.index(n, 0)
	to := from
	for to < len(e.children) && e.children[to].node == n {
		to++
	}
	return e.children[from:to]
}

// add makes the child with the smallest number that is free.
func (e *element) add(n *Node) *element {
	nth := 1
	for _, c := range e.all(n) {
		if c.nth != nth {
			break
		}
		nth++
	}
	return e.make(n, nth)
}

// remove takes a child away.
func (e *element) remove(c *element) {
	e.children = slices.DeleteFunc(e.children, func(x *element) bool { return x == c })
}

// place is a way down from a class to a node, first occurrences only.
type place []*Node

// below is the place of a path under a class; the path is one of the layout.
func below(class *Node, path string) place {
	var p place
	for name := range strings.SplitSeq(path, "/") {
		if class = class.Child(name); class == nil {
			panic("no such place in the WCO layout: " + path)
		}
		p = append(p, class)
	}
	return p
}

func (p place) leaf() *Node { return p[len(p)-1] }

// at is the element of a place, nil when there is none.
func (e *element) at(p place) *element {
	for _, n := range p {
		if e = e.find(n, 1); e == nil {
			return nil
		}
	}
	return e
}

// put is the element of a place, made when there is none.
func (e *element) put(p place) *element {
	for _, n := range p {
		e = e.make(n, 1)
	}
	return e
}

// take removes the element of a place and the classes above it that it leaves empty.
func (e *element) take(p place) {
	c := e.find(p[0], 1)
	if c == nil {
		return
	}
	if len(p) > 1 {
		if c.take(p[1:]); len(c.children) > 0 || c.empty {
			return
		}
	}
	e.remove(c)
}

// word is the text of a leaf child, without white space around it.
func (e *element) word(n *Node) string {
	if c := e.find(n, 1); c != nil && !c.absent {
		return strings.TrimSpace(c.text)
	}
	return ""
}

// attr is the value of an attribute.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Local == name {
			return a.Value
		}
	}
	return ""
}

// same reports whether two elements say the same, children included.
func (e *element) same(o *element) bool {
	return e.node == o.node && e.nth == o.nth && e.absent == o.absent && e.sameLeaf(o) &&
		slices.EqualFunc(e.children, o.children, (*element).same)
}

func (e *element) sameLeaf(o *element) bool {
	return e.text == o.text && len(e.attrs) == len(o.attrs) &&
		!slices.ContainsFunc(e.attrs, func(a strictxml.Attr) bool { return !slices.Contains(o.attrs, a) })
}

// trimmed is the text of a leaf as a canonical value: white space around a
// text is not said in a form.
func trimmed(text string) string { return strings.TrimFunc(text, xmlSpace) }

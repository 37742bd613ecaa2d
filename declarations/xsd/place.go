package xsd

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/strictxml"
)

// places finds the element that an error of the engine is about. The engine
// names a line and column: of the start tag for an element that may not stand
// there, of the end of the content for a value. Faults name the start tag.
type places struct {
	order  []*strictxml.Element // in document order
	parent map[*strictxml.Element]*strictxml.Element
}

func newPlaces(root *strictxml.Element) *places {
	p := &places{parent: map[*strictxml.Element]*strictxml.Element{}}
	walk(root, func(e *strictxml.Element) {
		p.order = append(p.order, e)
		for _, c := range e.Children {
			p.parent[c] = e
		}
	})
	return p
}

// at is the element of a depth whose start tag is the last one at or before a
// line and column: the one that a position in its start tag, or at the end of
// its content, is in. The root has depth 1; nil when there is no such element.
func (p *places) at(line, column, depth int) *strictxml.Element {
	i, _ := slices.BinarySearchFunc(p.order, 0, func(e *strictxml.Element, _ int) int {
		if e.Line < line || e.Line == line && e.Column <= column {
			return -1
		}
		return 1
	})
	if i == 0 {
		return nil
	}
	e := p.order[i-1]
	for e != nil && p.depth(e) > depth {
		e = p.parent[e]
	}
	if e == nil || p.depth(e) != depth {
		return nil
	}
	return e
}

func (p *places) depth(e *strictxml.Element) int {
	n := 0
	for ; e != nil; e = p.parent[e] {
		n++
	}
	return n
}

// chain is the way from the root to an element.
func (p *places) chain(e *strictxml.Element) []*strictxml.Element {
	var way []*strictxml.Element
	for ; e != nil; e = p.parent[e] {
		way = append(way, e)
	}
	slices.Reverse(way)
	return way
}

// path writes the way; a repeated element is counted from 1, the first of its
// name goes without a number.
func (p *places) path(e *strictxml.Element) string {
	var b strings.Builder
	for _, step := range p.chain(e) {
		b.WriteString("/" + step.Local)
		parent := p.parent[step]
		if parent == nil {
			continue
		}
		nth := 0
		for _, c := range parent.Children {
			if c.Local == step.Local {
				nth++
			}
			if c == step {
				break
			}
		}
		if nth > 1 {
			b.WriteString("[" + strconv.Itoa(nth) + "]")
		}
	}
	return b.String()
}

package customsxml

import (
	"cmp"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// carry keeps an element that is not modelled where it stands, and shows it.
func (p *parser) carry(c *strictxml.Element) {
	if !p.keepable(c) {
		return
	}
	p.warn(codeUnknown, c, "element", c.Local, "kept", "true")
	*p.carried = append(*p.carried, declarations.Carried{Element: p.trail[p.base:].element(c.Local), XML: string(appendElement(nil, c))})
}

// leave shows an element of older messages that has no place any more, when it says something.
func (p *parser) leave(c *strictxml.Element) {
	if len(c.Children) > 0 || strings.Trim(c.Text, " \t\r\n") != "" {
		p.warn(codeUnknown, c, "element", c.Local, "kept", "false")
	}
}

// keepable refuses what carried XML cannot hold: other namespaces, and text between elements.
func (p *parser) keepable(e *strictxml.Element) bool {
	if e.Space != p.doc.message.Space {
		return !p.foreign(e)
	}
	if e.Text != "" && len(e.Children) > 0 {
		p.reject(declarations.CodeWrongType, e, "want", "elements", "got", "text")
		return false
	}
	for _, c := range e.Children {
		if !p.keepable(c) {
			return false
		}
	}
	return true
}

// sortCarried brings what was read in any order into the writing order: group
// by group, in each its parts before what stands in it directly.
func sortCarried(all []declarations.Carried) {
	if len(all) > 1 {
		slices.SortStableFunc(all, func(a, b declarations.Carried) int { return comparePlaces(a.Element, b.Element) })
	}
}

func comparePlaces(a, b string) int {
	for {
		stepA, restA, insideA := strings.Cut(a, "/")
		stepB, restB, insideB := strings.Cut(b, "/")
		switch {
		case !insideA && !insideB:
			return 0
		case insideA != insideB && insideA:
			return -1
		case insideA != insideB:
			return 1
		}
		if stepA != stepB {
			nameA, rowA, _ := cutRow(stepA)
			nameB, rowB, _ := cutRow(stepB)
			return cmp.Or(cmp.Compare(ranks[nameA], ranks[nameB]), cmp.Compare(rowA, rowB))
		}
		a, b = restA, restB
	}
}

// ranks orders the elements that hold others as they are written.
var ranks, rowElements = func() (map[string]int, map[string]bool) {
	rank, row := map[string]int{}, map[string]bool{}
	note(&decMessage, rank, row)
	note(&importItems, rank, row)
	note(licencePart.layout(declarations.Import), rank, row)
	return rank, row
}()

func note[T any](g *group[T], rank map[string]int, row map[string]bool) {
	for _, p := range g.parts {
		a := p.about()
		rank[a.names[0]] = len(rank) + 1
		if a.row != "" {
			row[a.row] = true
		}
	}
}

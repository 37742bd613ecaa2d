package customsxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
)

// An element that is carried has the name of its root as Carried.Element. One
// that is unknown inside a modelled group has the place of the group in front:
// DecHead/Foo, DecContainers/Container[2]/Foo (rows counted from 1).

// carried writes the groups of these names, in this order.
func (w *writer) carried(names []string) {
	if len(w.d.Carried) == 0 {
		return
	}
	for _, name := range names {
		for i := range w.d.Carried {
			if w.d.Carried[i].Element == name {
				w.raw("  ", w.d.Carried[i].XML)
			}
		}
	}
}

// remainder writes the children of DecMessage that have no place in the writing order.
func (w *writer) remainder() {
	for i := range w.d.Carried {
		c := &w.d.Carried[i]
		if _, placed := writingOrder[c.Element]; !placed && !strings.Contains(c.Element, "/") {
			w.raw("  ", c.XML)
		}
	}
}

// unknownIn writes the unknown children of one modelled group at its end.
func (w *writer) unknownIn(parent, indent string) {
	for i := range w.d.Carried {
		if up, _ := splitCarried(w.d.Carried[i].Element); up == parent {
			w.raw(indent, w.d.Carried[i].XML)
		}
	}
}

func (w *writer) hasUnknownIn(parent string) bool {
	return slices.ContainsFunc(w.d.Carried, func(c declarations.Carried) bool {
		up, _ := splitCarried(c.Element)
		return up == parent
	})
}

func (w *writer) raw(indent, xml string) {
	w.b = append(append(append(w.b, indent...), xml...), '\n')
}

// splitCarried parts DecHead/Foo into DecHead and Foo; a child of DecMessage has no parent part.
func splitCarried(element string) (parent, name string) {
	i := strings.LastIndexByte(element, '/')
	if i < 0 {
		return "", element
	}
	return element[:i], element[i+1:]
}

func rowName(element string, i int) string { return element + "[" + strconv.Itoa(i+1) + "]" }

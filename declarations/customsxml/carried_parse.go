package customsxml

import (
	"cmp"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// stray says where an element that is no field is kept: the list, and the
// group (and row, from 0) that it stands in. Children of DecMessage and of
// DecList have no group.
type stray struct {
	into  *[]declarations.Carried
	group string
	row   int // -1: no row
	item  bool
}

func (s stray) element(local string) string {
	switch {
	case s.group == "":
		return local
	case s.row >= 0:
		return rowName(s.group, s.row) + "/" + local
	}
	return s.group + "/" + local
}

// expected tells groups of the interface that are not modelled yet from elements nobody knows.
func (s stray) expected(local string) bool {
	switch {
	case s.item:
		return carriedInItem[local]
	case s.group == "":
		_, placed := writingOrder[local]
		return placed || carriedAnywhere[local]
	}
	return false
}

// carry keeps an element that is not modelled. Unknown ones are shown.
func (p *parser) carry(s stray, c *strictxml.Element) {
	empty := len(c.Children) == 0 && strings.Trim(c.Text, " \t\r\n") == ""
	if s.group == "DecHead" && oldHeadElements[c.Local] {
		if !empty {
			p.warn(codeUnknown, c, "element", c.Local, "kept", "false")
		}
		return
	}
	known := s.expected(c.Local)
	if known && empty {
		return
	}
	if !p.keepable(c) {
		return
	}
	if !known {
		p.warn(codeUnknown, c, "element", c.Local, "kept", "true")
	}
	*s.into = append(*s.into, declarations.Carried{Element: s.element(c.Local), XML: string(appendElement(nil, c))})
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

// sortCarried brings what was read in any order into the writing order.
func sortCarried(all []declarations.Carried) {
	slices.SortStableFunc(all, func(a, b declarations.Carried) int {
		return cmp.Compare(carriedRank(a.Element), carriedRank(b.Element))
	})
}

func sortItemCarried(all []declarations.Carried) {
	rank := func(c declarations.Carried) int {
		if c.Element == goodsLimits {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b declarations.Carried) int { return cmp.Compare(rank(a), rank(b)) })
}

// carriedRank orders by group, and in a wrapper what stands beside the rows behind them.
func carriedRank(element string) int {
	group, rest, inside := strings.Cut(element, "/")
	group, _, isRow := strings.Cut(group, "[")
	rank, placed := writingOrder[group]
	if !placed {
		rank = len(writingOrder)
	}
	rank *= 2
	if inside && !isRow && !strings.Contains(rest, "/") {
		rank++
	}
	return rank
}

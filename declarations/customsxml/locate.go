package customsxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// path is the place of an element that was read. Rows are counted even when there is only one.
func (d *Document) path(target *strictxml.Element) string {
	var b strings.Builder
	for e, parent := d.root, (*strictxml.Element)(nil); e != nil; {
		b.WriteString("/" + e.Local)
		if nth := position(parent, e); nth > 1 || parent != nil && rowElements[e.Local] {
			b.WriteString("[" + strconv.Itoa(nth) + "]")
		}
		if e == target {
			break
		}
		parent, e = e, around(e.Children, target)
	}
	return b.String()
}

// around is the element that holds target; children stand in document order.
func around(children []*strictxml.Element, target *strictxml.Element) *strictxml.Element {
	i, _ := slices.BinarySearchFunc(children, target.Start, func(c *strictxml.Element, start int64) int {
		if c.End <= start {
			return -1
		}
		return 1
	})
	if i == len(children) {
		return nil
	}
	return children[i]
}

func position(parent, e *strictxml.Element) int {
	nth := 1
	if parent != nil {
		for _, c := range parent.Children {
			if c == e {
				break
			}
			if c.Local == e.Local {
				nth++
			}
		}
	}
	return nth
}

// Locate translates a canonical path (items[2].hs_code) into the place in the
// document. Path always names the place itself; when nothing stands there,
// Line and Column are those of the nearest element around it.
func (d Document) Locate(path string) Place {
	if d.message == nil {
		return Place{Path: path}
	}
	at := walk{el: d.message, path: d.path(d.message), place: d.message, dir: d.Declaration.Header.TradeDirection}
	if like, ok := sameElement[path]; ok {
		path = like
	}
	switch rest, carried := strings.CutPrefix(path, "carried["); {
	case carried:
		d.locateCarried(&at, rest)
	case decMessage.locate(&at, path):
	default:
		locatePart(&at, path)
	}
	return Place{Path: at.path, Line: at.place.Line, Column: at.place.Column}
}

// locate goes to a field of the group or into one of its parts.
func (g *group[T]) locate(w *walk, path string) bool {
	for i := range g.fields {
		if g.fields[i].Path == path {
			w.into(g.fields[i].Element)
			return true
		}
	}
	for _, p := range g.parts {
		if p.locate(w, path) {
			return true
		}
	}
	return false
}

// locatePart goes to the group of the first field of a whole part of the JSON (parties.owner).
func locatePart(w *walk, path string) {
	for _, p := range decMessage.parts {
		if s, ok := p.(*single); ok && s.locatePart(w, path) {
			return
		}
	}
}

// walk goes down a path. When an element is missing, place stays at the last one found.
type walk struct {
	el    *strictxml.Element // nil once the path has left the document
	path  string
	place *strictxml.Element
	dir   declarations.Direction
}

func (w *walk) into(local string) {
	w.path += "/" + local
	w.enter(w.el.Child(local))
}

// intoRow enters row i (from 0) of that name.
func (w *walk) intoRow(local string, i int) {
	w.path += "/" + rowName(local, i)
	var row *strictxml.Element
	if all := w.el.All(local); i < len(all) {
		row = all[i]
	}
	w.enter(row)
}

func (w *walk) enter(e *strictxml.Element) {
	w.el = e
	if e != nil {
		w.place = e
	}
}

func (d *Document) locateCarried(w *walk, rest string) {
	number, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(d.Declaration.Carried) {
		return
	}
	for step := range strings.SplitSeq(d.Declaration.Carried[i].Element, "/") {
		if element, row, ok := cutRow(step); ok {
			w.intoRow(element, row-1)
			continue
		}
		w.into(step)
	}
}

// Several canonical fields that are positions of one element, by the one that the field table names.
var sameElement = map[string]string{
	"declaration.filing_step":      "declaration.form_type",
	"declaration.is_combined_port": "declaration.form_type",
	"declaration.type_as_read":     "declaration.form_type",
	"valuation.price_influenced":   "valuation.special_relationship",
	"valuation.royalties_paid":     "valuation.special_relationship",
	"valuation.formula_pricing":    "valuation.special_relationship",
	"valuation.provisional_price":  "valuation.special_relationship",
	"valuation.promises_as_read":   "valuation.special_relationship",
}

package customsxml

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// rowElements are counted in a path even when there is only one.
var rowElements = nameSet("DecList", "Container", "LicenseDocu", "EdocRealation", "EcoRelation")

// path is the place of an element that was read.
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
	at := walk{el: d.message, path: d.path(d.message), place: d.message}
	dir := d.Declaration.Header.TradeDirection
	list, rest, indexed := strings.Cut(path, "[")
	if !indexed {
		list, rest, _ = strings.Cut(path, ".")
	}
	switch list {
	case "items":
		at.into("DecLists")
		locateRow(&at, itemGroup(dir), "DecList", rest, indexed)
	case containerRows.path:
		at.into(containerRows.wrapper)
		locateRow(&at, &containerRows.layout, containerRows.element, rest, indexed)
	case documentRows.path:
		at.into(documentRows.wrapper)
		locateRow(&at, &documentRows.layout, documentRows.element, rest, indexed)
	case attachmentRows.path:
		locateRow(&at, &attachmentRows.layout, attachmentRows.element, rest, indexed)
	case originLinkRows.path:
		locateRow(&at, &originLinkRows.layout, originLinkRows.element, rest, indexed)
	case "carried":
		d.locateCarried(&at, rest)
	default:
		locateField(&at, dir, path)
	}
	return Place{Path: at.path, Line: at.place.Line, Column: at.place.Column}
}

// walk goes down a path. When an element is missing, place stays at the last one found.
type walk struct {
	el    *strictxml.Element // nil once the path has left the document
	path  string
	place *strictxml.Element
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

// locateRow goes to a row and its field; rest is what follows "items[".
func locateRow[T any](w *walk, g *group[T], element, rest string, indexed bool) {
	if !indexed {
		return
	}
	number, field, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 {
		return
	}
	w.intoRow(element, i)
	field = strings.TrimPrefix(field, ".")
	for n := range g.fields {
		if g.fields[n].Path == field {
			w.into(g.fields[n].Element)
			return
		}
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

// fieldPlace is the group and element of a field of the declaration itself.
type fieldPlace struct{ group, element string }

// locateField goes to a field of head, free text or signature. A path of a
// whole part of the JSON (parties.owner) goes to the group of its first field.
func locateField(w *walk, dir declarations.Direction, path string) {
	at, ok := fieldPlaces()[dir == declarations.Export][path]
	if !ok {
		return
	}
	w.into(at.group)
	if at.element == "TradeCoScc" && w.el.Child(at.element) == nil && w.el.Child(oldTradeCoScc) != nil {
		at.element = oldTradeCoScc
	}
	if at.element != "" {
		w.into(at.element)
	}
}

// fieldPlaces maps canonical paths, by export or not; built when the first fault needs it.
var fieldPlaces = sync.OnceValue(func() map[bool]map[string]fieldPlace {
	all := map[bool]map[string]fieldPlace{}
	for _, dir := range []declarations.Direction{declarations.Import, declarations.Export} {
		m := map[string]fieldPlace{}
		for _, g := range []struct {
			name   string
			fields []declarations.Field[declarations.Declaration]
		}{{"DecHead", declarations.HeadFields}, {"DecFreeTxt", declarations.FreeTextFields}, {"DecSign", declarations.SignFields}} {
			for i := range g.fields {
				path := g.fields[i].PathIn(dir)
				m[path] = fieldPlace{g.name, g.fields[i].Element}
				for part := parent(path); part != ""; part = parent(part) {
					if _, taken := m[part]; !taken {
						m[part] = fieldPlace{group: g.name}
					}
				}
			}
		}
		for path, like := range sameElement {
			m[path] = m[like]
		}
		all[dir == declarations.Export] = m
	}
	return all
})

func parent(path string) string {
	return path[:max(0, strings.LastIndexByte(path, '.'))]
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

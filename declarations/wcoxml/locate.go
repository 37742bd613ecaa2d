package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/strictxml"
)

// Place is where something stands in the user's document.
type Place struct {
	Path         string
	Line, Column int
}

// Locate is the place of a canonical field (items[2].hs_code). What is missing
// has the place of the nearest thing around it that is there.
func (doc Document) Locate(canonical string) Place {
	if doc.message == nil {
		if doc.root == nil {
			return Place{Path: canonical}
		}
		return Place{"/" + doc.root.Local, doc.root.Line, doc.root.Column}
	}
	e, path := doc.message, "/MetaData/Declaration"
	name, line := canonical, -1
	if rest, ok := strings.CutPrefix(canonical, "items["); ok {
		number, after, _ := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(number); err == nil {
			line, name = i, "items[]"+after
		}
	}
	there := true
	for _, n := range doc.placeOf(name) {
		nth := 1
		if n == itemNode() {
			if line < 0 {
				break
			}
			nth = line + 1
		}
		path += "/" + n.Name
		if n.Repeats() {
			path += "[" + strconv.Itoa(nth) + "]"
		}
		if there {
			if c := e.find(n, nth); c != nil {
				e = c
			} else {
				there = false // the path goes on, the place is that of the class above
			}
		}
	}
	return Place{path, e.source.Line, e.source.Column}
}

// placeOf is the way from Declaration to where the map puts a field, nil when
// it has no place; a line without its field is the line itself.
func (doc Document) placeOf(name string) []*Node {
	path := ""
	if p := fieldMap().of(name); p != nil {
		path = p.Path
		if p.ExportPath != "" && doc.Declaration.IsExport() {
			path = p.ExportPath
		}
	}
	if path == "" && (name == "items" || strings.HasPrefix(name, "items[]")) {
		path = goodsItem
	}
	path, _, _ = strings.Cut(path, "@")
	var way []*Node
	for n := At(path); n != nil && n.Parent != nil; n = n.Parent {
		way = append(way, n)
	}
	slices.Reverse(way)
	return way
}

// pathTo is the path of an element of the message.
func (doc Document) pathTo(source *strictxml.Element) string {
	var find func(e *element, path string) (string, bool)
	find = func(e *element, path string) (string, bool) {
		if e.source == source {
			return path, true
		}
		for _, c := range e.children {
			at := path + "/" + c.node.Name
			if c.node.Repeats() {
				at += "[" + strconv.Itoa(c.nth) + "]"
			}
			if found, ok := find(c, at); ok {
				return found, true
			}
		}
		return "", false
	}
	path, _ := find(doc.message, "/MetaData/Declaration")
	return path
}

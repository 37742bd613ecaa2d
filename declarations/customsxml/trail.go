package customsxml

import (
	"strconv"
	"strings"
)

// An element that is carried has its place as Carried.Element: the names of
// the groups around it and its own, DecHead/Foo, DecContainers/Container[2]/Foo
// (rows counted from 1). The place counts from DecMessage, and from DecList
// for what a line carries.

// trail is the place where reading or writing stands.
type trail []step

// step is one element; row counts from 0, -1 is none.
type step struct {
	name string
	row  int
}

func (t trail) string() string {
	var b strings.Builder
	for i, s := range t {
		if i > 0 {
			b.WriteByte('/')
		}
		if b.WriteString(s.name); s.row >= 0 {
			b.WriteString("[" + strconv.Itoa(s.row+1) + "]")
		}
	}
	return b.String()
}

// element is the place of a child of that name.
func (t trail) element(local string) string {
	if len(t) == 0 {
		return local
	}
	return t.string() + "/" + local
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

// cutRow parts Container[2] into the element and 2.
func cutRow(s string) (element string, row int, ok bool) {
	element, rest, found := strings.Cut(s, "[")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	return element, n, found && err == nil && n > 0 && rowName(element, n-1) == s
}

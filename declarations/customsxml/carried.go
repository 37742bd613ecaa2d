package customsxml

import (
	"strings"

	"kouan/declarations"
)

// strays are the elements that are carried, by the place of the group that
// they stand in: a message may hold a hundred thousand of them, and as many
// groups that ask for theirs.
type strays struct {
	list   []declarations.Carried
	at     map[string][]int
	inside map[string]bool // groups that something is carried in, however deep
}

func straysOf(list []declarations.Carried) strays {
	if len(list) == 0 {
		return strays{}
	}
	s := strays{list: list, at: make(map[string][]int, len(list)), inside: map[string]bool{}}
	for i := range list {
		up, _ := splitCarried(list[i].Element)
		s.at[up] = append(s.at[up], i)
		for ; up != "" && !s.inside[up]; up, _ = splitCarried(up) {
			s.inside[up] = true
		}
	}
	return s
}

// unknown writes what is carried directly in the group that is being written.
// What has the name of a part was written at the part's place.
func (w *writer) unknown(indent string, parts map[string]int) {
	for _, i := range w.strays.at[w.trail[w.base:].string()] {
		if _, placed := parts[w.nameOf(i)]; !placed {
			w.raw(indent, w.strays.list[i].XML)
		}
	}
}

// superseded writes groups that are carried although they are modelled now:
// declarations that were stored before that must still go out whole.
func (w *writer) superseded(indent string, names []string) {
	for _, i := range w.strays.at[w.trail[w.base:].string()] {
		for _, name := range names {
			if w.nameOf(i) == name {
				w.raw(indent, w.strays.list[i].XML)
			}
		}
	}
}

func (w *writer) nameOf(i int) string {
	element := w.strays.list[i].Element
	return element[strings.LastIndexByte(element, '/')+1:]
}

// carries reports whether anything is carried inside the child of that name.
func (w *writer) carries(name string) bool {
	return len(w.strays.list) > 0 && w.strays.inside[w.trail[w.base:].element(name)]
}

func (w *writer) raw(indent, xml string) {
	w.b = append(append(append(w.b, indent...), xml...), '\n')
}

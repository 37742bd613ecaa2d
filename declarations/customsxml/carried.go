package customsxml

import (
	"slices"
	"strings"
)

// unknown writes what is carried directly in the group that is being written.
// What has the name of a part was written at the part's place.
func (w *writer) unknown(indent string, parts map[string]int) {
	at := w.trail.string()
	for i := range w.carried {
		up, name := splitCarried(w.carried[i].Element)
		if _, placed := parts[name]; up == at && !placed {
			w.raw(indent, w.carried[i].XML)
		}
	}
}

// superseded writes groups that are carried although they are modelled now:
// declarations that were stored before that must still go out whole.
func (w *writer) superseded(indent string, names []string) {
	at := w.trail.string()
	for i := range w.carried {
		if up, name := splitCarried(w.carried[i].Element); up == at && slices.Contains(names, name) {
			w.raw(indent, w.carried[i].XML)
		}
	}
}

// carries reports whether anything is carried inside the child of that name.
func (w *writer) carries(name string) bool {
	if len(w.carried) == 0 {
		return false
	}
	inside := w.trail.element(name) + "/"
	for i := range w.carried {
		if strings.HasPrefix(w.carried[i].Element, inside) {
			return true
		}
	}
	return false
}

func (w *writer) raw(indent, xml string) {
	w.b = append(append(append(w.b, indent...), xml...), '\n')
}

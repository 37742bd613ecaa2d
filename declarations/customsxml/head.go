package customsxml

import (
	"strings"

	"kouan/declarations"
)

// single is a group that occurs once under DecMessage and whose fields live in
// the declaration itself.
type single struct {
	name     string
	layout   group[declarations.Declaration]
	twice    string          // fault when it comes again
	required bool            // written without content as well
	empties  bool            // its empty elements are written when the author's form has them
	old      map[string]bool // elements of older messages that are read and never written

	info about
}

func (s single) ready() single {
	s.info = about{names: []string{s.name}, twice: s.twice, optional: !s.required}
	return s
}

func (s *single) about() *about { return &s.info }

// write writes the group when it must be there or says something.
func (s *single) write(w *writer, d *declarations.Declaration) {
	empties := s.empties && w.o.EmptyElements
	_, blank := w.o.Empty[s.name]
	if !s.required && !empties && !blank && !s.layout.hasContent(d) && !w.carries(s.name) {
		w.emptyGroup(s.name)
		return
	}
	w.line("  <" + s.name + ">")
	w.trail = append(w.trail, step{s.name, -1})
	s.layout.write(w, d, empties)
	w.trail = w.trail[:len(w.trail)-1]
	w.line("  </" + s.name + ">")
}

func (s *single) holds(dir declarations.Direction, d *declarations.Declaration, steps []string) (modelled, known bool) {
	if steps[0] != s.name {
		return false, false
	}
	modelled, known = s.layout.holds(dir, d, steps[1:])
	return modelled || len(steps) == 2 && s.old[steps[1]], known
}

// locate goes to the element of a field.
func (s *single) locate(w *walk, path string) bool {
	for i := range s.layout.fields {
		if f := &s.layout.fields[i]; f.PathIn(w.dir) == path {
			w.into(s.name)
			element := f.Element
			if element == "TradeCoScc" && w.el.Child(element) == nil && w.el.Child(oldTradeCoScc) != nil {
				element = oldTradeCoScc
			}
			w.into(element)
			return true
		}
	}
	return false
}

// locatePart goes to the group that begins a whole part of the JSON (parties.owner).
func (s *single) locatePart(w *walk, path string) bool {
	for i := range s.layout.fields {
		if strings.HasPrefix(s.layout.fields[i].PathIn(w.dir), path+".") {
			w.into(s.name)
			return true
		}
	}
	return false
}

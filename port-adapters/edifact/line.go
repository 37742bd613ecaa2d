package edifact

// Element is one element of a segment to be written: its repetitions, each
// with its components. Nothing, or nothing but empty values, is an empty element.
type Element [][]string

// E is an element with components, one for a simple element, none for an empty one.
func E(components ...string) Element {
	if len(components) == 0 {
		return nil
	}
	return Element{components}
}

// Line is a segment to be written.
type Line struct {
	Tag      string
	Elements []Element
}

// L is a line of simple elements and composites.
func L(tag string, elements ...Element) Line { return Line{tag, elements} }

// Line is a segment that was read, to be written again: without trailing
// empty values, which say nothing.
func (s *Segment) Line() Line {
	l := Line{Tag: s.Tag()}
	s.walk(func(e, r, c int, v value) bool {
		if c == 1 && r == 1 {
			l.Elements = append(l.Elements, nil)
		}
		el := &l.Elements[e-1]
		if c == 1 {
			*el = append(*el, nil)
		}
		(*el)[r-1] = append((*el)[r-1], s.block.cook(v))
		return true
	})
	return l.trimmed()
}

// trimmed is the line without trailing empty components, repetitions and elements.
func (l Line) trimmed() Line {
	out := Line{Tag: l.Tag}
	for _, el := range l.Elements {
		var kept Element
		for _, comps := range el {
			n := len(comps)
			for n > 0 && comps[n-1] == "" {
				n--
			}
			kept = append(kept, comps[:n:n])
		}
		for len(kept) > 0 && len(kept[len(kept)-1]) == 0 {
			kept = kept[:len(kept)-1]
		}
		if len(kept) == 0 {
			kept = nil
		}
		out.Elements = append(out.Elements, kept)
	}
	for n := len(out.Elements); n > 0 && len(out.Elements[n-1]) == 0; n-- {
		out.Elements = out.Elements[:n-1]
	}
	if len(out.Elements) == 0 {
		out.Elements = nil
	}
	return out
}

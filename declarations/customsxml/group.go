package customsxml

// write writes the elements of a group: its fields, the parts among them, and
// at the end what is carried in it.
func (g *group[T]) write(w *writer, t *T, empties bool) {
	blank := w.blanks(empties)
	from := 0
	for i, p := range g.parts {
		w.b = scalars(w.b, g, t, from, g.before[i], blank)
		from = g.before[i]
		p.write(w, t)
		if len(w.strays.list) > 0 {
			w.superseded(g.indent, p.about().names)
		}
	}
	w.b = scalars(w.b, g, t, from, len(g.fields), blank)
	if len(w.strays.list) > 0 {
		w.unknown(g.indent, g.within)
	}
}

// blanks are the fields of the group at hand that are written without a value.
func (w *writer) blanks(all bool) [2]uint64 {
	switch {
	case all:
		return [2]uint64{^uint64(0), ^uint64(0)}
	case len(w.o.Empty) > 0:
		return w.o.Empty[w.trail.string()]
	}
	return [2]uint64{}
}

// scalars writes the fields from one index to another. Empty ones are left
// out unless they are among blank; abolished ones never have content.
func scalars[T any](b []byte, g *group[T], t *T, from, to int, blank [2]uint64) []byte {
	for i := from; i < to; i++ {
		tag := &g.tags[i]
		v := ""
		if tag.open != "" {
			v = g.fields[i].Value(t)
		}
		if v == "" {
			if blank[i/64]&(1<<(i%64)) != 0 {
				b = append(b, tag.empty...)
			}
			continue
		}
		b = appendText(append(b, tag.open...), v)
		b = append(b, tag.close...)
	}
	return b
}

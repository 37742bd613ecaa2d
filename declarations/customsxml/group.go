package customsxml

// write writes the elements of a group: its fields, the parts among them, and
// at the end what is carried in it.
func (g *group[T]) write(w *writer, t *T, empties bool) {
	from := 0
	for i, p := range g.parts {
		w.b = scalars(w.b, g, t, from, g.before[i], empties)
		from = g.before[i]
		p.write(w, t)
		if len(w.carried) > 0 {
			w.superseded(g.indent, p.about().names)
		}
	}
	w.b = scalars(w.b, g, t, from, len(g.fields), empties)
	if len(w.carried) > 0 {
		w.unknown(g.indent, g.within)
	}
}

// scalars writes the fields from one index to another. Empty ones are left
// out unless asked for; abolished ones never have content.
func scalars[T any](b []byte, g *group[T], t *T, from, to int, empties bool) []byte {
	for i := from; i < to; i++ {
		tag := &g.tags[i]
		v := ""
		if tag.open != "" {
			v = g.fields[i].Value(t)
		}
		if v == "" {
			if empties {
				b = append(b, tag.empty...)
			}
			continue
		}
		b = appendText(append(b, tag.open...), v)
		b = append(b, tag.close...)
	}
	return b
}

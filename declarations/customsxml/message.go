package customsxml

import (
	"kouan/declarations"
)

// Write gives the message of a declaration in the strict form: the current
// profile as default namespace, UTF-8, line feeds, the writing order of the
// interface. It writes what it is given; judging is done before.
func Write(d *declarations.Declaration, o Options) []byte {
	w := writer{d: d, empty: o.EmptyElements, b: make([]byte, 0, sizeOf(d, o))}
	w.openMessage(DecMessage48)
	w.head()
	w.items()
	w.containers()
	w.documents()
	w.carried(carriedBeforeFreeText)
	w.freeText()
	w.signature()
	w.carried(carriedAfterSign)
	w.attachments()
	w.originLinks()
	w.carried(carriedLast)
	w.remainder()
	w.line("</DecMessage>")
	return w.b
}

type writer struct {
	d     *declarations.Declaration
	b     []byte
	empty bool
}

func (w *writer) openMessage(p Profile) {
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.b = append(append(w.b, `<DecMessage Version="`...), p.Version...)
	w.b = append(append(w.b, `" xmlns="`...), p.Namespace...)
	w.line(`">`)
}

func (w *writer) line(s string) { w.b = append(append(w.b, s...), '\n') }

// sizeOf guesses the size of the message so that it is mostly allocated once.
func sizeOf(d *declarations.Declaration, o Options) int {
	n := 4096 + 640*len(d.Items) + 320*len(d.Containers) + 120*len(d.Documents) + 700*len(d.Attachments) + 260*len(d.OriginLinks)
	if o.EmptyElements {
		n += 2048 + 900*len(d.Items)
	}
	for i := range d.Items {
		n += len(d.Items[i].Specification) + len(d.Items[i].GoodsName) + carriedSize(d.Items[i].Carried)
	}
	return n + carriedSize(d.Carried)
}

func carriedSize(all []declarations.Carried) int {
	n := 0
	for i := range all {
		n += len(all[i].XML) + 8
	}
	return n
}

// scalars writes the fields from one index to another. Empty ones are left
// out unless asked for; abolished ones never have content.
func scalars[T any](b []byte, g *group[T], t *T, from, to int, empty bool) []byte {
	for i := from; i < to; i++ {
		tag := &g.tags[i]
		v := ""
		if tag.open != "" {
			v = g.fields[i].Value(t)
		}
		if v == "" {
			if empty {
				b = append(b, tag.empty...)
			}
			continue
		}
		b = appendText(append(b, tag.open...), v)
		b = append(b, tag.close...)
	}
	return b
}

// hasContent reports whether any field that is written has a value.
func hasContent[T any](g *group[T], t *T) bool {
	for i := range g.fields {
		if g.tags[i].open != "" && g.fields[i].Value(t) != "" {
			return true
		}
	}
	return false
}

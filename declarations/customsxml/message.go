package customsxml

import (
	"slices"

	"kouan/declarations"
)

// Write gives the message of a declaration in the strict form: the current
// profile as default namespace, UTF-8, line feeds, the writing order of the
// interface. It writes what it is given; judging is done before.
func Write(d *declarations.Declaration, o Options) []byte {
	w := writer{d: d, o: o, strays: straysOf(d.Carried), b: make([]byte, 0, sizeOf(d, o))}
	w.openMessage(DecMessage48)
	decMessage.write(&w, d, false)
	w.line("</DecMessage>")
	return w.b
}

type writer struct {
	d      *declarations.Declaration
	o      Options
	b      []byte
	trail  trail
	base   int    // of the trail that strays count from
	strays strays // of the declaration, or of the line that is being written
}

func (w *writer) openMessage(p Profile) {
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.b = append(append(w.b, `<DecMessage Version="`...), p.Version...)
	w.b = append(append(w.b, `" xmlns="`...), p.Namespace...)
	w.line(`">`)
}

func (w *writer) line(s string) { w.b = append(append(w.b, s...), '\n') }

// emptyGroup writes the empty element of a group that has nothing to say, when asked to.
func (w *writer) emptyGroup(name string) {
	if len(w.o.EmptyGroups) > 0 && len(w.trail) == 0 && slices.Contains(w.o.EmptyGroups, name) {
		w.line("  <" + name + "/>")
	}
}

// sizeOf guesses the size of the message so that it is mostly allocated once.
func sizeOf(d *declarations.Declaration, o Options) int {
	n := 4096 + 640*len(d.Items) + 320*len(d.Containers) + 120*len(d.Documents) + 700*len(d.Attachments) + 260*len(d.OriginLinks)
	if o.EmptyElements {
		n += 2048 + 900*len(d.Items)
	}
	n += 1200*len(d.Supplements) + 200*(len(d.Transit.Bills)+len(d.Transit.Containers)+len(d.Transit.ContainerGoods)+len(d.OtherPackages)+len(d.Users))
	for i := range d.MarkImages {
		n += 200 + len(d.MarkImages[i].ContentBase64)
	}
	for i := range d.Items {
		n += 320*len(d.Items[i].Licences) + 140*len(d.Items[i].ControlElements)
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

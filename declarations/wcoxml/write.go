package wcoxml

import (
	"strconv"
	"unicode/utf8"

	"kouan/declarations"
)

// Write gives a declaration as a message of the profile Submit, and every
// value that the message does not carry. More lines than the profile allows
// give no message and a loss that refuses.
func Write(d *declarations.Declaration, opt Options) ([]byte, []Loss) {
	if most := itemNode().Max; len(d.Items) > most {
		return nil, []Loss{{Path: "items", WCOPath: goodsItem, Reason: reasonTooMany, Value: strconv.Itoa(len(d.Items))}}
	}
	w := writer{reader: reader{codes: opt.tables(), unverified: opt.Unverified}, arena: borrow()}
	defer w.arena.giveBack()
	w.losses = make([]Loss, 0, 32+4*len(d.Items))
	message := w.compose(d)
	w.rest(d)
	if n := Root().Child("FunctionCode"); d.Declares() && message.find(n, 1) == nil {
		// What is written is a new declaration, whatever OperType is paired with.
		w.set(message.make(n, 1), "declaration.function_code", functionOriginal)
	}
	for _, n := range Root().Children {
		if n.Min > 0 && message.find(n, 1) == nil {
			w.lose("declaration", n.Path(), reasonRequired, n.Name)
		}
	}
	out := encoder{buf: make([]byte, 0, 4096+1024*len(d.Items))}
	out.message(&Submit, message)
	return out.buf, w.losses
}

// encoder appends a message in the order of the schema.
type encoder struct{ buf []byte }

func (o *encoder) text(s string) { o.buf = append(o.buf, s...) }

func (o *encoder) message(p *Profile, e *element) {
	o.text(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<md:MetaData xmlns:md=\"")
	o.text(p.Envelope)
	o.text(`" xmlns="`)
	o.text(p.Namespace)
	o.text(`" xmlns:p1="`)
	o.text(p.Times)
	o.text("\">\n")
	for _, name := range envelopeFields {
		if v := p.envelopeValue(name); v != "" {
			o.text("  <md:" + name + ">" + v + "</md:" + name + ">\n")
		}
	}
	o.element(e)
	o.text("</md:MetaData>\n")
}

func (o *encoder) element(e *element) {
	n := e.node
	o.text(n.start)
	switch {
	case n.Kind == Class && len(e.children) == 0:
		o.text("/>\n")
	case n.Kind == Class:
		o.text(">\n")
		for _, c := range e.children {
			o.element(c)
		}
		o.text(n.shut)
	case n.Kind == DateTime:
		o.text("><p1:" + timeName)
		o.value(e)
		o.text("</p1:" + timeName + ">")
		o.text(n.end)
	default:
		o.value(e)
		o.text(n.end)
	}
}

// value is the attributes of a leaf and its text.
func (o *encoder) value(e *element) {
	for i := range e.attrs {
		o.text(" ")
		o.text(e.attrs[i].Local)
		o.text(`="`)
		o.escaped(e.attrs[i].Value, true)
		o.text(`"`)
	}
	o.text(">")
	o.escaped(e.text, false)
}

func (o *encoder) escaped(s string, attribute bool) {
	from := 0
	for i := range len(s) {
		ref := ""
		switch c := s[i]; {
		case c > '>':
			continue
		case c == '&':
			ref = "&amp;"
		case c == '<':
			ref = "&lt;"
		case c == '>':
			ref = "&gt;"
		case c == '\r':
			ref = "&#13;"
		case attribute && c == '"':
			ref = "&quot;"
		case attribute && c == '\n':
			ref = "&#10;"
		case attribute && c == '\t':
			ref = "&#9;"
		default:
			continue
		}
		o.buf = append(append(o.buf, s[from:i]...), ref...)
		from = i + 1
	}
	o.text(s[from:])
}

// xmlText reports whether XML 1.0 can hold a text at all.
func xmlText(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return utf8.ValidString(s)
}

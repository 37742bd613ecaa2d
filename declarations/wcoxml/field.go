package wcoxml

import (
	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/strictxml"
)

// Options of reading and writing.
type Options struct {
	// Unverified converts the pairs of the map that nobody has confirmed. It is
	// the decision of a human who knows both sides of the message at hand.
	Unverified bool
	// Codes are the tables of countries, currencies, units and ports; nil takes the built-in ones.
	Codes *codes.Set
}

func (o *Options) tables() *codes.Set {
	if o.Codes != nil {
		return o.Codes
	}
	return codes.Default()
}

// reader takes canonical values out of a message. skipped hears of a value
// that stands at an unverified place and was left alone.
type reader struct {
	codes      *codes.Set
	unverified bool
	dir        declarations.Direction
	skipped    func(*Pair, *element)
}

// open reports whether the pair may be read here; if not, the element stays an extension.
func (r *reader) open(p *Pair, e *element) bool {
	if p.Direction != "both" && p.Direction != string(r.dir) || p.ExportPath != "" && r.dir != declarations.Import && r.dir != declarations.Export {
		return false
	}
	if !p.Unverified() || r.unverified {
		return true
	}
	if e != nil && !e.absent && r.skipped != nil {
		r.skipped(p, e)
	}
	return false
}

// writer puts canonical values into a message that may already hold extensions.
type writer struct {
	reader
	arena  *arena // of the message; nil: one of its own
	losses []Loss
	mute   bool // nobody asks for losses
	item   int  // index of the line at hand, -1 outside
	plain  bool // nothing at all has extensions
	bare   bool // what is at hand has no extensions, so nothing has to be compared
}

func (w *writer) lose(name, path, reason, value string) {
	if w.mute {
		return
	}
	if w.item >= 0 {
		name = declarations.IndexPath("items", w.item, name)
	}
	w.losses = append(w.losses, Loss{Path: name, WCOPath: path, Reason: reason, Value: value})
}

// loseAll loses the pairs of name and value that have a value.
func (w *writer) loseAll(reason string, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.lose(pairs[i], "", reason, pairs[i+1])
		}
	}
}

// set writes a leaf; what does not fit is lost. A leaf that the message read
// did not have although it could be derived stays away.
func (w *writer) set(e *element, name, text string, attrs ...strictxml.Attr) {
	n := e.node
	text = lexical(n, text)
	if n.Kind == DateTime {
		attrs = []strictxml.Attr{{Local: formatCode, Value: formatInstant}}
	}
	switch wrong := wrong(n, text); {
	case wrong == "" && xmlText(text):
		if !e.absent {
			e.text, e.attrs = text, e.from.keep(attrs)
		}
		return
	case wrong == badLength, wrong == kindFewerDigits:
		w.lose(name, n.Path(), reasonTooLong, text)
	default:
		w.lose(name, n.Path(), reasonNotValid, text)
	}
}

// settled drops an element that set left without text, with the classes above
// that are empty without it.
func settled(base *element, p place) {
	if e := base.at(p); e != nil && e.text == "" && !e.absent && len(e.attrs) == 0 {
		base.take(p)
	}
}

// field is a canonical field that one leaf carries, both ways.
type field[T any] struct {
	name      string // canonical, relative to T
	at        func(*T) *string
	pair      *Pair
	place     place // on import, and on export too unless export is set
	export    place
	conv      conversion
	attr      strictxml.Attr // written beside the text; must not differ when read
	writeOnly bool
	elsewhere bool // where the place does not hold, a block answers for the field
}

func (f *field[T]) in(dir declarations.Direction) place {
	if f.pair.Direction != "both" && f.pair.Direction != string(dir) {
		return nil
	}
	switch {
	case f.export == nil, dir == declarations.Import:
		return f.place
	case dir == declarations.Export:
		return f.export
	}
	return nil
}

// value is the canonical value of the leaf as it stands, and whether it has one.
func (f *field[T]) value(r *reader, e *element) (string, bool) {
	if e == nil || e.absent || f.writeOnly {
		return "", false
	}
	if f.attr.Local != "" && e.attr(f.attr.Local) != f.attr.Value && e.attr(f.attr.Local) != "" {
		return "", false
	}
	return f.conv.read(r.codes, trimmed(e.text))
}

func (f *field[T]) read(r *reader, base *element, t *T) {
	if f.writeOnly {
		return
	}
	e := base.at(f.in(r.dir))
	if e == nil || f.in(r.dir) == nil || !r.open(f.pair, e) {
		return
	}
	if v, ok := f.value(r, e); ok {
		*f.at(t) = v
	}
}

func (f *field[T]) write(w *writer, base *element, t *T) {
	v := *f.at(t)
	p := f.in(w.dir)
	switch {
	case v == "" && (p == nil || f.pair.Unverified()), p == nil && f.elsewhere:
		return
	case p == nil:
		w.lose(f.name, "", reasonNoPlace, v)
		return
	case f.pair.Unverified() && !w.unverified:
		w.lose(f.name, f.pair.Path, reasonUnverified, v)
		return
	}
	if e := base.at(p); e != nil {
		if now, _ := f.value(&w.reader, e); now == v || e.absent {
			return
		}
		base.take(p)
	}
	if v == "" {
		return
	}
	text, reason := f.conv.write(w.codes, v)
	if reason != "" {
		w.lose(f.name, p.leaf().Path(), reason, v)
	}
	if text == "" {
		return
	}
	if f.attr.Local != "" {
		w.set(base.put(p), f.name, text, f.attr)
	} else {
		w.set(base.put(p), f.name, text)
	}
	settled(base, p)
}

// block is a rule that needs more than one leaf or more than one field.
// read must depend on the message alone: write compares what the extensions
// say with what the declaration says, and leaves them where that is the same.
type block[T any] struct {
	names []string // canonical fields it answers for, relative to T
	read  func(*reader, *element, *T)
	write func(*writer, *element, *T)
}

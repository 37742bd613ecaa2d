package strictxml

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"kouan/declarations"
)

// reader turns the raw tokens of encoding/xml into a tree and makes the
// checks that RawToken leaves to its caller.
type reader struct {
	text
	lim  Limits
	dec  *xml.Decoder
	root *Element

	open   []frame
	closed []*Element // finished children of the open elements, oldest first
	names  namespaces
	pos    Cursor
	count  int

	elements []Element  // slab that new elements are cut from
	pointers []*Element // slab that child lists are cut from
}

// frame is one open element.
type frame struct {
	el       *Element
	prefix   string
	children int // where its children begin in reader.closed
	bindings int // namespace bindings that stood before it
	more     []byte
}

func newReader(t text, lim Limits) *reader {
	guess := min(strings.Count(t.src, "<")/2+1, lim.Elements)
	r := &reader{
		text: t, lim: lim,
		dec:      xml.NewDecoder(strings.NewReader(t.src[t.body:t.stop.at])),
		open:     make([]frame, 0, 8),
		closed:   make([]*Element, 0, 64),
		elements: make([]Element, 0, guess),
		pointers: make([]*Element, 0, guess),
	}
	r.pos = Cursor{src: t.src, at: t.bom, line: 1, column: 1, from: t.bom}
	return r
}

func (r *reader) offset() int { return r.body + int(r.dec.InputOffset()) }

// read reads to the end of the document or to its first fault.
func (r *reader) read() *declarations.Fault {
	for {
		start := r.offset()
		token, err := r.dec.RawToken()
		if err != nil {
			return r.end(start, err)
		}
		var fault *declarations.Fault
		switch t := token.(type) {
		case xml.StartElement:
			fault = r.start(start, t)
		case xml.EndElement:
			fault = r.close(start, t)
		case xml.CharData:
			fault = r.chars(start, t)
		case xml.Directive:
			fault = r.fault(start, codeDirective, nil)
		case xml.ProcInst:
			fault = r.fault(start, declarations.CodeXMLProcessing, map[string]string{"target": clip(t.Target)})
		}
		if fault != nil {
			return fault
		}
	}
}

// end tells a complete document from one that stopped short.
func (r *reader) end(start int, err error) *declarations.Fault {
	at := r.offset()
	if r.stop.code != "" && at >= r.stop.at {
		return r.fault(r.stop.at, r.stop.code, r.stop.args)
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return r.malformed(max(start, at-1), syntaxReason(syntax.Msg)...)
	case !errors.Is(err, io.EOF):
		return r.malformed(max(start, at-1), "reason", "xml_syntax")
	case len(r.open) > 0:
		return r.malformed(at, "reason", "ends_early", "open", clip(r.open[len(r.open)-1].el.Local))
	case r.root == nil:
		return r.fault(at, declarations.CodeXMLRoots, nil)
	}
	return nil
}

func (r *reader) start(start int, t xml.StartElement) *declarations.Fault {
	if r.count++; r.count > r.lim.Elements {
		return r.fault(start, declarations.CodeTooLarge, map[string]string{"limit": strconv.Itoa(r.lim.Elements), "unit": "elements"})
	}
	if len(r.open) == 0 && r.root != nil {
		return r.fault(start, declarations.CodeXMLRoots, nil)
	}
	el := r.element()
	el.Local, el.Start = t.Name.Local, int64(start)
	el.Line, el.Column = r.pos.Place(start)
	if n := len(r.open); n > 0 {
		if parent := &r.open[n-1]; len(r.closed) == parent.children && blank(parent.el.Text) && blank(string(parent.more)) {
			parent.el.Text, parent.more = "", parent.more[:0]
		}
	} else {
		r.root = el
	}
	bindings := len(r.names.bound)
	r.push(frame{el: el, prefix: t.Name.Space, children: len(r.closed), bindings: bindings})
	if len(r.open) > r.lim.Depth {
		return r.fault(start, declarations.CodeXMLDepth, map[string]string{"limit": strconv.Itoa(r.lim.Depth)})
	}
	if code, args := r.names.resolve(el, t); code != "" {
		return r.fault(start, code, args)
	}
	return nil
}

func (r *reader) close(start int, t xml.EndElement) *declarations.Fault {
	n := len(r.open) - 1
	if n < 0 {
		return r.malformed(start, "reason", "stray_end_tag", "end_tag", clip(t.Name.Local))
	}
	f := &r.open[n]
	if f.el.Local != t.Name.Local || f.prefix != t.Name.Space {
		// The element left open is what its author must close: the place is its start tag.
		line, _ := r.pos.Place(start)
		fault := r.malformed(start, "reason", "unclosed_element", "open", clip(f.el.Local), "end_tag", clip(t.Name.Local), "line", strconv.Itoa(line))
		fault.Line, fault.Column = f.el.Line, f.el.Column
		return fault
	}
	if len(f.more) > 0 {
		f.el.Text = string(f.more)
	}
	f.el.End = int64(r.offset())
	f.el.Children = r.list(r.closed[f.children:])
	r.closed = append(r.closed[:f.children], f.el)
	r.names.bound = r.names.bound[:f.bindings]
	r.open = r.open[:n]
	return nil
}

func (r *reader) chars(start int, data xml.CharData) *declarations.Fault {
	raw := r.src[start:r.offset()]
	n := len(r.open) - 1
	if n < 0 {
		if !blank(raw) {
			return r.fault(start, declarations.CodeXMLRoots, nil)
		}
		return nil
	}
	f := &r.open[n]
	value := raw
	if string(data) != raw {
		value = string(data) // references, CDATA or line ends were resolved
	}
	switch hasChildren := len(r.closed) > f.children; {
	case hasChildren && blank(value):
	case f.el.Text == "":
		f.el.Text = value
	default:
		// Kept apart until the end tag, so that many runs cost no more than their length.
		if len(f.more) == 0 {
			f.more = append(f.more[:0], f.el.Text...)
		}
		f.more = append(f.more, value...)
	}
	return nil
}

// push opens an element and keeps the text buffer of the frame that stood there before.
func (r *reader) push(f frame) {
	if n := len(r.open); n < cap(r.open) {
		f.more = r.open[:n+1][n].more[:0]
	}
	r.open = append(r.open, f)
}

func (r *reader) element() *Element {
	if len(r.elements) == cap(r.elements) {
		r.elements = make([]Element, 0, 256)
	}
	r.elements = r.elements[:len(r.elements)+1]
	return &r.elements[len(r.elements)-1]
}

func (r *reader) list(children []*Element) []*Element {
	if len(children) == 0 {
		return nil
	}
	if cap(r.pointers)-len(r.pointers) < len(children) {
		r.pointers = make([]*Element, 0, max(256, len(children)))
	}
	from := len(r.pointers)
	r.pointers = append(r.pointers, children...)
	return r.pointers[from:len(r.pointers):len(r.pointers)]
}

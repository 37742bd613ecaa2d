package strictxml

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"kouan/declarations"
)

// reader turns tokens into a tree and makes the checks that the decoder leaves
// to its caller. Tokens that are not quick come from encoding/xml.
type reader struct {
	text
	lim  Limits
	at   int          // offset that was read to
	dec  *xml.Decoder // for the tokens that are not quick
	base int          // offset where dec began
	slow bool         // every token comes from the decoder
	root *Element

	open   []frame
	closed []*Element // finished children of the open elements, oldest first
	names  namespaces
	pos    Cursor
	count  int
	attrs  []xml.Attr // of the tag at hand

	elements []Element  // slab that new elements are cut from
	pointers []*Element // slab that child lists are cut from
	given    []Attr     // slab that attributes are cut from
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
	// Each element ends once; what looks like an end in text costs room only.
	guess := min(strings.Count(t.src, "</")+strings.Count(t.src, "/>")+1, lim.Elements)
	r := &reader{
		text: t, lim: lim,
		at:       t.body,
		open:     make([]frame, 0, 8),
		closed:   make([]*Element, 0, 64),
		elements: make([]Element, 0, guess),
		pointers: make([]*Element, 0, guess),
	}
	r.pos = Cursor{src: t.src, at: t.bom, line: 1, column: 1, from: t.bom}
	return r
}

// read reads to the end of the document or to its first fault.
func (r *reader) read() *declarations.Fault {
	closing := false // the decoder still has the end of an empty element
	for {
		if !closing && !r.slow {
			if done, fault := r.quick(); fault != nil {
				return fault
			} else if done {
				continue
			}
		}
		start := r.at
		token, err := r.token()
		if err != nil {
			return r.end(start, err)
		}
		var fault *declarations.Fault
		closing = false
		switch t := token.(type) {
		case xml.StartElement:
			closing = strings.HasSuffix(r.src[:r.at], "/>")
			fault = r.start(start, t)
		case xml.EndElement:
			fault = r.close(start, t.Name)
		case xml.CharData:
			fault = r.chars(start, string(t))
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

// quick takes the next token when it is one of the plain ones.
func (r *reader) quick() (done bool, fault *declarations.Fault) {
	start := r.at
	what, prefix, local, end := r.quickToken(start)
	if what == not {
		return false, nil
	}
	r.at = end
	name := xml.Name{Space: prefix, Local: local}
	switch what {
	case startTag:
		fault = r.start(start, xml.StartElement{Name: name, Attr: r.attrs})
	case emptyTag:
		if fault = r.start(start, xml.StartElement{Name: name, Attr: r.attrs}); fault == nil {
			fault = r.close(end, name)
		}
	case endTag:
		fault = r.close(start, name)
	case plainText:
		fault = r.chars(start, r.src[start:end])
	}
	return true, fault
}

// token takes the next token from the decoder, which is put to where reading stands.
func (r *reader) token() (xml.Token, error) {
	if r.dec == nil || r.base+int(r.dec.InputOffset()) != r.at {
		r.base, r.dec = r.at, xml.NewDecoder(strings.NewReader(r.src[r.at:r.stop.at]))
	}
	token, err := r.dec.RawToken()
	r.at = r.base + int(r.dec.InputOffset())
	return token, err
}

// end tells a complete document from one that stopped short.
func (r *reader) end(start int, err error) *declarations.Fault {
	at := r.at
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
	if n := len(t.Attr); n > 0 {
		el.Attrs = r.attributes(n)
	}
	if code, args := r.names.resolve(el, t); code != "" {
		return r.fault(start, code, args)
	}
	return nil
}

func (r *reader) close(start int, name xml.Name) *declarations.Fault {
	n := len(r.open) - 1
	if n < 0 {
		return r.malformed(start, "reason", "stray_end_tag", "end_tag", clip(name.Local))
	}
	f := &r.open[n]
	if f.el.Local != name.Local || f.prefix != name.Space {
		// The element left open is what its author must close: the place is its start tag.
		line, _ := r.pos.Place(start)
		fault := r.malformed(start, "reason", "unclosed_element", "open", clip(f.el.Local), "end_tag", clip(name.Local), "line", strconv.Itoa(line))
		fault.Line, fault.Column = f.el.Line, f.el.Column
		return fault
	}
	if len(f.more) > 0 {
		f.el.Text = string(f.more)
	}
	f.el.End = int64(r.at)
	f.el.Children = r.list(r.closed[f.children:])
	r.closed = append(r.closed[:f.children], f.el)
	r.names.bound = r.names.bound[:f.bindings]
	r.open = r.open[:n]
	return nil
}

// chars adds character data, in which references and line ends are resolved.
func (r *reader) chars(start int, value string) *declarations.Fault {
	n := len(r.open) - 1
	if n < 0 {
		if !blank(r.src[start:r.at]) {
			return r.fault(start, declarations.CodeXMLRoots, nil)
		}
		return nil
	}
	f := &r.open[n]
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
		r.elements = make([]Element, 0, 64)
	}
	r.elements = r.elements[:len(r.elements)+1]
	return &r.elements[len(r.elements)-1]
}

func (r *reader) list(children []*Element) []*Element {
	if len(children) == 0 {
		return nil
	}
	if cap(r.pointers)-len(r.pointers) < len(children) {
		r.pointers = make([]*Element, 0, max(64, len(children)))
	}
	from := len(r.pointers)
	r.pointers = append(r.pointers, children...)
	return r.pointers[from:len(r.pointers):len(r.pointers)]
}

func (r *reader) attributes(n int) []Attr {
	if cap(r.given)-len(r.given) < n {
		r.given = make([]Attr, 0, max(n, min(128, 16+2*cap(r.given))))
	}
	from := len(r.given)
	r.given = r.given[:from+n]
	return r.given[from : from+n : from+n]
}

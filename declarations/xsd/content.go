package xsd

import (
	"strconv"
	"strings"

	"github.com/jacoelho/xsd/xsderrors"

	"kouan/declarations/strictxml"
)

// namedNext is how many of the elements that may follow are named.
const namedNext = 5

// content says what is wrong with the children of an element, once for each
// element: the engine repeats itself for every child after the first one that
// it did not expect. A content that the outline cannot explain is told in
// general terms, because the engine's verdict stands in any case.
func (r *report) content(parent *strictxml.Element, e *xsderrors.Error) {
	if r.judged[parent] {
		return
	}
	if r.judged == nil {
		r.judged = map[*strictxml.Element]bool{}
	}
	r.judged[parent] = true
	before := len(r.faults)
	if d := r.outline.definition(r.outline.find(r.at.chain(parent))); d != nil {
		r.sequence(parent, d)
	}
	if len(r.faults) > before {
		return
	}
	// The place of the child itself, where the engine names one.
	at := r.at.at(e.Line(), e.Column(), r.at.depth(parent)+1)
	if e.Code() == xsderrors.CodeValidationContent || at == nil || r.at.parent[at] != parent {
		at = parent
	}
	r.fault(CodeOther, at, "element", at.Local, "rule", string(e.Code()))
}

// sequence walks the children along the order of the schema.
func (r *report) sequence(parent *strictxml.Element, d *definition) {
	next, seen, last := 0, 0, "" // part that may stand now, how often it did, name of the child before
	for _, c := range parent.Children {
		at := d.index(nameOf(c))
		switch {
		case at < 0 && d.open && r.outline.elements[nameOf(c)] != nil:
			last = c.Local
			continue
		case at < 0:
			r.unknown(parent, c, d, next, last)
			continue
		case at < next:
			r.fault(CodeOrder, c, "element", c.Local, "before", d.order[next].name.local)
			continue
		case at > next:
			r.missing(parent, c, d, next, at, seen)
			next, seen = at, 0
		}
		last = c.Local
		if seen++; d.order[at].max > 0 && seen > d.order[at].max {
			r.fault(CodeTooMany, c, "element", c.Local, "limit", strconv.Itoa(d.order[at].max))
		}
	}
	r.missing(parent, parent, d, next, len(d.order), seen)
}

// missing tells the elements between two places that had to stand there.
func (r *report) missing(parent, at *strictxml.Element, d *definition, from, to, seen int) {
	for i := from; i < to; i++ {
		if p := d.order[i]; p.min > 0 && (i > from || seen < p.min) && !hasChild(parent, p.name) {
			r.fault(CodeMissing, at, "element", p.name.local, "parent", parent.Local)
		}
	}
}

func hasChild(parent *strictxml.Element, n name) bool {
	for _, c := range parent.Children {
		if nameOf(c) == n {
			return true
		}
	}
	return false
}

func (r *report) unknown(parent, c *strictxml.Element, d *definition, next int, last string) {
	if d.open {
		r.fault(CodeProfile, c, "element", c.Local, "namespace", c.Space)
		return
	}
	var allowed []string
	for _, p := range d.order[min(next, len(d.order)):] {
		switch {
		case p.name.local == c.Local && p.name.space != c.Space:
			r.fault(CodeNamespace, c, "element", c.Local, "namespace", c.Space, "want", p.name.space)
			return
		case p.name.local != last && len(allowed) < namedNext:
			allowed = append(allowed, p.name.local)
		}
	}
	if last == "" {
		last = parent.Local
	}
	if len(allowed) == 0 {
		r.fault(CodeNoMore, c, "element", c.Local, "parent", parent.Local, "after", last)
		return
	}
	r.fault(CodeUnknown, c, "element", c.Local, "parent", parent.Local, "after", last, "allowed", strings.Join(allowed, ", "))
}

func (d *definition) index(n name) int {
	for i, p := range d.order {
		if p.name == n {
			return i
		}
	}
	return -1
}

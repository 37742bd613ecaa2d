package xsd

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/strictxml"
)

const schemaSpace = "http://www.w3.org/2001/XMLSchema"

// schemaLimits are wider than the schemas of any customs profile: the largest
// one has half a megabyte.
var schemaLimits = strictxml.Limits{Bytes: 8 << 20, Elements: 1_000_000}

// outline is what the words of a fault need of the schemas: the order of
// children and the limits of values. It reads the constructs that these
// schemas are made of (sequences, simple content by restriction, named and
// anonymous types); where a schema uses another, the outline says nothing and
// the fault is put in general terms. It never decides whether a document is
// valid.
type outline struct {
	elements map[name]*part // global
	types    map[name]*definition
}

type name struct{ space, local string }

// part is one element in the content of another.
type part struct {
	name     name
	min, max int // max 0: no limit
	typ      *definition
	typeName name // when typ is defined elsewhere
}

// definition is a type.
type definition struct {
	order   []*part // children in their order
	open    bool    // content that is more than a sequence: not judged here
	base    name    // of simple content
	facets  map[string]string
	allowed []string // enumeration
}

// newOutline reads the schema files that the engine compiled.
func newOutline(files map[string][]byte) (*outline, error) {
	o := &outline{elements: map[name]*part{}, types: map[name]*definition{}}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		root, faults := strictxml.Read(files[file], schemaLimits)
		if len(faults) > 0 {
			return nil, &OpenError{File: file, Reason: ReasonBroken, Line: faults[0].Line}
		}
		r := reading{target: attr(root, "targetNamespace"), prefixes: map[string]string{}}
		r.bind(root)
		for _, c := range root.Children {
			key := name{r.target, attr(c, "name")}
			switch {
			case c.Space != schemaSpace:
			case c.Local == "element":
				o.elements[key] = r.element(c)
			case c.Local == "complexType", c.Local == "simpleType":
				o.types[key] = r.definition(c)
			}
		}
	}
	return o, nil
}

// reading is one schema file. Prefixes are bound at the root or below; these
// schemas never bind one prefix to two namespaces.
type reading struct {
	target   string
	prefixes map[string]string
}

func (r *reading) bind(e *strictxml.Element) {
	for _, a := range e.Attrs {
		switch {
		case a.Space == "xmlns":
			r.prefixes[a.Local] = a.Value
		case a.Space == "" && a.Local == "xmlns":
			r.prefixes[""] = a.Value
		}
	}
}

func (r *reading) qualified(v string) name {
	prefix, local, ok := strings.Cut(v, ":")
	if !ok {
		prefix, local = "", v
	}
	return name{r.prefixes[prefix], local}
}

func (r *reading) element(e *strictxml.Element) *part {
	r.bind(e)
	p := &part{name: name{r.target, attr(e, "name")}, min: count(attr(e, "minOccurs"), 1), max: count(attr(e, "maxOccurs"), 1)}
	if ref := attr(e, "ref"); ref != "" {
		p.name = r.qualified(ref)
	}
	if t := attr(e, "type"); t != "" {
		p.typeName = r.qualified(t)
	}
	for _, c := range e.Children {
		if c.Local == "complexType" || c.Local == "simpleType" {
			p.typ = r.definition(c)
		}
	}
	return p
}

func (r *reading) definition(e *strictxml.Element) *definition {
	r.bind(e)
	d := &definition{facets: map[string]string{}}
	for _, c := range e.Children {
		switch c.Local {
		case "sequence", "choice":
			d.group(r, c)
		case "simpleContent":
			for _, derived := range c.Children {
				d.restrict(r, derived)
			}
		case "restriction":
			d.restrict(r, c)
		case "annotation", "attribute":
		default:
			d.open = true
		}
	}
	return d
}

// group takes a sequence of elements, or the choice of one element, which is
// how the date-times are written.
func (d *definition) group(r *reading, e *strictxml.Element) {
	for _, c := range e.Children {
		switch {
		case c.Local == "annotation":
		case c.Local == "element" && (e.Local == "sequence" || len(e.Children) == 1):
			d.order = append(d.order, r.element(c))
		default:
			d.open = true
		}
	}
}

func (d *definition) restrict(r *reading, e *strictxml.Element) {
	d.base = r.qualified(attr(e, "base"))
	for _, c := range e.Children {
		switch c.Local {
		case "annotation", "attribute", "simpleType":
		case "enumeration":
			d.allowed = append(d.allowed, attr(c, "value"))
		default:
			d.facets[c.Local] = attr(c, "value")
		}
	}
}

func attr(e *strictxml.Element, local string) string {
	for _, a := range e.Attrs {
		if a.Space == "" && a.Local == local {
			return a.Value
		}
	}
	return ""
}

// count reads an occurrence; 0 is unbounded.
func count(v string, byDefault int) int {
	if v == "unbounded" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return byDefault
	}
	return n
}

// definition is the type of a part; nil when the outline does not have it.
func (o *outline) definition(p *part) *definition {
	switch {
	case p == nil:
		return nil
	case p.typ != nil:
		return p.typ
	case p.typeName != name{}:
		return o.types[p.typeName]
	}
	if global := o.elements[p.name]; global != nil && global != p {
		return o.definition(global)
	}
	return nil
}

// find is the declaration of the last of a chain of elements, the root first;
// nil where the schemas do not know one of them. Below an open content every
// global element may stand.
func (o *outline) find(chain []*strictxml.Element) *part {
	if len(chain) == 0 {
		return nil
	}
	p := o.elements[nameOf(chain[0])]
	for _, e := range chain[1:] {
		d := o.definition(p)
		if d == nil {
			return nil
		}
		next := d.part(nameOf(e))
		if next == nil && d.open {
			next = o.elements[nameOf(e)]
		}
		p = next
	}
	return p
}

func (d *definition) part(n name) *part {
	for _, p := range d.order {
		if p.name == n {
			return p
		}
	}
	return nil
}

// facet is the nearest facet of that name in a type and its bases.
func (o *outline) facet(d *definition, facet string) string {
	for range 16 { // no schema derives deeper, and a circle ends
		if d == nil {
			return ""
		}
		if v := d.facets[facet]; v != "" {
			return v
		}
		d = o.types[d.base]
	}
	return ""
}

// values are the nearest list of allowed values.
func (o *outline) values(d *definition) []string {
	for range 16 {
		if d == nil || len(d.allowed) > 0 {
			break
		}
		d = o.types[d.base]
	}
	if d == nil {
		return nil
	}
	return d.allowed
}

func nameOf(e *strictxml.Element) name { return name{e.Space, e.Local} }

package strictxml

import (
	"encoding/xml"
	"strings"

	"kouan/declarations"
)

// The two namespaces that are bound without a declaration.
const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// namespaces are the bindings in force, innermost last.
type namespaces struct {
	bound []binding
	seen  map[[2]string]bool
}

type binding struct{ prefix, uri string }

// resolve sets the namespace of an element and its attributes, for which it has
// room. The code is empty when all is well.
func (n *namespaces) resolve(el *Element, t xml.StartElement) (string, map[string]string) {
	for _, a := range t.Attr {
		prefix, declares := "", false
		switch {
		case a.Name.Space == "xmlns":
			prefix, declares = a.Name.Local, true
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			declares = true
		}
		if !declares {
			continue
		}
		if !bindable(prefix, a.Value) {
			return prefixFault(prefix)
		}
		n.bound = append(n.bound, binding{prefix, a.Value})
	}
	space, ok := n.uri(t.Name.Space)
	if !ok || t.Name.Space == "xmlns" {
		return prefixFault(t.Name.Space)
	}
	if strings.Contains(t.Name.Local, ":") {
		return prefixFault(t.Name.Local)
	}
	el.Space = space
	if len(t.Attr) == 0 {
		return "", nil
	}
	for i, a := range t.Attr {
		space := ""
		switch {
		case a.Name.Space == "xmlns":
			space = "xmlns"
		case a.Name.Space != "":
			if space, ok = n.uri(a.Name.Space); !ok {
				return prefixFault(a.Name.Space)
			}
		}
		if strings.Contains(a.Name.Local, ":") {
			return prefixFault(a.Name.Local)
		}
		el.Attrs[i] = Attr{Space: space, Local: a.Name.Local, Value: a.Value}
	}
	if name, twice := n.twice(el.Attrs); twice {
		return declarations.CodeXMLAttribute, map[string]string{"name": clip(name)}
	}
	return "", nil
}

// bindable is what Namespaces in XML 1.0 allows: no prefix without a URI, and
// the reserved prefixes and URIs only for each other.
func bindable(prefix, uri string) bool {
	switch {
	case prefix == "xml":
		return uri == xmlSpace
	case prefix == "xmlns", uri == xmlSpace, uri == xmlnsSpace, strings.Contains(prefix, ":"):
		return false
	case prefix != "":
		return uri != ""
	}
	return true
}

func (n *namespaces) uri(prefix string) (string, bool) {
	for i := len(n.bound) - 1; i >= 0; i-- {
		if n.bound[i].prefix == prefix {
			return n.bound[i].uri, true
		}
	}
	if prefix == "xml" {
		return xmlSpace, true
	}
	return "", prefix == ""
}

// twice finds an attribute that occurs again after prefixes are resolved.
func (n *namespaces) twice(attrs []Attr) (string, bool) {
	const few = 8 // that are compared with each other
	if len(attrs) <= few {
		for i, a := range attrs {
			for _, b := range attrs[:i] {
				if a.Local == b.Local && a.Space == b.Space {
					return a.Local, true
				}
			}
		}
		return "", false
	}
	if n.seen == nil {
		n.seen = make(map[[2]string]bool, len(attrs))
	}
	clear(n.seen)
	for _, a := range attrs {
		key := [2]string{a.Space, a.Local}
		if n.seen[key] {
			return a.Local, true
		}
		n.seen[key] = true
	}
	return "", false
}

func prefixFault(prefix string) (string, map[string]string) {
	return declarations.CodeXMLPrefix, map[string]string{"prefix": clip(prefix)}
}

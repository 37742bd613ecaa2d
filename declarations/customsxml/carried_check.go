package customsxml

import (
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// maxDepth is the nesting that strictxml reads by default.
const maxDepth = 64

// CheckCarried verifies carried XML that did not come through Parse: each is
// one strict element without namespaces and prefixes, has the name it says,
// and is not modelled at its level. Faults have canonical paths (carried[0]).
func CheckCarried(d *declarations.Declaration) []declarations.Fault {
	var faults []declarations.Fault
	refuse := func(list string, i int, c *declarations.Carried, reason []string) {
		faults = append(faults, declarations.Fault{Code: declarations.CodeCarried, Severity: declarations.Reject,
			Path: declarations.IndexPath(list, i, ""), Args: strictxml.Args(append(reason, "element", c.Element)...)})
	}
	for i := range d.Carried {
		c := &d.Carried[i]
		if reason := wrongPlace(&decMessage, d, d, c.Element, []string{"reason", "no_such_group"}); reason != nil {
			refuse("carried", i, c, reason)
		} else if reason := wrongXML(c, 1); reason != nil {
			refuse("carried", i, c, reason)
		}
	}
	for n := range d.Items {
		it := &d.Items[n]
		for i := range it.Carried {
			c := &it.Carried[i]
			list := declarations.IndexPath("items", n, "carried")
			if reason := wrongPlace(itemPart.layout(d.Header.TradeDirection), d, it, c.Element, []string{"reason", "not_in_line"}); reason != nil {
				refuse(list, i, c, reason)
			} else if reason := wrongXML(c, 3); reason != nil {
				refuse(list, i, c, reason)
			}
		}
	}
	return faults
}

// wrongPlace says why a group cannot carry an element of that place; nowhere is
// the reason of a place that it does not have.
func wrongPlace[T any](g *group[T], d *declarations.Declaration, t *T, element string, nowhere []string) []string {
	switch modelled, known := g.holds(d.Header.TradeDirection, t, strings.Split(element, "/")); {
	case !known:
		return nowhere
	case modelled:
		return []string{"reason", "modelled"}
	}
	return nil
}

// wrongXML says why the XML is not one plain element of its name. Its depth is
// what the message leaves below the place: outer elements and the steps to it.
func wrongXML(c *declarations.Carried, outer int) []string {
	root, faults := strictxml.Read([]byte(c.XML), strictxml.Limits{Depth: maxDepth - outer - strings.Count(c.Element, "/")})
	if faults != nil {
		return strictReason(&faults[0])
	}
	_, name := splitCarried(c.Element)
	if root.Start != 0 || root.End != int64(len(c.XML)) {
		return []string{"reason", "many_elements"}
	}
	if root.Local != name {
		return []string{"reason", "other_root", "root", root.Local}
	}
	return notPlain(root)
}

func notPlain(e *strictxml.Element) []string {
	if e.Space != "" {
		return []string{"reason", "has_namespace"}
	}
	for _, a := range e.Attrs {
		if a.Space != "" || a.IsNamespace() {
			return []string{"reason", "has_namespace"}
		}
	}
	if e.Text != "" && len(e.Children) > 0 {
		return []string{"reason", "text_between"}
	}
	for _, c := range e.Children {
		if reason := notPlain(c); reason != nil {
			return reason
		}
	}
	return nil
}

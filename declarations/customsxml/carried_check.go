package customsxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Carried XML stands at most three levels down in the message, whose depth is limited to 64.
var carriedLimits = strictxml.Limits{Depth: 60}

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
		if reason := wrongPlace(d, c.Element); reason != nil {
			refuse("carried", i, c, reason)
		} else if reason := wrongXML(c); reason != nil {
			refuse("carried", i, c, reason)
		}
	}
	for n := range d.Items {
		for i := range d.Items[n].Carried {
			c := &d.Items[n].Carried[i]
			list := declarations.IndexPath("items", n, "carried")
			if _, modelled := importItems.index[c.Element]; modelled || strings.Contains(c.Element, "/") {
				refuse(list, i, c, []string{"reason", "not_in_line"})
			} else if reason := wrongXML(c); reason != nil {
				refuse(list, i, c, reason)
			}
		}
	}
	return faults
}

// wrongPlace says why DecMessage cannot carry an element of that name and place.
func wrongPlace(d *declarations.Declaration, element string) []string {
	parent, name := splitCarried(element)
	modelled, known := false, false
	group, row, isRow := cutRow(parent)
	switch parent {
	case "":
		modelled, known = modelledChildren[name], true
	case "DecHead":
		modelled, known = has(&headGroup, name) || oldHeadElements[name], true
	case "DecFreeTxt":
		modelled, known = has(&freeTextGroup, name), true
	case "DecSign":
		modelled, known = has(&signGroup, name), true
	case "DecLists":
		modelled, known = name == "DecList", true
	case containerRows.wrapper:
		modelled, known = name == containerRows.element, true
	case documentRows.wrapper:
		modelled, known = name == documentRows.element, true
	default:
		switch {
		case !isRow:
		case group == containerRows.wrapper+"/"+containerRows.element:
			modelled, known = has(&containerRows.layout, name), row <= len(d.Containers)
		case group == documentRows.wrapper+"/"+documentRows.element:
			modelled, known = has(&documentRows.layout, name), row <= len(d.Documents)
		case group == attachmentRows.element:
			modelled, known = has(&attachmentRows.layout, name), row <= len(d.Attachments)
		case group == originLinkRows.element:
			modelled, known = has(&originLinkRows.layout, name), row <= len(d.OriginLinks)
		}
	}
	switch {
	case !known:
		return []string{"reason", "no_such_group"}
	case modelled:
		return []string{"reason", "modelled"}
	}
	return nil
}

func has[T any](g *group[T], element string) bool {
	_, ok := g.index[element]
	return ok
}

// cutRow parts DecContainers/Container[2] into the element and 2.
func cutRow(s string) (element string, row int, ok bool) {
	element, rest, found := strings.Cut(s, "[")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	return element, n, found && err == nil && n > 0 && rowName(element, n-1) == s
}

// wrongXML says why the XML is not one plain element of its name.
func wrongXML(c *declarations.Carried) []string {
	root, faults := strictxml.Read([]byte(c.XML), carriedLimits)
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

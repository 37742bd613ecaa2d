package app

import (
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/declarations/wcoxml"
)

// wcoCoverage fills every leaf of the profile's layout, reads the message,
// writes the declaration again and looks which leaves are there with their value.
func wcoCoverage() ([]coverageRow, error) {
	m := wcoMessage{}
	m.fill(wcoxml.Root())
	doc, faults := wcoxml.Parse(m.bytes(), wcoxml.Options{})
	if declarations.Rejected(faults) {
		return nil, fmt.Errorf("measure coverage: filled WCO message is refused: %v", faults)
	}
	out, _ := wcoxml.Write(&doc.Declaration, wcoxml.Options{})
	tree, faults := strictxml.Read(out, strictxml.Limits{})
	if faults != nil {
		return nil, fmt.Errorf("measure coverage: written WCO message is refused: %v", faults)
	}
	written := map[string]string{}
	wcoLeaves(tree.Child("Declaration"), "/Declaration", written)
	var rows []coverageRow
	for i := range m.leaves {
		l := &m.leaves[i]
		row := coverageRow{Elements: 1}
		// Reading has no other witness than writing: a leaf that was not read
		// cannot come back.
		if v, there := written[l.node.Path()]; there {
			row.Read = 1
			if v == l.value {
				row.Written = 1
			}
		}
		if m.judged(l) {
			row.Validated = 1
		}
		if group := wcoGroup(l.node); len(rows) == 0 || rows[len(rows)-1].Group != group {
			rows = append(rows, coverageRow{Message: "WCO DEC", Group: group})
		}
		rows[len(rows)-1].add(row)
	}
	return merged(rows), nil
}

// wcoGroup is the class that a leaf is counted under: one below Declaration,
// two inside the goods shipment.
func wcoGroup(n *wcoxml.Node) string {
	steps := strings.Split(strings.TrimPrefix(n.Parent.Path(), "/"), "/")
	switch {
	case len(steps) == 1:
		return steps[0]
	case steps[1] == "GoodsShipment":
		return strings.Join(steps[1:min(len(steps), 3)], "/")
	}
	return steps[1]
}

// merged adds rows of one group that stand apart.
func merged(rows []coverageRow) []coverageRow {
	var out []coverageRow
	at := map[string]int{}
	for _, r := range rows {
		i, seen := at[r.Group]
		if !seen {
			at[r.Group] = len(out)
			out = append(out, r)
			continue
		}
		out[i].add(r)
	}
	return out
}

// wcoMessage is a message in which every element of the layout occurs once.
type wcoMessage struct {
	leaves []wcoLeaf
	of     map[*wcoxml.Node]int
}

type wcoLeaf struct {
	node  *wcoxml.Node
	value string
}

func (m *wcoMessage) fill(n *wcoxml.Node) {
	if m.of == nil {
		m.of = map[*wcoxml.Node]int{}
	}
	if !n.IsClass() {
		m.of[n] = len(m.leaves)
		m.leaves = append(m.leaves, wcoLeaf{n, wcoValue(n, len(m.leaves))})
		return
	}
	for _, c := range n.Children {
		m.fill(c)
	}
}

// wcoValue is a value that the layout allows, of its own where there is room.
func wcoValue(n *wcoxml.Node, i int) string {
	switch {
	case n.Path() == "/Declaration/TypeCode":
		return "IMA"
	case len(n.Values) > 0:
		return n.Values[0]
	}
	switch n.Kind {
	case wcoxml.DateTime:
		return "20260105093000Z"
	case wcoxml.Amount, wcoxml.Measure, wcoxml.Quantity, wcoxml.Numeric:
		return "1"
	}
	own := fmt.Sprintf("V%d", i)
	switch n.Form {
	case wcoxml.Digits:
		own = "1111"
	case wcoxml.Letters:
		own = "CNAA" // where two letters are wanted, a country
	}
	if n.Exact {
		return (own + strings.Repeat("0", n.Length))[:n.Length]
	}
	return own[:min(len(own), n.Length)]
}

func (m *wcoMessage) bytes() []byte {
	p := wcoxml.Submit
	var b strings.Builder
	fmt.Fprintf(&b, `<md:MetaData xmlns:md=%q xmlns=%q xmlns:t=%q>`, p.Envelope, p.Namespace, p.Times)
	m.element(&b, wcoxml.Root())
	b.WriteString("</md:MetaData>")
	return []byte(b.String())
}

func (m *wcoMessage) element(b *strings.Builder, n *wcoxml.Node) {
	if !n.IsClass() {
		m.leaf(b, n)
		return
	}
	b.WriteString("<" + n.Name + ">")
	for _, c := range n.Children {
		m.element(b, c)
	}
	b.WriteString("</" + n.Name + ">")
}

func (m *wcoMessage) leaf(b *strings.Builder, n *wcoxml.Node) {
	v := m.leaves[m.of[n]].value
	switch n.Kind {
	case wcoxml.DateTime:
		fmt.Fprintf(b, `<%s><t:DateTimeString formatCode="304">%s</t:DateTimeString></%s>`, n.Name, v, n.Name)
	case wcoxml.Amount:
		fmt.Fprintf(b, `<%s currencyID="USD">%s</%s>`, n.Name, v, n.Name)
	default:
		fmt.Fprintf(b, `<%s>%s</%s>`, n.Name, v, n.Name)
	}
}

// judged reports whether an empty or an overlong value of a leaf is refused at its place.
func (m *wcoMessage) judged(l *wcoLeaf) bool {
	own := l.value
	defer func() { l.value = own }()
	for _, v := range []string{strings.Repeat("x", 600), ""} {
		l.value = v
		_, faults := wcoxml.Parse(m.bytes(), wcoxml.Options{})
		for _, f := range faults {
			if wcoPath(f.Path) == l.node.Path() {
				return true
			}
		}
	}
	return false
}

// wcoPath is the path of the layout: without the envelope and without numbers.
func wcoPath(place string) string {
	var b strings.Builder
	for step := range strings.SplitSeq(strings.TrimPrefix(place, "/MetaData/"), "/") {
		name, _, _ := strings.Cut(step, "[")
		if name != "DateTimeString" {
			b.WriteString("/" + name)
		}
	}
	return b.String()
}

func wcoLeaves(e *strictxml.Element, path string, into map[string]string) {
	if e == nil {
		return
	}
	for _, c := range e.Children {
		at := path + "/" + c.Local
		if c.Local == "DateTimeString" {
			at = path
		}
		if len(c.Children) == 0 {
			into[at] = c.Text
		}
		wcoLeaves(c, at, into)
	}
}

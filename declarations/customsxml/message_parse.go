package customsxml

import (
	"slices"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/strictxml"
)

// Parse reads a message. A document that is not strict XML, or whose root is
// not the message, has one fault and an empty declaration; otherwise all
// structural faults are given together, with places in the document.
func Parse(data []byte) (Document, []declarations.Fault) {
	root, faults := strictxml.Read(data, strictxml.Limits{})
	if faults != nil {
		return Document{}, faults
	}
	p := parser{doc: Document{root: root}}
	if p.envelope() {
		p.message()
		p.doc.Declaration.UseAlphaCodes(codes.Default())
	}
	return p.doc, p.faults
}

type parser struct {
	doc      Document
	faults   []declarations.Fault
	warnings int
	lastRank int
	disorder bool
	trail    trail
	base     int                     // of the trail that carried counts from
	carried  *[]declarations.Carried // of the declaration, or of the line that is being read
}

// envelope finds DecMessage: as the root in a known namespace, or without one
// inside ImportMessage.
func (p *parser) envelope() bool {
	root := p.doc.root
	p.doc.Form.Envelope = root.Local
	switch {
	case root.Local == "DecMessage" && known(root.Space):
		p.doc.message = root
	case root.Local == "ImportMessage" && root.Space == "":
		p.doc.message = p.importMessage(root)
	default:
		p.reject(codeRoot, root, "element", root.Local, "namespace", root.Space)
	}
	m := p.doc.message
	if m == nil {
		return false
	}
	p.doc.Form.Namespace = m.Space
	p.attributes(m)
	return true
}

func known(namespace string) bool {
	return namespace == DecMessage48.Namespace || slices.Contains(DecMessage48.Tolerated, namespace)
}

// attributes reads the version. Foreign attributes are ignored and never resolved.
func (p *parser) attributes(m *strictxml.Element) {
	old := ""
	for _, a := range m.Attrs {
		switch {
		case a.Space != "" || a.IsNamespace():
		case a.Local == "Version":
			p.doc.Form.Version = a.Value
		case a.Local == "version":
			old = a.Value
		default:
			p.warn(codeUnknown, m, "element", "@"+a.Local, "kept", "false")
		}
	}
	if p.doc.Form.Version == DecMessage48.Version {
		return
	}
	if p.doc.Form.Version == "" {
		p.doc.Form.Version = old
	}
	p.add(declarations.Fault{Code: codeVersion, Severity: declarations.Warn, Path: p.doc.path(m) + "/@Version",
		Line: m.Line, Column: m.Column, Args: map[string]string{"version": p.doc.Form.Version}})
}

// message reads the children of DecMessage in whatever order they stand.
func (p *parser) message() {
	m, d := p.doc.message, &p.doc.Declaration
	p.groupForm(m)
	p.direction()
	p.carried = &d.Carried
	var once uint64
	for _, c := range m.Children {
		if p.foreign(c) {
			continue
		}
		n, ok := decMessage.within[c.Local]
		if !ok {
			p.carry(c)
			continue
		}
		p.order(n, c)
		if len(c.Children) == 0 && once&(1<<n) == 0 && decMessage.parts[n].about().optional {
			p.doc.Form.EmptyGroups = append(p.doc.Form.EmptyGroups, c.Local)
		}
		decMessage.readPart(p, d, n, c, &once)
	}
	p.required()
	sortCarried(d.Carried)
}

// direction is read before all else: it decides what the country elements mean.
func (p *parser) direction() {
	i := headPart.layout.index["IEFlag"]
	if flag := p.doc.message.Child("DecHead").Child("IEFlag"); flag != nil {
		headPart.layout.fields[i].Set(&p.doc.Declaration, flag.Text)
	}
}

// order warns once of children that do not stand in the writing order.
func (p *parser) order(rank int, c *strictxml.Element) {
	switch {
	case p.disorder:
	case rank < p.lastRank:
		p.disorder = true
		p.add(declarations.Fault{Code: codeOrder, Severity: declarations.Warn, Path: p.doc.path(p.doc.message),
			Line: c.Line, Column: c.Column, Args: map[string]string{"element": c.Local}})
	default:
		p.lastRank = rank
	}
}

// required asks for exactly one DecHead, at least one DecList, exactly one DecSign.
func (p *parser) required() {
	m := p.doc.message
	missing := func(element string, near *strictxml.Element) {
		path := p.doc.path(m) + "/" + element
		p.add(declarations.Fault{Code: codeGroups, Severity: declarations.Reject, Path: path,
			Line: near.Line, Column: near.Column, Args: map[string]string{"element": element}})
	}
	if m.Child("DecHead") == nil {
		missing("DecHead", m)
	}
	switch lists := m.Child("DecLists"); {
	case lists == nil:
		missing("DecLists", m)
	case len(p.doc.Declaration.Items) == 0:
		missing("DecLists", lists)
	}
	if m.Child("DecSign") == nil {
		missing("DecSign", m)
	}
}

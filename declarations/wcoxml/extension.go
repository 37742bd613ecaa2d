package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// nilAttribute marks an extension that says that the message read had no such
// leaf, though it would be derived: it is then not written.
const nilAttribute = "xsi:nil"

// maxNumber bounds the number of a repeated element in the path of an extension.
const maxNumber = 99_999

// load puts extensions below a class. One that has no place, or whose value
// is not of the type there, is lost.
func (w *writer) load(base *element, list []declarations.Extension, name string) {
	for i := range list {
		x := &list[i]
		steps, ok := resolve(base.node, x.Path)
		if !ok {
			w.lose(declarations.IndexPath(name, i, ""), x.Path, reasonNoPlace, x.Value)
			continue
		}
		leaf := steps[len(steps)-1].node
		_, absent := x.Attributes[nilAttribute]
		attrs := attributesOf(x.Attributes)
		switch {
		case leaf.IsClass() && (x.Value != "" || len(attrs) > 0), !leaf.IsClass() && !absent && !fits(leaf, x.Value, attrs):
			w.lose(declarations.IndexPath(name, i, ""), leaf.Path(), reasonNotValid, x.Value)
			continue
		}
		e := base
		for _, s := range steps {
			e = e.make(s.node, s.nth)
		}
		e.text, e.attrs, e.absent, e.empty = x.Value, attrs, absent, leaf.IsClass()
	}
}

func fits(n *Node, text string, attrs []strictxml.Attr) bool {
	if wrong(n, text) != "" || !xmlText(text) {
		return false
	}
	for _, a := range attrs {
		if !attributeFits(n.Kind, a.Local, a.Value) || !xmlText(a.Value) {
			return false
		}
	}
	return n.Kind != DateTime || len(attrs) == 1
}

func attributesOf(m map[string]string) []strictxml.Attr {
	var attrs []strictxml.Attr
	for name, value := range m {
		if name != nilAttribute {
			attrs = append(attrs, strictxml.Attr{Local: name, Value: value})
		}
	}
	slices.SortFunc(attrs, func(a, b strictxml.Attr) int { return strings.Compare(a.Local, b.Local) })
	return attrs
}

// step is one element of a path.
type step struct {
	node *Node
	nth  int
}

// resolve reads a path below a class, AdditionalDocument[2]/ID. Lines have
// extensions of their own, so that these move with them.
func resolve(class *Node, path string) ([]step, bool) {
	var steps []step
	for part := range strings.SplitSeq(strings.TrimSuffix(path, "/"+timeName), "/") {
		name, number, numbered := strings.Cut(part, "[")
		n := class.Child(name)
		if n == nil || n == itemNode() || numbered && !n.Repeats() {
			return nil, false
		}
		nth := 1
		if numbered {
			digits, closed := strings.CutSuffix(number, "]")
			var err error
			if nth, err = strconv.Atoi(digits); err != nil || !closed || nth < 1 || nth > maxNumber || n.Max > 0 && nth > n.Max {
				return nil, false
			}
		}
		steps = append(steps, step{n, nth})
		class = n
	}
	return steps, true
}

// together are leaves that mean one thing: when one has to be kept, all are.
var together = [][]string{{"ID", "IdentificationTypeCode"}, {"TariffQuantity", "NetNetWeightMeasure"}}

// keeper collects the extensions of a message that was read: what the message
// composed of the canonical fields alone does not say.
type keeper struct {
	everything bool // keep every leaf, because less did not give the message again
	list       []declarations.Extension
}

// differ keeps what read has and composed has not, below one class.
func (k *keeper) differ(read, composed *element, path string) {
	from, to := 0, 0 // the children that are not seen yet
	for from < len(read.children) || to < len(composed.children) {
		n := next(read, composed, from, to)
		for from < len(read.children) && read.children[from].node == n {
			from++
		}
		for to < len(composed.children) && composed.children[to].node == n {
			to++
		}
		if n == itemNode() {
			continue
		}
		switch {
		case n.Repeats():
			for _, x := range read.all(n) {
				if y := composed.find(n, x.nth); k.everything || y == nil || !x.same(y) {
					k.keep(x, path)
				}
			}
		case n.IsClass():
			k.class(read.find(n, 1), composed.find(n, 1), n, path)
		default:
			k.leaf(read, composed, n, path)
		}
	}
}

// next is the node that comes first among the children not seen yet.
func next(a, b *element, i, j int) *Node {
	switch {
	case i == len(a.children):
		return b.children[j].node
	case j == len(b.children), a.children[i].node.place <= b.children[j].node.place:
		return a.children[i].node
	}
	return b.children[j].node
}

func (k *keeper) class(x, y *element, n *Node, path string) {
	switch {
	case x == nil:
		x = n.none
	case len(x.children) == 0:
		k.list = append(k.list, declarations.Extension{Path: path + n.Name})
	}
	if y == nil {
		y = n.none
	}
	k.differ(x, y, path+n.Name+"/")
}

func (k *keeper) leaf(read, composed *element, n *Node, path string) {
	x, y := read.find(n, 1), composed.find(n, 1)
	switch {
	case x == nil:
		k.list = append(k.list, declarations.Extension{Path: path + n.Name, Attributes: map[string]string{nilAttribute: "true"}})
	case k.everything || y == nil || !x.sameLeaf(y) || k.others(read, composed, n):
		k.keep(x, path)
	}
}

// others reports whether a leaf that belongs to n has to be kept.
func (k *keeper) others(read, composed *element, n *Node) bool {
	for _, names := range together {
		if !slices.Contains(names, n.Name) {
			continue
		}
		for _, name := range names {
			o := read.node.Child(name)
			if o == nil || read.node.Child(names[0]) == nil || read.node.Child(names[1]) == nil {
				continue
			}
			x, y := read.find(o, 1), composed.find(o, 1)
			if x != nil && (y == nil || !x.sameLeaf(y)) || x == nil && y != nil {
				return true
			}
		}
	}
	return false
}

// keep keeps an element and all below it.
func (k *keeper) keep(e *element, path string) {
	path += e.node.Name
	if e.node.Repeats() {
		path += "[" + strconv.Itoa(e.nth) + "]"
	}
	if e.node.Kind == DateTime {
		path += "/" + timeName
	}
	if len(e.children) == 0 {
		x := declarations.Extension{Path: path, Value: e.text}
		for _, a := range e.attrs {
			if x.Attributes == nil {
				x.Attributes = make(map[string]string, len(e.attrs))
			}
			x.Attributes[a.Local] = a.Value
		}
		k.list = append(k.list, x)
		return
	}
	for _, c := range e.children {
		k.keep(c, path+"/")
	}
}

// extend gives a declaration the extensions with which it composes the message
// again. Where keeping what differs is not enough, because two rules meet,
// everything is kept; what even that does not give back is a number of lines
// that is not theirs, for which less is enough.
func extend(d *declaration, read *element, opt Options) {
	bare := borrow()
	defer bare.giveBack()
	composed := composeIn(bare, d, opt)
	for _, everything := range []bool{false, true, false} {
		k := keeper{everything: everything}
		k.differ(read, composed, "")
		d.Extensions = k.list
		lines := items(read)
		for i, other := range items(composed) {
			own := keeper{everything: everything}
			own.differ(lines[i], other, "")
			d.Items[i].Extensions = own.list
		}
		if composes(d, read, opt) {
			return
		}
	}
}

// composes reports whether a declaration gives a message again.
func composes(d *declaration, message *element, opt Options) bool {
	a := borrow()
	defer a.giveBack()
	return composeIn(a, d, opt).same(message)
}

func compose(d *declaration, opt Options) *element { return composeIn(nil, d, opt) }

// composeIn composes in an arena; nil is a new one.
func composeIn(a *arena, d *declaration, opt Options) *element {
	w := writer{reader: reader{codes: opt.tables(), unverified: opt.Unverified}, arena: a, mute: true}
	return w.compose(d)
}

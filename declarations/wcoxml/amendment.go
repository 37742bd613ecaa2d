package wcoxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
)

// Amended is one place that an amendment changes.
type Amended struct {
	Pointer  declarations.Pointer
	WCOPath  string
	Path     string // canonical; empty when the canonical form has no such place
	Old, New string // of a leaf; empty for a whole section
	// Removed says that the place is gone: the message points there and holds
	// nothing.
	Removed bool
}

// Amendment is the message that amends a declaration, and what it changes.
type Amendment struct {
	Document []byte
	Changes  []Amended // in the order of the Amendment elements
}

// WriteAmendment computes the message that makes customs' copy of before into
// after. Both are put into the form of the message first, and Amendment,
// pointer and value come out of one walk over the two, so that they cannot
// disagree (wco-dec.md section 6). The values stand in the ordinary structure,
// changed branches only; where a class that has no numbers of its own is
// repeated, all of its elements are written, because only their position tells
// which is which.
//
// A line that is new or gone is pointed at as a section; everything else that
// is new leaf by leaf, as published amendments do, and everything that is gone
// as a section.
//
// The faults are warnings for what before and after have differently and the
// message cannot carry; or one of them rejects, and there is no message.
func WriteAmendment(before, after *declarations.Declaration, r Request, opt Options) (Amendment, []declarations.Fault) {
	m := newRequest(r, typeAmendment)
	if most := itemNode().Max; len(before.Items) > most || len(after.Items) > most {
		m.fault(codeRequest, "element", itemNode().Name, "value", strconv.Itoa(max(len(before.Items), len(after.Items))))
		return Amendment{}, m.faults
	}
	old, oldLosses := composed(before, opt)
	now, nowLosses := composed(after, opt)
	d := differ{dir: after.Header.TradeDirection}
	d.root(old, now, m)
	if len(d.changes) == 0 {
		m.fault(codeNoChange)
	}
	m.faults = append(m.faults, newLosses(oldLosses, nowLosses)...)
	for i := range d.changes {
		k := m.amendment(r.ReasonCode, d.changes[i].Pointer)
		m.reason(r.ReasonText, k, false)
		if declarations.Rejected(m.faults) {
			break // one fault about the request is enough
		}
	}
	document, faults := m.bytes()
	if document == nil {
		return Amendment{}, faults
	}
	return Amendment{Document: document, Changes: d.changes}, faults
}

func composed(d *declarations.Declaration, opt Options) (*element, []Loss) {
	w := writer{reader: reader{codes: opt.tables(), unverified: opt.Unverified}}
	e := w.compose(d)
	w.rest(d)
	return e, w.losses
}

// newLosses are the values that only one of two declarations has and the
// message does not carry: the amendment leaves them as they are at customs.
func newLosses(before, after []Loss) []declarations.Fault {
	var faults []declarations.Fault
	for _, l := range after {
		if !slices.Contains(before, l) {
			faults = append(faults, l.Fault())
		}
	}
	for _, l := range before {
		if !slices.ContainsFunc(after, func(x Loss) bool { return x.Path == l.Path && x.WCOPath == l.WCOPath }) {
			faults = append(faults, l.Fault())
		}
	}
	for i := range faults {
		faults[i].Severity = declarations.Warn
	}
	return faults
}

// differ walks two messages side by side.
type differ struct {
	dir     declarations.Direction
	changes []Amended
}

// ownLeaves are the leaves of Declaration that an additional message has for
// itself; of these only the type is of the declaration as well.
var ownLeaves = []string{"FunctionCode", "FunctionalReferenceID", "ID", "TypeCode"}

// root compares the declarations themselves. What a message that was read had
// to say about its own amendments, and a signature, is not part of them.
func (d *differ) root(old, now *element, m *requestMessage) {
	place := Target{Node: Root(), Occurrences: []int{1}}
	for _, n := range Root().Children {
		switch {
		case n.Name == "TypeCode":
			if x, y := old.word(n), now.word(n); x != y {
				m.fault(codeUnamendable, "wco_path", n.Path(), "value", shorten(y))
			}
		case slices.Contains(ownLeaves, n.Name), n.Name == "Amendment", n.Name == "Authentication":
		case n.IsClass():
			d.class(n, old, now, place, m.root)
		default:
			d.leaf(n, old, now, place, m.root)
		}
	}
}

// class compares the elements of a class in two parents and puts what changed
// into out.
func (d *differ) class(n *Node, old, now *element, parent Target, out *element) {
	x, y := occurrences(old, n), occurrences(now, n)
	byNumber := numbered(n, x) && numbered(n, y)
	keys := positions(len(x), len(y))
	if byNumber {
		keys = numbersOf(n, x, y)
	}
	changed := len(d.changes)
	for _, k := range keys {
		a, b := pick(n, x, k, byNumber), pick(n, y, k, byNumber)
		place := Target{Node: n, Occurrences: append(slices.Clone(parent.Occurrences), k)}
		d.occurrence(a, b, place, byNumber, out)
	}
	if n.Repeats() && !byNumber && len(d.changes) > changed {
		for _, b := range y {
			e := out.add(n)
			e.children, e.empty = b.children, b.empty
		}
	}
}

// occurrence compares one element of a class: a before, b after, one of them
// nil when it is new or gone.
func (d *differ) occurrence(a, b *element, place Target, byNumber bool, out *element) {
	n := place.Node
	switch {
	case b == nil:
		d.add(Amended{Removed: true}, place)
		return
	case a == nil && n == itemNode():
		d.add(Amended{}, place)
		e := out.add(n)
		e.children, e.empty = b.children, b.empty
		return
	}
	part := out.from.new(n, 1)
	before := len(d.changes)
	for _, c := range n.Children {
		switch {
		case byNumber && c == numberOf(n):
		case c.IsClass():
			d.class(c, a, b, place, part)
		default:
			d.leaf(c, a, b, place, part)
		}
	}
	if a == nil && len(d.changes) == before {
		d.add(Amended{}, place) // nothing in it to point at
	}
	if len(d.changes) == before || n.Repeats() && !byNumber {
		return // unchanged, or written with all of its class
	}
	if len(part.children) == 0 && !byNumber && a != nil {
		return // what changed is gone
	}
	if byNumber {
		part.make(numberOf(n), 1).text = b.word(numberOf(n))
	}
	e := out.add(n)
	e.children, e.empty = part.children, b.empty
}

func (d *differ) leaf(n *Node, old, now *element, parent Target, out *element) {
	var a, b *element
	if old != nil {
		a = old.find(n, 1)
	}
	if now != nil {
		b = now.find(n, 1)
	}
	if a == nil && b == nil || a != nil && b != nil && trimmed(a.text) == trimmed(b.text) && a.sameAttributes(b) {
		return
	}
	change := Amended{Removed: b == nil}
	if a != nil {
		change.Old = trimmed(a.text)
	}
	if b != nil {
		change.New = trimmed(b.text)
		e := out.make(n, 1)
		e.text, e.attrs = b.text, b.attrs
	}
	d.add(change, Target{Node: n, Occurrences: parent.Occurrences})
}

func (e *element) sameAttributes(o *element) bool {
	x, y := *e, *o
	x.text, y.text = "", ""
	return x.sameLeaf(&y)
}

func (d *differ) add(change Amended, place Target) {
	change.Pointer, change.WCOPath = place.Pointer(), place.Path()
	change.Path = FieldAt(change.Pointer, d.dir)
	d.changes = append(d.changes, change)
}

// occurrences are the elements of a class in a parent, without the reasons
// that an additional message which was read had given.
func occurrences(parent *element, n *Node) []*element {
	if parent == nil {
		return nil
	}
	all := parent.all(n)
	if n == Root().Child("AdditionalInformation") {
		all = slices.DeleteFunc(slices.Clone(all), func(e *element) bool { return e.word(n.Child("StatementTypeCode")) == freeText })
	}
	return all
}

// numberOf is the leaf by which the elements of a class are numbered, nil
// when they are not.
func numberOf(n *Node) *Node { return n.Child("SequenceNumeric") }

// numbered reports whether all elements of a class have a number of their own,
// none of them twice.
func numbered(n *Node, all []*element) bool {
	if !n.Repeats() || numberOf(n) == nil {
		return false
	}
	seen := map[int]bool{}
	for _, e := range all {
		k := ordinal(e, n)
		if k < 1 || seen[k] {
			return false
		}
		seen[k] = true
	}
	return true
}

func ordinal(e *element, n *Node) int {
	k, err := strconv.Atoi(strings.TrimSpace(e.word(numberOf(n))))
	if err != nil {
		return 0
	}
	return k
}

func numbersOf(n *Node, lists ...[]*element) []int {
	var keys []int
	for _, list := range lists {
		for _, e := range list {
			keys = append(keys, ordinal(e, n))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// positions count the longer of two lists from 1.
func positions(x, y int) []int {
	keys := make([]int, max(x, y))
	for i := range keys {
		keys[i] = i + 1
	}
	return keys
}

func pick(n *Node, all []*element, k int, byNumber bool) *element {
	if !byNumber {
		if k > len(all) {
			return nil
		}
		return all[k-1]
	}
	i := slices.IndexFunc(all, func(e *element) bool { return ordinal(e, n) == k })
	if i < 0 {
		return nil
	}
	return all[i]
}

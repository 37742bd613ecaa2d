package wcoxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
)

// Target is what a pointer of an authority names in a declaration, as far as
// the layout knows its sections: a class, or a leaf of one.
type Target struct {
	Node *Node
	// Occurrences of the classes from the root to Node, from 1; one for each,
	// the root first, a leaf not counted.
	Occurrences []int
}

// Path is the place in the message: /Declaration/GoodsShipment/
// GovernmentAgencyGoodsItem[2]/Commodity; classes that may repeat are counted.
func (p Target) Path() string {
	var b strings.Builder
	for i, n := range p.classes() {
		b.WriteString("/" + n.Name)
		if n.Repeats() {
			b.WriteString("[" + strconv.Itoa(p.Occurrences[i]) + "]")
		}
	}
	if p.Node != nil && !p.Node.IsClass() {
		b.WriteString("/" + p.Node.Name)
	}
	return b.String()
}

// classes are the classes from the root down to the place.
func (p Target) classes() []*Node {
	n := p.Node
	if n != nil && !n.IsClass() {
		n = n.Parent
	}
	all := make([]*Node, len(p.Occurrences))
	for i := len(all) - 1; i >= 0 && n != nil; i-- {
		all[i], n = n, n.Parent
	}
	return all
}

// Pointer is the way to the place, as an amendment writes it: a sequence with
// every class that may repeat, the id of the leaf with its class.
func (p Target) Pointer() declarations.Pointer {
	var out declarations.Pointer
	for i, n := range p.classes() {
		s := declarations.Section{ID: n.ID}
		if n.Repeats() {
			s.Sequence = p.Occurrences[i]
		}
		out = append(out, s)
	}
	if p.Node != nil && !p.Node.IsClass() && len(out) > 0 {
		out[len(out)-1].Tag = p.Node.ID
	}
	return out
}

// Resolve follows a pointer (wco-dec.md section 7): from 42A, each section is
// the class of that id below the one before, its sequence the occurrence
// (from 1, missing means 1), the tag at the end a leaf of the last class. ok
// is false when a section or the tag is not known, or when the pointer is
// about another message than the declaration; the place then is as far as the
// pointer could be followed, its Node nil at the worst.
func Resolve(pointer declarations.Pointer) (place Target, ok bool) {
	if len(pointer) == 0 || pointer[0].ID != Root().ID {
		return Target{}, false
	}
	place.Occurrences = make([]int, 0, len(pointer))
	for i, s := range pointer {
		n := Root()
		if i > 0 {
			n = place.Node.ClassByID(s.ID)
		}
		if n == nil {
			return place, false
		}
		occurrence := max(1, s.Sequence)
		if n.Max > 0 && occurrence > n.Max {
			return place, false
		}
		place.Node, place.Occurrences = n, append(place.Occurrences, occurrence)
		if s.Tag == "" {
			continue
		}
		leaf := n.LeafByID(s.Tag)
		if leaf == nil || i < len(pointer)-1 {
			return place, false
		}
		place.Node = leaf
	}
	return place, true
}

// FieldAt is the path of the canonical form that a pointer names, in a
// declaration of direction dir: items[0].hs_code. Where the canonical form has
// no field of its own for the place, or several that only the document itself
// tells apart, it is the line or row that the place is in (items[0],
// containers[1]); empty when there is not even that.
//
// That the n-th section of an item is the n-th item, and not the one numbered
// n, is unverified; both are the same as long as items are numbered from 1.
func FieldAt(pointer declarations.Pointer, dir declarations.Direction) string {
	place, _ := Resolve(pointer)
	return place.canonical(dir)
}

// FieldEitherWay is FieldAt for a document that does not tell its direction:
// the path when it is the same both ways, else empty.
func FieldEitherWay(pointer declarations.Pointer) string {
	place, _ := Resolve(pointer)
	path := place.canonical(declarations.Import)
	if path != place.canonical(declarations.Export) {
		return ""
	}
	return path
}

func (p Target) canonical(dir declarations.Direction) string {
	if p.Node == nil {
		return ""
	}
	if !p.Node.IsClass() {
		if name := p.field(dir); name != "" {
			return name
		}
	}
	return p.row(dir)
}

// field is the canonical field of a leaf, when exactly one receives its value.
func (p Target) field(dir declarations.Direction) string {
	found := fieldMap().read[leafPlace{p.Node.Path(), dir}]
	if len(found) != 1 {
		return ""
	}
	numbers := p.repeating()
	if found[0].Selector == "first GovernmentProcedure" && len(numbers) > 1 && numbers[1] > 1 {
		return "" // later procedures are a list whose pairing nobody has confirmed
	}
	name, complete := filled(found[0].Canonical, numbers)
	if !complete {
		return ""
	}
	return name
}

// row is the line or row that a place is in: the longest way of repeating
// classes for which the map has one list.
func (p Target) row(dir declarations.Direction) string {
	classes, numbers := p.classes(), p.repeating()
	for i := len(classes) - 1; i > 0; i-- {
		n := classes[i]
		if !n.Repeats() {
			continue
		}
		if list := listAt(n, len(numbers), dir); list != "" {
			if name, complete := filled(list, numbers); complete {
				return name
			}
		}
		numbers = numbers[:len(numbers)-1]
	}
	return ""
}

// listAt is the canonical list whose rows are the elements of a class: what
// all fields below it have in common up to their last index.
func listAt(n *Node, indices int, dir declarations.Direction) string {
	list := ""
	for i := range Pairs() {
		pair := &Pairs()[i]
		if !pair.reads(dir) || pair.Unverified() || !strings.HasPrefix(pair.pathIn(dir), n.Path()+"/") {
			continue
		}
		prefix := upTo(pair.Canonical, indices)
		if prefix == "" {
			continue // a field of the head that one line carries
		}
		if list != "" && prefix != list {
			return ""
		}
		list = prefix
	}
	return list
}

// upTo cuts a canonical name after its n-th index; empty when it has fewer.
func upTo(name string, n int) string {
	end := 0
	for range n {
		i := strings.Index(name[end:], "[]")
		if i < 0 {
			return ""
		}
		end += i + len("[]")
	}
	return name[:end]
}

// repeating are the occurrences of those classes on the way that may repeat.
func (p Target) repeating() []int {
	var numbers []int
	for i, n := range p.classes() {
		if n.Repeats() && i > 0 {
			numbers = append(numbers, p.Occurrences[i])
		}
	}
	return numbers
}

// filled puts indices from 0 into a canonical name, one for each [] in order;
// complete is false when there are more of them than occurrences. Occurrences
// left over belong to classes that the canonical form has once only (the third
// classification of a line is its hs_code).
func filled(name string, occurrences []int) (out string, complete bool) {
	for _, n := range occurrences {
		name = strings.Replace(name, "[]", "["+strconv.Itoa(n-1)+"]", 1)
	}
	return name, !strings.Contains(name, "[]")
}

func (p *Pair) reads(dir declarations.Direction) bool {
	return p.ReadTarget && (p.Direction == "both" || p.Direction == string(dir))
}

func (p *Pair) pathIn(dir declarations.Direction) string {
	if dir == declarations.Export && p.ExportPath != "" {
		return p.ExportPath
	}
	return p.Path
}

package wcoxml

import (
	"slices"
	"strings"
)

// Kind is the data type of an element.
type Kind uint8

// The kinds. An amount may carry currencyID, a measure and a quantity
// unitCode; a date-time stands in a DateTimeString with its formatCode; a
// numeric carries no attribute at all.
const (
	Class Kind = iota // holds other elements
	Text
	Code
	Identifier
	Amount
	Measure
	Quantity
	Numeric
	DateTime
)

// Form narrows the characters of a code or identifier.
type Form uint8

// AnyForm wants at least one character that is no white space.
const (
	AnyForm Form = iota
	Digits       // 0-9, may be empty unless Exact
	Letters      // A-Z and a-z
)

// Node is one element of the message at its place: the same class at two
// places is two nodes, because WCO element ids differ from place to place
// (the name of a seller is R050, of a buyer R009).
type Node struct {
	Name     string
	ID       string // class id (= DocumentSectionCode of a pointer) or data element id (= TagID)
	Kind     Kind
	Min, Max int  // occurrences in its parent; Max 0 is unbounded
	Length   int  // characters of a text, digits in all of a number; 0: no limit
	Exact    bool // Length is the length, not the greatest
	Decimals int  // of a number; meaningful when Length is set
	Form     Form
	Values   []string // the only ones allowed, when there are any
	Parent   *Node    // nil at the root
	Children []*Node  // of a class, in the order of the schema

	place int // among the children of its parent
	path  string
	start string // line of <Name, indented as deep as it stands in the message
	end   string // </Name> and a line break
	shut  string // the same, indented, for a class
	below map[string]*Node
	none  *element // a class without anything in it, to compare with
}

// IsClass tells a class from a leaf.
func (n *Node) IsClass() bool { return n.Kind == Class }

// Repeats reports whether the parent may hold more than one.
func (n *Node) Repeats() bool { return n.Max != 1 }

// Path is the place without indices: /Declaration/GoodsShipment/UCR/ID.
func (n *Node) Path() string { return n.path }

// Child is the element of that name in a class, nil when there is none.
func (n *Node) Child(name string) *Node { return n.below[name] }

// ClassByID is the class below n that a pointer names by its
// DocumentSectionCode, nil when there is none. Ids are unique among the
// classes of one class.
func (n *Node) ClassByID(section string) *Node { return n.byID(section, true) }

// LeafByID is the data element of n that a pointer names by its TagID, nil
// when there is none. Ids are unique among the leaves of one class.
func (n *Node) LeafByID(tag string) *Node { return n.byID(tag, false) }

func (n *Node) byID(id string, class bool) *Node {
	i := slices.IndexFunc(n.Children, func(c *Node) bool { return c.ID == id && c.IsClass() == class })
	if i < 0 {
		return nil
	}
	return n.Children[i]
}

// Root is Declaration of the profile hmrc-cds/submit.
func Root() *Node { return layout().root }

// At is the node of a path without indices, nil when there is none. The
// DateTimeString inside a date-time is not a node of its own: its path gives
// the date-time.
func At(path string) *Node {
	return layout().paths[strings.TrimSuffix(path, "/DateTimeString")]
}

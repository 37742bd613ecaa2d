// Package directory holds the layout of messages. This file stands only until
// the tables are merged.
package directory

// Format is the representation of a value.
type Format struct {
	Class byte
	Fixed bool
	Max   int
}

// Component is one value of an element.
type Component struct {
	ID        string
	Mandatory bool
	Format    Format
}

// Element is a simple element or a composite.
type Element struct {
	ID         string
	Mandatory  bool
	Repeat     int
	Components []Component
	Composite  bool
}

// Segment is the layout of a segment.
type Segment struct {
	Tag      string
	Elements []Element
}

// Node is a segment or a group in a message.
type Node struct {
	Tag       string
	Group     int
	Mandatory bool
	Max       int
	Nodes     []Node
}

// Message is the layout of a message.
type Message struct {
	Type, Version, Release string
	Nodes                  []Node
}

// Lookup finds a layout.
func Lookup(typ, version, release string) (*Message, bool) { return nil, false }

// Segment is the layout of a segment of the message.
func (m *Message) Segment(tag string) (*Segment, bool) { return nil, false }

// Service is the layout of a service segment.
func Service(tag, syntaxVersion string) (*Segment, bool) { return nil, false }

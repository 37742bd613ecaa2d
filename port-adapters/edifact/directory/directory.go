// Package directory holds layouts of UN/EDIFACT messages, segments and
// elements as data, by directory edition (D.95B, D.00B …), and those of the
// service segments by syntax version.
//
// Contract: Lookup finds the layout of a message in exactly the edition that
// its header names; there is no nearest edition. A layout answers for every
// tag in it. What is returned is shared and never changes.
//
// The tables stand in data/ as CSV, one row a segment group, segment,
// composite or element. Marks in them: "!" mandatory, "*9" up to nine times
// (in messages) or nine positions in a row (in segments and composites). The
// last column says how well a row is borne out:
//   - confirmed: read in the segment table that the UN published for that
//     edition (COPARN D.00B; BAPLIE and COPRAR D.95B);
//   - secondary: taken from public repositories that derive their tables from
//     the UN directories by program (php-edifact/edifact-mapping). That program
//     loses lines with a change mark, names with a hyphen and the fixed length
//     of later editions: they were completed from the editions before and
//     after (D.01A for the messages of D.00B). The messages CODECO and COARRI
//     D.95B are those of D.97A without what its numbering shows as new, with
//     the group numbers of port guides for D.95B. SEL of D.16A is that of D.07B
//     and of the newest edition. The service segments are those of ISO 9735;
//   - unverified: known in the trade or taken from a neighbouring edition, not
//     found in a source of that edition. Where two editions differ the wider
//     value stands here, so that nothing is refused for our not knowing.
//
// UNB 0017 has room for eight digits in every syntax version, and S009 for the
// code list version and the sub-function that version 4 added: messages of
// later directories carry both under older versions.
//
// The package does not know how a message is read or written, which codes an
// element may have, or any words.
package directory

// Format is the representation of a value: an..35 is {'x', false, 35}.
type Format struct {
	Class byte // 'a' letters, 'n' numeric, 'x' any character ("an")
	Fixed bool // exactly Max characters
	Max   int
}

// Component is one value of an element.
type Component struct {
	ID        string
	Mandatory bool // when the element is there at all
	Format    Format
}

// Element is a simple element (one component of the same number) or a
// composite.
type Element struct {
	ID         string // 1001, C002
	Mandatory  bool
	Repeat     int // how often it may stand with repetition separators, from 1
	Components []Component
	Composite  bool
}

// Segment is the layout of a segment; elements that may stand several times
// side by side have a position each.
type Segment struct {
	Tag      string
	Elements []Element
}

// Node is a segment of a message, or a group of segments.
type Node struct {
	Tag       string
	Group     int // number of the group; 0: a segment
	Mandatory bool
	Max       int
	Nodes     []Node // of a group; the first one is its trigger
}

// Message is the layout of a message, UNH and UNT included.
type Message struct {
	Type, Version, Release string
	Nodes                  []Node

	borneOut string
	segments map[string]*Segment
}

// Edition names a directory as people write it: D.00B.
func Edition(version, release string) string { return version + "." + release }

// Lookup finds the layout of a message in one edition.
func Lookup(typ, version, release string) (*Message, bool) {
	m, ok := tables().messages[Edition(version, release)][typ]
	return m, ok
}

// Messages are all layouts, by edition and type.
func Messages() []*Message { return tables().all }

// Segment is the layout of a segment in the edition of the message.
func (m *Message) Segment(tag string) (*Segment, bool) {
	s, ok := m.segments[tag]
	return s, ok
}

// BorneOut says how sure the layout is: confirmed, secondary or unverified,
// the least of its rows.
func (m *Message) BorneOut() string { return m.borneOut }

// SegmentOf is the layout of a segment in an edition, for messages whose own
// layout is not here.
func SegmentOf(version, release, tag string) (*Segment, bool) {
	s, ok := tables().segments[Edition(version, release)][tag]
	return s, ok
}

// Service is the layout of a service segment (UNB … UCD) in a syntax version
// (UNB 0002).
func Service(tag, syntaxVersion string) (*Segment, bool) {
	s, ok := tables().segments[syntaxVersion][tag]
	return s, ok
}

// Package edifact reads and writes UN/EDIFACT interchanges (ISO 9735, syntax
// versions 1 to 4).
//
// Contract: Parse and Reader turn octets into interchanges, one at a time;
// whatever is wrong becomes a Finding with its place (octet, segment, element,
// component) and the error code that CONTRL gives it (0085), and a Verdict
// follows from the findings. Strict mode is the standard to the letter;
// tolerant mode reads what practice sends as long as its meaning is certain.
// The layout of messages is data of the package directory. Writing releases
// what must be released, truncates what is empty, counts by itself and refuses
// what the repertoire does not have: Parse of what was written gives the same
// values.
//
// A value keeps its octets until somebody asks for it: a segment is a run of
// spans over the text of its message, so a large report costs about four times
// its size.
//
// The package does not know wires, partners, databases or a clock, and it
// never guesses a character set: a partner's agreement comes in by
// Options.Charset. Which interchange came before is the caller's to know.
package edifact

import "kouan/port-adapters/edifact/directory"

// Bounds of what is read.
const (
	MaxInterchange = 64 << 20 // octets
	MaxSegments    = 1_000_000
	MaxSegment     = 100_000 // octets of one segment
	MaxMessages    = 99_999
)

// Options say how to read. The zero value is tolerant and takes the
// repertoire that UNB names.
type Options struct {
	Strict  bool
	Charset string // of a partner's agreement, instead of the one in UNB: GB18030, GBK, UTF-8, ISO-8859-1 … -15

	// Supports says which messages the recipient takes; nil: all. A message it
	// does not take is refused with error 14.
	Supports func(typ, version, release string) bool
}

// Party is one side of an interchange (S002, S003).
type Party struct {
	ID        string // 0004, 0010
	Qualifier string // 0007
	Route     string // 0008, 0014
}

// Interchange is everything from UNB to UNZ.
type Interchange struct {
	UNA           UNA
	Syntax        string // UNOA …
	SyntaxVersion string // 1 … 4
	Sender        Party
	Recipient     Party
	Date, Time    string // of preparation, as written
	Reference     string // 0020
	Application   string // 0026
	AckRequested  bool   // 0031
	Agreement     string // 0032
	Test          bool   // 0035

	Offset   int64 // of UNA or UNB in what was read
	Size     int64 // octets up to the end of UNZ
	Header   Segment
	Trailer  Segment // no tag: UNZ is missing
	Groups   []FunctionalGroup
	Messages []*Message
	Findings []Finding // of the interchange itself; those of messages stand with them
	Bare     bool      // messages without UNB
	Complete bool      // UNZ was there and nothing ended early
	Advised  bool      // UNA was there
	strict   bool
	judged
}

// FunctionalGroup is one UNG … UNE.
type FunctionalGroup struct {
	Type      string // 0038
	Sender    Party
	Recipient Party
	Reference string // 0048
	Messages  int
	Header    Segment
	Trailer   Segment
}

// Message is everything from UNH to UNT, both among its segments.
type Message struct {
	Reference   string // 0062
	Type        string // 0065
	Version     string // 0052
	Release     string // 0054
	Agency      string // 0051
	Association string // 0057
	Access      string // 0068
	Group       int    // index in Interchange.Groups; -1: none

	Offset   int64
	Segments []Segment
	Layout   *directory.Message // nil: the structure was not checked
	Findings []Finding
	judged
}

// Edition is the directory of the message as people write it: D.00B.
func (m *Message) Edition() string { return m.Version + "." + m.Release }

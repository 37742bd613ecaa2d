// Package intake turns bytes that a user hands in into rows: a declaration,
// or the faults of its form, each at its place in the user's own document.
//
// Contract: Read never fails and never panics; what cannot be read is a row
// with a fault of severity reject. Faults of form have the place as the
// user's document counts it; Locate translates later ones. Time and memory
// are bounded whatever the bytes.
//
// The package does not know HTTP, files or who the user is, and judges no
// value: the rules are those of declarations.
package intake

import (
	"bytes"
	"iter"
	"mime"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/strictxml"
	"kouan/declarations/wcoxml"
)

// Format is the form of a document.
type Format string

// The formats that are read.
const (
	JSON Format = "json" // one declaration, or an array of several
	XML  Format = "xml"  // DecMessage; a WCO document under this name is read as one
	WCO  Format = "wco"  // WCO declaration
	CSV  Format = "csv"  // one row for each goods line
	XLSX Format = "xlsx"
	ZIP  Format = "zip" // one document of another format and the files that it names
)

// IsMany reports a format that may hold several declarations.
func (f Format) IsMany() bool { return f == CSV || f == XLSX || f == ZIP }

// maxBytes of one document; the strict XML reader has the same bound.
const maxBytes = 4 << 20

// Row is one declaration of a document.
type Row struct {
	Line        int // where it begins, from 1; in a table its row
	Declaration declarations.Declaration
	Faults      []declarations.Fault // of form, with places in the user's document
	Source      *Source              // of a table: its rows as they stand there
	Files       []File               // that came with it
	Raw         []byte               // its own part of a document of several, when that is a document too
	RawType     string               // media type of Raw
	// Locate translates a canonical path into the place in the user's document:
	// itself in JSON, an XPath-like one in XML. What is missing has the line and
	// column of the nearest thing around it; 0 when there is none. It is not
	// safe for concurrent use.
	Locate func(path string) (place string, line, column int)
}

// Read reads a document that is in memory. There is always at least one row,
// and one only when the document is of one declaration.
func Read(data []byte, format Format) []Row {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return refused(declarations.Fault{Code: declarations.CodeEmpty})
	case format == JSON && IsArray(data):
		return readArray(data)
	case format == JSON:
		return []Row{readJSON(data)}
	case format == WCO, format == XML && wcoxml.Looks(data):
		return []Row{readWCO(data)}
	case format == XML:
		return []Row{readXML(data)}
	case format.IsMany():
		return slices.Collect(Rows(data, format))
	}
	return refused(declarations.Fault{Code: declarations.CodeFormat})
}

// Rows is Read without holding all rows of a table at once.
func Rows(data []byte, format Format) iter.Seq[Row] { return inMemory(data, format, Options{}) }

func inMemory(data []byte, format Format, o Options) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for row, err := range Stream(bytes.NewReader(data), int64(len(data)), format, o) {
			if err != nil { // bytes in memory are always read
				panic("intake: read from memory: " + err.Error())
			}
			if !yield(row) {
				return
			}
		}
	}
}

func refused(f declarations.Fault) []Row {
	f.Severity = declarations.Reject
	return []Row{{Line: 1, Faults: []declarations.Fault{f}, Locate: nowhere}}
}

func nowhere(path string) (string, int, int) { return path, 0, 0 }

func readXML(data []byte) Row {
	doc, faults := customsxml.Parse(data)
	return Row{
		Line: 1, Declaration: doc.Declaration, Faults: faults,
		Locate: func(path string) (string, int, int) {
			p := doc.Locate(path)
			return p.Path, p.Line, p.Column
		},
	}
}

// readWCO reads the profile that wcoxml knows. What stands there and has no
// field of its own is kept as an extension.
func readWCO(data []byte) Row {
	doc, faults := wcoxml.Parse(data, wcoxml.Options{})
	return Row{
		Line: 1, Declaration: doc.Declaration, Faults: faults,
		Locate: func(path string) (string, int, int) {
			p := doc.Locate(path)
			return p.Path, p.Line, p.Column
		},
	}
}

// ofXML tells a WCO document by its root.
func ofXML(data []byte) Format {
	if wcoxml.Looks(data) {
		return WCO
	}
	return XML
}

// Detect finds the format by the media type, or by the first character when
// the type says nothing. Byte order marks do not count.
func Detect(contentType string, data []byte) (Format, bool) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media = ""
	}
	switch {
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		return JSON, true
	case media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml"):
		return ofXML(data), true
	case media == "text/csv" || media == "text/tab-separated-values" || media == "application/csv":
		return CSV, true
	case media == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		strings.HasPrefix(media, "application/vnd.ms-excel"): // also macros and old workbooks, to be refused by name
		return XLSX, true
	case media == "application/zip" || media == "application/x-zip-compressed":
		return ofZip(bytes.NewReader(data), int64(len(data))), true
	case media != "" && media != "application/octet-stream" && media != "text/plain":
		return "", false
	}
	if f := ofBytes(data); f != "" {
		return f, true
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(text) == 0:
		return "", false
	case text[0] == '{' || text[0] == '[':
		return JSON, true
	case text[0] == '<':
		return ofXML(data), true
	case looksLikeTable(text):
		return CSV, true
	}
	return "", false
}

const byteOrderMark = "\ufeff"

// cursor places offsets of a document that is no XML in the same way.
func cursor(data []byte) *strictxml.Cursor { return strictxml.NewCursor(string(data)) }

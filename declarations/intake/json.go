package intake

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/customsxml"
	"kouan/declarations/strictxml"
)

var readOptions = json.JoinOptions(json.RejectUnknownMembers(true))

// A line is a large value: making room for all at once spares copying them
// whenever the list grows. Every line that is right has a code; a document that
// says otherwise only costs more copies, or room for no more lines than a
// declaration may have.
var itemMark = []byte(`"hs_code"`)

const mostItems = 50

// readJSON reads the canonical JSON of one declaration. The strict decoder
// stops at its first fault; only then the document is gone through again to
// find them all with their places.
func readJSON(data []byte) Row {
	row := Row{Line: 1}
	places := &jsonPlaces{data: data}
	row.Locate = places.locate
	if len(data) > maxBytes {
		row.Faults = []declarations.Fault{tooLarge(maxBytes, "unit", "bytes")}
		return row
	}
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		row.Faults = []declarations.Fault{places.fault(declarations.CodeJSONSyntax, "", 0, "reason", "byte_order_mark")}
		return row
	}
	if !utf8.Valid(data) {
		at := firstInvalid(data)
		row.Faults = []declarations.Fault{places.fault(declarations.CodeNotUTF8, places.pathAt(at), at, "encoding", "UTF-8")}
		return row
	}
	end, stop := scan(data)
	switch {
	case stop.code == declarations.CodeTooLarge:
		row.Faults = []declarations.Fault{tooLarge(maxObjects, "unit", "objects")}
		return row
	case stop.code != "":
		row.Faults = []declarations.Fault{places.fault(stop.code, places.pathAt(stop.at), stop.at, stop.args...)}
		return row
	}
	if lines := min(bytes.Count(data, itemMark), mostItems); lines > 0 {
		row.Declaration.Items = make([]declarations.Item, 0, lines)
	}
	err := json.Unmarshal(data[:end], &row.Declaration, readOptions)
	if err != nil || data[begin(data, 0)] != '{' { // null would be an empty declaration
		row.Declaration = declarations.Declaration{}
		row.Faults = explain(places, data[:end], err)
		return row
	}
	if rest := len(data[end:]) - len(bytes.TrimLeft(data[end:], " \t\r\n")); end+rest < len(data) {
		row.Faults = []declarations.Fault{places.fault(declarations.CodeTrailing, "", end+rest)}
		return row
	}
	row.Declaration.UseAlphaCodes(codes.Default())
	row.Faults = places.place(append(customsxml.CheckCarried(&row.Declaration), lossless(&row.Declaration)...))
	return row
}

func tooLarge(limit int, unit ...string) declarations.Fault {
	return declarations.Fault{Code: declarations.CodeTooLarge, Severity: declarations.Reject,
		Args: strictxml.Args(append(unit, "limit", strconv.Itoa(limit))...)}
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// wired are the fields whose message form is not their canonical form; all of
// them live in the header and the valuation.
var wired = slices.DeleteFunc(slices.Clone(declarations.HeadFields), func(f declarations.Field[declarations.Declaration]) bool {
	return f.Wire == nil
})

// lossless refuses values that the message has no way to say, such as a gap
// between positions: they would be read back as something else.
func lossless(d *declarations.Declaration) []declarations.Fault {
	var faults []declarations.Fault
	header, valuation := d.Header, d.Valuation
	for _, f := range wired {
		value := f.Value(d)
		f.Set(d, value)
		said := d.Header == header && d.Valuation == valuation
		d.Header, d.Valuation = header, valuation
		if !said {
			faults = append(faults, declarations.Fault{Code: declarations.CodeWrongType, Severity: declarations.Reject,
				Path: f.Path, Args: strictxml.Args("want", "positions", "element", f.Element, "got", "value", "value", value)})
		}
	}
	return faults
}

var (
	compact  = json.JoinOptions(json.Deterministic(true))
	indented = json.JoinOptions(json.Deterministic(true), jsontext.WithIndent("  "))
)

// Marshal gives the canonical JSON of a declaration: compact, members in the
// order of the types, absent values left out. Equal declarations give equal
// bytes, so it is what content is compared and hashed by. It fails for text
// that is not UTF-8, which nothing that was read holds.
func Marshal(d *declarations.Declaration) ([]byte, error) { return json.Marshal(d, compact) }

// MarshalIndent gives the same for people to read.
func MarshalIndent(d *declarations.Declaration) ([]byte, error) { return json.Marshal(d, indented) }

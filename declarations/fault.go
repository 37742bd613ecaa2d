package declarations

import "strconv"

// Severity of a fault: a rejected declaration may be kept as a draft but not
// sent; a warning is shown and changes nothing.
type Severity string

// The two severities of faults; Off is what an operator may turn a rule to.
const (
	Reject Severity = "reject"
	Warn   Severity = "warn"
	Off    Severity = "off"
)

// Fault is one thing wrong with a document, as data: the words come from
// i18n at the edge, keyed by Code. Codes are public: retired, never reused.
//
// Path is the place in the user's own document: canonical JSON path
// (items[2].hs_code, counted from 0) until intake translates it to the form
// the document came in. Line and Column count from 1; 0 means no place.
type Fault struct {
	Code     string            `json:"code"`
	Severity Severity          `json:"severity"`
	Path     string            `json:"path"`
	Line     int               `json:"line,omitzero"`
	Column   int               `json:"column,omitzero"`
	Args     map[string]string `json:"args,omitempty"`
}

// Codes of faults that are not rules of the rule table.
const (
	CodeJSONSyntax    = "DEC-1001" // not JSON; args: reason
	CodeUnknownMember = "DEC-1002" // JSON member outside the field map; args: name
	CodeDuplicateKey  = "DEC-1003" // JSON member twice; args: name
	CodeWrongType     = "DEC-1004" // JSON value of another type; args: want, got
	CodeTooDeep       = "DEC-1005" // JSON nesting; args: limit
	CodeNotUTF8       = "DEC-1006" // bytes are not the encoding they claim; args: encoding
	CodeEmpty         = "DEC-1007" // nothing in the body
	CodeCarried       = "DEC-1008" // carried XML is not what its element says; args: element
	CodeFormat        = "DEC-1009" // format not recognised
	CodeTooLarge      = "DEC-1010" // document above the size limit; args: limit
	CodeTrailing      = "DEC-1011" // data after the end of the document
	CodeReferenceKey  = "DEC-1012" // client reference begins or ends with a blank, or is too long to be a key

	CodeXMLRoots      = "XML-1001" // content outside the one root element
	CodeXMLAttribute  = "XML-1002" // attribute twice after namespace resolution; args: name
	CodeXMLPrefix     = "XML-1003" // prefix undeclared or reserved; args: prefix
	CodeXMLDepth      = "XML-1004" // nesting; args: limit
	CodeXMLAttributes = "XML-1005" // attributes on one element; args: limit
	CodeXMLEncoding   = "XML-1006" // declared encoding not read; args: encoding
	CodeXMLProcessing = "XML-1007" // processing instruction; args: target
)

// Rejected reports whether any fault is of severity reject.
func Rejected(faults []Fault) bool {
	for i := range faults {
		if faults[i].Severity == Reject {
			return true
		}
	}
	return false
}

// IndexPath makes items[2].hs_code of "items", 2 and "hs_code".
func IndexPath(list string, i int, field string) string {
	if field == "" {
		return list + "[" + strconv.Itoa(i) + "]"
	}
	return list + "[" + strconv.Itoa(i) + "]." + field
}

package publication

import (
	"slices"

	"kouan/tariffs"
)

// Codes of what is wrong with a draft or a publication.
const (
	CodeNothing   = "FEE-1100" // the draft changes nothing
	CodeName      = "FEE-1101" // a name of a price list is not the catalogue's; args: value, name
	CodeRegime    = "FEE-1102" // a regime is not the charge's; args: value, known
	CodeCell      = "FEE-1103" // a cell that cannot be read; args: name, value
	CodeTable     = "FEE-1104" // no such table; args: value, known
	CodeMissing   = "FEE-1105" // a mandatory cell is empty; args: name
	CodeBasis     = "FEE-1106" // a government price without an instrument on file
	CodeOverlap   = "FEE-1107" // another price of the same cell holds at the same time; args: row
	CodePast      = "FEE-1108" // holds from a day that has passed, and no reason is given; args: from, day
	CodeNotice    = "FEE-1109" // the notice is short; args: from, day
	CodeWord      = "FEE-1110" // a figure is called surer without its document; args: value, word
	CodeReference = "FEE-1111" // points to a row that is not there, or stands twice; args: name, value
	CodeNoRow     = "FEE-1112" // ends a row that is not there; args: value
	CodeZero      = "FEE-1113" // zero without an instrument that says so
	CodeHeading   = "FEE-1114" // neither a price list nor a table; args: known
	CodeGap       = "FEE-1115" // the price ends and none follows; args: row, day
	CodeTwice     = "FEE-1116" // a row stands twice in the draft; args: value
)

// Finding is one thing that stands against a draft, as data.
type Finding struct {
	Code     string
	Severity tariffs.Severity
	Kind     string // table and key of the row; empty: of the whole draft
	Key      string
	File     int // of the draft, from 0
	Line     int // of the file that it came from; 0: none
	Column   string
	Args     map[string]string
}

// Rejected reports whether any finding is of severity reject.
func Rejected(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == tariffs.Reject })
}

func (s *Setting) find(code string, severity tariffs.Severity, column string, args ...string) Finding {
	f := Finding{Code: code, Severity: severity, Kind: s.Kind, Key: s.key, File: s.File, Line: s.Line, Column: column, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	return f
}

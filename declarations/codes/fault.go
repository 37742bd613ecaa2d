package codes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with the file of a table, as data: the words come
// from i18n at the edge, keyed by Code. Line and Column (of bytes) count from 1; 0 means
// the file as a whole.
type Fault struct {
	File   string            `json:"file"`
	Line   int               `json:"line,omitzero"`
	Column int               `json:"column,omitzero"`
	Code   string            `json:"code"`
	Args   map[string]string `json:"args,omitempty"`
}

// Codes of faults in the file of a table. Each refuses the file.
const (
	CodeNotUTF8   = "COD-1001" // bytes that are not UTF-8
	CodeQuotes    = "COD-1002" // quotation marks that do not pair up
	CodeCells     = "COD-1003" // number of cells in a line; args: found, columns
	CodeNoColumn  = "COD-1004" // a column is missing; args: column
	CodeColumn    = "COD-1005" // a column without a name, or twice; args: column
	CodeStatus    = "COD-1006" // not a status word; args: value
	CodeDay       = "COD-1007" // not a day; args: column, value
	CodeValidity  = "COD-1008" // ends before it begins; args: valid_from, valid_to
	CodeTwice     = "COD-1009" // code twice on the same day; args: code, line
	CodeNoEntry   = "COD-1010" // no line below the header
	CodeNoName    = "COD-1011" // neither a Chinese nor an English name
	CodeCharacter = "COD-1012" // control character, or a blank around a code; args: column
	CodeFlag      = "COD-1013" // neither Y nor N; args: column, value
	CodeLength    = "COD-1014" // length of a code; args: code, length, found
	CodeFileName  = "COD-1015" // name of the file; args: name
	CodeNoTable   = "COD-1016" // there is no such table; args: table, known
	CodeTooLarge  = "COD-1017" // file above the limit; args: limit
	CodeRemark    = "COD-1018" // a line above the header that is not understood; args: text
	CodeNoCode    = "COD-1019" // an entry that nothing finds
)

// FaultsError refuses the file or folder of tables for what is wrong in it.
type FaultsError struct{ Faults []Fault }

// Error names every place, for a log.
func (e *FaultsError) Error() string {
	places := make([]string, 0, len(e.Faults))
	for i := range e.Faults {
		f := &e.Faults[i]
		places = append(places, fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Code))
	}
	return fmt.Sprintf("%d faults in code tables: %s", len(e.Faults), strings.Join(places, "; "))
}

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

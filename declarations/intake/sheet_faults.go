package intake

import "kouan/declarations"

// Codes of faults of tables. Those about the file itself stand in cells.
const (
	codeNoReference  = "CSV-1002" // no column for the client reference; args: name
	codeUnknown      = "CSV-1003" // column is not known and not read; args: name
	codeTwice        = "CSV-1004" // two columns for one value; args: name, first
	codeHeaderOnly   = "CSV-1005" // no rows below the header
	codeDiffers      = "CSV-1006" // value of the header differs from the first line of its declaration; args: name, first, value
	codeAgain        = "CSV-1007" // client reference stood further up; args: value, first
	codeRowReference = "CSV-1008" // row without a client reference; args: row
	codeFormula      = "CSV-1009" // args: name
	codeErrorValue   = "CSV-1010" // args: name, value
	codeMerged       = "CSV-1011" // args: range
	codeNumberForm   = "CSV-1012" // args: name, value, reason
	codeNormalised   = "CSV-1013" // value was read as another; args: name, value, new, reason
	codeLostZeros    = "CSV-1014" // number in a code column, shorter than the code; args: name, value, length
	codeCellType     = "CSV-1015" // args: name, value, reason
	codeBesides      = "CSV-1016" // cell outside of the header; args: value
	codeCharacter    = "CSV-1020" // character that no message can carry; args: name, character
	codeListLength   = "CSV-1021" // lists of one group have different lengths; args: name, count, limit
	codeHeaderAgain  = "CSV-1022" // second header row
	codeMapping      = "CSV-1023" // the saved mapping names no field; args: name, value
)

func sheetFault(severity declarations.Severity, code string, args ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: severity}
	if len(args) > 0 {
		f.Args = make(map[string]string, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	return f
}

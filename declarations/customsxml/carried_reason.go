package customsxml

import "kouan/declarations"

// strictReasons are the reasons why carried XML is refused before it is an
// element at all, by the code of the strict reader. DEC-0001 has its own.
var strictReasons = map[string][]string{
	"DEC-0002":                     {"reason", "has_directive"},
	declarations.CodeEmpty:         {"reason", "is_empty"},
	declarations.CodeTooLarge:      {"reason", "too_large"},
	declarations.CodeXMLRoots:      {"reason", "many_elements"},
	declarations.CodeXMLAttribute:  {"reason", "attribute_twice"},
	declarations.CodeXMLPrefix:     {"reason", "bad_prefix"},
	declarations.CodeXMLDepth:      {"reason", "too_deep"},
	declarations.CodeXMLAttributes: {"reason", "many_attributes"},
	declarations.CodeXMLEncoding:   {"reason", "other_encoding"},
	declarations.CodeXMLProcessing: {"reason", "has_instruction"},
}

// strictReason makes the reason of a fault of the strict reader, with the
// arguments of that fault.
func strictReason(f *declarations.Fault) []string {
	reason := append([]string(nil), strictReasons[f.Code]...)
	for name, value := range f.Args {
		reason = append(reason, name, value)
	}
	return reason
}

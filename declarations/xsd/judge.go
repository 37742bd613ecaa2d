package xsd

import (
	"bytes"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Judge validates a document of the configured authority by the schema of its
// kind, which function and type say: a notification, a cancellation, or
// everything else that is declared. judged is false, and nothing is said, for
// a document that is no WCO message at all, and for a kind that the folder has
// no schema of. A message of another authority in the same envelope is judged
// as a declaration and refused.
func (s *Set) Judge(doc []byte) (faults []declarations.Fault, judged bool, err error) {
	profile := profileOf(doc)
	if !s.Has(profile) {
		return nil, false, nil
	}
	faults, err = s.Validate(profile, doc)
	return faults, true, err
}

// profileOf is empty for what is no WCO message. One that is not well-formed
// is nobody's: its reader says what is wrong.
func profileOf(doc []byte) string {
	if !bytes.Contains(doc, []byte("MetaData")) && !bytes.Contains(doc, []byte(wrapper)) {
		return ""
	}
	root, faults := strictxml.Read(doc, strictxml.Limits{Bytes: MaxSize, Elements: maxElements})
	if len(faults) > 0 {
		return ""
	}
	switch root.Local {
	case "MetaData":
	case wrapper:
		return Submit
	default:
		return ""
	}
	declaration := root.Child("Declaration")
	switch {
	case root.Child("Response") != nil:
		return Response
	case strings.TrimSpace(declaration.ChildText("FunctionCode")) == "13" && strings.TrimSpace(declaration.ChildText("TypeCode")) == "INV":
		return Cancel // wco-dec.md section 5
	}
	return Submit
}

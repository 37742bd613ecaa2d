package wcoxml

import "kouan/declarations"

// OtherProfile is the one finding about a message of another authority or
// version; ok is false for every other document. Two administrations share a
// namespace, so a schema would answer such a message with a list of what its
// own profile does not have (wco-dec.md section 1).
func OtherProfile(data []byte) (fault declarations.Fault, ok bool) {
	_, faults := Parse(data, Options{})
	for i := range faults {
		if faults[i].Code == codeProfile {
			return faults[i], true
		}
	}
	return declarations.Fault{}, false
}

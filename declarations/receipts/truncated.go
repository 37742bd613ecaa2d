package receipts

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"

	"kouan/declarations"
)

// cutShort tells whether a refused document is the beginning of a well-formed
// one. Only a malformed or rootless document can be; a document type, a
// second root or a prefix out of nowhere does not get better by waiting.
func cutShort(data []byte, faults []declarations.Fault) bool {
	switch faults[0].Code {
	case "DEC-0001", declarations.CodeXMLRoots: // V001
	default:
		return false
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return false
	}
	dec := xml.NewDecoder(bytes.NewReader(wholeRunes(data)))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := dec.Token()
		var syntax *xml.SyntaxError
		switch {
		case errors.As(err, &syntax):
			return syntax.Msg == "unexpected EOF"
		case err != nil:
			return false // io.EOF: complete by its form, and refused for another reason
		}
		if start, ok := token.(xml.ProcInst); ok && start.Target == "xml" && onlyDeclaration(data, dec) {
			return true
		}
	}
}

// onlyDeclaration tells a document that stops after its XML declaration.
func onlyDeclaration(data []byte, dec *xml.Decoder) bool {
	rest := data[min(int64(len(data)), dec.InputOffset()):]
	return len(bytes.TrimSpace(rest)) == 0
}

// wholeRunes leaves out the beginning of a character at the very end.
func wholeRunes(data []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(data); i++ {
		if tail := data[len(data)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return data[:len(data)-i]
			}
			break
		}
	}
	return data
}

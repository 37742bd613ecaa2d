package intake

import (
	"fmt"
	"strconv"

	"kouan/declarations"
)

const (
	maxDepth   = 64
	maxObjects = 10_000 // a declaration of 50 lines has some hundreds
)

// stop is what the scan refuses, at a byte offset.
type stop struct {
	at   int
	code string
	args []string
}

// scan looks over the document before it is decoded. It gives the end of the
// first value, and what the decoder would let pass: deep nesting, masses of
// objects, and characters that the message (XML 1.0) cannot carry.
func scan(data []byte) (end int, s stop) {
	depth, objects := 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			if i, s = scanString(data, i+1); s.code != "" {
				return 0, s
			}
		case '{', '[':
			if data[i] == '{' {
				objects++
			}
			if depth++; depth > maxDepth {
				return 0, stop{i, declarations.CodeTooDeep, []string{"limit", strconv.Itoa(maxDepth)}}
			}
			if objects > maxObjects {
				return 0, stop{i, declarations.CodeTooLarge, nil}
			}
		case '}', ']':
			if depth--; depth <= 0 {
				return i + 1, stop{}
			}
		}
	}
	return len(data), stop{}
}

// scanString gives the offset of the closing quote of the string that begins at i.
func scanString(data []byte, i int) (int, stop) {
	for ; i < len(data); i++ {
		switch b := data[i]; {
		case b == '"':
			return i, stop{}
		case b == '\\' && i+1 < len(data):
			if r := escaped(data[i+1:]); forbidden(r) {
				return 0, character(i, r)
			}
			i++
		case b == 0xEF && i+2 < len(data) && data[i+1] == 0xBF && data[i+2] >= 0xBE: // U+FFFE, U+FFFF in UTF-8
			return 0, character(i, 0xFFC0+rune(data[i+2]&0x3F))
		}
	}
	return i, stop{}
}

func character(at int, r rune) stop {
	return stop{at, declarations.CodeJSONSyntax, []string{"reason", "forbidden_character", "character", fmt.Sprintf("%U", r)}}
}

// escaped is the character that an escape names: s begins behind the
// backslash. Halves of surrogate pairs and what is no escape are the decoder's matter.
func escaped(s []byte) rune {
	switch {
	case s[0] == 'b':
		return '\b'
	case s[0] == 'f':
		return '\f'
	case s[0] == 'u' && len(s) >= 5:
		if n, err := strconv.ParseUint(string(s[1:5]), 16, 16); err == nil {
			return rune(n)
		}
	}
	return ' '
}

// forbidden are the characters below U+10000 that XML 1.0 excludes, but for surrogates.
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

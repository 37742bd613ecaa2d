package edifact

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charset is a repertoire (UNB 0001) or what a partner agreed to instead.
type charset struct {
	name     string
	allowed  func(c byte) bool // of octets below 0x80; nil: all printing ones
	wide     bool              // UTF-8
	double   bool              // GB 18030, GBK: the second octet may look like ASCII
	four     bool              // GB 18030: characters of four octets
	encoding encoding.Encoding // nil: octets are characters
	high     bool              // octets above 0x7F occur
}

// charsets are the repertoires of code list 40100 as it is published, and the
// later UNOW and UNOL (unverified). UNOX (ISO 2022 escapes) is not read.
var charsets = map[string]*charset{
	"UNOA": {name: "UNOA", allowed: levelA},
	"UNOB": {name: "UNOB"},
	"UNOC": {name: "UNOC", encoding: charmap.ISO8859_1, high: true},
	"UNOD": {name: "UNOD", encoding: charmap.ISO8859_2, high: true},
	"UNOE": {name: "UNOE", encoding: charmap.ISO8859_5, high: true},
	"UNOF": {name: "UNOF", encoding: charmap.ISO8859_7, high: true},
	"UNOG": {name: "UNOG", encoding: charmap.ISO8859_3, high: true},
	"UNOH": {name: "UNOH", encoding: charmap.ISO8859_4, high: true},
	"UNOI": {name: "UNOI", encoding: charmap.ISO8859_6, high: true},
	"UNOJ": {name: "UNOJ", encoding: charmap.ISO8859_8, high: true},
	"UNOK": {name: "UNOK", encoding: charmap.ISO8859_9, high: true},
	"UNOL": {name: "UNOL", encoding: charmap.ISO8859_15, high: true},
	"UNOW": {name: "UNOW", wide: true, high: true},
	"UNOY": {name: "UNOY", wide: true, high: true},
}

// agreed are the names that a partner setting may give.
var agreed = map[string]*charset{
	"GB18030":     {name: "GB18030", double: true, four: true, encoding: simplifiedchinese.GB18030, high: true},
	"GBK":         {name: "GBK", double: true, encoding: simplifiedchinese.GBK, high: true},
	"UTF-8":       {name: "UTF-8", wide: true, high: true},
	"ISO-8859-1":  charsets["UNOC"],
	"ISO-8859-2":  charsets["UNOD"],
	"ISO-8859-5":  charsets["UNOE"],
	"ISO-8859-7":  charsets["UNOF"],
	"ISO-8859-9":  charsets["UNOK"],
	"ISO-8859-15": charsets["UNOL"],
}

// KnownCharset reports whether a partner setting names a character set that is read.
func KnownCharset(name string) bool {
	_, ok := agreed[strings.ToUpper(name)]
	return ok
}

// levelA is UNOA: ISO 646 without lower case and without the positions that
// national variants use otherwise (code list 40100).
func levelA(c byte) bool {
	return (c < 'a' || c > 'z') && strings.IndexByte("#$@[\\]^`{|}~", c) < 0
}

// takes reports whether the repertoire has an ASCII octet.
func (c *charset) takes(b byte) bool {
	if b < ' ' || b == 0x7f {
		return false
	}
	return c.allowed == nil || c.allowed(b)
}

// width is how many octets the character at the start of s takes, as far as
// service characters matter: in GB 18030 the later ones look like ASCII.
func (c *charset) width(s string) int {
	if c == nil || len(s) < 2 || s[0] < 0x80 {
		return 1
	}
	if c.wide {
		_, n := utf8.DecodeRuneInString(s)
		return n
	}
	if !c.double || s[0] == 0x80 || s[0] == 0xff {
		return 1
	}
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	switch {
	case c.four && digit(s[1]):
		if len(s) > 3 && s[2] > 0x80 && s[2] < 0xff && digit(s[3]) {
			return 4
		}
		return 1
	case s[1] < 0x40 || s[1] == 0x7f || s[1] == 0xff: // no second octet
		return 1
	}
	return 2
}

// decode makes UTF-8 of octets; false when they are none of the set. An
// encoding of x/text answers octets that it does not have with U+FFFD.
func (c *charset) decode(octets string) (string, bool) {
	if ascii(octets) {
		return octets, true
	}
	switch {
	case c == nil || !c.high:
		return octets, false
	case c.wide:
		return octets, utf8.ValidString(octets)
	}
	text, err := c.encoding.NewDecoder().String(octets)
	if err != nil || strings.ContainsRune(text, utf8.RuneError) {
		return octets, false
	}
	// the control characters 0x80 … 0x9F of ISO 8859 are in no repertoire
	if !c.double && strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 && r < 0xa0 }) {
		return octets, false
	}
	return text, true
}

// encode makes octets of UTF-8; false when the set does not have a character.
func (c *charset) encode(text string) (string, bool) {
	for i := range len(text) {
		if text[i] < 0x80 && !c.takes(text[i]) {
			return "", false
		}
	}
	switch {
	case ascii(text):
		return text, true
	case !c.high || !utf8.ValidString(text):
		return "", false
	case c.wide:
		return text, true
	}
	octets, err := c.encoding.NewEncoder().String(text)
	if err != nil {
		return "", false
	}
	if back, ok := c.decode(octets); !ok || back != text {
		return "", false
	}
	return octets, true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

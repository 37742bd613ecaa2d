package edifact

// UNA are the service characters of an interchange (service string advice).
type UNA struct {
	Component  byte
	Element    byte
	Decimal    byte
	Release    byte // 0: none
	Repetition byte // 0: none (syntax versions 1 to 3)
	Terminator byte
}

// Default are the characters of an interchange without UNA.
var Default = UNA{Component: ':', Element: '+', Decimal: '.', Release: '?', Terminator: '\''}

// lengthUNA is "UNA" and six characters.
const lengthUNA = 9

// parseUNA reads the six characters after UNA. A space in the fourth place
// means that there is no release character; the fifth is reserved in versions
// 1 to 3 and becomes the repetition separator when UNB says version 4.
func parseUNA(s string) (u UNA, ok bool) {
	u = UNA{Component: s[0], Element: s[1], Decimal: s[2], Release: s[3], Repetition: s[4], Terminator: s[5]}
	if u.Release == ' ' {
		u.Release = 0
	}
	if u.Repetition == ' ' {
		u.Repetition = 0
	}
	seen := map[byte]bool{}
	for _, c := range []byte{u.Component, u.Element, u.Decimal, u.Release, u.Repetition, u.Terminator} {
		if c == 0 {
			continue
		}
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if letter || c >= '0' && c <= '9' || c == '\r' || c == '\n' || c >= 0x80 || seen[c] {
			return u, false
		}
		seen[c] = true
	}
	return u, u.Component != 0 && u.Element != 0 && u.Decimal != 0 && u.Terminator != 0
}

// text is the UNA segment.
func (u UNA) text() string {
	b := []byte{'U', 'N', 'A', u.Component, u.Element, u.Decimal, u.Release, u.Repetition, u.Terminator}
	for _, i := range []int{6, 7} {
		if b[i] == 0 {
			b[i] = ' '
		}
	}
	return string(b)
}

// repetition is the separator that version 4 uses: announced, or its default.
func (u UNA) repetition(version string) byte {
	switch {
	case version != "4":
		return 0
	case u.Repetition != 0:
		return u.Repetition
	case u.Component == '*' || u.Element == '*' || u.Decimal == '*' || u.Release == '*' || u.Terminator == '*':
		return 0
	}
	return '*'
}

package strictxml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kouan/declarations"
)

// scan looks over the markup once before it is decoded and stops the document
// at the first thing that the decoder would accept, or would spend memory on
// before it could be refused.
func (t *text) scan(lim Limits) {
	t.stop = t.characters()
	references := strings.Contains(t.src[t.body:t.stop.at], "&#") // others the decoder judges
	for i := t.body; i < t.stop.at; {
		switch b := t.src[i]; {
		case b == '<', b == '&' && references:
		case references:
			i++
			continue
		default:
			n := strings.IndexByte(t.src[i:t.stop.at], '<')
			if n < 0 {
				return
			}
			i += n
		}
		end, s := t.markup(i, lim)
		if s.code != "" {
			t.stop = s
			return
		}
		i = end
	}
}

// characters finds the first byte that is not UTF-8 or a character outside XML 1.0.
func (t *text) characters() stop {
	s := t.src
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= ' ' && b < utf8.RuneSelf || isSpace(b) {
			continue
		}
		if b < utf8.RuneSelf {
			return malformed(i, "reason", "forbidden_character", "character", "U+"+hex4(rune(b)))
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return malformed(i, "reason", "not_utf8")
		}
		if r == 0xFFFE || r == 0xFFFF {
			return malformed(i, "reason", "forbidden_character", "character", "U+"+hex4(r))
		}
		i += size - 1
	}
	return stop{at: len(s)}
}

// markup looks at what begins with < or & at i and gives the offset behind it.
func (t *text) markup(i int, lim Limits) (int, stop) {
	rest := t.src[i:t.stop.at]
	switch {
	case rest[0] == '&':
		if surrogate(rest) {
			return 0, malformed(i, "reason", "half_surrogate")
		}
		return i + 1, stop{}
	case strings.HasPrefix(rest, "<!--"):
		return i + behind(rest, 4, "-->"), stop{}
	case strings.HasPrefix(rest, "<![CDATA["):
		return i + behind(rest, 9, "]]>"), stop{}
	case strings.HasPrefix(rest, "<!"):
		return 0, stop{at: i, code: codeDirective}
	case strings.HasPrefix(rest, "<?"):
		target := rest[2:]
		if end := strings.IndexAny(target, " \t\r\n?"); end >= 0 {
			target = target[:end]
		}
		if strings.EqualFold(target, "xml") {
			return 0, malformed(i, "reason", "declaration_late")
		}
		return 0, stop{at: i, code: declarations.CodeXMLProcessing, args: map[string]string{"target": clip(target)}}
	}
	return t.tag(i, lim)
}

// tag counts the attributes of one tag and asks for white space before each.
func (t *text) tag(i int, lim Limits) (int, stop) {
	s := t.src[:t.stop.at]
	count := 0
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '>':
			return j + 1, stop{}
		case '"', '\'':
			if count++; count > lim.Attributes {
				return 0, stop{at: i, code: declarations.CodeXMLAttributes, args: map[string]string{"limit": strconv.Itoa(lim.Attributes)}}
			}
			end := strings.IndexByte(s[j+1:], s[j])
			if end < 0 {
				return len(s), stop{}
			}
			value := s[j+1 : j+1+end]
			for k := strings.IndexByte(value, '&'); k >= 0; {
				if surrogate(value[k:]) {
					return 0, malformed(i, "reason", "half_surrogate")
				}
				n := strings.IndexByte(value[k+1:], '&')
				if n < 0 {
					break
				}
				k += 1 + n
			}
			j += 1 + end
			if j+1 < len(s) && !isSpace(s[j+1]) && s[j+1] != '>' && s[j+1] != '/' {
				return 0, malformed(j+1, "reason", "attribute_space")
			}
		}
	}
	return len(s), stop{}
}

// surrogate reports that s begins with a character reference to
// U+D800..U+DFFF, which the decoder turns into U+FFFD without an error.
func surrogate(s string) bool {
	digits, ok := strings.CutPrefix(s, "&#")
	if !ok {
		return false
	}
	base := rune(10)
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n := rune(0)
	for i := range len(digits) {
		d := digit(digits[i])
		if d >= base {
			return digits[i] == ';' && n >= 0xD800 && n <= 0xDFFF
		}
		n = min(n*base+d, utf8.MaxRune+1)
	}
	return false
}

func digit(b byte) rune {
	switch {
	case b >= '0' && b <= '9':
		return rune(b - '0')
	case b >= 'a' && b <= 'f':
		return rune(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return rune(b-'A') + 10
	}
	return 16
}

func behind(s string, from int, end string) int {
	n := strings.Index(s[from:], end)
	if n < 0 {
		return len(s)
	}
	return from + n + len(end)
}

func malformed(at int, args ...string) stop {
	return stop{at: at, code: codeMalformed, args: Args(args...)}
}

func hex4(r rune) string {
	s := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	return strings.Repeat("0", max(0, 4-len(s))) + s
}

// clip keeps what a document brought into a fault short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

func blank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return false
		}
	}
	return true
}

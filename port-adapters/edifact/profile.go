package edifact

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kouan/declarations"
)

// Profile is what was agreed with one partner. The zero value is our profile
// DLC10 for terminals: UNOA, version 2, one line, tolerant reading.
type Profile struct {
	Syntax        string // UNOA
	SyntaxVersion string // 2
	Charset       string // instead of the repertoire, when it was agreed
	UNA           UNA
	PerLine       bool
	Test          bool  // what is sent and taken is marked as a test
	Sender        Party // our name; zero: that of the letter
	Recipient     Party // the partner's name; zero: his id
	Port          string
	CustomsPrefix string // before the four digits of an office in NAD OY
	Strict        bool   // reading
	Supports      func(typ, version, release string) bool

	// Latin writes a name in Latin letters; nil: full-width and accented letters
	// become plain ones, and other scripts cannot be written.
	Latin func(string) string
}

// DLC10.
const (
	defaultPort          = "CNDLC"
	defaultCustomsPrefix = "CNDLCCUS"
	most0004             = 35
)

func (p *Profile) port() string {
	if p.Port != "" {
		return p.Port
	}
	return defaultPort
}

// Reference is the number that an interchange carries in the place of a
// letter's id, which is too long for it (0020 and 0062 have 14 characters at
// most): 13 characters of its hash, 65 bits. The second message of an
// interchange adds a letter.
func Reference(letterID string) string {
	sum := sha256.Sum256([]byte(letterID))
	return base32.StdEncoding.EncodeToString(sum[:])[:13]
}

// secondMessage is what the reference of the unpacking order adds.
const secondMessage = "U"

// referenceOf is the reference of the letter that a message reference belongs to.
func referenceOf(message string) string {
	if len(message) == 14 {
		return strings.TrimSuffix(message, secondMessage)
	}
	return message
}

// address is an id as a name in UNB and NAD: what is too long loses its hyphens.
func address(id string) string {
	if len(id) > most0004 {
		id = strings.ReplaceAll(id, "-", "")
	}
	return strings.ToUpper(id)
}

// latin writes a text for the repertoire of the profile; false when it cannot.
func (p *Profile) latin(text string) (string, bool) {
	set := p.charset()
	if set == nil {
		return "", false
	}
	text = strings.TrimSpace(text)
	if set.allowed == nil {
		if _, ok := set.encode(text); ok {
			return text, true
		}
	}
	if p.Latin != nil {
		text = p.Latin(text)
	}
	text = plainLetters(text)
	if set.allowed != nil {
		text = strings.ToUpper(text)
	}
	if _, ok := set.encode(text); ok {
		return text, true
	}
	return "", false
}

// plainLetters makes full-width letters narrow and takes accents off.
func plainLetters(text string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func (p *Profile) syntax() (id, version string) {
	id, version = p.Syntax, p.SyntaxVersion
	if id == "" {
		id = "UNOA"
	}
	if version == "" {
		version = "2"
	}
	return id, version
}

func (p *Profile) charset() *charset {
	if p.Charset != "" {
		return agreed[strings.ToUpper(p.Charset)]
	}
	id, _ := p.syntax()
	return charsets[id]
}

// cut bounds a text to what an element holds.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most]))
	}
	return text
}

func warning(code, path string, pairs ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: warn, Path: path, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

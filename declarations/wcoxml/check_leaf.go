package wcoxml

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kouan/declarations/strictxml"
)

// Names of the element and attributes that values carry.
const (
	timeName      = "DateTimeString"
	formatCode    = "formatCode"
	currencyID    = "currencyID"
	unitCode      = "unitCode"
	languageID    = "languageID"
	formatInstant = "304" // yyyyMMddHHmmss and zone
	formatDay     = "102" // yyyyMMdd
)

// What a value may break: the kinds of i18n, and two that have words of their own.
var (
	kindTime        = slug("want", "wco_time")
	kindDigits      = slug("want", "wco_digits")
	kindLetters     = slug("want", "wco_letters")
	kindLine        = slug("want", "wco_one_line")
	kindWhole       = slug("want", "wco_whole")
	kindFewerDigits = slug("want", "wco_fewer_digits")
	kindNumber      = slug("want", "number")
)

const (
	badLength = "length"
	badValues = "values"
)

// codeAttributes and idAttributes may stand at a code and an identifier.
var (
	codeAttributes = []string{"listID", "listAgencyID", "listAgencyName", "listName", "listVersionID", "name", languageID, "listURI", "listSchemeURI"}
	idAttributes   = []string{"schemeID", "schemeName", "schemeAgencyID", "schemeAgencyName", "schemeVersionID", "schemeDataURI", "schemeURI"}
)

// leaf checks one data element; nil when it is not right.
func (c *checker) leaf(e *strictxml.Element, n *Node) *element {
	value, before := e, len(c.found.faults)+c.found.more
	if n.Kind == DateTime {
		c.attributes(e, nil)
		c.noText(e)
		for i, child := range e.Children {
			switch {
			case child.Local != timeName || child.Space != c.profile.Times:
				c.report(codeNotAllowed, child, c.child(child.Local, 0), "element", child.Local, "allowed", timeName)
			case i > 0:
				c.report(codeTooOften, child, c.child(child.Local, 0), "element", child.Local, "limit", "1")
			default:
				value = child
			}
		}
		if len(e.Children) == 0 {
			c.report(codeMissing, e, c.child(timeName, 0), "element", timeName)
		}
		if value == e {
			return nil
		}
	}
	for _, child := range value.Children {
		c.report(codeNotAllowed, child, c.child(child.Local, 0), "element", child.Local, "allowed", nothing)
	}
	c.attributes(value, n)
	text := lexical(n, value.Text)
	switch wrong := wrong(n, text); wrong {
	case "":
	case badLength:
		c.report(codeTooLong, value, string(c.path), "element", n.Name, "limit", strconv.Itoa(n.Length), "length", strconv.Itoa(utf8.RuneCountInString(text)))
	case badValues:
		c.report(codeNotOneOf, value, string(c.path), "element", n.Name, "value", shown(n, text), "allowed", strings.Join(n.Values, ", "))
	default:
		c.report(codeValue, value, string(c.path), "element", n.Name, "want", wrong, "value", shown(n, text))
	}
	if len(c.found.faults)+c.found.more > before {
		return nil
	}
	built := c.arena.new(n, 1)
	built.text, built.attrs, built.source = text, data(value.Attrs), value
	return built
}

// shown is a value for a finding. An access code is a secret.
func shown(n *Node, text string) string {
	if n.Name == "AccessCode" {
		return "***"
	}
	return shorten(text)
}

// data are the attributes that belong to the value.
func data(attrs []strictxml.Attr) []strictxml.Attr {
	var out []strictxml.Attr
	for _, a := range attrs {
		if !a.IsNamespace() && a.Space == "" {
			out = append(out, a)
		}
	}
	return out
}

// lexical is the text of a value as its type sees it: codes are tokens, whose
// white space is collapsed, around numbers it does not count, texts and
// identifiers keep it.
func lexical(n *Node, text string) string {
	switch n.Kind {
	case Code:
		if i := strings.IndexAny(text, " \t\r\n"); i < 0 {
			return text
		}
		return strings.Join(strings.FieldsFunc(text, xmlSpace), " ")
	case Amount, Measure, Quantity, Numeric:
		return strings.TrimFunc(text, xmlSpace)
	}
	return text
}

func xmlSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

// wrong says what a value breaks: badLength, badValues or the slug of the kind
// that was expected; empty when it is right.
func wrong(n *Node, text string) string {
	switch n.Kind {
	case Amount, Measure, Quantity, Numeric:
		return wrongNumber(n, text)
	case DateTime:
		if !isInstant(text) {
			return kindTime
		}
		return ""
	}
	switch length := utf8.RuneCountInString(text); {
	case length > n.Length, n.Exact && length != n.Length:
		return badLength
	case n.Form == Digits && strings.Trim(text, "0123456789") != "":
		return kindDigits
	case n.Form == Letters && strings.TrimFunc(text, letter) != "":
		return kindLetters
	case n.Form == AnyForm && !oneLine(text):
		return kindLine
	case len(n.Values) > 0 && !slices.Contains(n.Values, text):
		return badValues
	}
	return ""
}

func letter(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }

// oneLine is the pattern of texts: something that is no white space, and no
// line break, which the dot of the pattern does not match.
func oneLine(text string) bool {
	return strings.TrimFunc(text, xmlSpace) != "" && !strings.ContainsAny(text, "\r\n")
}

// wrongNumber checks an xs:decimal: leading zeros and zeros at the end of the
// fraction do not count as digits.
func wrongNumber(n *Node, text string) string {
	whole, fraction, _ := strings.Cut(strings.TrimLeft(text, "+-"), ".")
	if signs := len(text) - len(strings.TrimLeft(text, "+-")); signs > 1 || whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return kindNumber
	}
	if n.Length == 0 {
		return ""
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	switch {
	case len(fraction) > n.Decimals && n.Decimals == 0:
		return kindWhole
	case len(fraction) > n.Decimals, len(whole)+len(fraction) > n.Length:
		return kindFewerDigits
	}
	return ""
}

// isInstant is the pattern (20\d{6})(\d{6}(Z|[-+]\d\d))? of a DateTimeString.
func isInstant(text string) bool {
	if len(text) != 8 && len(text) != 15 && len(text) != 17 || text[:2] != "20" {
		return false
	}
	digits, zone := text, ""
	if len(text) > 8 {
		digits, zone = text[:14], text[14:]
	}
	if strings.Trim(digits, "0123456789") != "" {
		return false
	}
	return zone == "" || zone == "Z" || len(zone) == 3 && (zone[0] == '+' || zone[0] == '-') && strings.Trim(zone[1:], "0123456789") == ""
}

// noText refuses text beside the elements of a class.
func (c *checker) noText(e *strictxml.Element) {
	if strings.TrimFunc(e.Text, xmlSpace) != "" {
		c.report(codeValue, e, string(c.path), "element", e.Local, "want", "elements", "value", shorten(strings.TrimSpace(e.Text)))
	}
}

// attributes checks those of an element; n is nil where none is allowed.
// Hints where a schema may be found are ignored.
func (c *checker) attributes(e *strictxml.Element, n *Node) {
	timed := false
	for _, a := range e.Attrs {
		switch {
		case a.IsNamespace(), hint(a):
		case n == nil || a.Space != "" || !attributeFits(n.Kind, a.Local, a.Value):
			c.report(codeAttribute, e, string(c.path)+"/@"+shorten(a.Local), "element", e.Local, "attribute", shorten(a.Local), "value", shorten(a.Value))
		default:
			timed = timed || a.Local == formatCode
		}
	}
	if n != nil && n.Kind == DateTime && !timed {
		c.report(codeAttribute, e, string(c.path)+"/@"+formatCode, "element", e.Local, "attribute", formatCode, "value", "")
	}
}

// hint is where a schema may be found: samples point to files that do not exist.
func hint(a strictxml.Attr) bool {
	return a.Space == schemaInstance && (a.Local == "schemaLocation" || a.Local == "noNamespaceSchemaLocation")
}

func attributeFits(k Kind, name, value string) bool {
	switch k {
	case DateTime:
		return name == formatCode && (value == formatInstant || value == formatDay)
	case Amount:
		return name == currencyID && len(value) == 3 && strings.TrimFunc(value, func(r rune) bool { return 'A' <= r && r <= 'Z' }) == ""
	case Measure, Quantity:
		length := utf8.RuneCountInString(value)
		return name == unitCode && length >= 1 && length <= 5
	case Text:
		return name == languageID && isLanguage(value)
	case Code, Identifier:
		allowed := codeAttributes
		if k == Identifier {
			allowed = idAttributes
		}
		switch {
		case !slices.Contains(allowed, name):
			return false
		case name == languageID:
			return isLanguage(value)
		case name == "listAgencyID", name == "schemeAgencyID":
			return value != "" && utf8.RuneCountInString(value) <= 3 && !strings.ContainsAny(value, "\r\n")
		}
		return true
	}
	return false
}

// isLanguage is xs:language: letters, then parts of letters and digits, 1 to 8 each.
func isLanguage(value string) bool {
	for i, part := range strings.Split(strings.TrimFunc(value, xmlSpace), "-") {
		rest := strings.TrimFunc(part, func(r rune) bool { return letter(r) || i > 0 && '0' <= r && r <= '9' })
		if len(part) < 1 || len(part) > 8 || rest != "" {
			return false
		}
	}
	return true
}

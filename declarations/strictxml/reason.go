package strictxml

import "strings"

// The argument reason of a malformed document is a slug: the words are
// reason.<slug> in i18n, with the arguments that stand beside it here.

// syntaxReasons sorts what encoding/xml says into the few mistakes that an
// author can be told to correct, by how its message begins. Its own words are
// English and may change, so they go nowhere.
var syntaxReasons = []struct {
	begins string
	args   []string
}{
	{"unexpected EOF", []string{"reason", "ends_in_markup"}},
	{"invalid character entity", []string{"reason", "bad_reference"}},
	{"unescaped < inside quoted string", []string{"reason", "less_in_attribute"}},
	{"unescaped ]]> not in CDATA section", []string{"reason", "cdata_end"}},
	{`invalid sequence "--" not allowed in comments`, []string{"reason", "hyphens_in_comment"}},
	{"unquoted or missing attribute value", []string{"reason", "attribute_form"}},
	{"attribute name without =", []string{"reason", "attribute_form"}},
	{"expected attribute name", []string{"reason", "attribute_form"}},
	{"expected element name", []string{"reason", "tag_form"}},
	{"expected /> in element", []string{"reason", "tag_form"}},
	{"invalid characters between </", []string{"reason", "tag_form"}},
	{"invalid XML name", []string{"reason", "tag_form"}},
}

// syntaxReason is the reason of an error of encoding/xml; what is not in the
// table is a syntax error as such.
func syntaxReason(message string) []string {
	if character, ok := strings.CutPrefix(message, "illegal character code "); ok {
		return []string{"reason", "forbidden_character", "character", clip(character)}
	}
	for _, r := range syntaxReasons {
		if strings.HasPrefix(message, r.begins) {
			return r.args
		}
	}
	return []string{"reason", "xml_syntax"}
}

// Args makes the arguments of a fault of pairs of name and value; nil of none.
func Args(pairs ...string) map[string]string {
	if len(pairs) == 0 {
		return nil
	}
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

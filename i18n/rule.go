package i18n

import (
	"strings"
	"unicode"
)

const (
	rulePrefix  = "rule."
	fieldPrefix = "fields."
)

// unsaid stands for a value in a rule, which speaks of no document.
const unsaid = "…"

// Rule is what a rule says in general: its own text when it has one, else the
// text of its fault with the fields that it judges, and … for every value.
func (p Printer) Rule(code, fields string) string {
	key := rulePrefix + code
	names, known := Placeholders(key)
	if !known {
		key = faultPrefix + code
		names, _ = Placeholders(key)
	}
	args := make(map[string]string, len(names))
	for _, name := range names {
		args[name] = unsaid
	}
	args["element"] = p.Fields(fields)
	return p.Text(key, args)
}

// Fields is what a rule judges: names of elements as they are, a description
// (country fields) in words.
func (p Printer) Fields(fields string) string {
	key := fieldPrefix + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, fields)
	if _, known := Placeholders(key); !known {
		return fields
	}
	return p.Text(key, nil)
}

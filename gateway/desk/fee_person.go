package desk

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"kouan/gateway/auth"
)

// FeePerson names the person behind a key: two keys of one authority are two
// persons, so that the second can check what the first drafted.
func FeePerson(p auth.Principal) string { return p.PartnerID + "/" + p.KeyID }

// samePerson reports whether two names are one person's. A name that a person
// types is the same name in capitals, full width or with other blanks: where a
// second person is asked for, such a name is no second one.
func samePerson(a, b string) bool { return foldedPerson(a) == foldedPerson(b) }

func foldedPerson(name string) string {
	folded := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name))) // folding may take a letter apart
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, folded)
}

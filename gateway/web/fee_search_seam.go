package web

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"kouan/i18n"
	"kouan/tariffs"
)

// findFees are the codes of the charges whose code or name in any language
// holds the query. It stands in for tariffs/search, which knows stems and
// ranks what it finds.
func findFees(c *tariffs.Catalogue, query string, _ i18n.Lang) []string {
	fold := func(s string) string { return strings.ToLower(norm.NFKC.String(s)) }
	query = fold(strings.TrimSpace(query))
	var out []string
	for i := range c.Items {
		it := &c.Items[i]
		names := []string{it.Code, it.NameZH, it.NameEN}
		if t := it.Term(); t != nil {
			for _, text := range t.Texts {
				names = append(names, text)
			}
		}
		for _, name := range names {
			if strings.Contains(fold(name), query) {
				out = append(out, it.Code)
				break
			}
		}
	}
	return out
}

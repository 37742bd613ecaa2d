package web

import (
	"github.com/go-json-experiment/json"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// feeData is a charge for search engines as JSON-LD. It stands in for
// feeds.JSONLD, which has the prices.
func feeData(c *tariffs.Catalogue, item string, lang i18n.Lang) []byte {
	body, err := json.Marshal(map[string]string{"@context": "https://schema.org", "@type": "DefinedTerm", "termCode": item, "inLanguage": string(lang),
		"name": wording.For(i18n.For(lang), c).Item(item)}, json.Deterministic(true))
	if err != nil {
		return []byte("{}")
	}
	return body
}

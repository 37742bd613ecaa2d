package web

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"

	"kouan/i18n"
)

// feeHead is what the head of a public page says to machines.
type feeHead struct {
	Canonical  string // empty: nobody told us our own address
	Alternates []alternate
	Chooser    string // of languages: x-default
	Data       template.JS
	Version    *feeVersion
}

// alternate is the same page in a language in which it is really translated.
type alternate struct {
	Lang    i18n.Lang
	Address string
}

// renderFees writes a page of fees. item names the charge whose row is shown,
// nil: none. Addresses are absolute, as hreflang wants them; a page with a
// query of its own points to the one without.
func (s *server) renderFees(w http.ResponseWriter, v *visit, status int, name, title string, page any, head *feeHead) error {
	if head == nil {
		head = &feeHead{}
	}
	if s.Public() != "" && status == http.StatusOK {
		path := v.page()
		head.Canonical = s.Public() + v.to(path)
		head.Chooser = s.Public() + chooserOf(path)
		if head.Alternates == nil {
			head.Alternates = s.alternates(path, i18n.Languages())
		}
		if !slices.ContainsFunc(head.Alternates, func(a alternate) bool { return a.Lang == v.lang }) { // it shows the original: a double of the Chinese page
			head.Canonical, head.Alternates, head.Chooser = s.Public()+"/"+string(i18n.ZhHans)+path, nil, ""
		}
	}
	return s.renderHead(w, v, status, name, title, page, head)
}

// alternates are the addresses of a page in some languages.
func (s *server) alternates(path string, langs []i18n.Lang) []alternate {
	out := make([]alternate, 0, len(langs))
	for _, lang := range langs {
		out = append(out, alternate{lang, s.Public() + "/" + string(lang) + path})
	}
	return out
}

// dataBlock lets JSON into a script element that is no script: no browser
// runs it, and the content policy has nothing to say about it. What could
// end the element is written as an escape of JSON.
func dataBlock(json []byte) template.JS {
	json = bytes.ReplaceAll(json, []byte("<"), []byte(`\u003c`))
	return template.JS(bytes.ReplaceAll(json, []byte(">"), []byte(`\u003e`))) //nolint:gosec // data of ours, closed above
}

package web

import (
	"net/http"
	"net/url"
	"strings"

	"kouan/i18n"
)

// chooser is the page on which a reader chooses a language: x-default of all
// public pages. ?page= is the page, without its language, that the choice
// leads to.
const chooser = "/languages"

func chooserOf(page string) string { return chooser + "?page=" + url.QueryEscape(page) }

// languagesPage offers a page in all languages, each in its own words.
type languagesPage struct {
	To        string
	Languages []language
}

func (s *server) chooseLanguage(w http.ResponseWriter, v *visit) error {
	p := languagesPage{To: local(v.FormValue("page"))}
	if p.To == "" || strings.ContainsAny(p.To, "?#") {
		p.To = "/"
	}
	for _, lang := range i18n.Languages() {
		p.Languages = append(p.Languages, language{lang, endonyms[lang], lang == v.lang})
	}
	w.Header().Set("Vary", "Accept-Language")
	return s.render(w, v, http.StatusOK, "languages", "page.languages.title", p)
}

package web

import (
	"net/http"
	"strings"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/feeds"
	"kouan/tariffs/search"
)

// feeIndex is what finds charges in one edition of the catalogue.
type feeIndex struct {
	of    *tariffs.Catalogue
	index *search.Index
}

// findFees are the codes of the charges that a query finds, the best first.
// The index of the edition that was asked for last is kept: nearly all
// questions are about the one in force.
func (s *server) findFees(c *tariffs.Catalogue, query string, lang i18n.Lang) []string {
	kept := s.fees.Load()
	if kept == nil || kept.of != c {
		kept = &feeIndex{c, search.New(c)}
		s.fees.Store(kept)
	}
	return kept.index.Find(query, lang)
}

// feeData is a charge for search engines: JSON-LD in the head of its page.
func (s *server) feeData(e *desk.FeeEdition, item string, day tariffs.Day, lang i18n.Lang) ([]byte, error) {
	l := &feeds.List{Edition: e.Number, Catalogue: e.Catalogue.Version, Day: day, PublishedAt: e.PublishedAt.UTC(), Prevails: string(i18n.ZhHans),
		Rows: e.Catalogue.Rows(day, tariffs.RowFilter{Item: item})}
	return l.Linked(e.Catalogue, item, s.Public()+"/fees/"+item, lang)
}

// toLanguage leads an address without a language, as data of ours and of
// others name it, to the page in the reader's language.
func (s *server) toLanguage(w http.ResponseWriter, r *http.Request) {
	if code := r.PathValue("code"); code != "" {
		e, err := s.Desk.FeeEdition(r.Context())
		if err != nil {
			s.failFile(w, r, err)
			return
		}
		if e.Catalogue.Item(code) == nil {
			s.pass(w, r)
			return
		}
	}
	to := "/" + string(i18n.Negotiate(r.Header.Get("Accept-Language"))) + strings.TrimSuffix(r.URL.EscapedPath(), "/")
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

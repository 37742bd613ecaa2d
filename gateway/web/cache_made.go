package web

import (
	"net/http"
	"net/url"
	"strings"
)

// Some public pages are the same for everybody and yet not kept in memory:
// their figures move with every account, rating and complaint, or a form is
// filled from its address. They are made for each who asks, with nothing of
// the request but its address, and then packed and tagged like the others, so
// that who has a page already is told so.

// moving: caches in between may keep one for as long as the desk keeps what it
// added up. filled is for forms, which stay with who asks.
var (
	moving = audience{"Accept-Encoding, Cookie", "public, max-age=0, s-maxage=5, must-revalidate", true, (*server).failPage}
	filled = audience{"Accept-Encoding, Cookie", "private, no-cache", true, (*server).failPage}
)

// madePage registers one. A query for which own says so leads to what is one
// person's, and is answered without any of this.
func (s *server) madePage(pattern string, to *audience, h handler, own func(url.Values) bool) {
	if path := strings.TrimPrefix(pattern, "GET /{lang}"); !strings.Contains(path, "{") {
		s.fixed = append(s.fixed, path)
	}
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RawQuery) > maxQuery {
			to.fail(s, w, r, errLongQuery)
			return
		}
		if mayBeSignedIn(r) || own != nil && own(r.URL.Query()) {
			s.answer(w, r, "", h)
			return
		}
		edition, err := s.Desk.FeeEdition(r.Context())
		if err != nil {
			to.fail(s, w, r, err)
			return
		}
		a, err := s.make(r, edition, to, h, r.URL.RawQuery)
		s.deliver(w, r, to, a, err)
	})
}

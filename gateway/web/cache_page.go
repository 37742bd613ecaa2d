package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kouan/gateway/desk"
)

// A public page is the same for everybody: it depends on its address, its
// known parameters, the edition of the catalogue in force (v.edition) and the
// day at the port, and on nothing else. It is made once and then answered from
// memory. So that nobody can leave a page of his own making for others, the
// handler sees no header, no host and no other parameter.

// maxQuery bounds the query of a public page; the longest form has some
// thirty short fields.
const maxQuery = 8 << 10

// audience is whom an answer is for.
type audience struct {
	vary, control string
	personal      bool // who is signed in gets a page of his own
	fail          func(*server, http.ResponseWriter, *http.Request, error)
}

// everybody: browsers ask again each time, since signing in changes the bar;
// caches in between may keep a page for a minute. files are the same for all.
var (
	everybody = audience{"Accept-Encoding, Cookie", "public, max-age=0, s-maxage=60, must-revalidate", true, (*server).failPage}
	files     = audience{"Accept-Encoding", "public, max-age=60, must-revalidate", false, (*server).failFile}
)

func (s *server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	s.fail(w, s.visit(r), err)
}

// publicPage registers a page that is the same for everybody. params are the
// parameters that it reads; all others are as if they were not there.
func (s *server) publicPage(pattern string, h handler, params ...string) {
	if path := strings.TrimSuffix(strings.TrimPrefix(pattern, "GET /{lang}"), "{$}"); !strings.Contains(path, "{") {
		s.fixed = append(s.fixed, path)
	}
	s.public(s.mux, pattern, &everybody, h, params)
}

// publicFile registers a file of the publication, which has no bar.
func (s *server) publicFile(pattern string, h handler, params ...string) {
	s.public(s.root, pattern, &files, h, params)
}

func (s *server) public(mux *http.ServeMux, pattern string, to *audience, h handler, params []string) {
	if !strings.HasPrefix(pattern, "GET ") {
		panic("a public page is asked for, nothing is sent to it: " + pattern)
	}
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RawQuery) > maxQuery {
			to.fail(s, w, r, errLongQuery)
			return
		}
		of, err := s.publication(r.Context()) // before the edition: what changes in between makes the page anew
		if err != nil {
			to.fail(s, w, r, err)
			return
		}
		edition, err := s.Desk.FeeEdition(r.Context())
		if err != nil {
			to.fail(s, w, r, err)
			return
		}
		if to.personal && mayBeSignedIn(r) {
			s.answer(w, r, "", func(w http.ResponseWriter, v *visit) error {
				v.edition = edition
				return h(w, v)
			})
			return
		}
		a, err := s.shared(r, of, edition, to, h, normal(r.URL, params))
		s.deliver(w, r, to, a, err)
	})
}

// deliver writes an answer, or what it was refused with.
func (s *server) deliver(w http.ResponseWriter, r *http.Request, to *audience, a *answer, err error) {
	var refused *refusedError
	if errors.As(err, &refused) {
		if err := refused.write(w); err != nil {
			s.Logger.DebugContext(r.Context(), "reader went away", "path", r.URL.Path, "error", err)
		}
		return
	}
	if err != nil {
		to.fail(s, w, r, err)
		return
	}
	s.write(w, r, a)
}

func (s *server) write(w http.ResponseWriter, r *http.Request, a *answer) {
	if err := a.write(w, r); err != nil {
		s.Logger.DebugContext(r.Context(), "reader went away", "path", r.URL.Path, "error", err)
	}
}

// fromMemory is the short way for what was made before and is asked for by the
// very address that it is kept under. Whatever is doubtful takes the long way.
func (s *server) fromMemory(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawPath != "" || len(r.URL.RawQuery) > maxQuery {
		return false
	}
	key := r.URL.Path
	if r.URL.RawQuery != "" {
		key += "?" + r.URL.RawQuery
	}
	a, of := s.cache.has(key, r.URL.RawQuery != "")
	if a == nil || a.to.personal && mayBeSignedIn(r) {
		return false
	}
	if now, err := s.publication(r.Context()); err != nil || now != of {
		return false
	}
	s.write(w, r, a)
	return true
}

// mayBeSignedIn: a session's cookie has a name with this beginning; whether it
// still holds is for the page to find out.
func mayBeSignedIn(r *http.Request) bool {
	for _, line := range r.Header["Cookie"] {
		if strings.Contains(line, "__Host-") {
			return true
		}
	}
	return false
}

// normal is a query of the known parameters alone, in one order: one page,
// one address.
func normal(u *url.URL, params []string) string {
	if u.RawQuery == "" || len(params) == 0 {
		return ""
	}
	given, kept := u.Query(), url.Values{}
	for _, name := range params {
		if values, has := given[name]; has {
			kept[name] = values
		}
	}
	return kept.Encode()
}

// errNotKept is an answer of a public page that is none for everybody.
var errNotKept = errors.New("a public page answered neither with a page nor with an error")

// shared is the answer from memory; the first who asks makes it.
func (s *server) shared(r *http.Request, of publication, edition *desk.FeeEdition, to *audience, h handler, query string) (*answer, error) {
	if r.URL.RawPath != "" { // written otherwise than we write it: one page would be kept under many addresses
		return s.make(r, edition, to, h, query)
	}
	key := r.URL.Path
	if query != "" {
		key += "?" + query
	}
	e, first := s.cache.find(of, key, query != "")
	if !first {
		select {
		case <-e.made:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		if e.answer != nil {
			return e.answer, nil
		}
		return s.make(r, edition, to, h, query) // it failed for the first one: his error is not ours
	}
	var a *answer
	defer func() { s.cache.fill(e, query != "", a) }() // also when the page panics
	a, err := s.make(r, edition, to, h, query)
	return a, err
}

// make asks the handler with nothing of the request but its address.
func (s *server) make(r *http.Request, edition *desk.FeeEdition, to *audience, h handler, query string) (*answer, error) {
	bare := r.WithContext(context.WithoutCancel(r.Context())) // others wait for it, too
	bare.Method, bare.Header, bare.Body, bare.ContentLength = http.MethodGet, http.Header{}, http.NoBody, 0
	bare.Host, bare.RemoteAddr, bare.TLS, bare.Form, bare.PostForm = "", "", nil, nil, nil
	bare.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: query}
	bare.RequestURI = bare.URL.RequestURI()
	v := s.visit(bare)
	v.edition, v.shared = edition, true
	rec := &recorder{header: http.Header{}}
	secure(rec.header)
	if err := h(rec, v); err != nil {
		return nil, err
	}
	if rec.status == http.StatusUnprocessableEntity && rec.header["Set-Cookie"] == nil {
		return nil, &refusedError{rec}
	}
	if rec.status != http.StatusOK || rec.header["Set-Cookie"] != nil {
		return nil, errNotKept
	}
	return newAnswer(rec, to)
}

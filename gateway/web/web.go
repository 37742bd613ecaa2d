// Package web is the pages for people: HTML made on the server, complete
// without script, in seven languages, each under /{lang}/.
//
// Contract: a page parses a request, asks the desk, and renders what the desk
// returns; every word comes from i18n, every right and rule from the desk. A
// request that is no page goes on to Next; a problem that Next answers to a
// browser is shown as a page with the same words. What changes something is a
// POST that a page of ours made (http.CrossOriginProtection), and is answered
// by a redirect, so that reloading repeats nothing.
//
// A session is a sealed cookie that names the partner's key by its hash: the
// key itself is not in it, and revoking the key ends the session everywhere
// within a second. Nothing is stored, so a session survives a restart and a
// failover as long as the sealing key does.
//
// The package does not know SQL, the rules of inspections or declarations,
// nor any script or file from elsewhere.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/i18n"
)

// Config is what the pages stand on. Desk, Auth, Next and Explain are needed.
type Config struct {
	Desk *desk.Desk
	Auth *auth.Authenticator
	Next http.Handler // what is no page
	// Explain puts an error into words, as the API does.
	Explain func(ctx context.Context, lang i18n.Lang, err error) Problem
	// Seal seals session cookies; nil: a key of this process, with which
	// sessions end at its end.
	Seal   *auth.Seal
	Random io.Reader        // default: crypto/rand
	Clock  func() time.Time // default: time.Now
	Logger *slog.Logger     // default: discards
	// Address is where a request comes from; nil: the other end of the connection.
	Address func(*http.Request) string
	Sandbox bool // every page says that it is a sandbox
	// Public is how the world reaches us, https://host, for addresses that
	// leave a page; nil or empty: nobody said it, and there are none. What a
	// request says of its host is never taken for it.
	Public func() string
}

// server is the state that all requests share.
type server struct {
	Config
	pages   map[i18n.Lang]pages
	style   asset
	protect *http.CrossOriginProtection
	mux     *http.ServeMux // /{lang}/…
	root    *http.ServeMux // what has no language in its path: files, ways to a language
	cache   *cache         // of public pages
	fees    atomic.Pointer[feeIndex]
	fixed   []string // public pages of one address in each language, for the sitemap
	uploads uploads
}

// maxForm bounds a form; the longest text in one has 500 characters.
const maxForm = 64 << 10

// New makes the handler of all paths.
func New(c Config) (http.Handler, error) {
	if c.Desk == nil || c.Auth == nil || c.Next == nil || c.Explain == nil {
		return nil, errors.New("web: Desk, Auth, Next and Explain are needed")
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Public == nil {
		c.Public = func() string { return "" }
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Seal == nil {
		line, err := auth.NewSealKey(c.Random)
		if err != nil {
			return nil, err
		}
		if c.Seal, err = auth.NewSeal([]byte(line), c.Random); err != nil {
			return nil, fmt.Errorf("make a key for sessions: %w", err)
		}
	}
	s := &server{Config: c, style: newAsset("style", styleCSS, "text/css; charset=utf-8"), protect: http.NewCrossOriginProtection(), mux: http.NewServeMux(), root: http.NewServeMux(), cache: newCache(cachedPages, cachedQueries)}
	var err error
	if s.pages, err = parsePages(s.style.path); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

// routes is the table of pages. A page without a right is public.
func (s *server) routes() {
	s.page("GET "+chooser, "", s.chooseLanguage)
	s.publicPage("GET /{lang}/{$}", s.start)
	s.page("GET /{lang}/sign-in", "", s.signInForm)
	s.page("POST /{lang}/sign-in", "", s.signIn)
	s.page("POST /{lang}/sign-out", "", s.signOut)
	s.page("GET /{lang}/notices", auth.ReadNotice, s.listNotices)
	s.page("GET /{lang}/notices/{number}", auth.ReadNotice, s.showNotice)
	s.page("POST /{lang}/notices/{number}", auth.ReportNotice, s.reportNotice)
	s.page("GET /{lang}/answers/{token}", "", s.showLink)
	s.page("POST /{lang}/answers/{token}", "", s.answerLink)
	s.feeRoutes()
	s.feeComplaintRoutes()
	s.userRoutes()
	s.feeBillRoutes()
	s.feeFeedRoutes()
	s.feeWordRoutes()
	s.root.HandleFunc("/", s.pass)
	s.mux.HandleFunc("/{lang}/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, s.visit(r), errNoPage)
	})
}

// visit is one request on its way through.
type visit struct {
	*http.Request
	lang   i18n.Lang
	words  i18n.Printer
	caller *caller // nil: nobody signed in

	edition *desk.FeeEdition // of a public page: the catalogue in force
	shared  bool             // the answer goes to everybody
}

// handler of one page. An error becomes the error page.
type handler func(w http.ResponseWriter, v *visit) error

// page registers a handler behind its guard.
func (s *server) page(pattern string, act auth.Act, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, act, h) })
}

// answer asks a handler for this caller.
func (s *server) answer(w http.ResponseWriter, r *http.Request, act auth.Act, h handler) {
	v := s.visit(r)
	if err := s.admit(v, w, act); err != nil {
		if errors.Is(err, auth.ErrDenied) {
			http.Redirect(w, r, v.to("/sign-in")+"?next="+next(r), http.StatusSeeOther)
			return
		}
		s.fail(w, v, err)
		return
	}
	if err := h(w, v); err != nil {
		s.fail(w, v, err)
	}
}

func (s *server) visit(r *http.Request) *visit {
	v := &visit{Request: r, lang: langOf(r)}
	v.words = i18n.For(v.lang)
	return v
}

// admit asks who calls and whether he may. A session that cannot be looked up
// now is an error, not a stranger.
func (s *server) admit(v *visit, w http.ResponseWriter, act auth.Act) error {
	var err error
	if v.caller, err = s.caller(v.Request); err != nil && (act != "" || !errors.Is(err, auth.ErrDenied)) {
		return err
	}
	if act != "" && !v.caller.May(act) {
		return auth.ErrForbidden
	}
	v.Body = http.MaxBytesReader(w, v.Body, maxForm)
	return nil
}

// page is the address of the visit without its language.
func (v *visit) page() string { return strings.TrimPrefix(v.URL.Path, "/"+string(v.lang)) }

// to is an address in the language of the visit.
func (v *visit) to(path string) string { return "/" + string(v.lang) + path }

// ServeHTTP tells pages from the rest.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.fromMemory(w, r) {
		return
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	lang, isPage := i18n.Parse(first)
	switch {
	case r.URL.Path == s.style.path:
		s.style.serve(w, r)
	case r.URL.Path == "/":
		w.Header().Set("Vary", "Accept-Language, Cookie")
		http.Redirect(w, r, "/"+string(i18n.Choose("", rememberedLanguage(r), r.Header.Get("Accept-Language")))+"/", http.StatusSeeOther)
	case r.URL.Path == chooser:
		s.serve(w, r, s.mux)
	case isPage && first != string(lang), isPage && r.URL.Path == "/"+first: // /EN/ and /en have one address
		http.Redirect(w, r, "/"+string(lang)+"/"+strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/"+first), "/"), http.StatusMovedPermanently)
	case isPage:
		s.serve(w, r, s.mux)
	case isFeeFile(r.URL.Path):
		s.serve(w, r, s.root)
	default:
		s.pass(w, r)
	}
}

// serve answers a page: safe headers, only our own forms, and an answer also
// when a handler panics.
func (s *server) serve(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	secure(w.Header())
	rec := &answered{ResponseWriter: w}
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		s.Logger.ErrorContext(r.Context(), "page panicked", "path", r.URL.Path, "panic", fmt.Sprintf("%T", p))
		if rec.begun {
			panic(http.ErrAbortHandler)
		}
		s.fail(w, s.visit(r), errPage)
	}()
	if err := s.protect.Check(r); err != nil {
		s.fail(rec, s.visit(r), errForeign)
		return
	}
	mux.ServeHTTP(rec, r)
}

// answered notes whether an answer began.
type answered struct {
	http.ResponseWriter
	begun bool
}

func (w *answered) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *answered) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *answered) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// secure sets what every page says: nothing from elsewhere, no script, no
// frame; forms go to us alone.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// langOf is the language of a page's path; where the path has none, the one
// that the reader chose before, or that his browser asks for.
func langOf(r *http.Request) i18n.Lang {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return i18n.Choose(first, rememberedLanguage(r), r.Header.Get("Accept-Language"))
}

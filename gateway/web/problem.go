package web

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// Problem is an error in words, in the reader's language.
type Problem struct {
	Code       string // stable: invalid, not_found …
	Status     int
	Title      string
	Detail     string
	RetryAfter string
	Faults     []Fault
}

// Fault is one thing wrong with what was sent.
type Fault struct {
	Code    string `json:"code"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// What the pages themselves find wrong.
var (
	errNoPage  = errors.New("no such page")
	errForm    = errors.New("the form cannot be read")
	errForeign = errors.New("the form is of another site")
	errUsed    = errors.New("the link was used")
	errPage    = errors.New("the page failed")

	errLongQuery = errors.New("the query is too long")
)

// ours are the words of these: status and the part of their keys.
var ours = []struct {
	err    error
	status int
	word   string
}{
	{errNoPage, http.StatusNotFound, "no_page"},
	{errForm, http.StatusBadRequest, "form"},
	{errForeign, http.StatusForbidden, "foreign"},
	{errUpload, http.StatusRequestEntityTooLarge, "upload"},
	{errUsed, http.StatusGone, "link_used"},
	{errLongQuery, http.StatusRequestURITooLong, "long_query"},
}

// explain puts any error into words: ours, else those of the API.
func (s *server) explain(v *visit, err error) Problem {
	for _, o := range ours {
		if errors.Is(err, o.err) {
			return Problem{Code: o.word, Status: o.status, Title: v.words.Text("page.problem."+o.word+".title", nil), Detail: v.words.Text("page.problem."+o.word+".detail", nil)}
		}
	}
	return s.Explain(v.Context(), v.lang, err)
}

// fail answers with the error page.
func (s *server) fail(w http.ResponseWriter, v *visit, err error) {
	s.failWith(w, v, s.explain(v, err))
}

func (s *server) failWith(w http.ResponseWriter, v *visit, p Problem) {
	secure(w.Header())
	if p.RetryAfter != "" {
		w.Header().Set("Retry-After", p.RetryAfter)
	}
	if v.caller == nil && p.Status != http.StatusServiceUnavailable { // so that the bar stays as it was
		if c, err := s.caller(v.Request); err == nil {
			v.caller = c
		}
	}
	if err := s.renderTitle(w, v, p.Status, "problem", p.Title, p); err != nil {
		s.Logger.ErrorContext(v.Context(), "error page failed", "path", v.URL.Path, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// pass hands a request on. A browser that would get a problem gets it as a page.
func (s *server) pass(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !wantsPage(r) {
		s.Next.ServeHTTP(w, r)
		return
	}
	held := &problemHolder{ResponseWriter: w}
	s.Next.ServeHTTP(held, r)
	if held.status == 0 {
		return
	}
	var p struct {
		Title  string  `json:"title"`
		Detail string  `json:"detail"`
		Faults []Fault `json:"faults"`
	}
	v := s.visit(r)
	if err := json.Unmarshal(held.body.Bytes(), &p); err != nil {
		s.fail(w, v, errPage)
		return
	}
	w.Header().Del("Content-Length")
	s.failWith(w, v, Problem{Status: held.status, Title: p.Title, Detail: p.Detail, Faults: p.Faults})
}

// wantsPage says that the caller prefers HTML: it names it, and no JSON before it.
func wantsPage(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 32); err == nil && q == 0 {
			continue
		}
		switch kind {
		case "text/html", "application/xhtml+xml":
			return true
		case "application/json", "application/problem+json", "text/event-stream":
			return false
		}
	}
	return false
}

// problemHolder keeps a problem back and lets everything else through.
type problemHolder struct {
	http.ResponseWriter
	status int // of a problem that is held
	begun  bool
	body   bytes.Buffer
}

func (h *problemHolder) WriteHeader(status int) {
	if h.begun || h.status != 0 {
		return
	}
	if status >= http.StatusBadRequest && h.Header().Get("Content-Type") == "application/problem+json" {
		h.status = status
		return
	}
	h.begun = status >= http.StatusOK
	h.ResponseWriter.WriteHeader(status)
}

func (h *problemHolder) Write(b []byte) (int, error) {
	if h.status != 0 {
		return h.body.Write(b)
	}
	h.begun = true
	return h.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (h *problemHolder) Unwrap() http.ResponseWriter { return h.ResponseWriter }

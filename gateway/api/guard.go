package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"kouan/gateway/auth"
	"kouan/i18n"
)

// call is one request on its way through: who calls, in which language, what
// it holds.
type call struct {
	route     *route
	principal auth.Principal
	accept    string    // Accept-Language
	lang      i18n.Lang // negotiated when it is needed first
	held      int64     // bytes taken from the budget of bodies
	entered   bool      // has a place
	claimed   bool      // and it counts for its partner
}

func (c *call) language() i18n.Lang {
	if c.lang == "" {
		c.lang = i18n.Negotiate(c.accept)
	}
	return c.lang
}

func (c *call) name() string {
	if c.route == nil {
		return ""
	}
	return c.route.method + " " + c.route.path
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return &call{}
	}
	return c
}

// HandleFunc is what huma registers through: every handler of a route gets
// its guard here. A pattern that is not in the table is a mistake of wiring.
func (s *server) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	rt, ok := s.byPath[pattern]
	if !ok {
		panic("api: " + pattern + " is not in the table of routes")
	}
	s.mux.HandleFunc(pattern, s.guard(rt, handler))
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// outer is the way in for all paths: safe headers, a count, and an answer
// also when a handler panics.
func (s *server) outer() http.Handler {
	s.mux.HandleFunc("/", s.noRoute)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Clock()
		rec := &recorder{ResponseWriter: w, label: "none"}
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		s.metrics.inFlight.Inc()
		defer func() {
			if v := recover(); v != nil {
				s.recovered(rec, r, v)
			}
			s.metrics.inFlight.Dec()
			s.metrics.observe(rec, s.Clock().Sub(began))
		}()
		s.mux.ServeHTTP(rec, r)
	})
}

// recovered answers 500 when nothing was written yet; else it cuts the connection.
func (s *server) recovered(w *recorder, r *http.Request, v any) {
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	s.Logger.ErrorContext(r.Context(), "handler panicked", "route", w.label, "panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.problem(w, r, errPanic)
}

// guard stands before every route: it admits a call, or says why not, and
// takes back what the call held.
func (s *server) guard(rt *route, handler http.HandlerFunc) http.HandlerFunc {
	places, normal := s.requests, rt.limit.of(&s.Config)
	if rt.stream {
		places = s.streams
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := w.(*recorder); ok {
			rec.label = rt.path
		}
		limit := normal
		if rt.limit == ofDeclaration && rt.creates && isSheet(r) {
			limit = s.MaxSheet
		}
		c := &call{route: rt, accept: r.Header.Get("Accept-Language")}
		ctx := context.WithValue(r.Context(), callKey{}, c)
		if !rt.stream {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, s.Deadline)
			defer cancel()
		}
		r = r.WithContext(ctx)
		defer s.dismiss(c, places)
		if err := s.admit(w, r, c, places, limit); err != nil {
			s.problem(w, r, err)
			return
		}
		handler(w, r)
	}
}

// admit asks in this order: a place, a key, a right, a part of the partner, a size.
func (s *server) admit(w http.ResponseWriter, r *http.Request, c *call, places *share, limit int64) error {
	if !c.route.always {
		if c.entered = places.enter(); !c.entered {
			return errOverload
		}
	}
	if c.route.act != "" {
		p, err := s.authorise(r, c.route)
		if err != nil {
			return err
		}
		c.principal = p
		if c.claimed = places.claim(p.PartnerID); !c.claimed {
			return errTooMany
		}
	}
	if c.route.public {
		if c.claimed = places.claim(""); !c.claimed { // strangers together are as one partner
			return errTooMany
		}
	}
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // what is not read must not be taken for the next request
		return tooLarge(limit)
	}
	r.Body = http.MaxBytesReader(unwrapped(w), r.Body, limit)
	return nil
}

func (s *server) dismiss(c *call, places *share) {
	s.buffered.give(c.held)
	if c.claimed {
		places.release(c.principal.PartnerID)
	}
	if c.entered {
		places.leave()
	}
}

// authorise is the one place where a key becomes a caller with a right.
func (s *server) authorise(r *http.Request, rt *route) (auth.Principal, error) {
	p, err := s.Auth.Authenticate(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return auth.Principal{}, err
	}
	if !p.May(rt.act) {
		return auth.Principal{}, auth.ErrForbidden
	}
	return p, nil
}

// noRoute answers what the table does not have: 405 when the path exists for
// other methods, else 404.
func (s *server) noRoute(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		s.problem(w, r, errNoRoute)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.problem(w, r, errMethod)
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	label  string // path pattern of the route
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// unwrapped is the server's own writer, which closes the connection after a
// body that was too large.
func unwrapped(w http.ResponseWriter) http.ResponseWriter {
	if rec, ok := w.(*recorder); ok {
		return rec.ResponseWriter
	}
	return w
}

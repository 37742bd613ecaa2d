package web

import (
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
)

// problemType stands before the code of a problem, as in the API.
const problemType = "urn:kouan:problem:"

// failFile answers what cannot be given: problem+json to programs.
func (s *server) failFile(w http.ResponseWriter, r *http.Request, err error) {
	v := s.visit(r)
	if wantsPage(r) {
		s.fail(w, v, err)
		return
	}
	p := s.explain(v, err)
	body, err := json.Marshal(struct {
		Type   string  `json:"type"`
		Title  string  `json:"title"`
		Status int     `json:"status"`
		Detail string  `json:"detail,omitzero"`
		Code   string  `json:"code"`
		Faults []Fault `json:"faults,omitempty"`
	}{problemType + p.Code, p.Title, p.Status, p.Detail, p.Code, p.Faults})
	if err != nil {
		s.fail(w, v, err)
		return
	}
	secure(w.Header())
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", string(v.lang))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if p.RetryAfter != "" {
		w.Header().Set("Retry-After", p.RetryAfter)
	}
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(body); err != nil {
		s.Logger.DebugContext(r.Context(), "reader went away", "path", r.URL.Path, "error", err)
	}
}

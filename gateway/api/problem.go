package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Problem is the answer to everything that is refused (RFC 9457).
type Problem struct {
	Type   string `json:"type" example:"urn:kouan:problem:invalid" doc:"Stable name of the kind of problem"`
	Title  string `json:"title" doc:"The kind of problem, in the caller's language"`
	Status int    `json:"status" example:"422"`
	Detail string `json:"detail,omitzero" doc:"What happened and what to do, in the caller's language"`
	Code   string `json:"code" example:"invalid" doc:"The last part of type"`

	ID                string   `json:"id,omitzero" doc:"Declaration that holds the client reference, or endpoint that stands in the way"`
	DeclarationStatus string   `json:"declaration_status,omitzero" doc:"Status in which the act is not allowed"`
	Allowed           []string `json:"allowed,omitempty" doc:"Statuses in which it is"`
	Request           string   `json:"request,omitzero" doc:"Request about the declaration that stands in the way"`
	RequestState      string   `json:"request_state,omitzero" doc:"Where that request stands"`
	Notice            string   `json:"notice_no,omitzero" doc:"Notice that stands in the way"`
	NoticeState       string   `json:"notice_state,omitzero" doc:"State in which it, or the box, is"`
	ComplaintState    string   `json:"complaint_state,omitzero" doc:"State in which the complaint is"`
	Why               string   `json:"why,omitzero" doc:"Why what was said about a notice does not count"`
	Faults            []Fault  `json:"faults,omitempty" doc:"What is wrong, each at its place"`
}

// Fault is one thing wrong with a document or a parameter, with its words.
type Fault struct {
	Code     string            `json:"code" example:"DEC-0017" doc:"Permanent code"`
	Severity string            `json:"severity" enum:"reject,warn"`
	Path     string            `json:"path" example:"items[2].hs_code" doc:"Place in the document as it was sent"`
	Line     int               `json:"line,omitzero" doc:"From 1; absent when there is no place"`
	Column   int               `json:"column,omitzero" doc:"From 1"`
	Message  string            `json:"message" doc:"In the caller's language"`
	Args     map[string]string `json:"args,omitempty" doc:"Values in the message"`
}

const problemType = "application/problem+json"

// refusal is an error that the surface itself finds: a status, the word of
// its texts (problem.WORD.title and .detail) and their arguments.
type refusal struct {
	status int
	word   string
	args   map[string]string
	faults []declarations.Fault
	cause  *declarations.Fault // the one of them whose words are the detail, when the problem's own do not fit
	wait   int                 // seconds for Retry-After
}

func (e *refusal) Error() string { return e.word }

// Seconds that a refused caller waits: a failover takes a few.
const (
	waitOverload    = 1
	waitUnavailable = 3
)

var (
	errNoRoute        = &refusal{status: http.StatusNotFound, word: "not_found"}
	errMethod         = &refusal{status: http.StatusMethodNotAllowed, word: "method"}
	errMediaType      = &refusal{status: http.StatusUnsupportedMediaType, word: "media_type"}
	errIdempotencyKey = &refusal{status: http.StatusUnprocessableEntity, word: "idempotency_key"}
	errPrecondition   = &refusal{status: http.StatusPreconditionRequired, word: "precondition"}
	errOverload       = &refusal{status: http.StatusServiceUnavailable, word: "overload", wait: waitOverload}
	errTooMany        = &refusal{status: http.StatusTooManyRequests, word: "overload", wait: waitOverload}
	errSlow           = &refusal{status: http.StatusRequestTimeout, word: "unavailable"}
	errCut            = &refusal{status: http.StatusBadRequest, word: "unavailable"}
	errPanic          = &refusal{status: http.StatusInternalServerError, word: "internal"}
)

// CodeParameter is the fault of a parameter in path, query or header; args: name.
const CodeParameter = "API-1001"

// parameter refuses one parameter; in is query, path or header.
func parameter(in, name string) *refusal {
	return &refusal{status: http.StatusUnprocessableEntity, word: "invalid", faults: []declarations.Fault{
		{Code: CodeParameter, Severity: declarations.Reject, Path: in + "." + shown(name), Args: map[string]string{"name": shown(name)}}}}
}

// shown bounds what is repeated of a caller's own words.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func tooLarge(limit int64) *refusal {
	return &refusal{status: http.StatusRequestEntityTooLarge, word: "too_large", args: map[string]string{"limit": bytesText(limit)}}
}

// bytesText writes a size with its unit, which is the same in every language.
func bytesText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + " MiB"
	case n >= 1<<10 && n%(1<<10) == 0:
		return strconv.FormatInt(n>>10, 10) + " KiB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

// refuse is the one table from errors to answers. What it does not know is
// internal: 500, and no word about why.
func refuse(err error) *refusal {
	var (
		own       *refusal
		faults    *desk.FaultsError
		reference *desk.ReferenceError
		state     *desk.StateError
		fact      *desk.FactConflictError
		request   *desk.RequestError
		confirm   *desk.ConfirmError
		notice    *desk.NoticeConflictError
		event     *desk.NoticeEventConflictError
		endpoint  *desk.EndpointError
		rated     *desk.RatedError
		edition   *desk.FeeEditionError
	)
	if e := refuseComplaint(err); e != nil {
		return e
	}
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &faults):
		return refuseFaults(faults.Faults)
	case errors.As(err, &reference):
		return &refusal{status: http.StatusConflict, word: "conflict_reference", args: map[string]string{"id": reference.ID}}
	case errors.As(err, &fact):
		return &refusal{status: http.StatusConflict, word: "conflict_fact", args: map[string]string{"reference": shown(fact.Reference), "id": fact.ID}}
	case errors.As(err, &state):
		return &refusal{status: http.StatusConflict, word: "conflict_state", args: map[string]string{"status": state.Status, "allowed": state.Allowed}}
	case errors.As(err, &request):
		return &refusal{status: http.StatusConflict, word: "conflict_request", args: map[string]string{"id": request.ID, "kind": request.Kind, "state": request.State}}
	case errors.As(err, &confirm):
		return &refusal{status: http.StatusUnprocessableEntity, word: "confirmation", faults: confirm.Faults}
	case errors.As(err, &notice):
		return refuseNotice(notice)
	case errors.As(err, &event):
		return &refusal{status: http.StatusConflict, word: "conflict_fact", args: map[string]string{"reference": shown(event.Reference), "id": event.ID}}
	case errors.As(err, &endpoint):
		return &refusal{status: http.StatusConflict, word: "conflict_endpoint", args: map[string]string{"id": endpoint.ID}, faults: []declarations.Fault{endpoint.Fault}, cause: &endpoint.Fault}
	case errors.As(err, &rated):
		return &refusal{status: http.StatusConflict, word: "conflict_rating", faults: []declarations.Fault{rated.Fault}, cause: &rated.Fault}
	case errors.Is(err, desk.ErrTooOften):
		return &refusal{status: http.StatusTooManyRequests, word: "overload", wait: int(desk.BillWait.Seconds())}
	case errors.As(err, &edition):
		return &refusal{status: http.StatusConflict, word: "conflict_fee_edition", args: map[string]string{"id": strconv.Itoa(edition.Number)}, faults: []declarations.Fault{edition.Fault}, cause: &edition.Fault}
	case errors.Is(err, desk.ErrNoSeal):
		return &refusal{status: http.StatusServiceUnavailable, word: "no_seal"}
	case errors.Is(err, desk.ErrIdempotency):
		return &refusal{status: http.StatusConflict, word: "conflict_idempotency"}
	case errors.Is(err, desk.ErrVersion):
		return &refusal{status: http.StatusPreconditionFailed, word: "conflict_version"}
	case errors.Is(err, auth.ErrDenied):
		return &refusal{status: http.StatusUnauthorized, word: "denied"}
	case errors.Is(err, auth.ErrForbidden):
		return &refusal{status: http.StatusForbidden, word: "forbidden_role"}
	case errors.Is(err, store.ErrNotFound):
		return errNoRoute
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &refusal{status: http.StatusServiceUnavailable, word: "unavailable", wait: waitUnavailable}
	}
	return &refusal{status: http.StatusInternalServerError, word: "internal"}
}

func refuseFaults(faults []declarations.Fault) *refusal {
	for i := range faults {
		f := &faults[i]
		if f.Code != declarations.CodeTooLarge {
			continue
		}
		n, err := strconv.ParseInt(f.Args["limit"], 10, 64)
		e := tooLarge(n)
		e.faults = faults
		if err != nil || f.Args["unit"] != "bytes" { // elements, rows, objects
			e.cause = f
		}
		return e
	}
	return &refusal{status: http.StatusUnprocessableEntity, word: "invalid", faults: faults}
}

// explain puts an error into words, notes it in the log when it is ours, and
// sets the headers that go with it. Every refusal passes here.
func (s *server) explain(ctx context.Context, set header, lang i18n.Lang, err error) *Problem {
	e := refuse(err)
	switch {
	case e.status == http.StatusInternalServerError && !errors.Is(err, errPanic):
		s.Logger.ErrorContext(ctx, "request failed", "route", callOf(ctx).name(), "error", err)
	case e.word == "unavailable":
		s.Logger.WarnContext(ctx, "request refused", "route", callOf(ctx).name(), "error", err)
	}
	words := i18n.For(lang)
	p := &Problem{Type: "urn:kouan:problem:" + e.word, Status: e.status, Code: e.word,
		Title: words.Text("problem."+e.word+".title", nil), Faults: faultsIn(words, e.faults)}
	args := e.args
	if e.word == "conflict_reference" || e.word == "conflict_endpoint" {
		p.ID = e.args["id"]
	}
	if e.word == "conflict_request" {
		p.Request, p.RequestState = e.args["id"], e.args["state"]
		args = map[string]string{"id": p.Request, "kind": words.Text("request."+e.args["kind"], nil), "state": words.Text("request_state."+p.RequestState, nil)}
	}
	if e.word == "conflict_state" {
		p.DeclarationStatus, p.Allowed = e.args["status"], strings.Split(e.args["allowed"], ", ")
		args = stateWords(words, p.DeclarationStatus, p.Allowed)
	}
	if e.word == "conflict_notice" {
		args = p.notice(words, e)
	}
	if e.word == "conflict_complaint" {
		args = p.complaint(words, e)
	}
	p.Detail = words.Text("problem."+e.word+".detail", args)
	if e.cause != nil {
		p.Detail = words.Fault(e.cause.Code, e.cause.Args)
	}
	set("Content-Language", string(lang))
	set("Vary", "Accept-Language")
	if e.wait > 0 {
		set("Retry-After", strconv.Itoa(e.wait))
	}
	if e.status == http.StatusUnauthorized {
		set("WWW-Authenticate", "Bearer")
	}
	return p
}

// header sets one header of the answer.
type header func(name, value string)

func stateWords(words i18n.Printer, status string, allowed []string) map[string]string {
	names := make([]string, 0, len(allowed))
	for _, a := range allowed {
		names = append(names, words.Text("status."+a, nil))
	}
	return map[string]string{"status": words.Text("status."+status, nil), "allowed": strings.Join(names, ", ")}
}

func faultsIn(words i18n.Printer, faults []declarations.Fault) []Fault {
	if len(faults) == 0 {
		return nil
	}
	out := make([]Fault, 0, len(faults))
	for i := range faults {
		f := &faults[i]
		out = append(out, Fault{Code: f.Code, Severity: string(f.Severity), Path: f.Path, Line: f.Line, Column: f.Column,
			Message: words.Fault(f.Code, f.Args), Args: f.Args})
	}
	return out
}

// problem writes the answer to an error.
func (s *server) problem(w http.ResponseWriter, r *http.Request, err error) {
	p := s.explain(r.Context(), w.Header().Set, language(r), err)
	s.write(w, r, p.Status, problemType, marshal(p))
}

func language(r *http.Request) i18n.Lang {
	c := callOf(r.Context())
	if c.route == nil { // no route, so no guard
		return i18n.Negotiate(r.Header.Get("Accept-Language"))
	}
	return c.language()
}

func (s *server) write(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		s.Logger.DebugContext(r.Context(), "client went away", "route", callOf(r.Context()).name(), "error", err)
	}
}

// marshal writes types of this package, which have nothing that JSON refuses.
func marshal(v any) []byte {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic("api: marshal answer: " + err.Error())
	}
	return b
}

// failure carries an error of a typed handler through huma to explain.
type failure struct {
	err    error
	status int
}

func (f *failure) Error() string             { return f.err.Error() }
func (f *failure) Unwrap() error             { return f.err }
func (f *failure) GetStatus() int            { return f.status }
func (f *failure) ContentType(string) string { return problemType }

// transform replaces what huma says about a refused request, and the errors
// of typed handlers, by the Problem of explain.
func (s *server) transform(ctx huma.Context, _ string, v any) (any, error) {
	switch e := v.(type) {
	case *failure:
		return s.explain(ctx.Context(), ctx.SetHeader, callOf(ctx.Context()).language(), e.err), nil
	case *huma.ErrorModel:
		return s.explain(ctx.Context(), ctx.SetHeader, callOf(ctx.Context()).language(), parameters(e)), nil
	}
	return v, nil
}

// parameters makes faults of what huma found wrong in path and query.
func parameters(e *huma.ErrorModel) *refusal {
	out := &refusal{status: e.Status, word: "invalid"}
	if e.Status == http.StatusInternalServerError {
		return errPanic
	}
	for _, d := range e.Errors {
		_, name, _ := strings.Cut(d.Location, ".")
		out.faults = append(out.faults, parameter("", name).faults...)
		out.faults[len(out.faults)-1].Path = shown(d.Location)
	}
	return out
}

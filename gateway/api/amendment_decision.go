package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/i18n"
)

// Decision is what an authority says about a request.
type Decision struct {
	Request  string    `json:"request" doc:"Id of the request"`
	Decision string    `json:"decision" enum:"approved,refused"`
	Text     string    `json:"text,omitzero" doc:"What is said about it; kept as it comes"`
	At       time.Time `json:"at,omitzero" doc:"When it was decided"`
}

// Decided is what became of a decision.
type Decided struct {
	Request   string `json:"request"`
	State     string `json:"state" example:"approved"`
	Duplicate bool   `json:"duplicate" doc:"Heard before"`
	Status    string `json:"status" doc:"Of the declaration afterwards"`
}

// maxDecision is what the column of a decision holds, in bytes.
const maxDecision = 4000

// clocksDiffer is how far ahead of ours the clock of an authority may be; a
// decision that was taken later than that was not taken.
const clocksDiffer = 24 * time.Hour

// decide is POST /api/v1/decisions.
func (s *server) decide(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	body, in, err := bodyOf[Decision](s, r)
	switch {
	case err != nil:
		return err
	case in.Decision != "approved" && in.Decision != "refused":
		return parameter("body", "decision")
	case in.Request == "" || len(in.Request) > 36:
		return parameter("body", "request")
	case len(in.Text) > maxDecision || desk.HasControl(in.Text):
		return parameter("body", "text")
	case !in.At.IsZero() && (in.At.Year() < 1970 || in.At.After(s.Clock().Add(clocksDiffer))):
		return parameter("body", "at")
	}
	d := desk.Decision{Submission: desk.Submission{Body: body, ContentType: typeJSON, Peer: r.RemoteAddr},
		Request: in.Request, Approved: in.Decision == "approved", Text: in.Text}
	if !in.At.IsZero() {
		d.At = in.At.UnixMilli()
	}
	out, err := s.Desk.Decide(r.Context(), callOf(r.Context()).principal, d)
	if err != nil {
		return err
	}
	status := http.StatusAccepted
	if out.Duplicate {
		status = http.StatusOK
	}
	s.write(w, r, status, typeJSON, marshal(&Decided{Request: out.Request.ID, State: out.Request.State, Duplicate: out.Duplicate, Status: out.Status}))
	return nil
}

type pageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"64" doc:"What the page before gave as next"`
}

func (s *server) listUndecided(ctx context.Context, in *pageInput) (*applicationsOutput, error) {
	c := callOf(ctx)
	rows, next, err := s.Desk.Undecided(ctx, c.principal, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return applications(rows, next, i18n.For(c.language()))
}

// bodyOf reads a small JSON body whole: unknown, repeated and wrong members
// are faults at their place.
func bodyOf[T any](s *server, r *http.Request) ([]byte, T, error) {
	var v T
	if _, err := mediaType(r, typeJSON); err != nil {
		return nil, v, err
	}
	body, err := s.body(r)
	if err != nil {
		return nil, v, err
	}
	if err := json.Unmarshal(body, &v, json.RejectUnknownMembers(true)); err != nil {
		return nil, v, &desk.FaultsError{Faults: []declarations.Fault{wrongBody(body, err)}}
	}
	return body, v, nil
}

func wrongBody(body []byte, err error) declarations.Fault {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	f := declarations.Fault{Code: declarations.CodeJSONSyntax, Severity: declarations.Reject, Args: map[string]string{"reason": "json_syntax"}}
	at := int64(0)
	switch {
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &semantic):
		name := semantic.JSONPointer.LastToken()
		f = declarations.Fault{Code: declarations.CodeUnknownMember, Severity: declarations.Reject, Path: shown(name), Args: map[string]string{"name": shown(name)}}
		at = semantic.ByteOffset
	case errors.As(err, &semantic):
		f = declarations.Fault{Code: declarations.CodeWrongType, Severity: declarations.Reject, Path: shown(semantic.JSONPointer.LastToken()),
			Args: map[string]string{"want": "field_type", "got": "other_kind"}}
		at = semantic.ByteOffset
	case errors.As(err, &syntactic):
		at = syntactic.ByteOffset
	}
	before := string(body[:min(int(at), len(body))])
	f.Line = 1 + strings.Count(before, "\n")
	f.Column = len(before) - strings.LastIndexByte(before, '\n')
	return f
}

func describeDecide(s *server, op *huma.Operation) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[Decision]())}}}
	op.Responses["202"] = s.described("Heard for the first time", typeJSON, s.schema(reflect.TypeFor[Decided]()))
	op.Responses["200"] = s.described("Heard before; the first result", typeJSON, s.schema(reflect.TypeFor[Decided]()))
}

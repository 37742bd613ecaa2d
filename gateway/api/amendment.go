package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"kouan/declarations/versions"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Application is what was asked of customs about an accepted declaration (修撤单).
type Application struct {
	ID            string     `json:"id"`
	DeclarationID string     `json:"declaration_id"`
	Kind          string     `json:"kind" enum:"amendment,cancellation"`
	State         string     `json:"state" enum:"requested,sent,approved,refused,withdrawn,lapsed" doc:"requested and sent are open: there is one open at a time"`
	StateText     string     `json:"state_text" doc:"In the caller's language"`
	Version       int        `json:"version" doc:"Number of the version that it is about"`
	ReasonCode    string     `json:"reason_code,omitzero"`
	Reason        string     `json:"reason"`
	Evidence      []string   `json:"evidence,omitempty"`
	Changes       []Change   `json:"changes,omitempty" doc:"What an amendment changes"`
	At            time.Time  `json:"at"`
	Travels       bool       `json:"travels" doc:"A message carries it; without one it waits here for its decision"`
	DecidedAt     *time.Time `json:"decided_at,omitempty"`
	Decision      string     `json:"decision,omitzero" doc:"What was said about it, as it came"`
}

// Asked is the answer to a request about a declaration.
type Asked struct {
	ID      string       `json:"id" doc:"Of the declaration"`
	Status  string       `json:"status" doc:"Of the declaration; cancelled when it was cancelled at once"`
	Request *Application `json:"request,omitempty" doc:"Absent when customs need not be asked"`
}

func application(q *store.Request, words i18n.Printer) (*Application, error) {
	out := &Application{ID: q.ID, DeclarationID: q.DeclarationID, Kind: q.Kind, State: q.State, StateText: words.Text("request_state."+q.State, nil),
		Version: q.Base, ReasonCode: q.ReasonCode, Reason: q.Reason, At: instant(q.At), Travels: q.Message != "", Decision: q.Decision}
	if q.DecidedAt != 0 {
		at := instant(q.DecidedAt)
		out.DecidedAt = &at
	}
	var changes []versions.Change
	if err := json.Unmarshal(q.Changes, &changes); err != nil {
		return nil, fmt.Errorf("read changes of request %s: %w", q.ID, err)
	}
	if err := json.Unmarshal(q.Evidence, &out.Evidence); err != nil {
		return nil, fmt.Errorf("read evidence of request %s: %w", q.ID, err)
	}
	out.Changes = changesIn(words, changes)
	return out, nil
}

// amend is POST /api/v1/declarations/{id}/amendments: the whole corrected
// declaration in the body, why in the query.
func (s *server) amend(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "evidence", "reason_code", "reason")
	if err != nil {
		return err
	}
	in, err := s.submission(r, false)
	if err != nil {
		return err
	}
	why := desk.Reason{Text: q.Get("reason"), Code: q.Get("reason_code")}
	if list := q.Get("evidence"); list != "" {
		why.Evidence = strings.Split(list, ",")
	}
	in.RequestSHA = requestSHA(r.Method, r.URL.Path+"?"+q.Encode(), false, in.ContentType, in.Body)
	a, err := s.Desk.Amend(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), s.ask(r, in, why))
	if err != nil {
		return err
	}
	return s.asked(w, r, a)
}

// ask is a request about the declaration of the path.
func (s *server) ask(r *http.Request, in desk.Submission, why desk.Reason) desk.Ask {
	words := i18n.For(language(r))
	return desk.Ask{Submission: in, Reason: why, Render: func(a desk.Asked) desk.Replayed {
		out := Asked{ID: r.PathValue("id"), Status: a.Status}
		if a.Request.ID != "" {
			q, err := application(&a.Request, words)
			if err != nil { // it was written a moment ago
				panic(err)
			}
			out.Request = q
		}
		status := http.StatusAccepted
		if a.Existing || a.Request.ID == "" {
			status = http.StatusOK
		}
		return desk.Replayed{Status: status, ContentType: typeJSON, Body: marshal(&out)}
	}}
}

func (s *server) asked(w http.ResponseWriter, r *http.Request, a desk.Asked) error {
	h := w.Header()
	if a.Repeated {
		h.Set("Idempotency-Replayed", "true")
	} else {
		h.Set("ETag", etag(a.Version))
		h.Set("Content-Language", string(language(r)))
	}
	h.Set("Vary", "Accept-Language")
	s.write(w, r, a.Answer.Status, a.Answer.ContentType, a.Answer.Body)
	return nil
}

// withdraw is POST /api/v1/declarations/{id}/withdrawal.
func (s *server) withdraw(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	in := desk.Submission{ContentType: typeJSON, IdempotencyKey: key, Peer: r.RemoteAddr, RequestSHA: requestSHA(r.Method, r.URL.Path, false, "", nil)}
	a, err := s.Desk.Withdraw(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), s.ask(r, in, desk.Reason{}))
	if err != nil {
		return err
	}
	return s.asked(w, r, a)
}

// ApplicationList is what was asked, the first one first.
type ApplicationList struct {
	Items []*Application `json:"items"`
	Next  string         `json:"next,omitzero" doc:"Cursor of the next page; absent on the last"`
}

type applicationsOutput struct {
	Localised
	Body ApplicationList
}

func (s *server) listAmendments(ctx context.Context, in *idInput) (*applicationsOutput, error) {
	c := callOf(ctx)
	_, rows, err := s.Desk.RequestsOf(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	return applications(rows, "", i18n.For(c.language()))
}

func applications(rows []store.Request, next string, words i18n.Printer) (*applicationsOutput, error) {
	out := &applicationsOutput{Localised: inLanguage(words.Lang()), Body: ApplicationList{Items: make([]*Application, 0, len(rows)), Next: next}}
	for i := range rows {
		q, err := application(&rows[i], words)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, q)
	}
	return out, nil
}

func describeAmend(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter(),
		parameterOf("query", "reason", "Why, up to 500 characters; needed", anyText),
		parameterOf("query", "reason_code", "The authority's code of the reason, where there is one", anyText),
		parameterOf("query", "evidence", "Names of documents that show it, separated by commas", anyText))
	op.RequestBody = s.declarationBody()
	s.describeAsked(op)
}

func (s *server) describeAsked(op *huma.Operation) {
	body := s.schema(reflect.TypeFor[Asked]())
	op.Responses["202"] = s.described("Kept; the declaration stays as it is until customs decides", typeJSON, body)
	op.Responses["200"] = s.described("Done at once, or asked before", typeJSON, body)
}

func describeWithdraw(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	s.describeAsked(op)
}

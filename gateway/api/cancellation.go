package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
)

// Cancellation is why a declaration is to be cancelled.
type Cancellation struct {
	Reason     string   `json:"reason" doc:"Up to 500 characters; needed"`
	ReasonCode string   `json:"reason_code,omitzero" doc:"The authority's code of the reason, where there is one"`
	Evidence   []string `json:"evidence,omitempty" doc:"Names of documents that show it, at most 20"`
}

// cancel is POST /api/v1/declarations/{id}/cancellation.
func (s *server) cancel(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	body, why, err := bodyOf[Cancellation](s, r)
	if err != nil {
		return err
	}
	in := desk.Submission{Body: body, ContentType: typeJSON, IdempotencyKey: key, Peer: r.RemoteAddr,
		RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body)}
	a, err := s.Desk.Cancel(r.Context(), callOf(r.Context()).principal, r.PathValue("id"),
		s.ask(r, in, desk.Reason{Text: why.Reason, Code: why.ReasonCode, Evidence: why.Evidence}))
	if err != nil {
		return err
	}
	return s.asked(w, r, a)
}

func describeCancel(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[Cancellation]())}}}
	s.describeAsked(op)
}

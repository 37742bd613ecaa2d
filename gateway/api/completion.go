package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// complete is POST /api/v1/declarations/{id}/completion: the full declaration
// of a two-step one (完整申报).
func (s *server) complete(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "confirm")
	if err != nil {
		return err
	}
	confirmed, err := truth(q, "confirm")
	if err != nil {
		return err
	}
	in, err := s.submission(r, false)
	if err != nil {
		return err
	}
	in.RequestSHA = requestSHA(r.Method, r.URL.Path+"?"+q.Encode(), false, in.ContentType, in.Body)
	a, err := s.Desk.Complete(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), confirmed, in)
	if err != nil {
		return err
	}
	return s.accepted(w, r, a)
}

func describeComplete(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter(), parameterOf("query", "confirm",
		"1 says that quantities, values, origins and lines that differ from the summary are meant; without it they are listed and nothing is sent",
		&huma.Schema{Type: huma.TypeString, Enum: []any{"0", "1"}}))
	op.RequestBody = s.declarationBody()
	op.Responses["201"] = s.described("Durable; the next attempt waits to leave", typeJSON, s.schema(reflect.TypeFor[Accepted]()))
}

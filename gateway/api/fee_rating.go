package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// FeeRatingGiven is the answer to a rating.
type FeeRatingGiven struct {
	ID       string    `json:"id"`
	Body     string    `json:"body"`
	Standing string    `json:"standing" enum:"equal,differs,asked,unjudged" doc:"Whether the body's lines equal the catalogue: from the check, never asked"`
	Clarity  int       `json:"clarity"`
	Answer   string    `json:"answer"`
	At       time.Time `json:"at"`
}

func feeRatingGiven(r *store.FeeRating) FeeRatingGiven {
	return FeeRatingGiven{ID: r.ID, Body: r.Body, Standing: r.Standing, Clarity: r.Clarity, Answer: r.Answer, At: instant(r.CreatedAt)}
}

// rateBody is POST /api/v1/fee-ratings. It needs no Idempotency-Key: an
// account rates a body once, and the same rating again is the first one.
func (s *server) rateBody(w http.ResponseWriter, r *http.Request) error {
	body, err := s.order(r)
	if err != nil {
		return err
	}
	in, err := desk.ReadRating(body)
	if err != nil {
		return err
	}
	given, repeated, err := s.Desk.RateBody(r.Context(), in)
	if err != nil {
		return err
	}
	status, out := http.StatusCreated, feeRatingGiven(&given)
	if repeated {
		status = http.StatusOK
	}
	s.write(w, r, status, typeJSON, marshal(&out))
	return nil
}

// replyRating is POST /api/v1/fee-ratings/{rating}/replies.
func (s *server) replyRating(w http.ResponseWriter, r *http.Request) error {
	body, err := s.order(r)
	if err != nil {
		return err
	}
	in, err := desk.ReadReply(body)
	if err != nil {
		return err
	}
	if err := s.Desk.ReplyToRating(r.Context(), callOf(r.Context()).principal, r.PathValue("rating"), in.Words); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// order reads a body that can only be JSON, without parameters in the query.
func (s *server) order(r *http.Request) ([]byte, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	if _, err := mediaType(r, typeJSON); err != nil {
		return nil, err
	}
	return s.body(r)
}

func describeRate(s *server, op *huma.Operation) {
	op.Description = "For who has the secret of a final account that names its number, ship and arrival, of a call within twelve months. One account rates a body once, in however many files it comes; it goes when the account is deleted. Fewer than ten ratings show their count only."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[desk.RatingOrder]())}}}
	given := s.schema(reflect.TypeFor[FeeRatingGiven]())
	op.Responses["201"] = s.described("Counted", typeJSON, given)
	op.Responses["200"] = s.described("The same rating was given before", typeJSON, given)
	op.Responses["409"] = s.described("The body was rated otherwise with this account", problemType, s.schema(reflect.TypeFor[Problem]()))
}

func describeReply(s *server, op *huma.Operation) {
	op.Description += " On behalf of the body; shown at once beside the rating. Up to five; nothing is written over."
	op.Parameters = append(op.Parameters, parameterOf("path", "rating", "Id of the rating", anyText))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[desk.ReplyOrder]())}}}
	op.Responses["204"] = &huma.Response{Description: "Shown"}
}

package api

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// Delivery is one message to an endpoint, and what became of it.
type Delivery struct {
	ID          string     `json:"id" doc:"webhook-id of all its attempts"`
	Type        string     `json:"type" example:"declaration.receipt"`
	Subject     string     `json:"subject" doc:"What it is about; order is kept for each"`
	Sequence    int64      `json:"sequence" doc:"From 1 for each subject, without gaps"`
	State       string     `json:"state" enum:"waiting,sending,delivered,dead,cancelled"`
	Tries       int        `json:"tries" doc:"Since it was made, or replayed"`
	At          time.Time  `json:"at" doc:"When it was made"`
	NextAt      *time.Time `json:"next_at,omitempty" doc:"When it is tried next"`
	DoneAt      *time.Time `json:"done_at,omitempty"`
	LastError   string     `json:"last_error,omitzero"`
	Peer        string     `json:"peer,omitzero" doc:"Host that took it"`
	ContentType string     `json:"content_type"`
	Size        int64      `json:"size"`
	Href        string     `json:"href" doc:"Where the bytes are"`
}

// DeliveryList is a page of the log.
type DeliveryList struct {
	Items []Delivery `json:"items"`
	Next  string     `json:"next,omitzero" doc:"Cursor of the next page; absent on the last one"`
}

// Attempt is one try of a delivery that did not simply succeed at first, or
// what somebody did to it.
type Attempt struct {
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
	Result string    `json:"result" doc:"delivered, temporary, unknown (it may have arrived), permanent, gone, replayed, cancelled, taken"`
	Detail string    `json:"detail,omitzero"`
	Actor  string    `json:"actor" doc:"outbox, operator, or the key of who asked for it"`
}

// AttemptList is the history of one delivery.
type AttemptList struct {
	ID    string    `json:"id"`
	State string    `json:"state" enum:"waiting,sending,delivered,dead,cancelled"`
	Tries int       `json:"tries"`
	Items []Attempt `json:"items"`
}

// ReplayOrder says what is to be sent again: all conditions that are given
// must hold.
type ReplayOrder struct {
	IDs          []string  `json:"ids,omitempty" maxItems:"500"`
	Subject      string    `json:"subject,omitzero"`
	From         time.Time `json:"from,omitzero" doc:"By when they were made, inclusive"`
	To           time.Time `json:"to,omitzero" doc:"Exclusive"`
	FromSequence int64     `json:"from_sequence,omitzero" doc:"Of the subject, inclusive"`
	ToSequence   int64     `json:"to_sequence,omitzero" doc:"Inclusive"`
	State        string    `json:"state,omitzero" enum:"delivered,dead" doc:"Default both"`
	DryRun       bool      `json:"dry_run,omitzero" doc:"Tell what would be sent again, and do nothing"`
}

// Replayed is what a replay found and did.
type Replayed struct {
	DryRun bool       `json:"dry_run"`
	Count  int        `json:"count"`
	More   bool       `json:"more" doc:"There are others that match: narrow the conditions, or ask again"`
	Items  []Delivery `json:"items" doc:"Oldest first"`
}

// Taken is the answer to the word that a message was fetched.
type Taken struct {
	ID        string `json:"id"`
	Duplicate bool   `json:"duplicate" doc:"It needed no word any more"`
}

func delivery(row *store.Delivery) Delivery {
	out := Delivery{ID: row.ID, Type: row.Kind, Subject: row.Subject, Sequence: row.Sequence, State: row.State, Tries: row.Tries, At: instant(row.CreatedAt),
		LastError: row.LastError, Peer: row.Peer, ContentType: row.ContentType, Size: row.Size, Href: "/api/v1/deliveries/" + row.ID}
	if row.NextAt != 0 {
		at := instant(row.NextAt)
		out.NextAt = &at
	}
	if row.DoneAt != 0 {
		at := instant(row.DoneAt)
		out.DoneAt = &at
	}
	return out
}

type deliveriesInput struct {
	ID      string    `path:"id" doc:"Id of the endpoint"`
	State   string    `query:"state" enum:"waiting,sending,delivered,dead,cancelled"`
	Subject string    `query:"subject" maxLength:"255"`
	From    time.Time `query:"from" doc:"By when they were made, inclusive"`
	To      time.Time `query:"to" doc:"Exclusive"`
	pageInput
}

type deliveriesOutput struct{ Body DeliveryList }

func (s *server) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	f := store.DeliveryFilter{Subject: in.Subject, State: in.State, Before: in.Cursor, Limit: in.Limit}
	if !in.From.IsZero() {
		f.From = in.From.UnixMilli()
	}
	if !in.To.IsZero() {
		f.To = in.To.UnixMilli()
	}
	rows, next, err := s.Desk.Deliveries(ctx, callOf(ctx).principal, in.ID, f)
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{Body: DeliveryList{Items: make([]Delivery, 0, len(rows)), Next: next}}
	for i := range rows {
		out.Body.Items = append(out.Body.Items, delivery(&rows[i]))
	}
	return out, nil
}

type attemptsOutput struct{ Body AttemptList }

func (s *server) listAttempts(ctx context.Context, in *idInput) (*attemptsOutput, error) {
	it, rows, err := s.Desk.DeliveryAttempts(ctx, callOf(ctx).principal, in.ID)
	if err != nil {
		return nil, err
	}
	out := &attemptsOutput{Body: AttemptList{ID: it.ID, State: it.State, Tries: it.Tries, Items: make([]Attempt, 0, len(rows))}}
	for i := range rows {
		a := &rows[i]
		out.Body.Items = append(out.Body.Items, Attempt{Number: a.Number, At: instant(a.At), Result: a.Result, Detail: a.Detail, Actor: a.Actor})
	}
	return out, nil
}

// deliveryBytes is GET /api/v1/deliveries/{id}: what was or will be sent, byte for byte.
func (s *server) deliveryBytes(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	m, err := s.Desk.DeliveryBody(r.Context(), callOf(r.Context()).principal, r.PathValue("id"))
	if err != nil {
		return err
	}
	sum, err := hex.DecodeString(m.SHA256)
	if err != nil {
		return fmt.Errorf("digest of message %s: %w", m.ID, err)
	}
	h := w.Header()
	h.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": downloadName(&m, 0)}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	s.write(w, r, http.StatusOK, m.ContentType, m.Body) // the type is ours: no partner gave it
	return nil
}

// takeDelivery is POST /api/v1/deliveries/{id}/acknowledgement.
func (s *server) takeDelivery(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	id := r.PathValue("id")
	again, err := s.Desk.TakeDelivery(r.Context(), callOf(r.Context()).principal, id)
	if err != nil {
		return err
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&Taken{ID: id, Duplicate: again}))
	return nil
}

// replay is POST /api/v1/receivers/{id}/replay.
func (s *server) replay(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	_, in, err := bodyOf[ReplayOrder](s, r)
	switch {
	case err != nil:
		return err
	case len(in.IDs) > desk.MaxReplay:
		return parameter("body", "ids")
	case in.State != "" && in.State != "delivered" && in.State != "dead":
		return parameter("body", "state")
	case in.FromSequence < 0 || in.ToSequence < 0:
		return parameter("body", "from_sequence")
	}
	p := callOf(r.Context()).principal
	if !in.DryRun && !s.calm.allow(p.PartnerID, s.Clock()) {
		return errHurry
	}
	out, err := s.Desk.ReplayDeliveries(r.Context(), p, r.PathValue("id"), desk.ReplayQuery{IDs: in.IDs, Subject: in.Subject, From: in.From, To: in.To,
		FromSequence: in.FromSequence, ToSequence: in.ToSequence, State: in.State, DryRun: in.DryRun})
	if err != nil {
		return err
	}
	answer := Replayed{DryRun: in.DryRun, Count: len(out.Items), More: out.More, Items: make([]Delivery, 0, len(out.Items))}
	status := http.StatusOK
	if out.Done {
		status = http.StatusAccepted
	}
	for i := range out.Items {
		answer.Items = append(answer.Items, delivery(&out.Items[i]))
	}
	s.write(w, r, status, typeJSON, marshal(&answer))
	return nil
}

func describeReplay(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Description += " Same ids, same bytes, header X-Replay: true. What waits anyway is left alone. At most 500 at once, and a few calls a minute; ask with dry_run first."
	s.jsonBody(op, reflect.TypeFor[ReplayOrder](), true)
	answer := s.schema(reflect.TypeFor[Replayed]())
	op.Responses["202"] = s.described("They leave again, in their order", typeJSON, answer)
	op.Responses["200"] = s.described("Nothing was sent again: a dry run, or nothing matches", typeJSON, answer)
}

func describeDelivery(_ *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Responses["200"] = &huma.Response{Description: "The bytes as they are sent", Content: map[string]*huma.MediaType{
		typeJSON: {Schema: anyText}, "application/EDIFACT": {Schema: anyBytes}, typeXML: {Schema: anyText}}}
}

func describeTake(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Description += " For who fetches instead of being sent to: nothing more is sent of it, and the next of its line follows."
	op.Responses["200"] = s.described("Noted", typeJSON, s.schema(reflect.TypeFor[Taken]()))
}

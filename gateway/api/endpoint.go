package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// Endpoint is where a partner wants to be told.
type Endpoint struct {
	ID        string    `json:"id" doc:"Also the id of the receiver in the log of deliveries"`
	Name      string    `json:"name"`
	Wire      string    `json:"wire" enum:"webhook,pull,filedrop,sftp,mail"`
	Format    string    `json:"format" enum:"json,edifact,depotxml,mail"`
	Address   string    `json:"address,omitzero"`
	Types     []string  `json:"types" doc:"Event types; declaration.*, notice.*, endpoint.* and * stand for all of a group, and for all"`
	State     string    `json:"state" enum:"active,disabled"`
	Reason    string    `json:"reason,omitzero" doc:"Why it is disabled: gone (it answered 410), owner, operator"`
	Secrets   []Signing `json:"signing_secrets,omitempty" doc:"Newest first; the secrets themselves are shown once, when they are made"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Signing is when a signing secret was made, and when it stops.
type Signing struct {
	MadeAt time.Time  `json:"made_at"`
	Until  *time.Time `json:"valid_until,omitempty" doc:"Of the old one while secrets are changed"`
}

// EndpointList is every endpoint of the caller.
type EndpointList struct {
	Items []Endpoint `json:"items"`
}

// EndpointOrder is an endpoint that is to be registered.
type EndpointOrder struct {
	Name    string   `json:"name" doc:"Yours, one for each; a-z, 0-9, - . _"`
	Wire    string   `json:"wire,omitzero" enum:"webhook,pull" doc:"Default webhook. filedrop, sftp and mail are set up by the operator"`
	Format  string   `json:"format,omitzero" enum:"json,edifact,depotxml" doc:"Default json"`
	Address string   `json:"address,omitzero" format:"uri" doc:"https; not inside a private network"`
	Types   []string `json:"types,omitempty" doc:"Default everything that the format carries"`
}

// EndpointMade is the answer to an order. It is the only time that the secret
// is shown.
type EndpointMade struct {
	Endpoint
	Secret string `json:"secret,omitzero" example:"whsec_…" doc:"Signs by Standard Webhooks; shown this once"`
}

// RotationOrder asks for a new signing secret.
type RotationOrder struct {
	KeepOldHours *int `json:"keep_old_hours,omitempty" minimum:"0" maximum:"168" doc:"How long the old secret signs beside the new one; default 24; 0 for one that leaked"`
}

// StateOrder disables or enables an endpoint.
type StateOrder struct {
	State string `json:"state" enum:"active,disabled"`
}

// TestSent is the message that a test sent.
type TestSent struct {
	ID   string `json:"id"`
	Href string `json:"href" doc:"What became of it"`
}

func endpoint(d *desk.Desk, e *store.Endpoint) Endpoint {
	out := Endpoint{ID: e.ID, Name: e.Name, Wire: e.Wire, Format: e.Format, Address: e.Address, Types: strings.Split(e.Types, ","),
		State: e.State, Reason: e.Reason, CreatedAt: instant(e.CreatedAt), UpdatedAt: instant(e.UpdatedAt)}
	if secrets, err := d.EndpointSecrets(e); err == nil { // without the key only their dates are missing
		for _, s := range secrets.Signing {
			one := Signing{MadeAt: instant(s.Made)}
			if s.Until != 0 {
				until := instant(s.Until)
				one.Until = &until
			}
			out.Secrets = append(out.Secrets, one)
		}
	}
	return out
}

type endpointsOutput struct{ Body EndpointList }

func (s *server) listEndpoints(ctx context.Context, _ *struct{}) (*endpointsOutput, error) {
	rows, err := s.Desk.Endpoints(ctx, callOf(ctx).principal)
	if err != nil {
		return nil, err
	}
	out := &endpointsOutput{Body: EndpointList{Items: make([]Endpoint, 0, len(rows))}}
	for i := range rows {
		out.Body.Items = append(out.Body.Items, endpoint(s.Desk, &rows[i]))
	}
	return out, nil
}

// addEndpoint is POST /api/v1/endpoints.
func (s *server) addEndpoint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	body, in, err := bodyOf[EndpointOrder](s, r)
	if err != nil {
		return err
	}
	if in.Wire == "" {
		in.Wire = "webhook"
	}
	made, err := s.Desk.AddEndpoint(r.Context(), callOf(r.Context()).principal, desk.NewEndpoint{
		Name: in.Name, Wire: in.Wire, Format: in.Format, Address: in.Address, Types: in.Types,
		IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body),
		Render: func(m desk.MadeEndpoint) desk.Replayed {
			status := http.StatusCreated
			if m.Existing {
				status = http.StatusOK
			}
			e := endpoint(s.Desk, &m.Endpoint)
			return desk.Replayed{Status: status, ContentType: typeJSON, Body: marshal(&EndpointMade{Endpoint: e, Secret: m.Secret})}
		}})
	if err != nil {
		return err
	}
	s.again(w, r, &made.Answer, made.Repeated)
	return nil
}

// again writes an answer that a key may have repeated.
func (s *server) again(w http.ResponseWriter, r *http.Request, a *desk.Replayed, repeated bool) {
	if repeated {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	s.write(w, r, a.Status, a.ContentType, a.Body)
}

// deleteEndpoint is DELETE /api/v1/endpoints/{id}.
func (s *server) deleteEndpoint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	if err := s.Desk.DeleteEndpoint(r.Context(), callOf(r.Context()).principal, r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// keepOld is how long the old secret signs unless the caller says otherwise.
const keepOld = 24 * time.Hour

// rotateEndpoint is POST /api/v1/endpoints/{id}/rotation.
func (s *server) rotateEndpoint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	var body []byte
	var in RotationOrder
	if r.ContentLength != 0 {
		if body, in, err = bodyOf[RotationOrder](s, r); err != nil {
			return err
		}
	}
	overlap := keepOld
	if in.KeepOldHours != nil {
		if *in.KeepOldHours < 0 || *in.KeepOldHours > int(desk.MaxOverlap/time.Hour) {
			return parameter("body", "keep_old_hours")
		}
		overlap = time.Duration(*in.KeepOldHours) * time.Hour
	}
	out, err := s.Desk.RotateEndpoint(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), desk.Rotation{
		Overlap: overlap, IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body),
		Render: func(m desk.Rotated) desk.Replayed {
			return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(&EndpointMade{Endpoint: endpoint(s.Desk, &m.Endpoint), Secret: m.Secret})}
		}})
	if err != nil {
		return err
	}
	s.again(w, r, &out.Answer, out.Repeated)
	return nil
}

// testEndpoint is POST /api/v1/endpoints/{id}/test.
func (s *server) testEndpoint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	p := callOf(r.Context()).principal
	if !s.calm.allow(p.PartnerID, s.Clock()) {
		return errHurry
	}
	id, err := s.Desk.TestEndpoint(r.Context(), p, r.PathValue("id"))
	if err != nil {
		return err
	}
	s.write(w, r, http.StatusAccepted, typeJSON, marshal(&TestSent{ID: id, Href: "/api/v1/deliveries/" + id + "/attempts"}))
	return nil
}

// setEndpointState is POST /api/v1/endpoints/{id}/state.
func (s *server) setEndpointState(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	_, in, err := bodyOf[StateOrder](s, r)
	if err != nil {
		return err
	}
	e, err := s.Desk.SetEndpointState(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), in.State)
	if err != nil {
		return err
	}
	out := endpoint(s.Desk, &e)
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

func describeAddEndpoint(s *server, op *huma.Operation) {
	op.Description += " A webhook is signed by Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature); webhook-id is the same over all attempts. Answer any 2xx within 15 seconds, before you work on it. 410 disables the endpoint. The same name with the same content is the same endpoint."
	s.jsonBody(op, reflect.TypeFor[EndpointOrder](), true)
	made := s.schema(reflect.TypeFor[EndpointMade]())
	op.Responses["201"] = s.described("Registered; the only time that the secret is shown", typeJSON, made)
	op.Responses["200"] = s.described("It was there already; its secret is not shown again", typeJSON, made)
}

func describeDeleteEndpoint(_ *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Description += " What waits for it or lies dead is cancelled and stays in the log of its deliveries."
	op.Responses["204"] = &huma.Response{Description: "Deleted"}
}

func describeRotation(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Description += " Until the old secret ends, every message carries a signature of each. Refused while an earlier rotation is not over, unless keep_old_hours is 0."
	s.jsonBody(op, reflect.TypeFor[RotationOrder](), false)
	op.Responses["201"] = s.described("The new secret, shown this once", typeJSON, s.schema(reflect.TypeFor[EndpointMade]()))
}

func describeTest(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Responses["202"] = s.described("On its way", typeJSON, s.schema(reflect.TypeFor[TestSent]()))
}

func describeEndpointState(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter())
	op.Description += " While it is disabled its messages are held, none is lost; they leave in their order when it is enabled."
	s.jsonBody(op, reflect.TypeFor[StateOrder](), true)
	op.Responses["200"] = s.described("The endpoint", typeJSON, s.schema(reflect.TypeFor[Endpoint]()))
}

func (s *server) jsonBody(op *huma.Operation, t reflect.Type, required bool) {
	op.RequestBody = &huma.RequestBody{Required: required, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(t)}}}
}

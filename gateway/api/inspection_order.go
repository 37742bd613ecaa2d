package api

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/i18n"
)

// Ordered is what became of an inspection order.
type Ordered struct {
	Notices  []OrderedNotice `json:"notices" doc:"One for each terminal that holds boxes of the order"`
	Warnings []Fault         `json:"warnings"`
}

// OrderedNotice is one notice that an order made or changed.
type OrderedNotice struct {
	ID       string   `json:"id"`
	Number   string   `json:"notice_no" doc:"One for life"`
	Version  int      `json:"version" doc:"Now in force"`
	State    string   `json:"state"`
	Terminal string   `json:"terminal,omitzero" doc:"Absent while nobody knows which terminal holds the boxes: a person finds out"`
	Person   string   `json:"needs_person,omitzero" doc:"Why a person must act"`
	Boxes    []string `json:"boxes"`
	Applied  bool     `json:"applied" doc:"false: older than the version in force, kept and not applied"`
}

// orderInspection is POST /api/v1/inspection-orders.
func (s *server) orderInspection(w http.ResponseWriter, r *http.Request) error {
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	body, err := s.bodyJSON(r)
	if err != nil {
		return err
	}
	out, err := s.Desk.OrderInspection(r.Context(), callOf(r.Context()).principal, desk.InspectionOrder{Body: body, ContentType: typeJSON,
		IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body), Render: renderOrdered(language(r))})
	if err != nil {
		return err
	}
	return s.ordered(w, r, out)
}

func renderOrdered(lang i18n.Lang) func(desk.Ordered) desk.Replayed {
	return func(o desk.Ordered) desk.Replayed {
		out := Ordered{Notices: make([]OrderedNotice, 0, len(o.Notices)), Warnings: faultsIn(i18n.For(lang), o.Faults)}
		if out.Warnings == nil {
			out.Warnings = []Fault{}
		}
		for _, n := range o.Notices {
			out.Notices = append(out.Notices, OrderedNotice{ID: n.ID, Number: n.Number, Version: n.Version, State: n.State, Terminal: n.Terminal,
				Person: n.Person, Boxes: n.Boxes, Applied: n.Applied})
		}
		return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(&out)}
	}
}

// ordered writes the answer. The same order by its own number is answered by
// the first answer with 200, because nothing was made.
func (s *server) ordered(w http.ResponseWriter, r *http.Request, o desk.Ordered) error {
	h := w.Header()
	status := o.Answer.Status
	var first Ordered
	if err := json.Unmarshal(o.Answer.Body, &first); err != nil {
		return fmt.Errorf("read stored answer: %w", err)
	}
	switch {
	case o.Repeated:
		h.Set("Idempotency-Replayed", "true")
	case o.Existing:
		status = http.StatusOK
	default:
		h.Set("Content-Language", string(language(r)))
	}
	if len(first.Notices) > 0 {
		h.Set("Location", "/api/v1/notices/"+first.Notices[0].Number)
	}
	h.Set("Vary", "Accept-Language")
	s.write(w, r, status, o.Answer.ContentType, o.Answer.Body)
	return nil
}

func describeOrder(s *server, op *huma.Operation) {
	op.Description += " action issue carries a whole notice; change the whole new content under its notice_no; cancel, follow_up and transfer_site the boxes that they are about (none: all) with what is new about them. source_message_id is the order's own number: the same order again gets the first answer. A box is in at most one open notice; an order for a box that a receipt opened a notice for becomes the next version of that notice. Without terminal_id the notice goes where the box was last seen, else where the operator's table says that the goods place is, else to a person."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[inspection.Order]())}}}
	answer := s.schema(reflect.TypeFor[Ordered]())
	op.Responses["201"] = s.described("Durable; the terminals are being told", typeJSON, answer)
	op.Responses["200"] = s.described("The same order was heard before; the first answer", typeJSON, answer)
}

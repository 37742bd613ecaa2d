package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/i18n"
)

// NoticeOutcome is what became of one report about a notice.
type NoticeOutcome struct {
	ID        string   `json:"id" doc:"Of the recorded event"`
	Kind      string   `json:"kind"`
	Duplicate bool     `json:"duplicate" doc:"Heard before; the first result"`
	State     string   `json:"state" doc:"Of the notice afterwards"`
	StateText string   `json:"state_text" doc:"In the caller's language"`
	Refused   string   `json:"refused,omitzero" doc:"Why it does not count; it is recorded"`
	Allowed   []string `json:"allowed,omitempty" doc:"Kinds that would count"`
}

// NoticeOutcomes is the answer to many reports.
type NoticeOutcomes struct {
	Events []NoticeOutcome `json:"events"`
}

// reportNotice is POST /api/v1/notices/{id}/events. One event as a JSON object
// is answered by its own object, and by 409 when it does not count; an array
// by a list in the same order, and by 409 when none of them counts.
func (s *server) reportNotice(w http.ResponseWriter, r *http.Request) error {
	body, err := s.bodyJSON(r)
	if err != nil {
		return err
	}
	p := callOf(r.Context()).principal
	list, err := s.Desk.ReportNotice(r.Context(), p, r.PathValue("id"), desk.NoticeReport{Body: body})
	if err != nil {
		return err
	}
	if refusal := onlyRefused(r.PathValue("id"), list); refusal != nil {
		return refusal
	}
	words := i18n.For(language(r))
	s.localised(w, words.Lang())
	out := NoticeOutcomes{Events: outcomes(list, words)}
	status := http.StatusOK
	for i := range list {
		if !list[i].Duplicate && list[i].Refusal == nil {
			status = http.StatusAccepted
		}
	}
	answer := marshal(&out)
	if single(body) {
		answer = marshal(&out.Events[0])
	}
	s.write(w, r, status, typeJSON, answer)
	return nil
}

// onlyRefused is the conflict of a request of which nothing counts.
func onlyRefused(number string, list []desk.NoticeOutcome) error {
	for i := range list {
		if list[i].Refusal == nil {
			return nil
		}
	}
	if len(list) == 0 {
		return nil
	}
	last := list[len(list)-1].Refusal
	return &desk.NoticeConflictError{Number: number, State: string(last.State), Allowed: last.Allowed, Why: last.Why}
}

func outcomes(list []desk.NoticeOutcome, words i18n.Printer) []NoticeOutcome {
	out := make([]NoticeOutcome, 0, len(list))
	for _, o := range list {
		n := NoticeOutcome{ID: o.ID, Kind: string(o.Kind), Duplicate: o.Duplicate, State: string(o.State), StateText: words.Text("notice_state."+string(o.State), nil)}
		if o.Refusal != nil {
			n.Refused = o.Refusal.Why
			for _, k := range o.Refusal.Allowed {
				n.Allowed = append(n.Allowed, string(k))
			}
		}
		out = append(out, n)
	}
	return out
}

func describeReportNotice(s *server, op *huma.Operation) {
	op.Description += " Terminal: what it accepts, rejects and does; customs: postponed, started, finished, released, reject_confirmed; declarant: appointed (inside the terminal's hours), attendance_waived; haulier: the move. The same reference, or without one the same content, is the same event. Disorder is normal: occurred_at orders events, what comes early counts when what it needs has come. What contradicts is refused, and recorded."
	op.Parameters = append(op.Parameters, noticeParameter())
	event := s.schema(reflect.TypeFor[inspection.Event]())
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		typeJSON: {Schema: &huma.Schema{OneOf: []*huma.Schema{event, {Type: huma.TypeArray, Items: event}}}}}}
	answer := &huma.Schema{OneOf: []*huma.Schema{s.schema(reflect.TypeFor[NoticeOutcome]()), s.schema(reflect.TypeFor[NoticeOutcomes]())}}
	op.Responses["202"] = s.described("Heard; at least one of them for the first time", typeJSON, answer)
	op.Responses["200"] = s.described("All of them were heard before; the first result", typeJSON, answer)
	op.Responses["409"] = s.described("None of them counts: the state, and what would be allowed", problemType, s.schema(reflect.TypeFor[Problem]()))
}

package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations/clearance"
	"kouan/declarations/intake"
	"kouan/gateway/desk"
)

// FactAnswer is what became of one fact. It does not tell whose declarations it is about.
type FactAnswer struct {
	ID        string `json:"id" doc:"Withdraw it by this id"`
	Kind      string `json:"kind"`
	Duplicate bool   `json:"duplicate" doc:"Reported before; the first result"`
	Matched   bool   `json:"matched" doc:"false: kept until a declaration with its numbers comes"`
	Count     int    `json:"declarations" doc:"How many declarations it is about"`
	Reason    string `json:"reason,omitzero" doc:"Why it is unmatched: unknown, ambiguous"`
}

// FactAnswers is the answer to a report of many facts or of a message.
type FactAnswers struct {
	Facts []FactAnswer `json:"facts"`
}

// reportFacts is POST /api/v1/facts. One fact as a JSON object is answered by
// its own object; an array or a message by a list in the same order.
func (s *server) reportFacts(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	contentType, err := mediaType(r, typeJSON, typeXML, typeTextXML)
	if err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	f, contentType := format(contentType, body)
	answers, err := s.Desk.ReportFacts(r.Context(), callOf(r.Context()).principal, desk.FactReport{Body: body, ContentType: contentType, XML: f == intake.XML})
	if err != nil {
		return err
	}
	out := FactAnswers{Facts: make([]FactAnswer, 0, len(answers))}
	status := http.StatusOK
	for _, a := range answers {
		if !a.Duplicate {
			status = http.StatusAccepted
		}
		out.Facts = append(out.Facts, FactAnswer{ID: a.ID, Kind: a.Kind, Duplicate: a.Duplicate, Matched: a.Matched > 0, Count: a.Matched, Reason: a.Reason})
	}
	answer := marshal(&out)
	if f != intake.XML && single(body) {
		answer = marshal(&out.Facts[0])
	}
	s.write(w, r, status, typeJSON, answer)
	return nil
}

// single tells one JSON object from an array.
func single(body []byte) bool {
	for _, b := range body {
		switch b {
		case ' ', '\t', '\r', '\n':
		default:
			return b == '{'
		}
	}
	return false
}

func describeFacts(s *server, op *huma.Operation) {
	op.Description += " A fact carries the numbers from which its declaration is found: an entry number, a bill number with its voyage, a container number with its voyage, or ship and voyage. It is kept when nothing matches yet. The same reference, or without one the same content, is the same fact. withdraws takes an earlier fact of the same source back. XML: Manifest/Response and the arrival report WLJK_MT3101."
	fact := s.schema(reflect.TypeFor[clearance.Fact]())
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		typeJSON:    {Schema: &huma.Schema{OneOf: []*huma.Schema{fact, {Type: huma.TypeArray, Items: fact}}}},
		typeXML:     {Schema: anyText},
		typeTextXML: {Schema: anyText},
	}}
	answer := &huma.Schema{OneOf: []*huma.Schema{s.schema(reflect.TypeFor[FactAnswer]()), s.schema(reflect.TypeFor[FactAnswers]())}}
	op.Responses["202"] = s.described("Kept; at least one of them for the first time", typeJSON, answer)
	op.Responses["200"] = s.described("All of them were reported before; the first result", typeJSON, answer)
}

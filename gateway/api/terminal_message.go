package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/i18n"
)

// Media types of what terminals send.
const (
	typeEDIFACT      = "application/edifact"
	typeEDIFACTOther = "application/edi-edifact"
)

// TerminalHearing is what became of a terminal's own message.
type TerminalHearing struct {
	ID        string          `json:"id" doc:"Of the kept document"`
	State     string          `json:"state" enum:"matched,unmatched,refused" doc:"unmatched: kept until its notice comes"`
	Duplicate bool            `json:"duplicate" doc:"Heard before; the first result"`
	Reason    string          `json:"reason,omitzero"`
	Events    []NoticeOutcome `json:"events"`
	Facts     []FactAnswer    `json:"facts"`
	Faults    []Fault         `json:"faults"`
}

// hearTerminal is POST /api/v1/terminal-messages. What must be answered in the
// sender's own format is (EDIFACT: CONTRL); everything else gets JSON.
func (s *server) hearTerminal(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	contentType, err := mediaType(r, typeJSON, typeXML, typeTextXML, typeEDIFACT, typeEDIFACTOther)
	if err != nil {
		return err
	}
	name, err := fileName(r)
	if err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	h, err := s.Desk.HearTerminalMessage(r.Context(), callOf(r.Context()).principal,
		desk.TerminalDocument{Body: body, ContentType: contentType, FileName: name, Format: terminalFormat(contentType, body)})
	if err != nil {
		return err
	}
	status := http.StatusAccepted
	if h.Duplicate {
		status = http.StatusOK
	}
	if len(h.Answer) > 0 {
		w.Header().Set("X-Message-Id", h.ID)
		s.write(w, r, status, typeEDIFACT, h.Answer)
		return nil
	}
	words := i18n.For(language(r))
	s.localised(w, words.Lang())
	out := TerminalHearing{ID: h.ID, State: h.State, Duplicate: h.Duplicate, Reason: h.Reason, Events: outcomes(h.Outcomes, words),
		Facts: []FactAnswer{}, Faults: faultsIn(words, h.Faults)}
	if out.Faults == nil {
		out.Faults = []Fault{}
	}
	for _, a := range h.Facts {
		out.Facts = append(out.Facts, FactAnswer{ID: a.ID, Kind: a.Kind, Duplicate: a.Duplicate, Matched: a.Matched > 0, Count: a.Matched, Reason: a.Reason})
	}
	s.write(w, r, status, typeJSON, marshal(&out))
	return nil
}

// terminalFormat is what the request says, or what the bytes begin with.
func terminalFormat(contentType string, body []byte) string {
	switch contentType {
	case typeJSON:
		return "json"
	case typeXML, typeTextXML:
		return "depotxml"
	case typeEDIFACT, typeEDIFACTOther:
		return "edifact"
	}
	for _, b := range body {
		switch b {
		case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF:
			continue
		case '{', '[':
			return "json"
		case '<':
			return "depotxml"
		}
		return "edifact"
	}
	return "json"
}

func describeTerminalMessage(s *server, op *huma.Operation) {
	op.Description += " JSON: one event or an array, each with notice_no (or its box) as for …/notices/{id}/events. EDIFACT (CONTRL, APERAK, CODECO, COARRI, COREOR, IFTSTA …) is answered by CONTRL with application/edifact. XML: the messages of depots. The document is kept as it came; the same interchange again gets the same answer."
	op.Parameters = append(op.Parameters, parameterOf("header", "X-File-Name", "Name under which the document came, when it was a file", anyText))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		typeJSON: {Schema: &huma.Schema{}}, typeXML: {Schema: anyText}, typeTextXML: {Schema: anyText}, typeEDIFACT: {Schema: anyText}, typeEDIFACTOther: {Schema: anyText}}}
	answer := s.schema(reflect.TypeFor[TerminalHearing]())
	for status, text := range map[string]string{"202": "Heard for the first time; kept also when nothing here answers to it", "200": "Heard before; the first result"} {
		op.Responses[status] = s.described(text, typeJSON, answer)
		op.Responses[status].Content[typeEDIFACT] = &huma.MediaType{Schema: anyText}
	}
}

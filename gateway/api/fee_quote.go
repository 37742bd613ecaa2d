package api

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// FeeQuoteAsk is a call to be quoted, and what may stand beside it.
type FeeQuoteAsk struct {
	tariffs.Call
	Compare *FeeQuoteCompare `json:"compare,omitzero" doc:"Another day or terminal beside the call's own"`
}

// FeeQuoteCompare is what is other in the quotation beside.
type FeeQuoteCompare struct {
	On       tariffs.Day `json:"on,omitzero" format:"date"`
	Terminal string      `json:"terminal,omitzero"`
}

// feeQuoteAnswer is a quotation as it was given, Q, with words.
type feeQuoteAnswer[Q any] struct {
	Quote Q             `json:"quote" doc:"As it was given, the same bytes for ever"`
	Text  FeeQuoteText  `json:"text" doc:"In the caller's language"`
	Rerun *FeeQuoteTold `json:"rerun,omitzero" doc:"With ?rerun=today: computed anew by the edition in force, and what differs; nothing of it is kept"`
}

// FeeQuoteAnswer is the answer as the description has it.
type FeeQuoteAnswer feeQuoteAnswer[desk.FeeQuoteDocument]

// FeeQuoteTold is a quotation beside another, with words.
type FeeQuoteTold struct {
	desk.FeeBeside
	Text    FeeQuoteText `json:"text"`
	Changed bool         `json:"changed" doc:"Whether anything differs"`
}

// FeeQuoteText are the words of a quotation.
type FeeQuoteText struct {
	Lines    []FeeLineText   `json:"lines"`
	Total    string          `json:"total"`
	Status   string          `json:"status" doc:"Whether the total is plain, what makes it indicative, or why it is withheld"`
	Notes    []string        `json:"notes"`
	Changes  []FeeChangeText `json:"changes,omitempty" doc:"Of the quotation beside, line by line"`
	Prevails string          `json:"prevails"`
}

// FeeLineText are the words of one line.
type FeeLineText struct {
	Line         string   `json:"line"`
	Computed     string   `json:"computed,omitzero"`
	Unit         string   `json:"unit,omitzero"`
	Amount       string   `json:"amount" doc:"With its ISO code, or why it is not known"`
	Payer        string   `json:"payer"`
	Collector    string   `json:"collector"`
	LegalBasis   string   `json:"legal_basis"`
	Verification string   `json:"verification,omitzero"`
	Path         []string `json:"path" doc:"Step by step how the amount came about"`
}

// FeeChangeText is one line of a comparison.
type FeeChangeText struct {
	Line       string `json:"line"`
	Difference string `json:"difference,omitzero" doc:"Absent when a side is not known"`
	Why        string `json:"why,omitzero" doc:"Absent when nothing differs"`
}

// quoteFees is POST /api/v1/fee-quotes.
func (s *server) quoteFees(w http.ResponseWriter, r *http.Request) error {
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	body, err := s.bodyJSON(r)
	if err != nil {
		return err
	}
	var in FeeQuoteAsk
	if faults := desk.ReadFee(body, &in); faults != nil {
		return &desk.FaultsError{Faults: faults}
	}
	words := i18n.For(language(r))
	catalogue, err := s.Desk.FeeEdition(r.Context())
	if err != nil {
		return err
	}
	render := func(q desk.FeeQuote) desk.Replayed {
		out := feeQuoteAnswer[jsontext.Value]{Quote: q.Body, Text: feeQuoteText(wording.For(words, catalogue.Catalogue), &q)}
		return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(&out)}
	}
	ask := desk.FeeAsk{Call: in.Call, IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body), Render: render}
	if in.Compare != nil {
		ask.OtherDay, ask.OtherTerminal = in.Compare.On, in.Compare.Terminal
	}
	q, first, err := s.Desk.AnswerFees(r.Context(), ask)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Vary", "Accept-Language")
	if first != nil {
		h.Set("Idempotency-Replayed", "true")
		s.write(w, r, first.Status, first.ContentType, first.Body)
		return nil
	}
	h.Set("Content-Language", string(language(r)))
	h.Set("Location", "/api/v1/fee-quotes/"+q.Number)
	answer := render(q)
	s.write(w, r, answer.Status, answer.ContentType, answer.Body)
	return nil
}

// getFeeQuote is GET /api/v1/fee-quotes/{number}.
func (s *server) getFeeQuote(w http.ResponseWriter, r *http.Request) error {
	params, err := query(r, "rerun")
	if err != nil {
		return err
	}
	if v := params.Get("rerun"); v != "" && v != "today" {
		return parameter("query", "rerun")
	}
	q, err := s.Desk.FeeQuote(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	e, err := s.Desk.FeeEditionNumber(r.Context(), q.Edition)
	if err != nil {
		return fmt.Errorf("edition of quotation: %w", err)
	}
	text := wording.For(i18n.For(language(r)), e.Catalogue)
	out := feeQuoteAnswer[jsontext.Value]{Quote: q.Body, Text: feeQuoteText(text, &q)}
	if params.Get("rerun") != "" {
		again, err := s.Desk.RerunFeeQuote(r.Context(), q)
		if err != nil {
			return err
		}
		told := &FeeQuoteTold{FeeBeside: again, Text: feeQuoteText(text, &desk.FeeQuote{Quotation: again.Quotation})}
		told.Text.Changes = feeChangeTexts(text, again.Changes)
		for i := range again.Changes {
			told.Changed = told.Changed || again.Changes[i].Changed
		}
		out.Rerun = told
	}
	h := w.Header()
	h.Set("Vary", "Accept-Language")
	h.Set("Content-Language", string(language(r)))
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

func feeQuoteText(w wording.Words, q *desk.FeeQuote) FeeQuoteText {
	t := &q.Quotation
	out := FeeQuoteText{Lines: make([]FeeLineText, 0, len(t.Lines)), Total: w.Sum(&t.Total), Status: w.Status(&t.Total), Notes: []string{},
		Prevails: w.Text("cli.fees.prevails", nil)}
	for i := range t.Lines {
		l := &t.Lines[i]
		basis := w.Cited(l.Instrument, l.Article)
		if l.Basis != "" {
			basis += " (" + w.Basis(l.Basis) + ")"
		}
		line := FeeLineText{Line: w.Line(l.Item, l.Component, l.Part), Computed: w.Computed(l), Unit: w.Unit(l.Item, l.Unit), Amount: w.Price(l),
			Payer: w.Party(l.Payer), Collector: w.Party(l.Collector), LegalBasis: basis, Verification: w.Sure(l.Word), Path: make([]string, 0, len(l.Path))}
		for k := range l.Path {
			line.Path = append(line.Path, w.Step(&l.Path[k]))
		}
		out.Lines = append(out.Lines, line)
	}
	for i := range t.Notes {
		out.Notes = append(out.Notes, w.Note(&t.Notes[i]))
	}
	if q.Beside != nil {
		out.Changes = feeChangeTexts(w, q.Beside.Changes)
	}
	return out
}

func feeChangeTexts(w wording.Words, changes []tariffs.Change) []FeeChangeText {
	out := make([]FeeChangeText, 0, len(changes))
	for i := range changes {
		c := &changes[i]
		t := FeeChangeText{Line: w.Line(c.Item, c.Component, c.Part), Why: w.Why(c)}
		if c.Difference != nil {
			t.Difference = w.Money(*c.Difference)
		}
		out = append(out, t)
	}
	return out
}

func describeQuoteFees(s *server, op *huma.Operation) {
	op.Description = "For everybody; no personal data is needed. What is left out of the call is unknown: the lines that need it say so, the others are computed. The quotation is kept for ever under its number, which nobody can guess."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeQuoteAsk]())}}}
	op.Responses["201"] = s.described("Kept under its number", typeJSON, s.schema(reflect.TypeFor[FeeQuoteAnswer]()))
}

func describeGetFeeQuote(s *server, op *huma.Operation) {
	op.Description = "For everybody who has the number."
	op.Parameters = append(op.Parameters, parameterOf("path", "number", "Number of the quotation; case and hyphens do not matter", anyText),
		parameterOf("query", "rerun", "today: compute it anew beside", &huma.Schema{Type: huma.TypeString, Enum: []any{"today"}}))
	op.Responses["200"] = s.described("quote is as it was given, byte for byte", typeJSON, s.schema(reflect.TypeFor[FeeQuoteAnswer]()))
}

package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/rating"
	"kouan/tariffs/wording"
)

// FeeBody is a charging body: a kind, as the catalogue has it, or a company
// that published prices of its own.
type FeeBody struct {
	Code    string         `json:"code" example:"pilot-station"`
	Name    string         `json:"name" doc:"In the caller's language"`
	Edition int            `json:"edition"`
	Items   []FeeBodyItem  `json:"items"`
	Ratings rating.Summary `json:"ratings"`
	Said    []FeeRatingSay `json:"said,omitempty" doc:"Ratings with words or replies, newest first, without their points"`
	Months  []FeeBodyMonth `json:"months"`
}

// FeeBodyItem is a charge that the body collects.
type FeeBodyItem struct {
	Code         string `json:"code" example:"PILOTAGE"`
	Name         string `json:"name"`
	Regime       string `json:"regime"`
	Payer        string `json:"payer"`
	LegalBasis   string `json:"legal_basis,omitzero"`
	Article      string `json:"article,omitzero"`
	Verification string `json:"verification"`
}

// FeeRatingSay are the words of a rating and the replies to it.
type FeeRatingSay struct {
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	Words   string        `json:"words,omitzero"`
	Replies []FeeReplySay `json:"replies,omitempty"`
}

// FeeReplySay is one reply.
type FeeReplySay struct {
	At    time.Time `json:"at"`
	By    string    `json:"by" enum:"authority,collector" doc:"authority: recorded on behalf of the body"`
	Words string    `json:"words"`
}

// FeeBodyMonth are figures of a month. What is absent is not on file, or
// hidden because the accounts are few; it is never zero.
type FeeBodyMonth struct {
	Month      string        `json:"month" example:"2026-09"`
	Few        bool          `json:"few,omitzero" doc:"Fewer accounts than a figure needs"`
	Bills      *int          `json:"bills,omitempty" doc:"Final accounts checked"`
	Judged     *int          `json:"judged,omitempty"`
	Equal      *int          `json:"equal,omitempty"`
	Share      string        `json:"equal_share,omitzero" doc:"Percent of the judged accounts"`
	Partners   *int          `json:"from_partners,omitempty" doc:"Of the accounts: handed in with a partner's key"`
	Billed     *int64        `json:"billed_fen,omitempty"`
	Words      []FeeBodyWord `json:"by_verification,omitempty"`
	Complaints *int          `json:"complaints_received,omitempty"`
	Upheld     *int          `json:"complaints_upheld,omitempty"`
	Hours      *int          `json:"median_reply_hours,omitempty"`
}

// FeeBodyWord is what is questioned against references of one word.
type FeeBodyWord struct {
	Verification string `json:"verification"`
	Lines        int    `json:"lines"`
	Agreeing     int    `json:"agreeing"`
	Questioned   int    `json:"questioned"`
	Over         int64  `json:"over_fen"`
}

// FeeBodyList are all charging bodies.
type FeeBodyList struct {
	Items []FeeBody `json:"items"`
}

// FeeOvercharging is what accounts show of each body, for the authority.
type FeeOvercharging struct {
	Items []FeeBodyOver `json:"items"`
}

// FeeBodyOver is one body of it. Code is absent for lines that the catalogue
// does not have, and none for abolished charges.
type FeeBodyOver struct {
	Code   string         `json:"code,omitzero"`
	Name   string         `json:"name"`
	Sum    FeeBodyMonth   `json:"sum" doc:"Of twelve months; month is empty"`
	Months []FeeBodyMonth `json:"months"`
}

func feeBody(b *desk.FeeBody, words wording.Words) FeeBody {
	out := FeeBody{Code: b.Code, Name: words.Party(b.Name), Edition: b.Edition, Ratings: b.Ratings, Months: feeBodyMonths(b.Months)}
	for _, it := range b.Items {
		out.Items = append(out.Items, FeeBodyItem{Code: it.Code, Name: words.Item(it.Code), Regime: string(it.Regime), Payer: words.Party(it.Payer),
			LegalBasis: it.LegalBasis, Article: it.Article, Verification: string(it.Word)})
	}
	for i := range b.Said {
		say := FeeRatingSay{ID: b.Said[i].ID, At: b.Said[i].At.UTC(), Words: b.Said[i].Words}
		for _, r := range b.Said[i].Replies {
			say.Replies = append(say.Replies, FeeReplySay{At: r.At.UTC(), By: r.Role, Words: r.Words})
		}
		out.Said = append(out.Said, say)
	}
	return out
}

func feeBodyMonths(list []desk.FeeBodyMonth) []FeeBodyMonth {
	out := make([]FeeBodyMonth, 0, len(list))
	for i := range list {
		out = append(out, feeBodyMonth(&list[i]))
	}
	return out
}

func feeBodyMonth(m *desk.FeeBodyMonth) FeeBodyMonth {
	out := FeeBodyMonth{Month: m.Month, Few: m.Few, Share: m.Share}
	if m.Bills > 0 {
		billed := int64(m.Billed)
		out.Bills, out.Judged, out.Equal, out.Partners, out.Billed = &m.Bills, &m.Judged, &m.Equal, &m.Partners, &billed
	}
	for _, w := range m.Words {
		out.Words = append(out.Words, FeeBodyWord{string(w.Word), w.Lines, w.Agreeing, w.Questioned, int64(w.Over)})
	}
	if c := m.Complaint; c != nil {
		out.Complaints, out.Upheld, out.Hours = &c.Received, &c.Upheld, c.MedianHours
	}
	return out
}

// feeWords are the words of the catalogue in force, in the caller's language.
func (s *server) feeWords(r *http.Request) (wording.Words, error) {
	edition, err := s.Desk.FeeEdition(r.Context())
	if err != nil {
		return wording.Words{}, err
	}
	return wording.For(i18n.For(language(r)), edition.Catalogue), nil
}

// listFeeBodies is GET /api/v1/fee-bodies.
func (s *server) listFeeBodies(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	all, err := s.Desk.FeeBodyViews(r.Context())
	if err != nil {
		return err
	}
	words, err := s.feeWords(r)
	if err != nil {
		return err
	}
	out := FeeBodyList{Items: make([]FeeBody, 0, len(all))}
	for i := range all {
		one := feeBody(&all[i], words)
		one.Said = nil
		out.Items = append(out.Items, one)
	}
	s.localised(w, language(r))
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// getFeeBody is GET /api/v1/fee-bodies/{body}.
func (s *server) getFeeBody(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	b, err := s.Desk.FeeBody(r.Context(), r.PathValue("body"))
	if err != nil {
		return err
	}
	words, err := s.feeWords(r)
	if err != nil {
		return err
	}
	out := feeBody(&b, words)
	s.localised(w, language(r))
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// overcharging is GET /api/v1/statistics/over-charging.
func (s *server) overcharging(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	list, err := s.Desk.FeeOvercharging(r.Context(), callOf(r.Context()).principal)
	if err != nil {
		return err
	}
	words, err := s.feeWords(r)
	if err != nil {
		return err
	}
	out := FeeOvercharging{Items: make([]FeeBodyOver, 0, len(list))}
	for i := range list {
		out.Items = append(out.Items, FeeBodyOver{Code: list[i].Body.Code, Name: words.Body(list[i].Body.Code), Sum: feeBodyMonth(list[i].Sum()), Months: feeBodyMonths(list[i].Months)})
	}
	s.localised(w, language(r))
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

func describeFeeBodies(s *server, op *huma.Operation) {
	op.Description = "For everybody. Bodies are the kinds of collectors of the catalogue in force."
	op.Responses["200"] = s.described("All of them", typeJSON, s.schema(reflect.TypeFor[FeeBodyList]()))
}

func describeFeeBody(s *server, op *huma.Operation) {
	op.Description = "For everybody."
	op.Parameters = append(op.Parameters, parameterOf("path", "body", "Code of the body", &huma.Schema{Type: huma.TypeString, Examples: []any{tariffs.BodyCode("pilot station")}}))
	op.Responses["200"] = s.described("The body", typeJSON, s.schema(reflect.TypeFor[FeeBody]()))
}

func describeOvercharging(s *server, op *huma.Operation) {
	op.Description += " Of final accounts of twelve months, however few; whose they were is told to nobody."
	op.Responses["200"] = s.described("By body, those with the most over first", typeJSON, s.schema(reflect.TypeFor[FeeOvercharging]()))
}

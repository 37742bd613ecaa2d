package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// FeeList is one page of the catalogue of port charges on a day.
type FeeList struct {
	FeeEditionOf
	On        tariffs.Day `json:"on" format:"date" doc:"Day whose rows these are"`
	Prevails  string      `json:"prevails" doc:"Which text prevails, in the caller's language"`
	Found     int         `json:"found" doc:"Rows on all pages"`
	Items     []FeeRow    `json:"items"`
	Next      string      `json:"next,omitzero" doc:"Cursor of the next page; absent on the last"`
	Catalogue string      `json:"catalogue" doc:"Version of the rows: SHA-256 over them"`
}

// FeeEditionOf names the edition that an answer stands on.
type FeeEditionOf struct {
	Edition      int       `json:"edition"`
	State        string    `json:"edition_state" enum:"scheduled,published,superseded,withdrawn"`
	EffectiveAt  time.Time `json:"effective_at" doc:"When the edition came or comes into force"`
	SupersededBy int       `json:"superseded_by,omitzero" doc:"Edition that follows"`
}

// FeeRow is a row of the list with its words.
type FeeRow struct {
	tariffs.Row
	Text FeeRowText `json:"text" doc:"In the caller's language"`
}

// FeeRowText are the words of a row.
type FeeRowText struct {
	Name         string `json:"name"`
	Translation  string `json:"name_status,omitzero" doc:"How sure the name is in the language; absent in Chinese, which prevails"`
	Amount       string `json:"amount"`
	Unit         string `json:"unit,omitzero"`
	Conditions   string `json:"conditions,omitzero"`
	Payer        string `json:"payer"`
	Collector    string `json:"collector"`
	LegalBasis   string `json:"legal_basis"`
	Validity     string `json:"validity"`
	Verification string `json:"verification"`
}

// FeeItem is one charge with its rows of a day.
type FeeItem struct {
	FeeEditionOf
	On       tariffs.Day `json:"on" format:"date"`
	Prevails string      `json:"prevails"`
	Code     string      `json:"code"`
	NameZH   string      `json:"name_zh"`
	NameEN   string      `json:"name_en,omitzero"`
	Name     string      `json:"name" doc:"In the caller's language"`
	PartOf   string      `json:"parent,omitzero"`
	Parts    []string    `json:"parts" doc:"Charges that it heads"`
	Regime   string      `json:"regime"`
	Payer    string      `json:"payer"`
	Collects string      `json:"collector"`
	Note     string      `json:"note,omitzero"`
	Word     string      `json:"verification"`
	Rows     []FeeRow    `json:"rows"`
}

const (
	feesOnPage = 100
	maxFees    = 1000
)

// listFees is GET /api/v1/fees.
func (s *server) listFees(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "item", "payer", "collector", "trade", "regime", "on", "edition", "limit", "cursor")
	if err != nil {
		return err
	}
	limit, err := pageSize(q.Get("limit"), feesOnPage, maxFees)
	if err != nil {
		return err
	}
	e, day, err := s.feesAsked(r, q)
	if err != nil {
		return err
	}
	f, err := feeFilter(q)
	if err != nil {
		return err
	}
	begin, err := openFeeCursor(q.Get("cursor"), e.Digest, day)
	if err != nil {
		return err
	}
	words := i18n.For(language(r))
	if s.feesUnchanged(w, r, e, day) {
		return nil
	}
	rows := slices.DeleteFunc(e.Catalogue.Rows(day, f), func(row tariffs.Row) bool {
		return q.Get("collector") != "" && row.Collector != q.Get("collector") || q.Get("regime") != "" && row.Regime != q.Get("regime")
	})
	begin = min(begin, len(rows))
	end := min(begin+limit, len(rows))
	out := FeeList{FeeEditionOf: feeEditionOf(e), On: day, Prevails: words.Text("cli.fees.prevails", nil), Found: len(rows), Catalogue: e.Catalogue.Version,
		Items: feeRows(wording.For(words, e.Catalogue), rows[begin:end])}
	if end < len(rows) {
		out.Next = feeCursor(e.Digest, day, end)
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// getFee is GET /api/v1/fees/{code}.
func (s *server) getFee(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "on", "edition")
	if err != nil {
		return err
	}
	e, day, err := s.feesAsked(r, q)
	if err != nil {
		return err
	}
	it := e.Catalogue.Item(r.PathValue("code"))
	if it == nil {
		return errNoRoute
	}
	if s.feesUnchanged(w, r, e, day) {
		return nil
	}
	words := i18n.For(language(r))
	text := wording.For(words, e.Catalogue)
	rows := slices.DeleteFunc(e.Catalogue.Rows(day, tariffs.RowFilter{Item: it.Code}), func(row tariffs.Row) bool { return row.Item != it.Code })
	out := FeeItem{FeeEditionOf: feeEditionOf(e), On: day, Prevails: words.Text("cli.fees.prevails", nil), Code: it.Code, NameZH: it.NameZH, NameEN: it.NameEN,
		Name: text.Item(it.Code), PartOf: it.Parent, Parts: []string{}, Regime: string(it.Regime), Payer: it.Payer, Collects: it.Collector, Note: it.Note,
		Word: string(it.Word), Rows: feeRows(text, rows)}
	for i := range e.Catalogue.Items {
		if e.Catalogue.Items[i].Parent == it.Code {
			out.Parts = append(out.Parts, e.Catalogue.Items[i].Code)
		}
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// feesAsked is the edition and the day that a caller asks for; by default what
// is in force, today at the port.
func (s *server) feesAsked(r *http.Request, q url.Values) (*desk.FeeEdition, tariffs.Day, error) {
	day := tariffs.DayOf(s.Clock())
	if v := q.Get("on"); v != "" {
		var ok bool
		if day, ok = tariffs.ParseDay(v); !ok {
			return nil, "", parameter("query", "on")
		}
	}
	if v := q.Get("edition"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return nil, "", parameter("query", "edition")
		}
		e, err := s.Desk.FeeEditionNumber(r.Context(), n)
		return e, day, err
	}
	if begin, ok := day.Begin(); ok && begin.After(s.Clock()) { // what is published for a day to come
		if _, err := s.Desk.FeeEdition(r.Context()); err != nil {
			return nil, "", err
		}
		e, err := s.Desk.FeeEditionAt(r.Context(), begin)
		return e, day, err
	}
	e, err := s.Desk.FeeEdition(r.Context())
	return e, day, err
}

func feeFilter(q url.Values) (tariffs.RowFilter, error) {
	for name, known := range map[string][]string{"trade": {"international", "domestic"}, "payer": {"ship", "cargo"},
		"regime": {string(tariffs.GovernmentSet), string(tariffs.GovernmentGuided), string(tariffs.Market)}} {
		if v := q.Get(name); v != "" && !slices.Contains(known, v) {
			return tariffs.RowFilter{}, parameter("query", name)
		}
	}
	return tariffs.RowFilter{Item: q.Get("item"), Trade: q.Get("trade"), Payer: q.Get("payer")}, nil
}

// feesUnchanged sets the headers of an answer about the catalogue, and answers
// 304 when the caller has it. The state of the edition is part of the answer.
func (s *server) feesUnchanged(w http.ResponseWriter, r *http.Request, e *desk.FeeEdition, day tariffs.Day) bool {
	tag := `"` + e.Digest[:min(16, len(e.Digest))] + "-" + strconv.Itoa(e.Number) + "-" + e.State + "-" + strconv.Itoa(e.SupersededBy) + "-" + string(day) + "-" + string(language(r)) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache") // keep it, and ask whether it is still so
	h.Set("Content-Language", string(language(r)))
	h.Set("Vary", "Accept-Language")
	return heldAlready(w, r, tag)
}

// heldAlready answers 304 when the caller has what the tag names.
func heldAlready(w http.ResponseWriter, r *http.Request, tag string) bool {
	for held := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if held = strings.TrimPrefix(strings.TrimSpace(held), "W/"); held == tag || held == "*" {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

func feeEditionOf(e *desk.FeeEdition) FeeEditionOf {
	return FeeEditionOf{Edition: e.Number, State: e.State, EffectiveAt: e.EffectiveAt, SupersededBy: e.SupersededBy}
}

func feeRows(w wording.Words, rows []tariffs.Row) []FeeRow {
	out := make([]FeeRow, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = FeeRow{*r, FeeRowText{Name: w.Item(r.Item), Translation: w.Translation(r.Item), Amount: w.Amount(r), Unit: w.Unit(r.Item, r.Unit), Conditions: w.Conditions(r),
			Payer: w.Party(r.Payer), Collector: w.Party(r.Collector), LegalBasis: w.Cited(r.LegalBasis, r.Article), Validity: w.Validity(r), Verification: w.Sure(r.Word)}}
	}
	return out
}

// A cursor is a place in one edition on one day.
func feeCursor(digest string, day tariffs.Day, at int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(digest + " " + string(day) + " " + strconv.Itoa(at)))
}

func openFeeCursor(cursor, digest string, day tariffs.Day) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, parameter("query", "cursor")
	}
	place, ok := strings.CutPrefix(string(text), digest+" "+string(day)+" ")
	at, err := strconv.Atoi(place)
	if !ok || err != nil || at < 0 {
		return 0, parameter("query", "cursor")
	}
	return at, nil
}

func feeDayParameter() *huma.Param {
	return parameterOf("query", "on", "Day whose rows count; by default today at the port", &huma.Schema{Type: huma.TypeString, Format: "date"})
}

func feeEditionParameter() *huma.Param {
	return parameterOf("query", "edition", "A published edition; by default the one in force on the day", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0)})
}

func describeListFees(s *server, op *huma.Operation) {
	op.Description = "For everybody. amount is absent where no figure is on file: status says why; it is never zero. at_most: yes is a ceiling. verification says how sure a figure is."
	text := func(name, what string) *huma.Param { return parameterOf("query", name, what, anyText) }
	choice := func(name, what string, of ...any) *huma.Param {
		return parameterOf("query", name, what, &huma.Schema{Type: huma.TypeString, Enum: of})
	}
	op.Parameters = append(op.Parameters, text("item", "Code of a charge, or of the one that it is a part of"), choice("payer", "Who pays", "ship", "cargo"),
		text("collector", "Who collects, as the rows name him"), choice("trade", "Trade", "international", "domestic"),
		choice("regime", "Who sets the price", "government_set", "government_guided", "market"), feeDayParameter(), feeEditionParameter(),
		parameterOf("query", "limit", "Rows on a page", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0), Maximum: new(float64(maxFees)), Default: feesOnPage}),
		text("cursor", "What the page before gave as next"))
	op.Responses["200"] = s.described("With an ETag that changes with the edition", typeJSON, s.schema(reflect.TypeFor[FeeList]()))
	op.Responses["304"] = &huma.Response{Description: "As the caller has it (If-None-Match)"}
}

func describeGetFee(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "code", "Code of the charge", anyText), feeDayParameter(), feeEditionParameter())
	op.Responses["200"] = s.described("With an ETag that changes with the edition", typeJSON, s.schema(reflect.TypeFor[FeeItem]()))
	op.Responses["304"] = &huma.Response{Description: "As the caller has it (If-None-Match)"}
}

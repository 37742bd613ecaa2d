package api

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// FeeEditionHead is one edition of the catalogue.
type FeeEditionHead struct {
	Number       int        `json:"number"`
	State        string     `json:"state" enum:"draft,checked,scheduled,published,superseded,withdrawn"`
	StateText    string     `json:"state_text" doc:"In the caller's language"`
	Base         int        `json:"base,omitzero" doc:"Edition that it was made from"`
	Digest       string     `json:"digest" doc:"SHA-256 over its rows, which is the version of its catalogue"`
	Rows         int        `json:"rows"`
	EffectiveAt  *time.Time `json:"effective_at,omitzero" doc:"When it came or comes into force"`
	SupersededBy int        `json:"superseded_by,omitzero"`
	Note         string     `json:"note,omitzero"`
	Reason       string     `json:"reason,omitzero" doc:"Why rows are valid from a day that had passed"`
	Urgent       string     `json:"urgent,omitzero" doc:"Why the notice was short"`
	PublishedAt  *time.Time `json:"published_at,omitzero"`
	WithdrawnAt  *time.Time `json:"withdrawn_at,omitzero"`
	WithdrawnWhy string     `json:"withdrawn_why,omitzero"`
}

// FeeEditionList is every edition, newest first.
type FeeEditionList struct {
	Items []FeeEditionHead `json:"items"`
}

// FeeDifference is what one edition has otherwise than another.
type FeeDifference struct {
	Changes []publication.Change `json:"changes"`
}

// FeeDraftRows is what a draft sets and ends, row by row.
type FeeDraftRows struct {
	Note     string          `json:"note,omitzero"`
	Reason   string          `json:"reason,omitzero" doc:"Why rows are valid from a day that has passed"`
	Urgent   string          `json:"urgent,omitzero" doc:"Why the notice is short"`
	Settings []FeeRowSetting `json:"settings,omitempty"`
	Endings  []FeeRowEnding  `json:"endings,omitempty"`
	Full     []string        `json:"full,omitempty" doc:"Tables that settings replace as a whole"`
}

// FeeRowSetting is a row as it is to be. A rate without rate_id is a price: it
// ends the price that it follows.
type FeeRowSetting struct {
	Table string            `json:"table" example:"rates"`
	Cells map[string]string `json:"cells"`
}

// FeeRowEnding takes a row out.
type FeeRowEnding struct {
	Table string `json:"table"`
	Row   string `json:"row"`
}

// FeeDrafted is a draft that was kept, or with ?dry_run=1 would be.
type FeeDrafted struct {
	Edition  *FeeEditionHead      `json:"edition,omitzero" doc:"Absent after a dry run"`
	Changes  []publication.Change `json:"changes"`
	Warnings []Fault              `json:"warnings"`
}

// FeeEditionStep is what became of an edition by a step.
type FeeEditionStep struct {
	Edition  FeeEditionHead `json:"edition"`
	Warnings []Fault        `json:"warnings"`
}

// FeePublishing says when and why an edition comes into force.
type FeePublishing struct {
	Effective tariffs.Day `json:"effective,omitzero" format:"date" doc:"From the beginning of this day at the port; absent: at once"`
	Reason    string      `json:"reason,omitzero"`
	Urgent    string      `json:"urgent,omitzero"`
}

// FeeWithdrawing says why an edition is taken back.
type FeeWithdrawing struct {
	Why string `json:"why"`
}

// listFeeEditions is GET /api/v1/fee-editions.
func (s *server) listFeeEditions(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	heads, err := s.Desk.FeeEditions(r.Context())
	if err != nil {
		return err
	}
	s.feeHeads(w, r, heads)
	return nil
}

// listFeeDrafts is GET /api/v1/fee-drafts: what the public does not see yet.
func (s *server) listFeeDrafts(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	heads, err := s.Desk.AllFeeEditions(r.Context())
	if err != nil {
		return err
	}
	s.feeHeads(w, r, slices.DeleteFunc(heads, func(h desk.FeeEditionHead) bool { return !h.EffectiveAt.IsZero() }))
	return nil
}

func (s *server) feeHeads(w http.ResponseWriter, r *http.Request, heads []desk.FeeEditionHead) {
	words := i18n.For(language(r))
	out := FeeEditionList{Items: make([]FeeEditionHead, 0, len(heads))}
	for i := range heads {
		out.Items = append(out.Items, feeEditionHead(words, &heads[i]))
	}
	s.feeAnswer(w, r, http.StatusOK, &out)
}

func (s *server) feeAnswer(w http.ResponseWriter, r *http.Request, status int, out any) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Content-Language", string(language(r)))
	s.write(w, r, status, typeJSON, marshal(out))
}

// feeEditionHead leaves out who did it: names of persons are for the audit log.
func feeEditionHead(words i18n.Printer, h *desk.FeeEditionHead) FeeEditionHead {
	return FeeEditionHead{Number: h.Number, State: h.State, StateText: words.Text("fee_edition_state."+h.State, nil), Base: h.Base, Digest: h.Digest, Rows: h.Rows,
		EffectiveAt: some(h.EffectiveAt), SupersededBy: h.SupersededBy, Note: h.Note, Reason: h.Reason, Urgent: h.Urgent, PublishedAt: some(h.PublishedAt),
		WithdrawnAt: some(h.WithdrawnAt), WithdrawnWhy: h.WithdrawnWhy}
}

// some is nil for no time.
func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// feeDifference is GET /api/v1/fee-editions/{n}/difference/{m}.
func (s *server) feeDifference(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	n, err := editionNumber(r, "n")
	if err != nil {
		return err
	}
	m, err := editionNumber(r, "m")
	if err != nil {
		return err
	}
	changes, err := s.Desk.FeeDifference(r.Context(), n, m)
	if err != nil {
		return err
	}
	if changes == nil {
		changes = []publication.Change{}
	}
	s.feeAnswer(w, r, http.StatusOK, &FeeDifference{changes})
	return nil
}

// editionNumber is a number in the path; what is none names no edition.
func editionNumber(r *http.Request, name string) (int, error) {
	n, err := strconv.Atoi(r.PathValue(name))
	if err != nil || n < 1 {
		return 0, errNoRoute
	}
	return n, nil
}

// draftFees is POST /api/v1/fee-editions.
func (s *server) draftFees(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "note", "urgent", "dry_run", "file", "reason")
	if err != nil {
		return err
	}
	dry, err := truth(q, "dry_run")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	kind, err := mediaType(r, typeJSON, typeCSV, typeXLSX)
	if err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	p := callOf(r.Context()).principal
	words := i18n.For(language(r))
	in := desk.FeeDrafting{By: desk.FeePerson(p), Actor: p.PartnerID, Note: q.Get("note"), Reason: q.Get("reason"), Urgent: q.Get("urgent"), DryRun: dry,
		IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path+"?"+q.Encode(), false, kind, body), Render: func(d desk.FeeDrafted) desk.Replayed {
			return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(feeDrafted(words, &d))}
		}}
	if faults := feeDraftBody(&in, q, kind, body); faults != nil {
		return &desk.FaultsError{Faults: faults}
	}
	out, err := s.Desk.DraftFees(r.Context(), in)
	if err != nil {
		return err
	}
	if out.Replayed != nil {
		w.Header().Set("Idempotency-Replayed", "true")
		s.write(w, r, out.Replayed.Status, out.Replayed.ContentType, out.Replayed.Body)
		return nil
	}
	status := http.StatusCreated
	if dry {
		status = http.StatusOK
	}
	s.feeAnswer(w, r, status, feeDrafted(words, &out))
	return nil
}

// feeDraftBody takes the body in: rows as JSON, or a file, which is kept as it came.
func feeDraftBody(in *desk.FeeDrafting, q url.Values, kind string, body []byte) []declarations.Fault {
	if kind == typeCSV || kind == typeXLSX {
		in.Files = []desk.FeeFile{{Name: q.Get("file"), ContentType: kind, Body: body}}
		return nil
	}
	var rows FeeDraftRows
	if faults := desk.ReadFee(body, &rows); faults != nil {
		return faults
	}
	for _, text := range []struct {
		to   *string
		from string
	}{{&in.Note, rows.Note}, {&in.Reason, rows.Reason}, {&in.Urgent, rows.Urgent}} {
		if text.from != "" {
			*text.to = text.from
		}
	}
	for _, set := range rows.Settings {
		in.Rows.Settings = append(in.Rows.Settings, publication.Setting{Kind: set.Table, Cells: set.Cells})
	}
	for _, end := range rows.Endings {
		in.Rows.Endings = append(in.Rows.Endings, publication.Ending{Kind: end.Table, Key: end.Row})
	}
	in.Rows.Full = rows.Full
	return nil
}

func feeDrafted(words i18n.Printer, d *desk.FeeDrafted) *FeeDrafted {
	out := &FeeDrafted{Changes: d.Changes, Warnings: warningsIn(words, d.Warnings)}
	if d.Head.Number > 0 {
		head := feeEditionHead(words, &d.Head)
		out.Edition = &head
	}
	return out
}

func warningsIn(words i18n.Printer, faults []declarations.Fault) []Fault {
	if out := faultsIn(words, faults); out != nil {
		return out
	}
	return []Fault{}
}

// checkFees is POST /api/v1/fee-editions/{n}/check.
func (s *server) checkFees(w http.ResponseWriter, r *http.Request) error {
	return s.feeStep(w, r, nil, func(n int, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		head, err := s.Desk.CheckFees(r.Context(), n, by)
		return head, nil, err
	})
}

// publishFees is POST /api/v1/fee-editions/{n}/publication.
func (s *server) publishFees(w http.ResponseWriter, r *http.Request) error {
	var in FeePublishing
	return s.feeStep(w, r, &in, func(n int, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		return s.Desk.PublishFees(r.Context(), n, desk.FeePublication{FeeStep: by, Effective: in.Effective, Reason: in.Reason, Urgent: in.Urgent})
	})
}

// withdrawFees is POST /api/v1/fee-editions/{n}/withdrawal.
func (s *server) withdrawFees(w http.ResponseWriter, r *http.Request) error {
	var in FeeWithdrawing
	return s.feeStep(w, r, &in, func(n int, by desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error) {
		head, err := s.Desk.WithdrawFees(r.Context(), n, by, in.Why)
		return head, nil, err
	})
}

// feeStep reads what a step says, when it says anything, and does it.
func (s *server) feeStep(w http.ResponseWriter, r *http.Request, into any, do func(int, desk.FeeStep) (desk.FeeEditionHead, []declarations.Fault, error)) error {
	if _, err := query(r); err != nil {
		return err
	}
	n, err := editionNumber(r, "n")
	if err != nil {
		return err
	}
	if _, err := mediaType(r, typeJSON); err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	if into == nil {
		into = &struct{}{}
	}
	if len(body) > 0 {
		if faults := desk.ReadFee(body, into); faults != nil {
			return &desk.FaultsError{Faults: faults}
		}
	}
	p := callOf(r.Context()).principal
	head, warnings, err := do(n, desk.FeeStep{By: desk.FeePerson(p), Actor: p.PartnerID})
	if err != nil {
		return err
	}
	words := i18n.For(language(r))
	s.feeAnswer(w, r, http.StatusOK, &FeeEditionStep{feeEditionHead(words, &head), warningsIn(words, warnings)})
	return nil
}

func describeFeeEditions(s *server, op *huma.Operation) {
	op.Responses["200"] = s.described("Newest first", typeJSON, s.schema(reflect.TypeFor[FeeEditionList]()))
}

func editionParameter(name string) *huma.Param {
	return parameterOf("path", name, "Number of the edition", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0)})
}

func describeFeeDifference(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, editionParameter("n"), editionParameter("m"))
	op.Responses["200"] = s.described("Rows added, changed (cell by cell) and ended", typeJSON, s.schema(reflect.TypeFor[FeeDifference]()))
}

func describeDraftFees(s *server, op *huma.Operation) {
	op.Description += " A price list or a table of the catalogue as CSV or XLSX, kept as it came, or rows as JSON: set on top of the edition that was published last. 422 with every finding, and nothing kept, when one of them refuses."
	for _, name := range []string{"note", "urgent", "reason"} {
		op.Parameters = append(op.Parameters, parameterOf("query", name, "As the member of the same name in the JSON form", anyText))
	}
	op.Parameters = append(op.Parameters, parameterOf("query", "file", "Name of the file", anyText),
		parameterOf("query", "dry_run", "1 says what would become of it and keeps nothing", &huma.Schema{Type: huma.TypeString, Enum: []any{"0", "1"}}))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeDraftRows]())},
		typeCSV: {Schema: anyBytes}, typeXLSX: {Schema: anyBytes}}}
	op.Responses["201"] = s.described("Kept as a draft, for another person to check", typeJSON, s.schema(reflect.TypeFor[FeeDrafted]()))
	op.Responses["200"] = s.described("After a dry run", typeJSON, s.schema(reflect.TypeFor[FeeDrafted]()))
}

func describeFeeStep(into reflect.Type, what string) func(*server, *huma.Operation) {
	return func(s *server, op *huma.Operation) {
		op.Parameters = append(op.Parameters, editionParameter("n"))
		if into != nil {
			op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(into)}}}
		}
		op.Responses["200"] = s.described(what, typeJSON, s.schema(reflect.TypeFor[FeeEditionStep]()))
	}
}

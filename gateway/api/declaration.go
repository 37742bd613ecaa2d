package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/intake"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// Accepted is the answer to a submission, a draft or an edit.
type Accepted struct {
	ID        string  `json:"id"`
	Reference string  `json:"reference" doc:"The client reference"`
	Status    string  `json:"status" example:"queued"`
	Attempt   int     `json:"attempt" doc:"0 while nothing was sent"`
	Warnings  []Fault `json:"warnings" doc:"What customs may object to; it changes nothing"`
	Faults    []Fault `json:"faults,omitempty" doc:"What a draft still has wrong"`
}

// submit is POST /api/v1/declarations.
func (s *server) submit(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "draft")
	if err != nil {
		return err
	}
	draft, err := truth(q, "draft")
	if err != nil {
		return err
	}
	if t, err := mediaType(r, sheetTypes...); err == nil && t != "" {
		return s.submitMany(w, r, draft, t)
	}
	in, err := s.submission(r, draft)
	if err != nil {
		return err
	}
	if in.Format.IsMany() || in.Format == intake.JSON && intake.IsArray(in.Body) {
		return s.submitSeveral(w, r, in)
	}
	a, err := s.Desk.Submit(r.Context(), callOf(r.Context()).principal, in)
	if err != nil {
		return err
	}
	return s.accepted(w, r, a)
}

// send is POST /api/v1/declarations/{id}/submission.
func (s *server) send(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	in := desk.Submission{IdempotencyKey: key, Peer: r.RemoteAddr, Render: render(language(r)),
		RequestSHA: requestSHA(r.Method, r.URL.Path, false, "", nil)}
	a, err := s.Desk.Send(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), in)
	if err != nil {
		return err
	}
	return s.accepted(w, r, a)
}

// edit is PUT /api/v1/declarations/{id}.
func (s *server) edit(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	version, err := ifMatch(r)
	if err != nil {
		return err
	}
	in, err := s.submission(r, true)
	if err != nil {
		return err
	}
	a, err := s.Desk.Edit(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), version, in)
	if err != nil {
		return err
	}
	a.Existing = true // the declaration was there before: 200
	a.Answer = in.Render(a)
	return s.accepted(w, r, a)
}

// submission reads a request with a declaration in its body.
func (s *server) submission(r *http.Request, draft bool) (desk.Submission, error) {
	contentType, err := mediaType(r, typeJSON, typeXML, typeTextXML)
	if err != nil {
		return desk.Submission{}, err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return desk.Submission{}, err
	}
	body, err := s.body(r)
	if err != nil {
		return desk.Submission{}, err
	}
	in := desk.Submission{Body: body, Draft: draft, IdempotencyKey: key, Peer: r.RemoteAddr, Render: render(language(r))}
	in.Format, in.ContentType = format(contentType, body)
	if key != "" {
		in.RequestSHA = requestSHA(r.Method, r.URL.Path, draft, contentType, body)
	}
	return in, nil
}

// format is what the request says, or what the bytes look like when it says
// nothing. The empty format is for intake to refuse.
func format(contentType string, body []byte) (intake.Format, string) {
	switch contentType {
	case typeJSON:
		return intake.JSON, contentType
	case typeXML, typeTextXML:
		f, _ := intake.Detect(contentType, body)
		return f, contentType
	}
	f, ok := intake.Detect(contentType, body)
	switch {
	case !ok:
		return "", contentType
	case f == intake.JSON:
		return f, typeJSON
	case f == intake.CSV:
		return f, typeCSV
	case f == intake.XLSX:
		return f, typeXLSX
	case f == intake.ZIP:
		return f, typeZIP
	}
	return f, typeXML
}

// render writes the answer in a language; it is kept with an idempotency key.
func render(lang i18n.Lang) func(desk.Accepted) desk.Replayed {
	return func(a desk.Accepted) desk.Replayed {
		out := Accepted{ID: a.ID, Reference: a.Reference, Status: a.Status, Attempt: a.Attempt, Warnings: []Fault{}}
		for _, f := range faultsIn(i18n.For(lang), a.Faults) {
			if f.Severity == string(declarations.Warn) {
				out.Warnings = append(out.Warnings, f)
			} else {
				out.Faults = append(out.Faults, f)
			}
		}
		status := http.StatusCreated
		if a.Existing {
			status = http.StatusOK
		}
		return desk.Replayed{Status: status, ContentType: typeJSON, Body: marshal(&out)}
	}
}

// accepted writes what the desk accepted. A repeated answer is the first one
// byte for byte; where the declaration is, it tells itself.
func (s *server) accepted(w http.ResponseWriter, r *http.Request, a desk.Accepted) error {
	h := w.Header()
	if a.Repeated {
		var first struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(a.Answer.Body, &first); err != nil {
			return fmt.Errorf("read stored answer: %w", err)
		}
		a.ID = first.ID
		h.Set("Idempotency-Replayed", "true")
	} else {
		h.Set("ETag", etag(a.Version))
		h.Set("Content-Language", string(language(r)))
	}
	h.Set("Location", "/api/v1/declarations/"+a.ID)
	h.Set("Vary", "Accept-Language")
	s.write(w, r, a.Answer.Status, a.Answer.ContentType, a.Answer.Body)
	return nil
}

// The ETag of a declaration is its version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// ifMatch is the version that the caller read. An edit must name one: without
// it, or with *, it would write over what somebody else did.
func ifMatch(r *http.Request) (int64, error) {
	v := strings.TrimSpace(r.Header.Get("If-Match"))
	if v == "" || v == "*" {
		return 0, errPrecondition
	}
	n, err := strconv.ParseInt(strings.Trim(v, `"`), 10, 64)
	if err != nil || etag(n) != v {
		return 0, desk.ErrVersion // an ETag that was never ours matches nothing
	}
	return n, nil
}

// Summary is one declaration in a list.
type Summary struct {
	ID             string    `json:"id"`
	Reference      string    `json:"reference"`
	Status         string    `json:"status" example:"released"`
	StatusText     string    `json:"status_text" doc:"In the caller's language"`
	Attempt        int       `json:"attempt"`
	Version        int64     `json:"version"`
	SequenceNumber string    `json:"sequence_number,omitzero" doc:"Number of the platform (统一编号)"`
	EntryNumber    string    `json:"entry_number,omitzero" doc:"Number of customs (海关编号)"`
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// Record is one declaration, whole.
type Record struct {
	Summary
	Faults    []Fault               `json:"faults"`
	Clearance ClearanceBrief        `json:"clearance" doc:"The short form of …/clearance"`
	Deadlines []clearance.Countdown `json:"deadlines" doc:"What has to be done until a day: the full declaration of a two-step one, duties that customs asked for"`
	Document  document              `json:"declaration" doc:"The canonical document"`
}

// document is the canonical JSON as it is stored.
type document jsontext.Value

// MarshalJSONTo writes the stored bytes as the value that they are.
func (d document) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(jsontext.Value(d))
}

type listInput struct {
	Limit     int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Entries on a page"`
	Cursor    string `query:"cursor" maxLength:"64" doc:"What the page before gave as next"`
	Status    string `query:"status" maxLength:"40"`
	Reference string `query:"reference" maxLength:"64"`
}

// Localised are the headers of an answer that has words in it.
type Localised struct {
	Language string `header:"Content-Language"`
	Vary     string `header:"Vary"`
}

func inLanguage(lang i18n.Lang) Localised { return Localised{string(lang), "Accept-Language"} }

type listOutput struct {
	Localised
	Body DeclarationList
}

// DeclarationList is one page.
type DeclarationList struct {
	Items []Summary `json:"items"`
	Next  string    `json:"next,omitzero" doc:"Cursor of the next page; absent on the last"`
}

func (s *server) listDeclarations(ctx context.Context, in *listInput) (*listOutput, error) {
	if in.Status != "" && !slices.Contains(declarations.Statuses, declarations.Status(in.Status)) {
		return nil, parameter("query", "status") // a misspelt one must not look like an empty list
	}
	c := callOf(ctx)
	rows, next, err := s.Desk.Declarations(ctx, c.principal, store.Filter{Status: in.Status, Reference: in.Reference, Cursor: in.Cursor, Limit: in.Limit})
	if errors.Is(err, store.ErrInvalid) {
		return nil, parameter("query", "cursor")
	}
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &listOutput{Localised: inLanguage(words.Lang()), Body: DeclarationList{Items: make([]Summary, 0, len(rows)), Next: next}}
	for i := range rows {
		out.Body.Items = append(out.Body.Items, summary(&rows[i], words))
	}
	return out, nil
}

type idInput struct {
	ID string `path:"id" maxLength:"64"`
}

type declarationOutput struct {
	Localised
	ETag string `header:"ETag"`
	Body Record
}

func (s *server) getDeclaration(ctx context.Context, in *idInput) (*declarationOutput, error) {
	c := callOf(ctx)
	row, err := s.Desk.Declaration(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := desk.Faults(&row)
	if err != nil {
		return nil, err
	}
	overview, err := s.Desk.ClearanceOf(ctx, &row)
	if err != nil {
		return nil, err
	}
	deadlines, err := s.Desk.Countdowns(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	for i := range deadlines {
		deadlines[i].Say(words.Text)
	}
	faults := faultsIn(words, found)
	if faults == nil {
		faults = []Fault{}
	}
	return &declarationOutput{Localised: inLanguage(words.Lang()), ETag: etag(row.Version),
		Body: Record{Summary: summary(&row, words), Faults: faults, Clearance: brief(&overview), Deadlines: deadlines, Document: document(row.Document)}}, nil
}

func summary(row *store.Declaration, words i18n.Printer) Summary {
	return Summary{ID: row.ID, Reference: row.Reference, Status: row.Status, StatusText: words.Text("status."+row.Status, nil),
		Attempt: row.Attempt, Version: row.Version, SequenceNumber: row.SequenceNumber, EntryNumber: row.EntryNumber,
		CreatedAt: instant(row.CreatedAt), UpdatedAt: instant(row.UpdatedAt)}
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

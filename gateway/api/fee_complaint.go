package api

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/complaint"
)

// FeeEvidence is a file in a body.
type FeeEvidence struct {
	Name string `json:"name" doc:"For people; what the file is, is judged by its content"`
	Data []byte `json:"data" doc:"PDF, JPEG or PNG of at most 5 MiB, in Base64"`
}

// FeeComplaintOrder is a complaint about a port charge.
type FeeComplaintOrder struct {
	Kind      string        `json:"kind" enum:"overcharge,not_listed,no_display,forced_service,no_invoice,slow,other"`
	Text      string        `json:"text" minLength:"10" maxLength:"4000" doc:"What happened, in any language"`
	Body      string        `json:"body,omitzero" doc:"Who charged, in your words"`
	Amount    string        `json:"amount,omitzero" example:"33750.00" doc:"What was charged, CNY"`
	ChargedOn string        `json:"charged_on,omitzero" format:"date" doc:"Day of the bill"`
	Ship      string        `json:"ship,omitzero" doc:"Ship and voyage, box or bill of lading"`
	Row       string        `json:"row,omitzero" doc:"Row of the catalogue, or code of the charge, that it is about"`
	Edition   int           `json:"edition,omitzero" doc:"Edition that has the row; default: the one in force"`
	Quote     string        `json:"quote,omitzero" doc:"Number of a quote"`
	Line      int           `json:"line,omitzero" doc:"Line of the quote, from 1"`
	Bill      string        `json:"bill,omitzero" doc:"Number of a checked account"`
	BillLine  int           `json:"bill_line,omitzero"`
	Name      string        `json:"name,omitzero" doc:"Yours, if you like; kept sealed, never shown to the charging body"`
	Mail      string        `json:"mail,omitzero"`
	Phone     string        `json:"phone,omitzero"`
	Files     []FeeEvidence `json:"files,omitempty" maxItems:"5"`
}

// FeeComplaintMade is the answer to a complaint. It is the only time that the
// secret is shown.
type FeeComplaintMade struct {
	Number string     `json:"number" example:"FC2611-7K3QM2PX"`
	Secret string     `json:"secret" doc:"Opens the complaint; shown this once, kept as a hash"`
	Page   string     `json:"page" doc:"Path of the page where you follow the complaint"`
	State  string     `json:"state"`
	Due    *time.Time `json:"due,omitempty" doc:"Until when it is to be passed on"`
}

// FeeComplaintEvent is one act on a complaint.
type FeeComplaintEvent struct {
	At        time.Time `json:"at"`
	Act       string    `json:"act"`
	By        string    `json:"by" enum:"complainant,authority,collector"`
	Reason    string    `json:"reason,omitzero"`
	Text      string    `json:"text,omitzero"`
	Collector string    `json:"collector,omitzero"`
}

// FeeComplaintFile is a piece of evidence.
type FeeComplaintFile struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// FeeComplaintReasons are those of which an act needs one.
type FeeComplaintReasons struct {
	Act     string   `json:"act"`
	Reasons []string `json:"reasons"`
}

// FeeComplaint is a complaint as the caller may see it.
type FeeComplaint struct {
	Number    string                `json:"number"`
	Version   int64                 `json:"version" doc:"Send it with an act: when somebody acted since, the act is refused"`
	State     string                `json:"state" enum:"received,forwarded,answered,accepted,rejected,escalated,closed"`
	Turn      string                `json:"turn,omitzero" doc:"Side that has to act"`
	Due       *time.Time            `json:"due,omitempty" doc:"Until when; absent when nobody has to, or the calendar of working days is not published"`
	Late      bool                  `json:"late"`
	OwnChoice bool                  `json:"due_is_own_choice,omitzero" doc:"The time limit was set by nobody: it is the gateway's own choice"`
	Collector string                `json:"collector,omitzero"`
	Complaint complaint.Complaint   `json:"complaint"`
	Lang      string                `json:"lang"`
	Contact   *complaint.Contact    `json:"contact,omitempty" doc:"Only for the complainant and the authority"`
	Reason    string                `json:"reason,omitzero" doc:"Of the close"`
	Events    []FeeComplaintEvent   `json:"events"`
	Files     []FeeComplaintFile    `json:"files"`
	Allowed   []string              `json:"allowed" doc:"What the caller may do now"`
	Reasons   []FeeComplaintReasons `json:"reasons,omitempty" doc:"For acts that need one of them"`
}

func feeComplaint(v *desk.FeeComplaintView) FeeComplaint {
	out := FeeComplaint{Number: v.Row.Number, Version: v.Row.Version, State: string(v.Case.State), Turn: string(v.Case.Turn()), Late: v.Late, OwnChoice: v.Limit.Own,
		Collector: v.Case.Collector, Complaint: v.Complaint, Lang: v.Row.Lang, Reason: v.Case.Reason,
		Events: make([]FeeComplaintEvent, 0, len(v.Events)), Files: make([]FeeComplaintFile, 0, len(v.Files)), Allowed: make([]string, 0, len(v.Allowed))}
	if !v.Case.Due.IsZero() {
		due := v.Case.Due.UTC()
		out.Due = &due
	}
	if !v.Contact.Empty() {
		out.Contact = &v.Contact
	}
	for i := range v.Events {
		e := &v.Events[i]
		one := FeeComplaintEvent{At: e.At.UTC(), Act: string(e.Act), By: string(e.By), Reason: e.Reason, Text: e.Text}
		if e.Act == complaint.Forward {
			one.Collector = e.Collector
		}
		out.Events = append(out.Events, one)
	}
	for _, f := range v.Files {
		out.Files = append(out.Files, FeeComplaintFile{f.Number, f.Name, f.Kind, f.Size, f.SHA256})
	}
	for _, a := range v.Allowed {
		out.Allowed = append(out.Allowed, string(a))
		if r := v.Reasons[a]; len(r) > 0 {
			out.Reasons = append(out.Reasons, FeeComplaintReasons{string(a), r})
		}
	}
	return out
}

// readOne reads a body that is one JSON object.
func (s *server) readOne(r *http.Request, into any) (body []byte, err error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	if _, err := mediaType(r, typeJSON); err != nil {
		return nil, err
	}
	if body, err = s.body(r); err != nil {
		return nil, err
	}
	values, isList, fault := strictjson.Split(body)
	if fault == nil && isList {
		f := strictjson.Reject(declarations.CodeWrongType, "", "want", "object", "got", "array")
		fault = &f
	}
	if fault == nil {
		fault, _ = strictjson.Read(values[0], into)
	}
	if fault != nil {
		return nil, refuseFaults([]declarations.Fault{*fault})
	}
	return body, nil
}

// complain is POST /api/v1/fee-complaints.
func (s *server) complain(w http.ResponseWriter, r *http.Request) error {
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	var o FeeComplaintOrder
	body, err := s.readOne(r, &o)
	if err != nil {
		return err
	}
	in := &desk.NewFeeComplaint{Contact: complaint.Contact{Name: o.Name, Mail: o.Mail, Phone: o.Phone}, Files: evidence(o.Files), Lang: string(language(r)),
		Address: AddressOf(r, s.BehindProxy), IdempotencyKey: key, RequestSHA: requestSHA(r.Method, r.URL.Path, false, typeJSON, body), Render: renderComplaint(language(r))}
	in.Complaint = complaint.Complaint{Kind: o.Kind, Text: o.Text, Body: o.Body, Amount: o.Amount, ChargedOn: tariffs.Day(o.ChargedOn), Ship: o.Ship,
		Subject: complaint.Subject{Row: o.Row, Edition: o.Edition, Quote: o.Quote, Line: o.Line, Bill: o.Bill, BillLine: o.BillLine}}
	out, err := s.Desk.Complain(r.Context(), in)
	if err != nil {
		return err
	}
	var first FeeComplaintMade
	if err := json.Unmarshal(out.Answer.Body, &first); err != nil {
		return err
	}
	if out.Repeated {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	w.Header().Set("Location", "/api/v1/fee-complaints/"+first.Secret)
	s.write(w, r, out.Answer.Status, out.Answer.ContentType, out.Answer.Body)
	return nil
}

func evidence(list []FeeEvidence) []complaint.File {
	var out []complaint.File
	for i := range list {
		out = append(out, complaint.File{Name: list[i].Name, Data: list[i].Data})
	}
	return out
}

func renderComplaint(lang i18n.Lang) func(desk.FeeComplaintMade) desk.Replayed {
	return func(m desk.FeeComplaintMade) desk.Replayed {
		out := FeeComplaintMade{Number: m.Number, Secret: m.Secret, Page: "/" + string(lang) + "/fees/complaints/" + m.Secret, State: string(m.State)}
		if !m.Due.IsZero() {
			due := m.Due.UTC()
			out.Due = &due
		}
		return desk.Replayed{Status: http.StatusCreated, ContentType: typeJSON, Body: marshal(&out)}
	}
}

// readComplaint is GET /api/v1/fee-complaints/{secret}.
func (s *server) readComplaint(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	v, err := s.Desk.FeeComplaintBySecret(r.Context(), r.PathValue("secret"))
	return s.complaintAnswer(w, r, &v, err)
}

func (s *server) complaintAnswer(w http.ResponseWriter, r *http.Request, v *desk.FeeComplaintView, err error) error {
	if err != nil {
		return err
	}
	out := feeComplaint(v)
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// FeeComplaintAct is what a side does to a complaint.
type FeeComplaintAct struct {
	Act       string        `json:"act" enum:"forward,answer,accept,reject,escalate,withdraw,close,add"`
	Version   int64         `json:"version,omitzero" doc:"Of the complaint that you looked at"`
	Reason    string        `json:"reason,omitzero"`
	Text      string        `json:"text,omitzero" maxLength:"4000"`
	Collector string        `json:"collector,omitzero" doc:"Of a forward: the charging body that has to answer"`
	Files     []FeeEvidence `json:"files,omitempty" maxItems:"5"`
}

func (s *server) readAct(r *http.Request) (*desk.FeeComplaintAct, error) {
	var o FeeComplaintAct
	if _, err := s.readOne(r, &o); err != nil {
		return nil, err
	}
	if f := complaint.CheckAct(o.Act); f != nil {
		return nil, refuseFaults([]declarations.Fault{{Code: f[0].Code, Severity: declarations.Reject, Path: f[0].Path, Args: f[0].Args}})
	}
	return &desk.FeeComplaintAct{Act: complaint.Act(o.Act), Version: o.Version, Reason: o.Reason, Text: o.Text, Collector: o.Collector,
		Files: evidence(o.Files), Address: AddressOf(r, s.BehindProxy)}, nil
}

// actOnComplaint is POST /api/v1/fee-complaints/{secret}/acts.
func (s *server) actOnComplaint(w http.ResponseWriter, r *http.Request) error {
	in, err := s.readAct(r)
	if err != nil {
		return err
	}
	v, err := s.Desk.ActOnFeeComplaint(r.Context(), r.PathValue("secret"), in)
	return s.complaintAnswer(w, r, &v, err)
}

// complaintFile is GET /api/v1/fee-complaints/{secret}/files/{n}.
func (s *server) complaintFile(w http.ResponseWriter, r *http.Request) error {
	return s.evidenceFile(w, r, func(n int) (store.FeeComplaintFile, error) {
		return s.Desk.FeeComplaintFileBySecret(r.Context(), r.PathValue("secret"), n)
	})
}

// evidenceFile writes the bytes of a file to be saved, never to be shown: it
// was made by a stranger.
func (s *server) evidenceFile(w http.ResponseWriter, r *http.Request, read func(int) (store.FeeComplaintFile, error)) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return errNoRoute
	}
	f, err := read(n)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", complaint.Disposition(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	s.write(w, r, http.StatusOK, f.Kind, f.Body)
	return nil
}

func describeComplain(s *server, op *huma.Operation) {
	op.Description += " Nobody has to sign in, and contact data is optional: it is kept sealed. The secret of the answer is the only way to follow the complaint; it is not shown again."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeComplaintOrder]())}}}
	op.Responses["201"] = s.described("Durable; the complaint has its number", typeJSON, s.schema(reflect.TypeFor[FeeComplaintMade]()))
}

func describeReadComplaint(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "secret", "The secret of the answer", anyText))
	op.Responses["200"] = s.described("The complaint", typeJSON, s.schema(reflect.TypeFor[FeeComplaint]()))
}

func describeActOnComplaint(s *server, op *huma.Operation) {
	describeReadComplaint(s, op)
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{typeJSON: {Schema: s.schema(reflect.TypeFor[FeeComplaintAct]())}}}
}

func describeComplaintFile(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "secret", "The secret of the answer", anyText), parameterOf("path", "n", "Number of the file", anyText))
	op.Responses["200"] = s.described("The file as it came", complaint.PDF, anyBytes)
	op.Responses["200"].Content[complaint.JPEG], op.Responses["200"].Content[complaint.PNG] = &huma.MediaType{Schema: anyBytes}, &huma.MediaType{Schema: anyBytes}
}

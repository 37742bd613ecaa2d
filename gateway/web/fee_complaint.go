package web

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/complaint"
)

// feeComplaintRoutes are the pages of complaints: the form, the complainant's
// own page, the figures, and the inbox of the authority and charging bodies.
func (s *server) feeComplaintRoutes() {
	s.page("GET /{lang}/fees/complaint", "", s.complaintForm)
	s.filePage("POST /{lang}/fees/complaint", "", s.complain)
	s.madePage("GET /{lang}/fees/complaints/figures", &moving, s.complaintFigures, nil)
	s.page("GET /{lang}/fees/complaints/{secret}", "", s.showComplaint)
	s.filePage("POST /{lang}/fees/complaints/{secret}", "", s.actOnComplaint)
	s.page("GET /{lang}/fees/complaints/{secret}/files/{n}", "", s.complaintFile)
	s.page("GET /{lang}/inbox/complaints", auth.ReadFeeComplaints, s.listComplaints)
	s.page("GET /{lang}/inbox/complaints/{number}", auth.ReadFeeComplaints, s.readComplaint)
	s.filePage("POST /{lang}/inbox/complaints/{number}", auth.HandleFeeComplaints, s.handleComplaint)
	s.page("GET /{lang}/inbox/complaints/{number}/files/{n}", auth.ReadFeeComplaints, s.inboxFile)
}

// complaintPage is what the form shows.
type complaintPage struct {
	Title    string // of what is wrong
	Faults   []Fault
	Ref      string // a form sent twice is one complaint
	About    *complaintAbout
	Hidden   [][2]string
	Fields   []formField
	Contact  []formField
	Channels []feeChannel
	Limits   []limitRow
}

// complaintAbout is what a link to the form refers to.
type complaintAbout struct {
	Code, Name, Orig, Collector string
	Row, Quote, Bill            string
	Edition, Line, BillLine     int
	Quoted                      string // amount of the quote's line
	AtMost                      bool
	Billed                      *tariffs.AccountLine
	BilledName                  string // of the line, as it stands on the account
	BilledLang                  i18n.Lang
	QuoteAddress, RowAddress    string
}

// limitRow is one time limit in words.
type limitRow struct {
	Key  string // *forward …, or a charging body
	Days int
	Unit string
	Own  bool
}

// subjectNames are the parameters that say what a complaint is about.
var subjectNames = []string{"row", "edition", "quote", "line", "bill", "bill_line"}

// numberOf reads a number of a form; nothing and nonsense are 0.
func numberOf(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

func subjectOf(q url.Values) complaint.Subject {
	return complaint.Subject{Row: q.Get("row"), Edition: numberOf(q.Get("edition")), Quote: q.Get("quote"), Line: numberOf(q.Get("line")),
		Bill: q.Get("bill"), BillLine: numberOf(q.Get("bill_line"))}
}

// complaintForm is GET /{lang}/fees/complaint.
func (s *server) complaintForm(w http.ResponseWriter, v *visit) error {
	return s.complaintAgain(w, v, http.StatusOK, v.URL.Query(), nil)
}

// complaintAgain shows the form, with what was entered and what is wrong.
func (s *server) complaintAgain(w http.ResponseWriter, v *visit, status int, was url.Values, problem *Problem) error {
	b, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := complaintPage{Channels: b.channels()}
	if p.Ref = was.Get("ref"); p.Ref == "" {
		if p.Ref, err = s.reference(); err != nil {
			return err
		}
	}
	begun, collector, err := s.Desk.BeginFeeComplaint(v.Context(), subjectOf(was))
	if err != nil {
		return err
	}
	p.about(&b, &begun.Subject, collector)
	if problem == nil {
		was = prefilled(was, &begun)
	}
	for _, name := range subjectNames {
		if value := was.Get(name); value != "" && p.About != nil {
			p.Hidden = append(p.Hidden, [2]string{name, value})
		}
	}
	var faults []Fault
	if problem != nil {
		p.Title = problem.Title
		faults = problem.Faults
		if len(faults) == 0 {
			faults = []Fault{{Message: problem.Detail}}
		}
	}
	p.fields(v, was, faults)
	p.Faults = anchors(faults, "kind", "body", "ship", "amount", "charged_on", "text", "files", "name", "mail", "phone")
	limits, err := s.Desk.FeeLimits(v.Context())
	if err != nil {
		return err
	}
	p.Limits = limitRows(limits, collector)
	title := v.words.Text("page.complaint.title", nil)
	if problem != nil {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderTitle(w, v, status, "fee-complaint-form", title, p)
}

// prefilled is the form with what its subject says, where nothing stands yet.
func prefilled(was url.Values, c *complaint.Complaint) url.Values {
	out := maps.Clone(was)
	for name, value := range map[string]string{"kind": c.Kind, "amount": c.Amount, "ship": c.Ship} {
		if value != "" && !out.Has(name) {
			out.Set(name, value)
		}
	}
	return out
}

func (p *complaintPage) about(b *feeBase, s *complaint.Subject, collector string) {
	if *s == (complaint.Subject{}) {
		return
	}
	a := &complaintAbout{Code: s.Item, Row: s.Row, Quote: s.Quote, Bill: s.Bill, Edition: s.Edition, Line: s.Line, BillLine: s.BillLine, AtMost: s.AtMost}
	if s.Item != "" {
		a.Name, a.Orig, a.Collector = b.name(s.Item), b.original(s.Item), b.words.Party(collector)
		a.RowAddress = "/fees/" + url.PathEscape(s.Item)
	}
	if l := s.Billed; l != nil {
		a.Billed, a.BilledName, a.BilledLang = l, l.TextZH, i18n.ZhHans
		if l.TextZH == "" {
			a.BilledName, a.BilledLang = cmp.Or(l.TextEN, l.Code), i18n.En
		}
	}
	if s.Quoted != nil {
		a.Quoted = b.words.Money(*s.Quoted)
	}
	if s.Quote != "" {
		a.QuoteAddress = "/fees/quotes/" + url.PathEscape(s.Quote)
	}
	p.About = a
}

func (p *complaintPage) fields(v *visit, was url.Values, faults []Fault) {
	kinds := make([]feeChoice, 0, 1+len(complaint.Kinds))
	kinds = append(kinds, feeChoice{Text: v.words.Text("page.choose", nil)})
	for _, k := range complaint.Kinds {
		kinds = append(kinds, feeChoice{Value: k, Text: v.words.Text("complaint_kind."+k, nil), Here: k == was.Get("kind")})
	}
	field := func(name, kind string, hint, optional bool, auto string) formField {
		return formField{Name: name, Type: kind, Value: was.Get(name), Why: whyOf(faults, name), Hint: hint, Optional: optional, Auto: auto}
	}
	first := field("kind", "select", false, false, "")
	first.Options = kinds
	p.Fields = []formField{first, field("text", "area", true, false, ""), field("body", "text", true, true, ""), field("ship", "text", false, true, ""),
		field("amount", "number", true, true, ""), field("charged_on", "date", false, true, ""), field("files", "files", true, true, "")}
	p.Contact = []formField{field("name", "text", false, true, "name"), field("mail", "email", false, true, "email"), field("phone", "tel", false, true, "tel")}
}

func limitRows(l complaint.Limits, collector string) []limitRow {
	var out []limitRow
	for _, key := range []string{complaint.LimitForward, complaint.LimitAnswer, complaint.LimitReact, complaint.LimitSettle} {
		limit := l.For(key)
		if key == complaint.LimitAnswer && collector != "" {
			limit = l.For(collector)
		}
		out = append(out, limitRow{key[1:], limit.Days, limit.Unit, limit.Own})
	}
	return out
}

// keptAnswer is what the page keeps of a complaint under the form's reference.
type keptAnswer struct {
	Secret string `json:"secret"`
}

// complain is POST /{lang}/fees/complaint.
func (s *server) complain(w http.ResponseWriter, v *visit, p *posted) error {
	in := &desk.NewFeeComplaint{Files: p.files, Lang: string(v.lang), Address: s.address(v.Request),
		Contact: complaint.Contact{Name: p.get("name"), Mail: p.get("mail"), Phone: p.get("phone")},
		Complaint: complaint.Complaint{Kind: p.get("kind"), Text: p.get("text"), Body: p.get("body"), Amount: p.get("amount"),
			ChargedOn: tariffs.Day(p.get("charged_on")), Ship: p.get("ship"), Subject: subjectOf(p.Values)},
		Render: func(m desk.FeeComplaintMade) desk.Replayed {
			body, err := json.Marshal(keptAnswer{m.Secret})
			if err != nil {
				return desk.Replayed{}
			}
			return desk.Replayed{Status: http.StatusSeeOther, ContentType: "application/json", Body: body}
		}}
	if ref := p.get("ref"); ref != "" && len(ref) <= maxRef {
		in.IdempotencyKey, in.RequestSHA = ref, "page" // the page's own reference: whatever is sent under it again is the same complaint
	}
	m, err := s.Desk.Complain(v.Context(), in)
	if again, problem, status := s.wrongForm(v, err); again {
		return s.complaintAgain(w, v, status, p.Values, problem)
	}
	if err != nil {
		return err
	}
	var kept keptAnswer
	if err := json.Unmarshal(m.Answer.Body, &kept); err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/complaints/"+kept.Secret)+"?done=submit", http.StatusSeeOther)
	return nil
}

// maxRef bounds the reference of a form.
const maxRef = 64

// wrongForm tells what is shown beside the fields from what is an error page.
func (s *server) wrongForm(v *visit, err error) (again bool, p *Problem, status int) {
	var faults *desk.FaultsError
	var state *desk.FeeComplaintStateError
	var often *desk.TooOftenError
	switch {
	case errors.As(err, &faults):
		status = http.StatusUnprocessableEntity
	case errors.As(err, &state):
		status = http.StatusConflict
	case errors.As(err, &often):
		status = http.StatusTooManyRequests
	default:
		return false, nil, 0
	}
	problem := s.explain(v, err)
	return true, &problem, status
}

// complaintFile is GET /{lang}/fees/complaints/{secret}/files/{n}.
func (s *server) complaintFile(w http.ResponseWriter, v *visit) error {
	private(w)
	f, err := s.Desk.FeeComplaintFileBySecret(v.Context(), v.PathValue("secret"), numberOf(v.PathValue("n")))
	return s.evidence(w, v, &f, err)
}

// inboxFile is the same for the authority and the charging body.
func (s *server) inboxFile(w http.ResponseWriter, v *visit) error {
	f, err := s.Desk.FeeComplaintFile(v.Context(), v.caller.Principal, v.PathValue("number"), numberOf(v.PathValue("n")))
	return s.evidence(w, v, &f, err)
}

// evidence is saved and never shown: a stranger made it.
func (s *server) evidence(w http.ResponseWriter, v *visit, f *store.FeeComplaintFile, err error) error {
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.Kind)
	h.Set("Content-Disposition", complaint.Disposition(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.Itoa(len(f.Body)))
	if v.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(f.Body); err != nil {
		s.Logger.DebugContext(v.Context(), "reader went away", "error", err)
	}
	return nil
}

// channels are the lines where a complaint may go as well.
func (b *feeBase) channels() []feeChannel {
	p := feePage{feeBase: *b}
	p.channels()
	return p.Channels
}

// leftUntil is the time that is left, or has passed, in whole days and hours.
type leftUntil struct {
	Day         string // last day, at the port
	Late        bool
	Days, Hours int
}

func leftOf(due, now time.Time) *leftUntil {
	if due.IsZero() {
		return nil
	}
	left := due.Sub(now)
	out := &leftUntil{Day: due.Add(-time.Minute).In(port).Format(time.DateOnly), Late: left < 0}
	left = left.Abs()
	out.Days, out.Hours = int(left/(24*time.Hour)), int(left%(24*time.Hour)/time.Hour)
	return out
}

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/desk"
)

// formTime is what <input type=datetime-local> sends, at the port's clock.
const formTime = "2006-01-02T15:04"

// fields are the inputs of the forms, as they are named there and in events.
var fields = []string{"do", "kind", "box", "occurred_at", "earliest_possible", "text", "time", "result", "person", "new_seals", "ref", "reason"}

// eventOf reads a form into an event. Faults carry the name of their input.
func eventOf(form url.Values, now time.Time) (inspection.Event, []declarations.Fault) {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	e := inspection.Event{Kind: inspection.Kind(get("kind")), Box: get("box"), Reason: inspection.Reason(get("reason")), Text: get("text"),
		Person: get("person"), Result: inspection.Result(get("result")), Reference: get("ref"), OccurredAt: now}
	switch get("do") { // the two buttons of an answer
	case "accept":
		e.Kind, e.Reason = inspection.Accepted, ""
	case "reject":
		e.Kind = inspection.Rejected
	}
	if e.Kind != inspection.Rejected && e.Kind != inspection.ExceptionFound {
		e.Reason = ""
	}
	if e.Kind != inspection.Finished {
		e.Result = ""
	}
	for _, seal := range strings.FieldsFunc(get("new_seals"), func(r rune) bool { return r == ',' || r == ' ' || r == '，' || r == '、' }) {
		e.NewSeals = append(e.NewSeals, seal)
	}
	var faults []declarations.Fault
	for _, t := range []struct {
		name string
		to   *time.Time
		used bool
	}{
		{"occurred_at", &e.OccurredAt, true}, {"earliest_possible", &e.Earliest, e.Kind == inspection.Rejected},
		{"time", &e.Time, e.Kind == inspection.Appointed || e.Kind == inspection.Postponed},
	} {
		v := get(t.name)
		if v == "" || !t.used {
			continue
		}
		at, err := time.ParseInLocation(formTime, v, port)
		if err != nil {
			faults = append(faults, declarations.Fault{Code: inspection.CodeValue, Severity: declarations.Reject, Path: t.name,
				Args: map[string]string{"name": t.name, "value": v, "reason": "fact_time"}})
			continue
		}
		*t.to = at
	}
	return e, append(faults, inspection.CheckEvent(&e)...)
}

// reportNotice is POST /{lang}/notices/{number}: one report of whoever is signed in.
func (s *server) reportNotice(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	e, faults := eventOf(v.PostForm, s.Clock())
	if len(faults) > 0 {
		return s.noticeAgain(w, v, http.StatusUnprocessableEntity, &desk.FaultsError{Faults: faults})
	}
	body, err := json.Marshal(&e)
	if err != nil {
		return errForm
	}
	outcomes, err := s.Desk.ReportNotice(v.Context(), v.caller.Principal, v.PathValue("number"), desk.NoticeReport{Body: body})
	var wrong *desk.FaultsError
	var used *desk.NoticeEventConflictError
	switch {
	case errors.As(err, &wrong):
		return s.noticeAgain(w, v, http.StatusUnprocessableEntity, err)
	case errors.As(err, &used): // the page was kept and sent again with other content
		return s.noticeAgain(w, v, http.StatusConflict, err)
	case err != nil:
		return err
	}
	last := outcomes[len(outcomes)-1]
	if last.Refusal != nil {
		return s.noticeAgain(w, v, http.StatusConflict, conflictOf(v.PathValue("number"), &last))
	}
	to := v.to("/notices/"+url.PathEscape(v.PathValue("number"))) + "?done=" + url.QueryEscape(string(last.Kind))
	if last.Duplicate {
		to += "&again=1"
	}
	http.Redirect(w, v.Request, to, http.StatusSeeOther)
	return nil
}

func conflictOf(number string, o *desk.NoticeOutcome) error {
	return &desk.NoticeConflictError{Number: number, State: string(o.Refusal.State), Allowed: o.Refusal.Allowed, Why: o.Refusal.Why}
}

// noticeAgain shows the page with what is wrong and what was entered.
func (s *server) noticeAgain(w http.ResponseWriter, v *visit, status int, err error) error {
	p := s.explain(v, err)
	return s.notice(w, v, status, func(page *noticePage) { page.Forms.say(v, &p) })
}

// say puts a problem and what was entered into the forms.
func (f *forms) say(v *visit, p *Problem) {
	f.Title, f.Faults = p.Title, p.Faults
	if len(f.Faults) == 0 {
		f.Faults = []Fault{{Message: p.Detail}}
	}
	for i := range f.Faults {
		if !slices.Contains(fields, f.Faults[i].Path) {
			f.Faults[i].Path = ""
		}
	}
	for _, name := range fields {
		if name != "ref" {
			f.Was[name] = v.PostForm.Get(name)
		}
	}
}

// showLink is GET /{lang}/answers/{token}: it shows, and changes nothing.
func (s *server) showLink(w http.ResponseWriter, v *visit) error {
	return s.link(w, v, http.StatusOK, nil)
}

func (s *server) link(w http.ResponseWriter, v *visit, status int, wrong *Problem) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is the right to answer
	w.Header().Set("X-Robots-Tag", "noindex")
	view, err := s.Desk.NoticeByLink(v.Context(), v.PathValue("token"))
	if errors.Is(err, desk.ErrLinkUsed) {
		return errUsed
	}
	if err != nil {
		return err
	}
	p := pageOf(&view, s.Clock())
	p.Link, p.Timeline = true, nil
	p.Forms = forms{Answer: true, Reasons: inspection.Reasons(), Was: map[string]string{}}
	title := v.words.Text("page.link.title", map[string]string{"number": p.N.Number})
	if wrong != nil {
		p.Forms.say(v, wrong)
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderTitle(w, v, status, "answer", title, p)
}

// linkDone is what the page says after the answer.
type linkDone struct {
	Number string
	Kind   inspection.Kind
	State  inspection.State
}

// answerLink is POST /{lang}/answers/{token}: it answers once.
func (s *server) answerLink(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	e, faults := eventOf(v.PostForm, s.Clock())
	if len(faults) > 0 {
		p := s.explain(v, &desk.FaultsError{Faults: faults})
		return s.link(w, v, http.StatusUnprocessableEntity, &p)
	}
	number := ""
	if view, err := s.Desk.NoticeByLink(v.Context(), v.PathValue("token")); err == nil {
		number = view.Row.Number
	}
	e.Reference = "" // the link is the reference
	out, err := s.Desk.AnswerByLink(v.Context(), v.PathValue("token"), e)
	var wrong *desk.FaultsError
	switch {
	case errors.Is(err, desk.ErrLinkUsed):
		return errUsed
	case errors.As(err, &wrong):
		p := s.explain(v, err)
		return s.link(w, v, http.StatusUnprocessableEntity, &p)
	case err != nil:
		return err
	case out.Refusal != nil:
		p := s.explain(v, conflictOf(number, &out))
		return s.link(w, v, http.StatusConflict, &p)
	}
	return s.render(w, v, http.StatusOK, "answered", "page.link.done_title", linkDone{Number: number, Kind: out.Kind, State: out.State})
}

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// complaintView is what the page of one complaint shows.
type complaintView struct {
	*desk.FeeComplaintView
	Address  string // of the page, without the language: forms and files
	Mark     mark
	Stations []station
	About    *complaintAbout
	Body     string // charging body in words
	Left     *leftUntil
	Turn     string // key of the words for whose turn it is
	Timeline []complaintEntry
	Files    []store.FeeComplaintFile
	Form     complaintForms
	Done     string // act that was just done
	Inbox    bool   // seen by the authority or a charging body
	Kept     string // the address to keep, whole
	Channels []feeChannel
	Named    bool // the charging body is named with the charge
	Version  int64
}

// station is one state of the picture.
type station struct {
	State string
	Icon  string
	Past  bool
	Here  bool
	At    time.Time
}

// complaintEntry is one act, the newest first.
type complaintEntry struct {
	complaint.Event
	Mark  string
	Body  string
	Files []store.FeeComplaintFile
	Mine  bool
}

// complaintForms are what the reader can do now.
type complaintForms struct {
	Title   string
	Faults  []Fault
	Acts    []complaint.Act
	Bodies  []feeChoice
	Reasons []reasonChoice
	Text    formField
	Files   *formField
	Why     map[string]string
}

type reasonChoice struct {
	Act     complaint.Act
	Options []feeChoice
}

// showComplaint is GET /{lang}/fees/complaints/{secret}.
func (s *server) showComplaint(w http.ResponseWriter, v *visit) error {
	view, err := s.Desk.FeeComplaintBySecret(v.Context(), v.PathValue("secret"))
	return s.ownComplaint(w, v, http.StatusOK, &view, err, nil)
}

func (s *server) ownComplaint(w http.ResponseWriter, v *visit, status int, view *desk.FeeComplaintView, err error, wrong *Problem) error {
	private(w)
	if err != nil {
		return err
	}
	return s.complaint(w, v, status, view, "/fees/complaints/"+v.PathValue("secret"), wrong)
}

// readComplaint is GET /{lang}/inbox/complaints/{number}.
func (s *server) readComplaint(w http.ResponseWriter, v *visit) error {
	view, err := s.Desk.FeeComplaint(v.Context(), v.caller.Principal, v.PathValue("number"))
	if err != nil {
		return err
	}
	return s.complaint(w, v, http.StatusOK, &view, "/inbox/complaints/"+url.PathEscape(view.Row.Number), nil)
}

// actOf reads the form of an act.
func (s *server) actOf(v *visit, p *posted) *desk.FeeComplaintAct {
	version, err := strconv.ParseInt(p.get("version"), 10, 64)
	if err != nil || version < 1 {
		version = -1 // a form of ours has one: what it is missing in is no newest
	}
	act := complaint.Act(p.get("act"))
	return &desk.FeeComplaintAct{Act: act, Reason: p.get("reason_" + string(act)), Text: p.get("text"), Collector: p.get("collector"), Files: p.files,
		Version: version, Address: s.address(v.Request)}
}

// actOnComplaint is POST /{lang}/fees/complaints/{secret}.
func (s *server) actOnComplaint(w http.ResponseWriter, v *visit, p *posted) error {
	in := s.actOf(v, p)
	private(w)
	_, err := s.Desk.ActOnFeeComplaint(v.Context(), v.PathValue("secret"), in)
	if again, problem, status := s.wrongForm(v, err); again {
		view, err := s.Desk.FeeComplaintBySecret(v.Context(), v.PathValue("secret"))
		return s.ownComplaint(w, v, status, &view, err, problem)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/complaints/"+url.PathEscape(v.PathValue("secret")))+"?done="+url.QueryEscape(string(in.Act)), http.StatusSeeOther)
	return nil
}

// handleComplaint is POST /{lang}/inbox/complaints/{number}.
func (s *server) handleComplaint(w http.ResponseWriter, v *visit, p *posted) error {
	in := s.actOf(v, p)
	number := v.PathValue("number")
	_, err := s.Desk.HandleFeeComplaint(v.Context(), v.caller.Principal, number, in)
	if again, problem, status := s.wrongForm(v, err); again {
		view, err := s.Desk.FeeComplaint(v.Context(), v.caller.Principal, number)
		if err != nil {
			return err
		}
		return s.complaint(w, v, status, &view, "/inbox/complaints/"+url.PathEscape(view.Row.Number), problem)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/inbox/complaints/"+url.PathEscape(number))+"?done="+url.QueryEscape(string(in.Act)), http.StatusSeeOther)
	return nil
}

// complaint renders the page of a complaint for one side.
func (s *server) complaint(w http.ResponseWriter, v *visit, status int, view *desk.FeeComplaintView, address string, wrong *Problem) error {
	b, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := complaintView{FeeComplaintView: view, Address: address, Inbox: view.Side != complaint.Complainant, Left: leftOf(view.Case.Due, s.Clock()),
		Mark: complaintMark(view.Case.State, view.Late), Files: view.Files, Version: view.Row.Version}
	if view.Case.Collector != "" {
		p.Body = b.words.Party(view.Case.Collector)
	}
	about := complaintPage{}
	about.about(&b, &view.Complaint.Subject, view.Case.Collector)
	p.About = about.About
	p.Named = p.About != nil && p.About.Name != ""
	p.stations()
	p.timeline(&b)
	if done := v.URL.Query().Get("done"); done == string(complaint.Submit) || slices.Contains(complaint.Acts, complaint.Act(done)) {
		p.Done = done
	}
	if !p.Inbox {
		p.Channels = b.channels()
	}
	if err := s.complaintForms(v, &p, &b, wrong); err != nil {
		return err
	}
	title := v.words.Text("page.complaint.one", map[string]string{"number": view.Row.Number})
	if wrong != nil {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderTitle(w, v, status, "fee-complaint", title, p)
}

// complaintMark is how a state is shown: word, shape, then colour.
func complaintMark(st complaint.State, late bool) mark {
	if late && st != complaint.Closed {
		return mark{"bad", "oct"}
	}
	switch st {
	case complaint.Received:
		return mark{"warn", "clock"}
	case complaint.Forwarded, complaint.Escalated:
		return mark{"run", "half"}
	case complaint.Answered, complaint.Accepted:
		return mark{"ok", "ok"}
	case complaint.Rejected:
		return mark{"bad", "oct"}
	}
	return mark{"idle", "square"}
}

// stations draws the way: the four steps that every complaint takes, with what
// the complainant said in the place of the third.
func (p *complaintView) stations() {
	c := &p.Case
	spoken, spokenAt := complaint.Accepted, time.Time{}
	for i := range p.Events {
		switch p.Events[i].Act {
		case complaint.Accept, complaint.Reject, complaint.Escalate:
			spokenAt = p.Events[i].At
		}
	}
	switch {
	case c.State == complaint.Escalated || c.State == complaint.Closed && c.Escalated:
		spoken = complaint.Escalated
	case c.Verdict == complaint.Rejected:
		spoken = complaint.Rejected
	}
	list := []station{{State: "received", At: c.ReceivedAt}, {State: "forwarded", At: c.ForwardedAt}, {State: "answered", At: c.AnsweredAt},
		{State: string(spoken), At: spokenAt}, {State: "closed", At: c.ClosedAt}}
	for i := range list {
		st := &list[i]
		st.Here = st.State == string(c.State)
		st.Past = !st.At.IsZero() && !st.Here
		st.Icon = "ring"
		switch {
		case st.Here && c.State == complaint.Closed:
			st.Icon = "square"
		case st.Here:
			st.Icon = "half"
		case st.Past:
			st.Icon = "ok"
		}
	}
	p.Stations = list
}

func (p *complaintView) timeline(b *feeBase) {
	for i := range p.Events {
		e := complaintEntry{Event: p.Events[i], Mark: "ok", Mine: p.Events[i].By == p.Side}
		switch e.Act {
		case complaint.Reject, complaint.Withdraw:
			e.Mark = "oct"
		case complaint.Escalate, complaint.Forward:
			e.Mark = "half"
		case complaint.Close:
			e.Mark = "square"
		}
		if e.Act == complaint.Forward {
			e.Body = b.words.Party(e.Collector)
		}
		for _, f := range p.FeeComplaintView.Files {
			if f.Event == i+1 {
				e.Files = append(e.Files, f)
			}
		}
		p.Timeline = append(p.Timeline, e)
	}
	slices.Reverse(p.Timeline)
}

// complaintForms offers what would count now, to whoever reads.
func (s *server) complaintForms(v *visit, p *complaintView, b *feeBase, wrong *Problem) error {
	f := &p.Form
	f.Acts = p.Allowed
	var faults []Fault
	was := func(string) string { return "" }
	if wrong != nil {
		f.Title, faults = wrong.Title, wrong.Faults
		if len(faults) == 0 {
			faults = []Fault{{Message: wrong.Detail}}
		}
		was = v.PostForm.Get
	}
	if slices.Contains(f.Acts, complaint.Forward) {
		bodies, err := s.Desk.FeeBodies(v.Context())
		if err != nil {
			return err
		}
		chosen := was("collector")
		if chosen == "" {
			chosen = p.Case.Collector
		}
		for _, body := range bodies {
			f.Bodies = append(f.Bodies, feeChoice{Value: body, Text: upper(b.words.Party(body)), Here: body == chosen})
		}
	}
	for _, a := range f.Acts {
		var options []feeChoice
		for _, r := range p.Reasons[a] {
			options = append(options, feeChoice{Value: r, Text: v.words.Text("complaint_reason."+r, nil), Here: r == was("reason_"+string(a))})
		}
		if len(options) > 0 {
			f.Reasons = append(f.Reasons, reasonChoice{a, options})
		}
	}
	f.Text = formField{Name: "text", Type: "area", Label: "page.complaint.words", Value: was("text"), Why: whyOf(faults, "text")}
	if len(p.FeeComplaintView.Files) < complaint.MostFiles {
		f.Files = &formField{Name: "files", Type: "files", Hint: true, Optional: true, Why: whyOf(faults, "files")}
	}
	for i := range faults { // a reason stands at the act that needs it
		if faults[i].Path == "reason" {
			faults[i].Path = "reason_" + was("act")
		}
	}
	f.Why = map[string]string{}
	for _, name := range []string{"collector", "reason_reject", "reason_close"} {
		f.Why[name] = whyOf(faults, name)
	}
	f.Faults = anchors(faults, "text", "files", "collector", "reason_reject", "reason_close")
	return nil
}

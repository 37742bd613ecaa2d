package web

import (
	"net/http"
	"strconv"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/tariffs/complaint"
)

// complaintList is the inbox.
type complaintList struct {
	Tabs   []complaintTab
	Bodies []feeChoice // to narrow the list; none for a charging body
	Late   bool
	State  string
	Cards  []complaintCard
	Total  int
	Here   string // key of the tab
}

type complaintTab struct {
	Name, Query string
	Count       int
	Here        bool
	Counted     bool
}

// complaintCard is one complaint in the inbox.
type complaintCard struct {
	store.FeeComplaint
	Mark      mark
	Name      string // of the charge
	Body      string
	Left      *leftUntil
	Received  time.Time
	IsLate    bool
	NamesTurn string
}

// listComplaints is GET /{lang}/inbox/complaints.
func (s *server) listComplaints(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	b, err := s.feeBase(v)
	if err != nil {
		return err
	}
	state := complaint.State(q.Get("state"))
	if !complaint.IsState(state) {
		state = ""
	}
	late, collector := q.Get("late") == "1", q.Get("collector")
	in, err := s.Desk.FeeComplaints(v.Context(), v.caller.Principal, desk.FeeComplaintQuery{State: string(state), Collector: collector, Late: late, Limit: mostCards})
	if err != nil {
		return err
	}
	p := complaintList{Late: late, State: string(state), Total: len(in.Rows)}
	p.tabs(&in, string(state), late, v.caller.Role == auth.Collector)
	if v.caller.Role != auth.Collector {
		bodies, err := s.Desk.FeeBodies(v.Context())
		if err != nil {
			return err
		}
		for _, body := range bodies {
			p.Bodies = append(p.Bodies, feeChoice{Value: body, Text: upper(b.words.Party(body)), Here: body == collector})
		}
	}
	now := s.Clock()
	for i := range in.Rows {
		r := &in.Rows[i]
		c := complaintCard{FeeComplaint: *r, Received: time.UnixMilli(r.CreatedAt)}
		if r.DueAt != 0 {
			c.Left = leftOf(time.UnixMilli(r.DueAt), now)
			c.IsLate = c.Left.Late
		}
		c.Mark = complaintMark(complaint.State(r.State), c.IsLate)
		if r.Item != "" {
			c.Name = b.name(r.Item)
		}
		if r.Collector != "" {
			c.Body = b.words.Party(r.Collector)
		}
		p.Cards = append(p.Cards, c)
	}
	return s.render(w, v, http.StatusOK, "fee-complaints", "page.complaints.title", p)
}

// tabs are the parts of the inbox: all that is open, what is overdue, and each
// state.
func (p *complaintList) tabs(in *desk.FeeComplaintInbox, state string, late, collector bool) {
	open := 0
	for _, st := range complaint.States {
		if st != complaint.Closed {
			open += in.Counts[st]
		}
	}
	p.Tabs = []complaintTab{{Name: "open", Count: open, Counted: true, Here: state == "" && !late}, {Name: "late", Query: "?late=1", Here: late}}
	for _, st := range complaint.States {
		if collector && st == complaint.Received {
			continue
		}
		p.Tabs = append(p.Tabs, complaintTab{Name: string(st), Query: "?state=" + string(st), Count: in.Counts[st], Counted: true, Here: state == string(st)})
	}
	p.Here = "open"
	for _, t := range p.Tabs {
		if t.Here {
			p.Here = t.Name
		}
	}
}

// complaintFiguresPage is what the page of figures shows.
type complaintFiguresPage struct {
	Months []monthRow
	Bodies []monthRow
	Chart  []chartMonth
	Height int
}

// monthRow is one month in words.
type monthRow struct {
	desk.FeeComplaintMonth
	Body  string
	Rates []monthRate
	Hours string // median; empty: not known, as the next
	Days  string
}

// monthRate is one measure of a month.
type monthRate struct {
	Name    string // forwarded, closed, satisfied
	Known   bool
	Percent string
	Part    int
	Of      int
	Target  int // percent
	Meets   bool
	// of the drawing
	Y, Bar, Width, Tick int
}

// chartMonth is one month of the drawing.
type chartMonth struct {
	Month string
	Y     int
	Rates []monthRate
}

// The drawing is 360 units wide, so that its words are readable on a phone.
const (
	figuresMonths = 3
	figuresLeft   = 10
	figuresWidth  = 340
	figuresHead   = 22
	figuresRow    = 34
)

// complaintFigures is GET /{lang}/fees/complaints/figures.
func (s *server) complaintFigures(w http.ResponseWriter, v *visit) error {
	b, err := s.feeBase(v)
	if err != nil {
		return err
	}
	t, err := s.Desk.FeeComplaintTotals(v.Context())
	if err != nil {
		return err
	}
	p := complaintFiguresPage{Months: monthRows(&b, t.Months), Bodies: monthRows(&b, t.Bodies)}
	y := 0
	for i := range p.Months[:min(figuresMonths, len(p.Months))] {
		m := chartMonth{Month: p.Months[i].Month, Y: y + 16}
		y += figuresHead
		for _, r := range p.Months[i].Rates {
			r.Y, r.Bar, r.Tick = y+12, y+17, figuresLeft+figuresWidth*r.Target/100
			if r.Known && r.Of > 0 {
				r.Width = figuresWidth * r.Part / r.Of
			}
			m.Rates = append(m.Rates, r)
			y += figuresRow
		}
		y += 8
		p.Chart = append(p.Chart, m)
	}
	p.Height = y
	return s.render(w, v, http.StatusOK, "fee-complaint-figures", "page.complaint_figures.title", p)
}

func monthRows(b *feeBase, list []desk.FeeComplaintMonth) []monthRow {
	out := make([]monthRow, len(list))
	for i := range list {
		m := &list[i]
		out[i] = monthRow{FeeComplaintMonth: *m}
		if m.MedianHours != nil {
			out[i].Hours = strconv.Itoa(*m.MedianHours)
		}
		if m.MedianDays != nil {
			out[i].Days = strconv.Itoa(*m.MedianDays)
		}
		if m.Collector != "" {
			out[i].Body = upper(b.words.Party(m.Collector))
		}
		for _, r := range []struct {
			name   string
			rate   complaint.Rate
			target int
		}{{"forwarded", m.ForwardedRate(), complaint.TargetForwarded}, {"closed", m.ClosedRate(), complaint.TargetClosed}, {"satisfied", m.SatisfiedRate(), complaint.TargetSatisfied}} {
			one := monthRate{Name: r.name, Part: r.rate.Part, Of: r.rate.Of, Target: r.target / 10}
			var tenths int
			if tenths, one.Known = r.rate.Tenths(); one.Known {
				one.Percent = percent(b.words.Lang(), b.words.Number(tenthsText(tenths)))
				one.Meets, _ = r.rate.Meets(r.target)
			}
			out[i].Rates = append(out[i].Rates, one)
		}
	}
	return out
}

// tenthsText writes tenths as a decimal: 947 is 94.7, 1000 is 100.
func tenthsText(n int) string {
	whole, part := n/10, n%10
	if part == 0 {
		return strconv.Itoa(whole)
	}
	return strconv.Itoa(whole) + "." + strconv.Itoa(part)
}

// percent puts the sign behind a number as the language does (CLDR): Russian,
// German and French put a no-break space before it.
func percent(lang i18n.Lang, number string) string {
	switch lang {
	case i18n.Ru, i18n.De, i18n.Fr:
		return number + "\u00a0%"
	}
	return number + "%"
}

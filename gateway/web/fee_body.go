package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/rating"
)

// bodyList is the page of all charging bodies.
type bodyList struct {
	feeBase
	Rows []bodyRow
}

type bodyRow struct {
	feeParty
	Code    string
	Items   int
	Ratings int
	TooFew  bool
	Mean    string
	Share   string // of the newest month that may be shown
	Month   string
}

// bodyPage is the page of one.
type bodyPage struct {
	feeBase
	B        *desk.FeeBody
	Name     string
	Who      feeParty
	Day      tariffs.Day // of the prices: today, or when the first one begins
	Prices   []feeItem
	Bases    []feeBasis
	Channels []feeChannel
	Clarity  drawing
	Standing []bar // listed, as the next: their words are too long for a drawing
	Answers  []bar
	Months   []bodyMonth
	Shares   drawing
	Said     []said
	MayReply bool
	Replied  bool
	Faults   []Fault
	Was      url.Values
}

// drawing is a set of bars with the id of its caption.
type drawing struct {
	Bars   []bar
	Height int
	By     string
}

func drawn(by string, list []bar) drawing {
	return drawing{Bars: list, Height: figureRow*len(list) + 6, By: by}
}

// bar is one bar of a drawing, 360 units wide as a phone is, with its figure
// beside it.
type bar struct {
	Label, Figure  string
	Y, Text, Width int
	Left, End      int
}

// bodyMonth is a row of the table; an empty text is not on file.
type bodyMonth struct {
	Month, Bills, Share                 string
	Few                                 bool
	FewBills                            int
	OverLines, Over, AskedLines, Asked  string
	Complaints, Upheld, Hours, Partners string
}

type said struct {
	ID, Day, Words string
	Replies        []saidReply
}

type saidReply struct {
	Day, Words string
	Authority  bool
}

func (s *server) listBodies(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	all, err := s.Desk.FeeBodyViews(v.Context())
	if err != nil {
		return err
	}
	p := &bodyList{feeBase: base}
	for i := range all {
		b := &all[i]
		row := bodyRow{feeParty: base.party(b.Name), Code: b.Code, Items: len(b.Items), Ratings: b.Ratings.Count, TooFew: b.Ratings.TooFew, Mean: base.words.Number(b.Ratings.Mean)}
		if at := slices.IndexFunc(b.Months, func(m desk.FeeBodyMonth) bool { return m.Share != "" }); at >= 0 {
			row.Share, row.Month = base.words.Number(b.Months[at].Share)+"\u00a0%", b.Months[at].Month
		}
		p.Rows = append(p.Rows, row)
	}
	return s.renderFees(w, v, http.StatusOK, "fee-bodies", v.words.Text("page.bodies.title", nil), p, nil)
}

// methodPage is how ratings and figures are made.
type methodPage struct {
	Few, Months, FewBills int
	Answers               []rating.Answer
	Standings             []feeMark
}

func (s *server) showMethod(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := &methodPage{Few: rating.Few, Months: rating.Months, FewBills: desk.FewBills, Answers: rating.Answers}
	for _, x := range tariffs.Standings {
		p.Standings = append(p.Standings, standing(base.words, x))
	}
	return s.renderFees(w, v, http.StatusOK, "fee-method", v.words.Text("page.method.title", nil), p, nil)
}

// showBody is GET /{lang}/fees/bodies/{body}.
func (s *server) showBody(w http.ResponseWriter, v *visit) error {
	return s.body(w, v, http.StatusOK, nil)
}

func (s *server) body(w http.ResponseWriter, v *visit, status int, faults []Fault) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	b, err := s.Desk.FeeBody(v.Context(), v.PathValue("body"))
	if err != nil {
		return err
	}
	p := &bodyPage{feeBase: base, B: &b, Name: upper(base.words.Party(b.Name)), Who: base.party(b.Name), Faults: faults, Was: v.PostForm, Replied: v.URL.Query().Get("replied") != ""}
	p.MayReply = v.caller != nil && v.caller.May(auth.ReplyRating) && (v.caller.Role != auth.Collector || tariffs.BodyCode(v.caller.Body) == b.Code)
	p.prices()
	p.channels()
	p.ratings()
	p.months()
	for i := range b.Said {
		one := said{ID: b.Said[i].ID, Day: string(tariffs.DayOf(b.Said[i].At)), Words: b.Said[i].Words}
		for _, r := range b.Said[i].Replies {
			one.Replies = append(one.Replies, saidReply{string(tariffs.DayOf(r.At)), r.Words, r.Role == string(auth.Authority)})
		}
		p.Said = append(p.Said, one)
	}
	title := p.Name
	if len(faults) > 0 {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderFees(w, v, status, "fee-body", title, p, nil)
}

// prices are the charges that the body collects, by the rows of today; those
// of a company that begin later are shown as of their first day.
func (p *bodyPage) prices() {
	c := p.Edition.Catalogue
	p.Day = c.FirstDay(&p.B.Body, p.Today)
	rows := c.RowsOf(&p.B.Body, p.Day)
	var ids []string
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Item == rows[0].Item {
			n++
		}
		one := p.item(rows[:n], p.Day)
		for i := range one.Rates {
			one.Rates[i].Who = nil // all are of this body
		}
		p.Prices = append(p.Prices, one)
		for i := range n {
			ids = append(ids, strings.Split(rows[i].LegalBasis, ";")...)
		}
		rows = rows[n:]
	}
	for _, it := range p.B.Items {
		if !p.B.Own {
			ids = append(ids, strings.Split(it.LegalBasis, ";")...)
		}
	}
	for _, id := range ids {
		if id = strings.TrimSpace(id); id != "" && !slices.ContainsFunc(p.Bases, func(b feeBasis) bool { return b.ID == id }) {
			p.Bases = append(p.Bases, p.basis(id, p.Day))
		}
	}
}

// channels are the same as on the page of a charge.
func (p *bodyPage) channels() {
	page := feePage{feeBase: p.feeBase, Day: p.Today}
	page.channels()
	p.Channels = page.Channels
}

// The drawings: a label of 70 units, bars up to 210, a row every 30.
const (
	figureRow  = 30
	figureLeft = 70
	figureWide = 210
)

func bars(labels []string, counts []int, figure func(i int) string) []bar {
	most := slices.Max(append([]int{1}, counts...))
	out := make([]bar, len(labels))
	for i := range labels {
		out[i] = bar{Label: labels[i], Figure: figure(i), Left: figureLeft, Y: figureRow*i + 6, Text: figureRow*i + 20, Width: counts[i] * figureWide / most}
		out[i].End = figureLeft + out[i].Width + 8
	}
	return out
}

// ratings draws what may be shown of them.
func (p *bodyPage) ratings() {
	r := &p.B.Ratings
	draw := func(list []rating.Count, label func(of string) string) []bar {
		labels, counts := make([]string, len(list)), make([]int, len(list))
		for i := range list {
			labels[i], counts[i] = label(list[i].Of), list[i].N
		}
		return bars(labels, counts, func(i int) string { return p.words.Number(strconv.Itoa(counts[i])) })
	}
	p.Clarity = drawn("dc", draw(r.Clarity, func(of string) string { return of }))
	p.Standing = draw(r.Standing, func(of string) string { return p.words.Text("fee_standing."+of, nil) })
	p.Answers = draw(r.Answer, func(of string) string { return p.words.Text("fee_answer."+of, nil) })
}

// months are the rows of the table and the bars of the shares.
func (p *bodyPage) months() {
	n := func(i int) string { return p.words.Number(strconv.Itoa(i)) }
	var labels, figures []string
	var counts []int
	for i := range p.B.Months {
		m := &p.B.Months[i]
		row := bodyMonth{Month: m.Month, Few: m.Few, FewBills: desk.FewBills}
		if m.Bills > 0 {
			over, overFen := m.Over()
			asked, askedFen := m.Asked()
			row.Bills, row.Partners = n(m.Bills), n(m.Partners)
			if m.Judged > 0 { // else nothing is known, which is not nothing
				row.OverLines, row.Over, row.AskedLines, row.Asked = n(over), p.words.Money(overFen), n(asked), p.words.Money(askedFen)
			}
		}
		if m.Share != "" {
			row.Share = p.words.Number(m.Share) + "\u00a0%"
			labels, figures, counts = append(labels, m.Month), append(figures, row.Share), append(counts, m.Equal*1000/m.Judged)
		}
		if c := m.Complaint; c != nil {
			row.Complaints, row.Upheld = n(c.Received), n(c.Upheld)
			if c.MedianHours != nil {
				row.Hours = n(*c.MedianHours)
			}
		}
		p.Months = append(p.Months, row)
	}
	list := bars(labels, counts, func(i int) string { return figures[i] })
	for i := range list { // shares stand against the whole, not against the best month
		list[i].Width = counts[i] * figureWide / 1000
		list[i].End = figureLeft + list[i].Width + 8
	}
	p.Shares = drawn("mc", list)
}

// replyRating is POST /{lang}/fees/bodies/{body}/replies.
func (s *server) replyRating(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	err := s.Desk.ReplyToRating(v.Context(), v.caller.Principal, v.PostForm.Get("rating"), v.PostForm.Get("words"))
	var wrong *desk.FaultsError
	if errors.As(err, &wrong) {
		p := s.explain(v, err)
		for i := range p.Faults {
			p.Faults[i].Path = "words-" + v.PostForm.Get("rating")
		}
		return s.body(w, v, p.Status, p.Faults)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/bodies/"+url.PathEscape(v.PathValue("body")))+"?replied=1#said", http.StatusSeeOther)
	return nil
}

// overPage is the authority's view.
type overPage struct {
	feeBase
	Rows []overRow
}

type overRow struct {
	Code, Name string // an empty code has no page
	bodyMonth
	Months []bodyMonth
}

func (s *server) overcharging(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	list, err := s.Desk.FeeOvercharging(v.Context(), v.caller.Principal)
	if err != nil {
		return err
	}
	p := &overPage{feeBase: base}
	for i := range list {
		code := list[i].Body.Code
		row := overRow{Code: code, Name: upper(base.words.Body(code))}
		if base.Edition.Catalogue.Body(code) == nil {
			row.Code = ""
		}
		page := bodyPage{feeBase: base, B: &desk.FeeBody{Months: list[i].Months}}
		page.months()
		sum := bodyPage{feeBase: base, B: &desk.FeeBody{Months: []desk.FeeBodyMonth{*list[i].Sum()}}}
		sum.months()
		row.bodyMonth, row.Months = sum.Months[0], page.Months
		p.Rows = append(p.Rows, row)
	}
	return s.renderFees(w, v, http.StatusOK, "fee-over", v.words.Text("page.over.title", nil), p, nil)
}

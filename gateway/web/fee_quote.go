package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// quoteFormPage is the form of a call.
type quoteFormPage struct {
	feeBase
	Sections []quoteSection
	Faults   []Fault
	From     string // number of the quotation that the form began with
}

// quoteForm shows the form: empty, filled from a quotation (?from=), or from
// the address, so that a call can be linked to.
func (s *server) quoteForm(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	was := v.URL.Query()
	from := was.Get("from")
	switch {
	case from != "":
		q, err := s.quotation(v, from)
		if err != nil {
			return err
		}
		if was = formOf(&q.Call); q.Edition > base.Edition.Number { // made by rows that are not in force yet: it asks what they ask
			e, err := s.Desk.FeeEditionNumber(v.Context(), q.Edition)
			if err != nil {
				return err
			}
			base = s.feeBaseOf(v, e)
		}
	case len(was) == 0: // nearly every call has a pilot both ways
		was = url.Values{"pilot_in": {"1"}, "pilot_out": {"1"}}
	}
	return s.showForm(w, v, http.StatusOK, base, was, nil, from)
}

func (s *server) showForm(w http.ResponseWriter, v *visit, status int, base feeBase, was url.Values, faults []Fault, from string) error {
	p := quoteFormPage{feeBase: base, Faults: faults, From: from}
	m := &fieldMaker{&p.feeBase, was, faults}
	p.Sections = m.sections()
	title := v.words.Text("page.quote.title", nil)
	if len(faults) > 0 {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderFees(w, v, status, "fee-quote-form", title, &p, nil)
}

// makeQuote computes and keeps a quotation; reloading its page repeats nothing.
func (s *server) makeQuote(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	f := &callForm{v: v, form: v.PostForm}
	call := f.call()
	if len(f.faults) == 0 {
		q, err := s.Desk.QuoteFees(v.Context(), call)
		var refused *desk.FaultsError
		switch {
		case err == nil:
			http.Redirect(w, v.Request, v.to("/fees/quotes/"+url.PathEscape(q.Number)), http.StatusSeeOther)
			return nil
		case !errors.As(err, &refused):
			return err
		}
		for _, one := range refused.Faults {
			switch { // words that name members and values of a call; a form has fields
			case one.Code == tariffs.CodeNeeded:
				one.Code = codeFormDay
			case one.Code == tariffs.CodeChoice && one.Args["value"] == "":
				one.Code = codeFormEmpty
			}
			f.faults = append(f.faults, Fault{Code: one.Code, Path: fieldOf(one.Path), Message: v.words.Fault(one.Code, one.Args)})
		}
	}
	return s.showForm(w, v, http.StatusUnprocessableEntity, base, v.PostForm, f.faults, "")
}

// quotation finds a kept one; a number that is none is no page.
func (s *server) quotation(v *visit, number string) (desk.FeeQuote, error) {
	q, err := s.Desk.FeeQuote(v.Context(), number)
	if errors.Is(err, store.ErrNotFound) {
		return q, errNoPage
	}
	return q, err
}

// quotePage is a quotation for ever.
type quotePage struct {
	feeBase
	Number   string
	At       time.Time
	Q        *tariffs.Quotation
	Ship     string
	Asked    []quoteFact
	Whole    bool // the form can say all of it
	Lines    []quoteLine
	Total    quoteTotal
	Payers   []quoteTotal
	Bodies   []quoteTotal
	Taints   []quoteTaint
	Notes    []wording.Name // they may name a body or a text in Chinese
	Across   []acrossDay
	Yuan     string // the total in whole yuan, when it is shown
	Bars     []quoteBar
	Height   int
	Terms    []quoteTerm
	Calls    string
	Rerun    quoteRerun
	Faults   []Fault
	Address  string // absolute; empty: nobody told us our own
	QR       *qrCode
	Compares compareForm
}

// quoteFact is something that was asked with.
type quoteFact struct {
	Label, Value string
	Lang         i18n.Lang // of the value; empty: the page's
}

// quoteLine is a line in words.
type quoteLine struct {
	N                int
	Item, Name, Orig string
	Row              string
	Price            quotePrice
	Computed, Unit   string
	Collector, Payer string
	Bases            []feeBasis
	Article          wording.Name
	Sure             feeMark
	Steps            []quoteStep
	Look             bool
}

// quotePrice is an amount, or why there is none.
type quotePrice struct {
	Money string
	Most  bool
	Zero  string // why it costs nothing
	Gap   string // why it is unknown
	Needs string // fields that are missing
}

type quoteStep struct {
	Text, By string
	Link     string // to the row
	Basis    string
	Sure     feeMark
}

type quoteTotal struct {
	Of, Money string
	Most      bool
	AtLeast   bool
	Mark      feeMark
	Unknown   []string
}

type quoteTaint struct {
	By   string
	Sure feeMark
}

// quoteBar is a line in the drawing.
type quoteBar struct {
	Y, Bar, Width, After int
	Name, Money          string
}

type quoteTerm struct {
	Name, One, Year string
	Licences        int
	Gap             string
	Here            bool
	Sure            feeMark
}

// quoteRerun is the same call by the rows of today.
type quoteRerun struct {
	Edition int
	On      tariffs.Day
	Same    bool
	Total   quoteTotal
	Changes []quoteChange
}

func (s *server) showQuote(w http.ResponseWriter, v *visit) error {
	q, err := s.quotation(v, v.PathValue("number"))
	if err != nil {
		return err
	}
	e, err := s.Desk.FeeEditionNumber(v.Context(), q.Edition)
	if err != nil {
		return err
	}
	now, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := &quotePage{feeBase: s.feeBaseOf(v, e), Number: q.Number, At: q.At, Q: &q.Quotation, Ship: q.Call.Ship.Name}
	if s.Public() != "" {
		p.Address = s.Public() + v.to("/fees/quotes/"+url.PathEscape(q.Number))
		if p.QR, err = newQR(p.Address); err != nil {
			return err
		}
	}
	p.fill(&q)
	p.Whole = isWhole(v, &q.Call)
	p.terms(v, &q)
	p.rerun(&q, &now)
	p.Compares = p.compareForm(&q, "", "")
	if q.Beside != nil { // a program asked for it; the form repeats it
		p.Compares = p.compareForm(&q, string(q.Beside.On), q.Beside.Terminal)
	}
	status := http.StatusOK
	if len(p.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.renderFees(w, v, status, "fee-quote", v.words.Text("page.quote.number", map[string]string{"number": q.Number}), p, nil)
}

// fill is the table of contents of the page.
func (p *quotePage) fill(q *desk.FeeQuote) {
	p.Asked = p.asked(&q.Call)
	for i := range p.Q.Lines {
		p.Lines = append(p.Lines, p.line(i+1, &p.Q.Lines[i]))
	}
	p.Total = p.total(&p.Q.Total)
	for i := range p.Q.ByPayer {
		p.Payers = append(p.Payers, p.total(&p.Q.ByPayer[i]))
	}
	for i := range p.Q.ByCollector {
		p.Bodies = append(p.Bodies, p.total(&p.Q.ByCollector[i]))
	}
	for _, t := range p.Q.Total.Taints {
		p.Taints = append(p.Taints, quoteTaint{t.By, p.sure(t.Word)})
	}
	for i := range p.Q.Notes {
		p.Notes = append(p.Notes, wording.Name{Text: p.words.Note(&p.Q.Notes[i]), Lang: p.words.Lang()})
	}
	p.Across = p.across()
	if p.Q.Total.Yuan != nil {
		p.Yuan = p.words.Money(*p.Q.Total.Yuan)
	}
	p.bars()
}

// fiveQuestions are answered at once by “no to all five”.
var fiveQuestions = []string{"us_owner", "us_operator", "us_equity", "us_flag", "built_us"}

// asked lists what the quotation was asked with, as the form names it.
func (p *quotePage) asked(call *tariffs.Call) []quoteFact {
	form := formOf(call)
	m := &fieldMaker{&p.feeBase, form, nil}
	var out []quoteFact
	for _, section := range m.sections() {
		for i := range section.Fields {
			f := &section.Fields[i]
			value := f.Value
			switch {
			case value == "" || form.Get("us") == "no" && slices.Contains(fiveQuestions, f.Name):
				continue
			case f.Kind == "tick":
				value = p.words.Text("page.yes", nil)
			case f.Kind == "decimal":
				value = p.words.Number(value)
			case f.Kind == "time":
				value = strings.Replace(value, "T", " ", 1)
			}
			fact := quoteFact{Label: f.Label, Value: value}
			for _, o := range f.Options {
				if o.Here {
					fact.Value, fact.Lang = o.Text, o.Lang
				}
			}
			out = append(out, fact)
		}
	}
	return out
}

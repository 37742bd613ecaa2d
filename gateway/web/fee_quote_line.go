package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// line puts one line into words.
func (p *quotePage) line(n int, l *tariffs.Line) quoteLine {
	out := quoteLine{N: n, Item: l.Item, Name: upper(p.words.Line(l.Item, l.Component, l.Part)), Orig: p.original(l.Item), Row: l.Row, Price: p.price(l),
		Collector: upper(p.words.Party(l.Collector)), Payer: p.words.Party(l.Payer), Article: p.words.Remark(l.Article), Look: l.Amount == nil}
	if l.Word != "" { // where no figure was read there is none that a word could stand at
		out.Sure = p.sure(l.Word)
	}
	if l.Rate != "" {
		out.Computed, out.Unit = p.words.Computed(l), p.words.Unit(l.Item, l.Unit)
	}
	if l.Instrument != "" {
		out.Bases = []feeBasis{p.basis(l.Instrument, p.Q.On)}
	}
	for i := range l.Path {
		out.Steps = append(out.Steps, p.step(l.Item, &l.Path[i]))
	}
	return out
}

// price is the amount of a line, or what is missing for one.
func (b *feeBase) price(l *tariffs.Line) quotePrice {
	switch {
	case l.Amount == nil && len(l.Needs) > 0 && len(l.About) == 0:
		return quotePrice{Gap: b.words.Text("page.quote.needs", nil), Needs: b.needs(l.Needs)}
	case l.Amount == nil:
		return quotePrice{Gap: b.words.Unknown(l.Unknown, nil, l.About)}
	case l.Zero != "":
		return quotePrice{Money: b.words.Money(*l.Amount), Zero: b.words.Text("fee_zero."+l.Zero, nil)}
	}
	return quotePrice{Money: b.words.Money(*l.Amount), Most: l.AtMost}
}

// needs are the missing parts of a call by the labels of their fields.
func (b *feeBase) needs(paths []string) string {
	out := make([]string, 0, len(paths))
	for _, path := range paths {
		name := path
		if field := fieldOf(path); field != "" {
			name = b.label(field)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, separator(b.words.Lang()))
}

// step is one of the rule path: what was done, by which row or rule, and how
// sure that is.
func (p *quotePage) step(item string, s *tariffs.Step) quoteStep {
	plain := *s
	plain.Instrument, plain.Word = "", ""
	if s.Step != "state" && s.Step != "includes" { // these two are named by what they stand on
		plain.By = ""
	}
	out := quoteStep{Text: p.words.Step(&plain), By: s.By, Basis: s.Instrument}
	if s.Word != "" {
		out.Sure = p.sure(s.Word)
	}
	if slices.ContainsFunc(p.Edition.Catalogue.RatesOf(item), func(r *tariffs.Rate) bool { return r.ID == s.By }) {
		out.Link = "/fees/" + item + "/" + strconv.Itoa(p.Edition.Number) + "?on=" + string(p.Q.On) + "#" + s.By
	}
	return out
}

// totalMarks are the shapes of the statuses of totals.
var totalMarks = map[string]feeMark{
	tariffs.TotalPlain: {Class: "ok", Icon: "ok"}, tariffs.TotalIndicative: {Class: "warn", Icon: "tri"}, tariffs.TotalWithheld: {Class: "hold", Icon: "lock"},
}

func (b *feeBase) total(t *tariffs.Total) quoteTotal {
	out := quoteTotal{Of: upper(b.words.Party(t.Of)), Money: b.words.Money(t.AtLeast), AtLeast: t.Amount == nil && !t.IsEmpty(), Mark: totalMarks[t.Status]}
	switch {
	case t.IsEmpty():
		out.Money = b.words.Sum(t)
	case t.Amount != nil:
		out.Money, out.Most = b.words.Money(*t.Amount), t.AtMost
	}
	switch t.Status {
	case tariffs.TotalPlain:
		out.Mark.Text = b.words.Text("page.quote.plain", nil)
	case tariffs.TotalIndicative:
		out.Mark.Text = b.words.Term("ui.indicative")
	default:
		out.Mark.Text = b.words.Term("ui.withheld")
	}
	for _, code := range t.Unknown {
		out.Unknown = append(out.Unknown, b.words.Item(code))
	}
	return out
}

// the drawing of the lines, in its own units: readable on a phone at 1:1.
const (
	barRow, barName, barTop = 44, 14, 20
	barMost                 = 240 // width of the dearest line
	barGap                  = 6
)

// bars draws the lines that cost something, each as long as its share.
func (p *quotePage) bars() {
	most := tariffs.Fen(0)
	for i := range p.Q.Lines {
		if a := p.Q.Lines[i].Amount; a != nil {
			most = max(most, *a)
		}
	}
	if most == 0 {
		return
	}
	for i := range p.Q.Lines {
		l := &p.Q.Lines[i]
		if l.Amount == nil || *l.Amount == 0 {
			continue
		}
		width := max(1, int(int64(*l.Amount)*barMost/int64(most)))
		y := len(p.Bars) * barRow
		p.Bars = append(p.Bars, quoteBar{Y: y + barName, Bar: y + barTop, Width: width, After: width + barGap, Name: p.Lines[i].Name, Money: p.words.Money(*l.Amount)})
	}
	p.Height = len(p.Bars) * barRow
}

// terms are the three licence terms of tonnage dues side by side, for a
// number of calls in a year (?calls=).
func (p *quotePage) terms(v *visit, q *desk.FeeQuote) {
	if q.Call.Dues == nil {
		return
	}
	calls, err := 6, error(nil)
	if p.Calls = strings.TrimSpace(v.FormValue("calls")); p.Calls == "" {
		p.Calls = strconv.Itoa(calls)
	} else if calls, err = strconv.Atoi(p.Calls); err != nil || calls < 1 || calls > mostYearly {
		p.Faults = append(p.Faults, fault(v, codeFormWhole, "calls", "value", strictjson.Shown(p.Calls), "limit", strconv.Itoa(mostYearly)))
		calls = 1
	}
	for _, o := range tariffs.OfferedTerms(p.Edition.Catalogue, &q.Call, calls) {
		t := quoteTerm{Name: upper(p.words.Text("fee_term."+o.Term, nil)), Licences: o.MostLicences, Here: o.Term == q.Call.Dues.Term}
		if o.Word != "" {
			t.Sure = p.sure(o.Word)
		}
		if o.One == nil || o.Year == nil {
			t.Gap = p.words.Unknown(o.Unknown, nil, o.About)
			if len(o.Needs) > 0 && len(o.About) == 0 {
				t.Gap = p.words.Text("page.quote.needs", nil) + " " + p.needs(o.Needs)
			}
		} else {
			t.One, t.Year = p.words.Money(*o.One), p.words.Money(*o.Year)
		}
		p.Terms = append(p.Terms, t)
	}
}

// rerun is the same call by the edition that is in force now.
func (p *quotePage) rerun(q *desk.FeeQuote, now *feeBase) {
	again := tariffs.Quote(now.Edition.Catalogue, &q.Call, now.Today)
	changes := tariffs.Compare(&q.Quotation, &again)
	p.Rerun = quoteRerun{Edition: now.Edition.Number, On: now.Today, Total: now.total(&again.Total), Same: true}
	for i := range changes {
		if changes[i].Changed {
			p.Rerun.Same = false
			p.Rerun.Changes = append(p.Rerun.Changes, now.change(&changes[i]))
		}
	}
}

// quoteChange is a line on both sides.
type quoteChange struct {
	Name, Orig    string
	Before, After *quotePrice // nil: the line is not there
	Difference    string
	Why           string
	Changed       bool
}

func (b *feeBase) change(ch *tariffs.Change) quoteChange {
	out := quoteChange{Name: upper(b.words.Line(ch.Item, ch.Component, ch.Part)), Orig: b.original(ch.Item), Why: b.words.Why(ch), Changed: ch.Changed}
	if ch.Before != nil {
		out.Before = new(b.price(ch.Before))
	}
	if ch.After != nil {
		out.After = new(b.price(ch.After))
	}
	if d := ch.Difference; d != nil && *d != 0 {
		out.Difference = b.words.Money(*d)
		if *d > 0 {
			out.Difference = "+" + out.Difference
		}
	}
	return out
}

// compareForm asks for another day or another terminal.
type compareForm struct {
	Number, On string
	Terminals  []feeChoice
	Faults     []Fault
}

func (b *feeBase) compareForm(q *desk.FeeQuote, on, terminal string) compareForm {
	m := &fieldMaker{b, url.Values{"terminal": {terminal}}, nil}
	f := compareForm{Number: q.Number, On: on}
	for _, section := range m.sections() {
		for i := range section.Fields {
			if section.Fields[i].Name == "terminal" {
				f.Terminals = section.Fields[i].Options
			}
		}
	}
	return f
}

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kouan/gateway/desk"
	"kouan/tariffs"
	"kouan/tariffs/rating"
	"kouan/tariffs/wording"
)

// billPage is a checked account as its holder sees it.
type billPage struct {
	feeBase
	B       *desk.FeeBill
	Secret  string
	Lines   []billLine
	Whole   []billLine
	Payers  []billSum
	Vary    []billVary
	Notes   []Fault
	Billed  string
	Over    string
	Asked   string
	Bodies  []billBody
	MayNot  string // why no rating; empty: it may
	Faults  []Fault
	Was     url.Values
	Rated   string // name of the body that was just rated
	Answers []rating.Answer
	Clear   []int
}

// billLine is a line with its verdict.
type billLine struct {
	Line                          int
	Text, Code, First, Name       string
	Lang                          string // of Text
	Billed, Reference, Difference *tariffs.Fen
	BilledText, RefText, DiffText string
	Most                          bool // the reference is a ceiling
	Standing                      tariffs.Standing
	Mark                          feeMark
	Words, Verdicts, Row          string
	Perhaps                       string
	Sure                          feeMark
	Complain                      bool

	word tariffs.Word
}

type billSum struct {
	Name                string
	Billed, Over, Asked string // empty: nothing could be judged
}

type billVary struct {
	Name                        string
	Original                    string // the name is the billed text, in this language; empty: it is ours
	Estimate, Final, Difference string
}

// billBody is a body on the account that can be rated, or was.
type billBody struct {
	Code, Name string
	Mark       feeMark
	Given      *ratingGiven
}

type ratingGiven struct {
	Clarity int
	Answer  string
	Words   string
}

// standings are the shapes of how a line or a body stands.
var standings = map[tariffs.Standing]feeMark{
	tariffs.StandsEqual: {Class: "ok", Icon: "ok"}, tariffs.StandsDiffers: {Class: "bad", Icon: "oct"},
	tariffs.StandsAsked: {Class: "warn", Icon: "tri"}, tariffs.StandsUnjudged: {Class: "idle", Icon: "slash"},
}

func standing(words wording.Words, s tariffs.Standing) feeMark {
	m := standings[s]
	m.Text = words.Text("fee_standing."+string(s), nil)
	return m
}

func billPageOf(v *visit, b *desk.FeeBill, now time.Time) *billPage {
	words := wording.For(v.words, b.Catalogue)
	p := &billPage{feeBase: feeBase{Edition: &desk.FeeEdition{Catalogue: b.Catalogue}, Today: b.KnownOn, words: words}, B: b, Secret: v.PathValue("secret"),
		Billed: words.Money(b.Sums.All.Billed), Answers: rating.Answers}
	p.Edition.Number = b.Edition
	if b.Sums.All.Judged > 0 {
		p.Over, p.Asked = words.Money(b.Sums.All.Over), words.Money(b.Sums.All.Question)
	}
	for n := rating.LeastClear; n <= rating.MostClear; n++ {
		p.Clear = append(p.Clear, n)
	}
	for i := range b.Findings {
		line := p.line(&b.Findings[i])
		if line.Line == 0 {
			p.Whole = append(p.Whole, line)
			continue
		}
		p.Lines = append(p.Lines, line)
	}
	slices.SortStableFunc(p.Lines, func(a, b billLine) int { return a.Line - b.Line })
	for i := range b.Sums.ByPayer {
		x := &b.Sums.ByPayer[i]
		p.Payers = append(p.Payers, billSum{Name: upper(words.Payer(x.Of)), Billed: words.Money(x.Billed)})
		if x.Judged > 0 { // else nothing is known, which is not nothing
			p.Payers[i].Over, p.Payers[i].Asked = words.Money(x.Over), words.Money(x.Question)
		}
	}
	for i := range b.Variance {
		p.Vary = append(p.Vary, varyOf(words, &b.Variance[i]))
	}
	for i := range b.Notes {
		f := &b.Notes[i]
		p.Notes = append(p.Notes, Fault{Code: f.Code, Path: f.Path, Message: v.words.Fault(f.Code, f.Args)})
	}
	p.bodies(b, now)
	return p
}

func (p *billPage) line(f *tariffs.AccountFinding) billLine {
	words := p.words
	l := billLine{Line: f.Line, Reference: f.Reference, Difference: f.Difference, Standing: f.Standing(), Mark: standing(words, f.Standing()), Words: words.Verdicts(f), Row: f.Row,
		Sure: p.sure(f.Word), Complain: f.Line > 0 && p.B.Complainable(f), word: f.Word}
	for i, verdict := range f.Verdicts {
		if i > 0 {
			l.Verdicts += " "
		}
		l.Verdicts += string(verdict)
	}
	if len(f.Items) > 0 {
		l.Code, l.First = strings.Join(f.Items, " "), f.Items[0]
		names := make([]string, len(f.Items))
		for i, code := range f.Items {
			names[i] = p.name(code)
			if it := p.B.Catalogue.Item(code); it != nil && it.Regime == tariffs.GovernmentGuided {
				l.Most = true
			}
		}
		l.Name = strings.Join(names, ", ")
	}
	if f.Suggestion != "" {
		l.Perhaps = words.Text("cli.fees.meant", map[string]string{"item": words.Item(f.Suggestion)})
	}
	if at := slices.IndexFunc(p.B.Account.Lines, func(x tariffs.AccountLine) bool { return x.Line == f.Line }); at >= 0 && f.Line > 0 {
		l.Text = p.B.Account.Lines[at].Text()
		l.Lang = textLang(l.Text)
		if billed, ok := p.B.Account.Lines[at].Billed(); ok {
			l.Billed, l.BilledText = &billed, words.Money(billed)
		}
	}
	if f.Reference != nil {
		l.RefText = words.Money(*f.Reference)
	}
	if f.Difference != nil {
		l.DiffText = words.Money(*f.Difference)
	} else if l.Billed != nil && f.Questioned(*l.Billed) > 0 { // all of a line that should not be there
		l.DiffText = words.Money(f.Questioned(*l.Billed))
	}
	return l
}

// textLang is the language of a billed text: agents write Chinese or English.
func textLang(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return "zh-Hans"
	}
	return "en"
}

func varyOf(words wording.Words, x *tariffs.Variance) billVary {
	out := billVary{Name: x.Text, Original: textLang(x.Text), Difference: words.Money(x.Difference)}
	if x.Item != "" {
		out.Name, out.Original = upper(words.Item(x.Item)), ""
	}
	if x.Difference > 0 {
		out.Difference = "+" + out.Difference
	}
	if x.Estimate != nil {
		out.Estimate = words.Money(*x.Estimate)
	}
	if x.Final != nil {
		out.Final = words.Money(*x.Final)
	}
	return out
}

// bodies are those on the account that can be rated, with what was said.
func (p *billPage) bodies(b *desk.FeeBill, now time.Time) {
	if why := b.Unratable(now); why != nil {
		p.MayNot = p.words.Text("reason."+why[1], nil)
	}
	for _, code := range b.RatedBodies() {
		at := slices.IndexFunc(b.Sums.ByBody, func(x tariffs.Sum) bool { return x.Of == code })
		one := billBody{Code: code, Name: upper(p.words.Body(code)), Mark: standing(p.words, b.Sums.ByBody[at].Standing)}
		for i := range b.Ratings {
			if r := &b.Ratings[i]; r.Body == code {
				one.Given = &ratingGiven{r.Clarity, p.words.Text("fee_answer."+r.Answer, nil), string(r.Words)}
			}
		}
		p.Bodies = append(p.Bodies, one)
	}
}

// showBill is GET /{lang}/fees/check/{secret}.
func (s *server) showBill(w http.ResponseWriter, v *visit) error {
	return s.bill(w, v, http.StatusOK, nil)
}

func (s *server) bill(w http.ResponseWriter, v *visit, status int, faults []Fault) error {
	private(w)
	b, err := s.Desk.FeeBill(v.Context(), v.PathValue("secret"))
	if err != nil {
		return err
	}
	p := billPageOf(v, &b, s.Clock())
	p.Faults, p.Was = faults, v.PostForm
	if code := v.URL.Query().Get("rated"); b.Catalogue.Body(code) != nil {
		p.Rated = p.words.Body(code)
	}
	title := v.words.Text("page.bill.result", nil)
	if b.Account.Number != "" {
		title = v.words.Text("page.bill.result_of", map[string]string{"number": b.Account.Number})
	}
	if len(faults) > 0 {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderTitle(w, v, status, "fee-bill", title, p)
}

// deleteBill is POST …/deletion.
func (s *server) deleteBill(w http.ResponseWriter, v *visit) error {
	private(w)
	if err := s.Desk.DeleteFeeBill(v.Context(), v.PathValue("secret")); err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/check?deleted=1"), http.StatusSeeOther)
	return nil
}

// rateBody is POST …/ratings.
func (s *server) rateBody(w http.ResponseWriter, v *visit) error {
	private(w)
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	get := v.PostForm.Get
	clarity, err := strconv.Atoi(get("clarity"))
	if err != nil {
		clarity = 0 // nothing was chosen; the desk says what may be
	}
	_, _, err = s.Desk.RateBody(v.Context(), desk.RatingOrder{Secret: v.PathValue("secret"), Body: get("body"), Clarity: clarity, Answer: rating.Answer(get("answer")), Words: get("words")})
	var wrong *desk.FaultsError
	var before *desk.RatedError
	switch {
	case errors.As(err, &wrong), errors.As(err, &before):
		p := s.explain(v, err)
		return s.bill(w, v, p.Status, ratingFaults(p.Faults, get("body")))
	case err != nil:
		return err
	}
	http.Redirect(w, v.Request, v.to("/fees/check/"+url.PathEscape(v.PathValue("secret")))+"?rated="+url.QueryEscape(get("body"))+"#ratings", http.StatusSeeOther)
	return nil
}

// ratingFaults point to the inputs of the body's own form.
func ratingFaults(faults []Fault, body string) []Fault {
	for i := range faults {
		if slices.Contains([]string{"clarity", "answer", "words"}, faults[i].Path) {
			faults[i].Path += "-" + body
		} else {
			faults[i].Path = "ratings"
		}
	}
	return faults
}

package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// feeRoutes are the public pages of the catalogue of port charges and of the
// calculator: nobody signs in for them.
func (s *server) feeRoutes() {
	s.publicPage("GET /{lang}/fees", s.listFees, "q", "payer", "for", "trade", "regime", "collector", "on")
	s.publicPage("GET /{lang}/fees/unknown", s.showGaps)
	s.publicPage("GET /{lang}/fees/terms", s.showTerms, "part")
	s.madePage("GET /{lang}/fees/quote", &filled, s.quoteForm, func(q url.Values) bool { return q.Has("from") }) // a quotation is for who has its number
	s.page("POST /{lang}/fees/quote", "", s.makeQuote)
	s.page("GET /{lang}/fees/quotes/{number}", "", s.showQuote)
	s.page("GET /{lang}/fees/quotes/{number}/compare", "", s.compareQuote)
	s.publicPage("GET /{lang}/fees/{code}", s.showFee, "on")
	s.publicPage("GET /{lang}/fees/{code}/{edition}", s.showFeeEdition, "on")
	for _, path := range []string{"/fees", "/fees/{code}", "/fees/{code}/{edition}"} {
		s.root.HandleFunc("GET "+path, s.toLanguage)
	}
}

// feeBase is what all pages of fees stand on.
type feeBase struct {
	Edition *desk.FeeEdition
	Today   tariffs.Day
	words   wording.Words
	bodies  *tariffs.Catalogue // in force: the one whose bodies have pages
}

func (s *server) feeBase(v *visit) (feeBase, error) {
	if v.edition != nil { // of a public page
		return s.feeBaseOf(v, v.edition), nil
	}
	e, err := s.Desk.FeeEdition(v.Context())
	if err != nil {
		return feeBase{}, err
	}
	return s.feeBaseOf(v, e), nil
}

// feeBaseOn is the edition that will be in force on the day that ?on= asks
// for, when it lies ahead and the edition is published already: the coming
// rows. A day that has passed is answered by what we know today.
func (s *server) feeBaseOn(v *visit) (feeBase, error) {
	base, err := s.feeBase(v)
	day, ok := dayOf(v.FormValue("on"), base.Today)
	if err != nil || !ok || day <= base.Today {
		return base, err
	}
	heads, err := s.Desk.FeeEditions(v.Context())
	if err != nil {
		return feeBase{}, err
	}
	for _, h := range heads { // newest first
		if h.Number == base.Edition.Number {
			break
		}
		if h.PublishedAt.IsZero() || h.WithdrawnWhy != "" || tariffs.DayOf(h.EffectiveAt) > day {
			continue
		}
		e, err := s.Desk.FeeEditionNumber(v.Context(), h.Number)
		if err != nil {
			return feeBase{}, err
		}
		return s.feeBaseOf(v, e), nil
	}
	return base, nil
}

func (s *server) feeBaseOf(v *visit, e *desk.FeeEdition) feeBase {
	b := feeBase{Edition: e, Today: tariffs.DayOf(s.Clock()), words: wording.For(v.words, e.Catalogue), bodies: e.Catalogue}
	if v.edition != nil {
		b.bodies = v.edition.Catalogue
	}
	return b
}

// Published is the day on which the edition was published.
func (b *feeBase) Published() tariffs.Day { return tariffs.DayOf(b.Edition.PublishedAt) }

// feeMark is a word with its shape.
type feeMark struct{ Class, Icon, Text string }

// sures are the shapes of the words of verification (pages.md section 4).
var sures = map[tariffs.Word]feeMark{
	tariffs.OfficialText: {Class: "official", Icon: "seal"},
	tariffs.Triangulated: {Class: "triangulated", Icon: "three"},
	tariffs.Secondary:    {Class: "secondary", Icon: "sheets"},
	tariffs.Unverified:   {Class: "unverified", Icon: "q"},
}

// sure is the badge that stands at every figure. A word that is none of ours
// is shown as the least sure one.
func (b *feeBase) sure(w tariffs.Word) feeMark {
	m, ok := sures[w]
	if !ok {
		w, m = tariffs.Unverified, sures[tariffs.Unverified]
	}
	m.Text = b.words.Sure(w)
	return m
}

// feeParty is who charges, with the page that has its prices, ratings and
// complaints: there is none of nobody, and none of a body that the edition in
// force does not have.
type feeParty struct {
	Text string
	Lang i18n.Lang // of a company's name; empty: the page's
	Body string
}

func (b *feeBase) party(collector string) feeParty {
	name := b.words.PartyName(collector)
	out := feeParty{Text: upper(name.Text)}
	if name.Foreign(b.words.Lang()) {
		out.Lang = name.Lang
	}
	if body := b.bodies.Body(tariffs.BodyCode(collector)); body != nil {
		out.Body = body.Code
	}
	return out
}

// own is who charges by a row that names its own collector, not that of its item.
func (b *feeBase) own(r *tariffs.Row) *feeParty {
	it := b.Edition.Catalogue.Item(r.Item)
	if it == nil || r.Collector == it.Collector {
		return nil
	}
	who := b.party(r.Collector)
	return &who
}

// feeRate is a figure with everything that must stand beside it.
type feeRate struct {
	ID     string // of the row; empty: several, or none
	Most   bool   // a ceiling
	Figure string // in the signs of the language
	Upto   string // the highest of several
	Many   int    // how many rates are drawn together
	Gap    string // why there is no figure
	State  *feeMark
	Unit   string
	If     string    // for whom and what it holds
	Who    *feeParty // who charges it, when it is not whom the charge names
	Sure   feeMark
}

// rate puts one row into words. Where there is no row there is no figure that
// a word of verification could stand at.
func (b *feeBase) rate(r *tariffs.Row) feeRate {
	out := feeRate{ID: r.ID, Most: r.AtMost != "", Unit: b.words.Unit(r.Item, r.Unit), If: b.conditions(r), Who: b.own(r)}
	if r.ID != "" {
		out.Sure = b.sure(r.Word)
	}
	switch {
	case r.Status == tariffs.NotOnFile:
		out.Gap = b.words.Term("ui.not_on_file")
	case r.Status == tariffs.NoRow:
		out.Gap = b.words.Amount(r)
	case r.Status == tariffs.Suspended:
		out.State = &feeMark{"hold", "lock", b.words.Term("ui.suspended")}
	case r.Status == tariffs.UnknownStatus:
		out.State = &feeMark{"warn", "q", b.words.Term("ui.unknown")}
	case isZero(r.Amount):
		out.State, out.Unit = &feeMark{"idle", "slash", b.zero(r)}, ""
	default:
		out.Figure = b.words.Number(r.Amount)
	}
	return out
}

// zero says why a row costs nothing.
func (b *feeBase) zero(r *tariffs.Row) string {
	switch {
	case r.Payer == "none":
		return b.words.Text("page.fee.not_charged", nil)
	case r.PartOf != "":
		return b.words.Term("ui.no_separate")
	}
	return b.words.Text("page.fee.exempt", nil)
}

func isZero(amount string) bool { return amount != "" && strings.Trim(amount, "0.") == "" }

// conditions are those of a row with its component first.
func (b *feeBase) conditions(r *tariffs.Row) string {
	parts := make([]string, 0, 2)
	for _, text := range []string{r.Component, b.words.Conditions(r)} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	semicolon := "; "
	switch b.words.Lang() {
	case i18n.ZhHans, i18n.Ja:
		semicolon = "；"
	}
	return strings.Join(parts, semicolon)
}

// feeBasis is a legal text as a page names it: by its number, or its title.
type feeBasis struct {
	ID     string
	Number string // in Chinese
	Title  string // a translation on other pages than Chinese ones
	Lang   i18n.Lang
	State  *feeMark // how it stands; nil: simply in force
}

func (b *feeBase) basis(id string, day tariffs.Day) feeBasis {
	id = strings.TrimSpace(id)
	out := feeBasis{ID: id, Title: id}
	n := b.Edition.Catalogue.Instrument(id)
	if n == nil {
		return out
	}
	title := b.words.InstrumentName(id)
	out.Number, out.Title, out.Lang = n.Number, title.Text, title.Lang
	if standing := b.Edition.Catalogue.Standing(id, day); standing != "in_force" {
		out.State = &feeMark{"warn bare", "clock", b.words.Basis(standing)}
	}
	return out
}

// bases are those of a list of ids with semicolons.
func (b *feeBase) bases(ids string, day tariffs.Day) []feeBasis {
	var out []feeBasis
	for id := range strings.SplitSeq(ids, ";") {
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, b.basis(id, day))
		}
	}
	return out
}

// original is the Chinese name of a charge, for pages in other languages.
func (b *feeBase) original(code string) string {
	it := b.Edition.Catalogue.Item(code)
	if it == nil || b.words.Lang() == i18n.ZhHans {
		return ""
	}
	return it.NameZH
}

// upper begins a text of the term base with a capital, as a heading does.
func upper(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || unicode.IsUpper(r) {
		return text
	}
	return string(unicode.ToUpper(r)) + text[size:]
}

// name is that of a charge as a heading or the beginning of a row.
func (b *feeBase) name(code string) string { return upper(b.words.Item(code)) }

// dayOf reads ?on=. Without it the day is today. ok is false for no day.
func dayOf(text string, today tariffs.Day) (day tariffs.Day, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return today, true
	}
	return tariffs.ParseDay(text)
}

// lastDay is the last day of an edition: today for the one in force.
func (b *feeBase) lastDay(now time.Time) tariffs.Day {
	if b.Edition.SupersededBy == 0 {
		return tariffs.DayOf(now)
	}
	return tariffs.DayOf(b.Edition.EffectiveAt)
}

// feeChoice is one option of a list.
type feeChoice struct {
	Value, Text string
	Here        bool
	Lang        i18n.Lang // of a text that stays in its own language
}

// choices are the options of a list, with the one that is chosen.
func choices(chosen string, pairs ...string) []feeChoice {
	out := make([]feeChoice, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, feeChoice{Value: pairs[i], Text: upper(pairs[i+1]), Here: pairs[i] == chosen})
	}
	return out
}

// known reports whether a value is among the options; nothing chosen is.
func known(list []feeChoice, value string) bool {
	return value == "" || slices.ContainsFunc(list, func(c feeChoice) bool { return c.Value == value })
}

// feeCounts are the figures of some rows by their word.
type feeCounts struct {
	All   int
	Words []feeCount
	Gaps  int // cells whose amount is not on file
}

type feeCount struct {
	Sure  feeMark
	Count int
}

func (b *feeBase) count(rows []tariffs.Row) feeCounts {
	var out feeCounts
	by := map[tariffs.Word]int{}
	for i := range rows {
		if rows[i].Amount == "" {
			out.Gaps++
			continue
		}
		out.All++
		by[rows[i].Word]++
	}
	for _, w := range tariffs.Words {
		out.Words = append(out.Words, feeCount{b.sure(w), by[w]})
	}
	return out
}

// weakest is the least sure word of some rows.
func weakest(rows []*tariffs.Row) tariffs.Word {
	word := tariffs.OfficialText
	for _, r := range rows {
		word = word.Weaker(r.Word)
	}
	return cmp.Or(word, tariffs.Unverified)
}

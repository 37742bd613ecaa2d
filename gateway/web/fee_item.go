package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// feePage is the page of one charge.
type feePage struct {
	feeBase
	Code, Name, Orig string
	Translation      string // how sure the name is in the language
	On               string
	Day              tariffs.Day
	Permanent        bool // the page of an edition, not of what holds today
	Head             bool // a head over other charges, never priced itself
	Regime           string
	Guided           bool
	Payer            string
	Collectors       []feeParty   // whom the charge names, or who charges by the rows of the day
	Charged          wording.Name // on what
	Payment, Reasons []string     // when and how it is paid, and why it is charged, as its publisher says; in Chinese
	Authorities      []feeAuthority
	Parts            []feeLink
	Part             *feeLink // what it is a part of
	Inside           bool     // it may not be charged by itself
	Components       []feeComponent
	Notes            []wording.Name // that several rows share
	Factors          []feeFactor
	History          *feeHistory
	Instruments      []feeInstrument
	Channels         []feeChannel
	Editions         []desk.FeeEditionHead
	Row              string // for the complaint form
	Faults           []Fault
}

type feeLink struct{ Code, Name, Orig string }

// feeComponent is a part of a charge with its cells: 1A, 1B.
type feeComponent struct {
	Name string
	Rows []feeCell
}

// feeCell is a row of the table: the rate with its validity, basis and note.
type feeCell struct {
	feeRate
	For      string
	From, To tariffs.Day
	Bases    []feeBasis
	Article  wording.Name
	Note     wording.Name // of whoever entered the row
}

// feeFactor is a modifier that changes what the rows give.
type feeFactor struct {
	ID, What  string
	Condition wording.Name
	Value     string
	On        string // the components that it changes
	Enabled   bool
	Basis     feeBasis
	Sure      feeMark
	From      tariffs.Day
}

// feeInstrument is a legal text with what it says about the charge.
type feeInstrument struct {
	feeBasis
	TitleZH  string
	Standing feeMark
	From, To tariffs.Day
	Changed  wording.Name
	Note     wording.Name
	Sure     feeMark
}

// feeChannel is where a complaint goes.
type feeChannel struct {
	Number, Dial string
	Scope        string
	Lang         i18n.Lang
	Successor    string
	Sure         feeMark
}

func (s *server) showFee(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBaseOn(v)
	if err != nil {
		return err
	}
	return s.fee(w, v, base, false)
}

// showFeeEdition is the page of an edition: it is there for ever, and says by
// what it was replaced.
func (s *server) showFeeEdition(w http.ResponseWriter, v *visit) error {
	n, err := strconv.Atoi(v.PathValue("edition"))
	if err != nil || n < 1 || strconv.Itoa(n) != v.PathValue("edition") {
		return errNoPage
	}
	e, err := s.Desk.FeeEditionNumber(v.Context(), n)
	if errors.Is(err, store.ErrNotFound) {
		return errNoPage
	}
	if err != nil {
		return err
	}
	if e.PublishedAt.IsZero() { // a draft is nobody's business
		return errNoPage
	}
	return s.fee(w, v, s.feeBaseOf(v, e), true)
}

func (s *server) fee(w http.ResponseWriter, v *visit, base feeBase, permanent bool) error {
	it := base.Edition.Catalogue.Item(v.PathValue("code"))
	if it == nil {
		return errNoPage
	}
	p := &feePage{feeBase: base, Code: it.Code, Name: base.name(it.Code), Orig: base.original(it.Code), Permanent: permanent, On: strings.TrimSpace(v.FormValue("on"))}
	start := base.Today
	if permanent {
		start = base.lastDay(s.Clock())
	}
	var ok bool
	if p.Day, ok = dayOf(p.On, start); !ok {
		p.Faults = []Fault{fault(v, tariffs.CodeDay, "on", "value", strictjson.Shown(p.On))}
		p.Day = start
	}
	if err := p.fill(v.Context(), s, it); err != nil {
		return err
	}
	data, err := s.feeData(base.Edition, it.Code, p.Day, v.lang)
	if err != nil {
		return err
	}
	head := &feeHead{Data: dataBlock(data), Version: p.version(v, s.Public())}
	if s.Public() != "" {
		head.Alternates = s.alternates(v.page(), translatedInto(it))
	}
	status := http.StatusOK
	if len(p.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.renderFees(w, v, status, "fee-item", p.Name, p, head)
}

// translatedInto are the languages that have a name for the charge; in the
// others its page shows the original.
func translatedInto(it *tariffs.Item) []i18n.Lang {
	return slices.DeleteFunc(i18n.Languages(), func(lang i18n.Lang) bool {
		return lang != i18n.ZhHans && (it.Term() == nil || it.Term().Texts[string(lang)] == "")
	})
}

// fill is the table of contents of the page.
func (p *feePage) fill(ctx context.Context, s *server, it *tariffs.Item) error {
	c := p.Edition.Catalogue
	rows := slices.DeleteFunc(c.Rows(p.Day, tariffs.RowFilter{Item: it.Code}), func(r tariffs.Row) bool { return r.Item != it.Code })
	p.about(it, rows)
	p.cells(rows)
	p.factors(it)
	p.history(it)
	p.instruments(it, rows)
	p.channels()
	heads, err := s.Desk.FeeEditions(ctx)
	if err != nil {
		return err
	}
	p.Editions = slices.DeleteFunc(slices.Clone(heads), func(h desk.FeeEditionHead) bool { return h.PublishedAt.IsZero() })
	return nil
}

func (p *feePage) about(it *tariffs.Item, rows []tariffs.Row) {
	c := p.Edition.Catalogue
	p.Translation = p.words.Translation(it.Code)
	p.Regime, p.Guided = map[tariffs.Regime]string{tariffs.GovernmentSet: p.words.Term("regime.set"), tariffs.GovernmentGuided: p.words.Term("regime.guided"), tariffs.Market: p.words.Term("regime.market")}[it.Regime], it.Regime == tariffs.GovernmentGuided
	p.Payer, p.Charged = upper(p.words.Party(it.Payer)), p.words.Remark(it.Basis)
	p.Head, p.Row = len(rows) == 0, it.Code
	if len(rows) == 0 {
		p.Collectors = []feeParty{p.party(it.Collector)}
	}
	for i := range rows {
		if who := p.party(rows[i].Collector); !slices.Contains(p.Collectors, who) {
			p.Collectors = append(p.Collectors, who)
		}
		p.Inside = p.Inside || rows[i].PartOf != ""
		p.Payment, p.Reasons = once(p.Payment, rows[i].Payment), once(p.Reasons, rows[i].Reason)
		p.authority(&rows[i])
	}
	if len(rows) > 0 && rows[0].ID != "" {
		p.Row = rows[0].ID
	}
	if it.Parent != "" {
		p.Part = &feeLink{it.Parent, p.name(it.Parent), p.original(it.Parent)}
	}
	for i := range c.Items {
		if o := &c.Items[i]; o.Parent == it.Code {
			p.Parts = append(p.Parts, feeLink{o.Code, p.name(o.Code), p.original(o.Code)})
		}
	}
}

// feeAuthority is a responsible authority with how sure the text is that names it.
type feeAuthority struct {
	Text string
	Sure feeMark
}

func (p *feePage) authority(r *tariffs.Row) {
	if r.Authority == "" || slices.ContainsFunc(p.Authorities, func(a feeAuthority) bool { return a.Text == r.Authority }) {
		return
	}
	word := r.Word
	for id := range strings.SplitSeq(r.LegalBasis, ";") {
		if n := p.Edition.Catalogue.Instrument(strings.TrimSpace(id)); n != nil && n.Authorities() != nil {
			word = n.Word
		}
	}
	p.Authorities = append(p.Authorities, feeAuthority{r.Authority, p.sure(word)})
}

// once adds what is said and does not yet stand there.
func once(list []string, said string) []string {
	if said == "" || slices.Contains(list, said) {
		return list
	}
	return append(list, said)
}

// oftenSaid is how many rows must share a note for it to stand above them, once.
const oftenSaid = 3

// cells are all rows of the day by component.
func (p *feePage) cells(rows []tariffs.Row) {
	notes, said := map[string]string{}, map[string]int{}
	for _, r := range p.Edition.Catalogue.RatesOf(p.Code) {
		notes[r.ID] = r.Note
	}
	for i := range rows {
		said[notes[rows[i].ID]]++
	}
	for i := range rows {
		r := &rows[i]
		cell := feeCell{feeRate: p.rate(r), For: upper(p.words.Conditions(r)), From: tariffs.Day(r.ValidFrom), To: tariffs.Day(r.ValidTo), Bases: p.bases(r.LegalBasis, p.Day), Article: p.words.Remark(r.Article), Note: p.words.Remark(notes[r.ID])}
		if cell.Note.Text != "" && said[notes[r.ID]] >= oftenSaid {
			if !slices.Contains(p.Notes, cell.Note) {
				p.Notes = append(p.Notes, cell.Note)
			}
			cell.Note = wording.Name{}
		}
		if last := len(p.Components) - 1; last >= 0 && p.Components[last].Name == r.Component {
			p.Components[last].Rows = append(p.Components[last].Rows, cell)
			continue
		}
		p.Components = append(p.Components, feeComponent{r.Component, []feeCell{cell}})
	}
}

// shownFactors are the kinds of modifiers that a reader meets in a bill.
var shownFactors = []string{"port_factor", "temporary_factor", "surcharge", "surcharge_ceiling", "minimum_quantity", "exemption", "relief", "trigger", "open_question"}

func (p *feePage) factors(it *tariffs.Item) {
	c := p.Edition.Catalogue
	own := slices.ContainsFunc(c.Modifiers, func(m tariffs.Modifier) bool { // the port has a factor of its own
		return m.Kind == "port_factor" && m.Place != "CN" && atDalian(m.Place) && m.Enabled && m.Valid.Holds(p.Day) && slices.Contains(m.Items, it.Code)
	})
	for i := range c.Modifiers {
		m := &c.Modifiers[i]
		if m.Kind == "port_factor" && m.Place == "CN" && own || !slices.Contains(m.Items, it.Code) || !slices.Contains(shownFactors, m.Kind) || !m.Valid.Holds(p.Day) || !atDalian(m.Place) {
			continue
		}
		f := feeFactor{ID: m.ID, What: upper(p.words.Text("fee_factor."+m.Kind, nil)), Condition: p.words.Remark(m.Condition), Value: p.words.Number(m.Value), On: strings.Join(m.Components, ", "), Enabled: m.Enabled, Basis: p.basis(m.Instrument, p.Day),
			Sure: p.sure(m.Word), From: m.Valid.From}
		if m.Parameter == "percent" {
			f.Value += "\u00a0%"
		}
		p.Factors = append(p.Factors, f)
	}
}

// atDalian: the modifiers of other ports stand in the table to compare with.
func atDalian(place string) bool {
	return place == "CN" || place == "CNDLC" || place == "CN-GROUP-90"
}

// instruments are the legal texts of the charge and of its rows, with how
// each stands on the day.
func (p *feePage) instruments(it *tariffs.Item, rows []tariffs.Row) {
	var ids []string
	add := func(list string) {
		for id := range strings.SplitSeq(list, ";") {
			if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	for i := range rows {
		add(rows[i].LegalBasis)
	}
	add(it.LegalBasis)
	for i := range p.Factors {
		add(p.Factors[i].Basis.ID)
	}
	c := p.Edition.Catalogue
	for _, id := range ids {
		n := c.Instrument(id)
		if n == nil {
			continue
		}
		standing := c.Standing(id, p.Day)
		m := feeMark{"warn", "clock", p.words.Basis(standing)}
		switch standing {
		case "in_force":
			m.Class, m.Icon = "ok", "ok"
		case "superseded", "expired":
			m.Class, m.Icon = "idle", "square"
		}
		p.Instruments = append(p.Instruments, feeInstrument{feeBasis: p.basis(id, p.Day), TitleZH: n.TitleZH, Standing: m, From: n.Effective.From, To: n.Effective.To,
			Changed: p.words.Remark(n.Changed), Note: p.words.Remark(n.Note), Sure: p.sure(n.Word)})
	}
}

// channels are the lines in order, an old number behind the one that took
// over from it.
func (p *feePage) channels() {
	list := slices.Clone(p.Edition.Catalogue.Channels)
	slices.SortStableFunc(list, func(a, b tariffs.Channel) int { return cmp.Compare(len(a.SupersededBy), len(b.SupersededBy)) })
	for i := range list {
		ch := &list[i]
		if ch.Number == "" || !ch.Valid.Holds(p.Day) {
			continue
		}
		out := feeChannel{Number: ch.Number, Dial: ch.DialAbroad, Sure: p.sure(ch.Word)}
		scope := p.words.ChannelScope(ch)
		out.Scope, out.Lang = scope.Text, scope.Lang
		for j := range list {
			if list[j].ID == ch.SupersededBy {
				out.Successor = list[j].Number
			}
		}
		p.Channels = append(p.Channels, out)
	}
}

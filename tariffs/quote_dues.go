package tariffs

import (
	"cmp"
	"time"
)

// tonnageDues is the one rate of the bracket for every ton: the total jumps
// at the edge of a bracket. A ship in domestic trade owes none: no line, and
// a note that says so.
func (b *builder) tonnageDues() {
	d := b.call.Dues
	if d == nil {
		return
	}
	if it := b.c.items["TONNAGE_DUES"]; !covers(it.Trade, b.trade) {
		b.q.Notes = append(b.q.Notes, Note{"dues_other_trade", it.LegalBasis})
		return
	}
	l := b.line("TONNAGE_DUES", "", d.Term)
	until, ok := ParseDay(string(d.LicenceUntil))
	switch {
	case d.LicenceUntil != "" && !ok: // calls that were kept before Check knew it are computed again
		l.needs("tonnage_dues.licence_until").finish()
		return
	case ok && until >= b.day:
		l.step("licence_on_board", "", "", string(d.LicenceUntil), "", OfficialText)
		l.free("licence_covers")
		return
	}
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage")
	}
	if d.RateKind == "" {
		l.needs("tonnage_dues.rate_kind")
	}
	if d.Term == "" {
		l.needs("tonnage_dues.licence_term")
	}
	if l.Unknown != "" {
		l.finish()
		return
	}
	cell := b.duesCell(d, &n)
	switch {
	case cell == nil && b.duesCell(d, nil) != nil:
		l.gap("tons_not_on_file", n.String()).finish()
		return
	case cell == nil:
		l.unknown("no_row").finish()
		return
	}
	l.Row, l.RowVersion, l.Instrument, l.Unit = cell.ID, 1, cell.Instrument, "NTT"
	l.Quantity, l.Rate = n.String(), cell.Amount.String()
	l.trust(cell.ID, cell.Word)
	l.exact = n.Decimal().Mul(cell.Amount)
	l.step("slab", cell.ID, n.String()+" × "+l.Rate, l.exact.String(), cell.Instrument, cell.Word)
	l.factors()
	for _, m := range b.modifiers("exemption", "TONNAGE_DUES", "") {
		most, ok := plainDecimal(m.Value)
		if ok && l.exact.LessThanOrEqual(most) {
			l.modifier(m, "exemption", l.exact.String(), "0")
			l.free("small_amount_exempt")
			return
		}
	}
	l.finish()
}

// duesCell is the row of the day for a tonnage; without one, any of them.
func (b *builder) duesCell(d *DuesAsk, n *Measure) *Dues {
	for i := range b.c.Dues {
		c := &b.c.Dues[i]
		if c.RateKind == d.RateKind && c.Term == d.Term && (n == nil || c.NT.Holds(*n)) && c.Valid.Holds(b.day) {
			return c
		}
	}
	return nil
}

// specialFee is a state machine over instants: applied, suspended, unknown.
// Nothing is assumed about a ship: a question without an answer is unknown.
func (b *builder) specialFee() {
	ask := b.call.Special
	if ask == nil {
		if !b.call.isShip() {
			return
		}
		ask = &Special{}
	}
	at := b.berthing()
	if it := b.c.items["SPECIAL_PORT_FEE"]; DayOf(at) < it.Valid.From || b.trade == domestic {
		return
	}
	l := b.line("SPECIAL_PORT_FEE", "", "")
	state := b.specialState(at)
	if state == nil {
		if scope, _ := ask.scope(); scope != no {
			l.unknown("status_unknown").finish()
		}
		return
	}
	l.Instrument = state.Instrument
	l.step("state", state.ID, "", state.TextEN, state.Instrument, state.Word)
	scope, open := ask.scope()
	if l.exemptShip(ask.exemption()) {
		return
	}
	switch {
	case scope == no:
		b.q.Notes = append(b.q.Notes, Note{"outside_special_fee", state.ID})
		return
	case state.ID == "SPF-S2":
		l.trust(state.ID, state.Word)
		l.free("suspended")
		return
	case scope == maybe:
		l.needs(open...).finish()
		return
	}
	if state.ID == "SPF-S3" { // neither a rate nor zero until an instrument is entered
		l.unknown("status_unknown").finish()
		return
	}
	b.specialApplied(l, ask, at)
}

func (b *builder) specialApplied(l *drawn, ask *Special, at time.Time) {
	switch {
	case ask.FirstPort == nil:
		l.needs("special_port_fee.first_chinese_port").finish()
		return
	case !*ask.FirstPort:
		l.step("limit", "SPF-L1", "", "", "MOT-2025-59", OfficialText)
		l.free("not_first_port")
		return
	case ask.Voyages == nil:
		l.needs("special_port_fee.charged_voyages").finish()
		return
	case *ask.Voyages >= mostVoyages:
		l.step("limit", "SPF-L2", "", "", "MOT-2025-59", OfficialText)
		l.free("five_voyages")
		return
	}
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	for i := range b.c.Special.Rates {
		r := &b.c.Special.Rates[i]
		if !r.holds(at) || r.Amount == nil {
			continue
		}
		l.Row, l.RowVersion, l.Unit, l.Quantity, l.Rate = r.ID, 1, "NTT", n.String(), r.Amount.String()
		l.trust(r.ID, r.Word)
		l.exact = n.Decimal().Mul(*r.Amount)
		l.step("cell", r.ID, n.String()+" × "+l.Rate, l.exact.String(), r.Instrument, r.Word)
		l.finish()
		return
	}
	l.unknown("no_row").finish()
}

// mostVoyages is how many voyages of a ship are charged in a fee year (SPF-L2).
const mostVoyages = 5

// berthing is the instant by which the state is chosen: that of berthing,
// else of arrival, else the beginning of the day.
func (b *builder) berthing() time.Time {
	if s := b.call.Berth; s != nil && !s.From.IsZero() && b.call.On == "" {
		return s.From
	}
	if !b.call.Arrival.IsZero() && b.call.On == "" {
		return b.call.Arrival
	}
	t, err := time.ParseInLocation(time.DateOnly, string(b.day), port)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (b *builder) specialState(at time.Time) *SpecialRow {
	for i := range b.c.Special.States {
		if s := &b.c.Special.States[i]; s.holds(at) {
			return s
		}
	}
	return nil
}

type answer int

const (
	no answer = iota
	maybe
	yes
)

// scope says whether a ship is in the scope of the special port fee, and which
// questions are open. One of C1 to C5 suffices; a ship built in China is
// exempt from C1 to C4.
func (s *Special) scope() (answer, []string) {
	for _, e := range []*bool{s.Repair, s.Exempted} {
		if e != nil && *e {
			return no, nil
		}
	}
	cn := s.BuiltCN != nil && *s.BuiltCN
	result := no
	var open []string
	for _, q := range []struct {
		path   string
		answer *bool
		china  bool // does not count for a ship built in China
	}{
		{"special_port_fee.us_owner", s.Owner, true}, {"special_port_fee.us_operator", s.Operator, true},
		{"special_port_fee.us_equity_25", s.Equity, true}, {"special_port_fee.us_flag", s.Flag, true}, {"special_port_fee.built_in_us", s.BuiltUS, false},
	} {
		switch {
		case q.china && cn:
		case q.answer == nil:
			open = append(open, q.path)
		case *q.answer:
			result = yes
		}
	}
	if result == yes && s.BuiltCN == nil && (s.BuiltUS == nil || !*s.BuiltUS) {
		return maybe, []string{"special_port_fee.built_in_cn"}
	}
	if result == no && len(open) > 0 {
		return maybe, open
	}
	return result, nil
}

// OfferedTerms are the three licence terms of tonnage dues side by side, for
// a number of calls in a year: how many licences each term takes, and what
// they cost together. Amount is nil when it is unknown. None for a call that
// owes no dues.
func OfferedTerms(c *Catalogue, call *Call, callsAYear int) []TermOffer {
	if !covers(c.items["TONNAGE_DUES"].Trade, cmp.Or(call.Trade, international)) {
		return nil
	}
	licences := map[string]int{"P30D": min(callsAYear, 13), "P90D": min(callsAYear, 5), "P1Y": min(callsAYear, 1)}
	out := make([]TermOffer, 0, len(LicenceTerms))
	for _, term := range LicenceTerms {
		one := *call
		one.Dues = &DuesAsk{Term: term}
		if call.Dues != nil {
			one.Dues.RateKind = call.Dues.RateKind
		}
		b := &builder{c: c, call: &one, day: call.On, trade: international}
		if b.day == "" {
			b.day = DayOf(call.Arrival)
		}
		b.tonnageDues()
		l := &b.q.Lines[0]
		o := TermOffer{Term: term, MostLicences: licences[term], Word: l.Word, Unknown: l.Unknown, Needs: l.Needs, About: l.About}
		if a := l.Amount; a != nil {
			one, year := *a, *a*Fen(licences[term])
			o.One, o.Year = &one, &year
		}
		out = append(out, o)
	}
	return out
}

// TermOffer is one licence term: what a licence costs, and what a year costs
// at most when every call needs a new one until the term covers the rest.
type TermOffer struct {
	Term         string `json:"licence_term"`
	One          *Fen   `json:"amount_fen"`
	MostLicences int    `json:"licences_at_most"`
	Year         *Fen   `json:"year_at_most_fen"`
	Word         Word   `json:"verification"`

	Unknown string   `json:"unknown,omitzero"` // slug: why there is no amount
	Needs   []string `json:"needs,omitempty"`  // paths of the call that are missing
	About   []string `json:"about,omitempty"`  // what Unknown speaks of
}

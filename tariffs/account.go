package tariffs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Account is an agent's disbursement account (使费单), estimated or final.
type Account struct {
	Number    string        `json:"account_no,omitzero"`
	Kind      string        `json:"kind,omitzero"` // estimate, final; empty: it does not say
	Currency  string        `json:"currency,omitzero"`
	Agent     string        `json:"agent,omitzero"`
	Synthetic bool          `json:"synthetic,omitzero"` // by its own word invented: nobody's bill
	Call      Call          `json:"call"`               // the facts by which the lines are judged
	Lines     []AccountLine `json:"lines"`
	Total     string        `json:"total,omitzero"` // as stated
}

// AccountLine is one line as it was billed.
type AccountLine struct {
	Line     int    `json:"line"`
	Code     string `json:"code,omitzero"` // of the catalogue, when the account has it
	TextZH   string `json:"text_zh,omitzero"`
	TextEN   string `json:"text_en,omitzero"`
	Quantity string `json:"quantity,omitzero"` // 27435, or a product: 15872 x 12
	Unit     string `json:"unit,omitzero"`
	Rate     string `json:"rate,omitzero"`
	Amount   string `json:"amount"`
}

// Text is what a line is called as billed; the Chinese text prevails.
func (l *AccountLine) Text() string { return cmp.Or(l.TextZH, l.TextEN) }

// Verdict says how a billed line stands to the catalogue.
type Verdict string

// The verdicts (§12). A reference that was not read in its instrument never
// makes a line over-charged: then the words are to ask for an explanation.
const (
	Equal            Verdict = "equal"
	WithinCeiling    Verdict = "within_ceiling"
	AboveCeiling     Verdict = "above_ceiling"
	QuantityWrong    Verdict = "quantity_wrong"
	RateKindQuestion Verdict = "rate_kind_question"
	NoSeparateCharge Verdict = "no_separate_charge"
	Abolished        Verdict = "abolished"
	AgentMargin      Verdict = "agent_margin"
	NotAPortCharge   Verdict = "not_a_port_charge"
	NotListed        Verdict = "not_listed"
	MarketPrice      Verdict = "market_price"
	LineMissing      Verdict = "line_missing"
	SumWrong         Verdict = "sum_wrong"
	StatusUnknown    Verdict = "status_unknown"
	BasisWrong       Verdict = "basis_wrong"
)

// AccountFinding is the verdict on a line; Line 0 is the account as a whole.
type AccountFinding struct {
	Line       int       `json:"line"`
	Items      []string  `json:"items,omitempty"`
	Verdicts   []Verdict `json:"verdicts"`
	Word       Word      `json:"verification"`
	Reference  *Fen      `json:"reference_fen,omitzero"`  // what the catalogue gives, or its ceiling
	Difference *Fen      `json:"difference_fen,omitzero"` // billed above it
	Row        string    `json:"row,omitzero"`
	Suggestion string    `json:"suggestion,omitzero"` // an item that may be meant; never taken by itself
	Reason     string    `json:"reason,omitzero"`     // slug: what more is to be said of the verdict
	Needs      []string  `json:"needs,omitempty"`     // paths of the call without which nothing can be said
}

// AmountOf reads an amount as bills write it, with or without thousands signs.
func AmountOf(s string) (decimal.Decimal, bool) { return decimalOf(s) }

func decimalOf(s string) (decimal.Decimal, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	if s == "" {
		return decimal.Decimal{}, false
	}
	return plainDecimal(s)
}

// CheckAccount judges every line of an account against the catalogue, and the
// account as a whole.
func CheckAccount(c *Catalogue, a *Account, knownOn Day) []AccountFinding {
	q := Quote(c, &a.Call, knownOn)
	j := &judge{c: c, a: a, q: &q, day: q.On, groups: grouped(a.Call.Boxes), used: map[*Line]bool{}, taken: map[*Line]decimal.Decimal{}, billed: map[*Line]Fen{}, jobs: map[string]decimal.Decimal{},
		b: &builder{c: c, call: &a.Call, day: q.On, trade: cmp.Or(a.Call.Trade, international), terminal: c.Terminal(a.Call.Terminal)}}
	names := c.names()
	for i := range a.Lines {
		m := names.match(&a.Lines[i])
		j.wholeTons(&m)
		j.lines = append(j.lines, m)
	}
	// Lines that say which way they are for come first: what says none is for
	// what they leave.
	j.findings = make([]AccountFinding, len(j.lines))
	for _, says := range []bool{true, false} {
		for i := range j.lines {
			if (j.lines[i].way != "") == says {
				j.findings[i] = j.line(&j.lines[i])
			}
		}
	}
	j.whole()
	return j.findings
}

// judge holds what lines are held against, and what of it is billed already.
type judge struct {
	c        *Catalogue
	a        *Account
	q        *Quotation
	b        *builder // selects rows as the quotation does
	day      Day
	lines    []matched
	groups   []boxGroup
	used     map[*Line]bool
	taken    map[*Line]decimal.Decimal // boxes of a group, days or hours of a stay
	billed   map[*Line]Fen             // of a job that several lines have parts of
	jobs     map[string]decimal.Decimal
	licensed bool
	findings []AccountFinding
}

func (j *judge) add(f AccountFinding, items ...string) {
	f.Items = items
	j.findings = append(j.findings, f)
}

// expected are the quoted lines of an item, optionally of one component.
func (j *judge) expected(item, component string) []*Line {
	var out []*Line
	for i := range j.q.Lines {
		l := &j.q.Lines[i]
		if l.Item == item && (component == "" || l.Component == component) {
			out = append(out, l)
		}
	}
	return out
}

// whole judges what no single line shows: a sum that is not the sum, a way
// without its over-distance, a charge whose status nobody knows.
func (j *judge) whole() {
	over := false
	sum := decimal.Zero
	for i := range j.lines {
		sum = sum.Add(j.lines[i].amount)
		m := &j.lines[i]
		over = over || m.item != nil && m.item.Code == "PILOTAGE" && m.component == partOver && !m.margin
	}
	want := j.expected("PILOTAGE", pilotageOf[j.b.trade].over)
	if unbilled := slices.IndexFunc(want, func(l *Line) bool { return !j.used[l] && l.Amount != nil }); over && unbilled >= 0 {
		j.add(found(want[unbilled].Word, LineMissing), "PILOTAGE")
	}
	if total, ok := decimalOf(j.a.Total); ok && !total.Equal(sum) {
		f := held(round(total), round(sum), true, OfficialText, "") // arithmetic needs no source
		f.Verdicts[0] = SumWrong
		j.add(f)
	}
	for _, l := range j.expected("SPECIAL_PORT_FEE", "") {
		if l.Amount == nil {
			j.add(unknown(l.Needs...), "SPECIAL_PORT_FEE")
		}
	}
}

// IsAmount reports whether a billed amount can be read: digits, at most one
// dot, commas between thousands.
func IsAmount(s string) bool {
	_, ok := decimalOf(s)
	return ok
}

// Billed is the amount of a line, rounded to the fen; false when there is none.
func (l *AccountLine) Billed() (Fen, bool) {
	d, ok := decimalOf(l.Amount)
	return round(d), ok
}

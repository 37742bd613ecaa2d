package tariffs

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"kouan/tariffs/hanzi"
)

// Account is an agent's disbursement account (使费单), estimated or final.
type Account struct {
	Number   string        `json:"account_no,omitzero"`
	Currency string        `json:"currency,omitzero"`
	Agent    string        `json:"agent,omitzero"`
	Call     Call          `json:"call"` // the facts by which the lines are judged
	Lines    []AccountLine `json:"lines"`
	Total    string        `json:"total,omitzero"` // as stated
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
}

// labels are names under which accounts print the catalogue's items, besides
// their own. A name that is not here is not guessed.
var labels = []struct{ text, item, component string }{
	{"引航费", "PILOTAGE", "1A"}, {"引航费超程", "PILOTAGE", "1B"}, {"引航超程费", "PILOTAGE", "1B"}, {"移泊费", "SHIFTING", ""},
	{"拖轮费", "TOWAGE", ""}, {"停泊费", "BERTH_WORKING", ""}, {"围油栏使用费", "BOOM", ""}, {"船舶吨税", "TONNAGE_DUES", ""},
	{"代理费", "AGENCY_FEE", ""}, {"文件费", "CARRIER_DOC", ""}, {"船舶代理费", "AGENCY_FEE", ""},
}

// matched is a line and what it was found to be.
type matched struct {
	line      *AccountLine
	item      *Item
	component string
	margin    bool // a charge of the agent for collecting another's
	suggest   string
	amount    decimal.Decimal
	quantity  []decimal.Decimal // factors
	rate      decimal.Decimal
}

// plainName is a billed text as it is compared: compatibility forms and
// Traditional characters folded, what stands in brackets and all blanks taken
// away.
func plainName(s string) string {
	s = strings.Map(hanzi.Simplified, norm.NFKC.String(s))
	for _, pair := range [][2]string{{"(", ")"}, {"（", "）"}} {
		for {
			i := strings.Index(s, pair[0])
			j := strings.Index(s, pair[1])
			if i < 0 || j < i {
				break
			}
			s = s[:i] + s[j+len(pair[1]):]
		}
	}
	return strings.Join(strings.Fields(s), "")
}

// match finds the item of a line: by code, by exact name, by a known label.
func (c *Catalogue) match(l *AccountLine) matched {
	m := matched{line: l, item: c.items[l.Code]}
	m.amount, _ = decimalOf(l.Amount)
	m.rate, _ = decimalOf(l.Rate)
	for part := range strings.FieldsFuncSeq(l.Quantity, func(r rune) bool { return r == 'x' || r == 'X' || r == '×' || r == '*' || r == ' ' }) {
		if d, ok := decimalOf(part); ok {
			m.quantity = append(m.quantity, d)
		}
	}
	name := plainName(l.TextZH)
	for _, label := range labels {
		if label.text == name {
			m.item, m.component = c.items[label.item], label.component
		}
	}
	if m.item == nil && name != "" {
		for i := range c.Items {
			if plainName(c.Items[i].NameZH) == name {
				m.item = &c.Items[i]
			}
		}
	}
	if m.item == nil && strings.Contains(name, "代收") {
		for i := range c.Items {
			if strings.HasPrefix(name, plainName(c.Items[i].NameZH)) {
				m.item, m.margin = &c.Items[i], true
			}
		}
	}
	if m.item == nil && name != "" {
		m.suggest = c.similar(name)
	}
	return m
}

// similar is an item whose name shares most of its characters: a suggestion.
func (c *Catalogue) similar(name string) string {
	best, most := "", 0.7
	for i := range c.Items {
		other := plainName(c.Items[i].NameZH)
		share := 0
		for _, r := range other {
			if strings.ContainsRune(name, r) {
				share++
			}
		}
		n := max(len([]rune(other)), len([]rune(name)))
		if s := float64(share) / float64(n); s >= most {
			best, most = c.Items[i].Code, s
		}
	}
	return best
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
	j := &judge{c: c, a: a, q: &q, day: q.On}
	var lines []matched
	for i := range a.Lines {
		lines = append(lines, c.match(&a.Lines[i]))
	}
	for i := range lines {
		j.line(&lines[i])
	}
	j.whole(lines)
	return j.findings
}

// judge holds what lines are held against.
type judge struct {
	c        *Catalogue
	a        *Account
	q        *Quotation
	day      Day
	findings []AccountFinding
}

func (j *judge) add(m *matched, word Word, verdicts ...Verdict) *AccountFinding {
	f := AccountFinding{Verdicts: verdicts, Word: cmp.Or(word, Unverified)} // a line without a figure has no word
	if m != nil {
		f.Line, f.Suggestion = m.line.Line, m.suggest
		if m.item != nil {
			f.Items = []string{m.item.Code}
		}
	}
	j.findings = append(j.findings, f)
	return &j.findings[len(j.findings)-1]
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

func (j *judge) berthed() (from, to time.Time) {
	if s := j.a.Call.Berth; s != nil {
		return s.From, s.To
	}
	return time.Time{}, time.Time{}
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

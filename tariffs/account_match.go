package tariffs

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"kouan/tariffs/hanzi"
)

// matched is a line, what it was found to be, and what it says of itself.
type matched struct {
	line      *AccountLine
	item      *Item
	component string  // of pilotage: base, over
	finding   Verdict // of a name that is no item
	margin    bool    // a charge of the agent for collecting another's
	denied    *denial
	suggest   string

	way, size string // in, out; 20, 40, 45; empty: it does not say
	special   bool   // dangerous or reefer
	empty     bool

	amount   decimal.Decimal
	billed   Fen
	quantity []decimal.Decimal // factors, tons rounded up; none: not stated, or in words
	printed  []decimal.Decimal // the same as they stand on the bill
	rate     decimal.Decimal
	priced   bool             // it states a price for one
	want     *decimal.Decimal // the quantity that the call has, when it is known
}

// wayWords are the English words of the way of a ship or of cargo.
var wayWords = map[string]string{
	"in": "in", "inward": "in", "inwards": "in", "inbound": "in", "arrival": "in", "import": "in",
	"out": "out", "outward": "out", "outwards": "out", "outbound": "out", "departure": "out", "sailing": "out", "export": "out",
}

// wayOf is in or out as the text says it; empty when it says neither, or both.
func wayOf(text string) string {
	in, out := strings.ContainsAny(text, "进入抵靠"), strings.ContainsAny(text, "出离")
	for _, w := range englishWords(text) {
		in, out = in || wayWords[w] == "in", out || wayWords[w] == "out"
	}
	switch {
	case in && !out:
		return "in"
	case out && !in:
		return "out"
	}
	return ""
}

var sizes = regexp.MustCompile(`(?:^|\D)(20|40|45)(?:\D|$)`)

// sizeOf is the size of boxes: by the unit (20 and 21 of Rec 20), which has
// none for 45 ft, else as the text says it.
func sizeOf(text, unit string) string {
	said := ""
	if m := sizes.FindStringSubmatch(text); m != nil {
		said = m[1]
	}
	switch {
	case said == "45":
		return said
	case unit == "20":
		return "20"
	case unit == "21":
		return "40"
	}
	return said
}

// match finds the item of a line: by code, exact name, label; similarity only
// suggests. The Chinese text prevails: the English one finds an item only where
// there is no Chinese.
func (n *names) match(l *AccountLine) matched {
	m := matched{line: l, item: n.c.items[l.Code]}
	m.figures()
	of, ok := n.zh[wholeName(l.TextZH)]
	if !ok {
		of, ok = n.zh[plainName(l.TextZH)]
	}
	english := n.en[englishName(l.TextEN)]
	if !ok && l.TextZH == "" {
		of = english
	}
	switch {
	case m.item == nil:
		m.item, m.component, m.finding = of.item, of.component, of.finding
	case of.item == m.item:
		m.component = of.component
	}
	if m.item == nil && m.finding == "" {
		n.marginOf(&m)
	}
	if m.item != nil && m.item.Code == "PILOTAGE" && m.component == "" {
		m.component = partBase
		if l.Unit == "NTT.NMI" {
			m.component = partOver
		}
	}
	if m.item == nil && m.finding == "" {
		m.suggest = n.similar(l)
		if english.item != nil && m.suggest == "" {
			m.suggest = english.item.Code
		}
	}
	m.denied = n.c.deniedBy(&m)
	return m
}

// figures reads what the line states of numbers, way and boxes.
func (m *matched) figures() {
	l := m.line
	m.amount, _ = decimalOf(l.Amount)
	m.billed = round(m.amount)
	m.rate, m.priced = decimalOf(l.Rate)
	for part := range strings.FieldsFuncSeq(l.Quantity, func(r rune) bool { return r == 'x' || r == 'X' || r == '×' || r == '*' || r == ' ' }) {
		d, ok := decimalOf(part)
		if !ok && strings.ContainsAny(part, "0123456789") {
			m.quantity = nil // a number that nobody can read: the product is not known
			break
		}
		if ok {
			m.quantity = append(m.quantity, d)
		}
	}
	text := m.text()
	m.way, m.size = wayOf(text), sizeOf(text, l.Unit)
	m.special = strings.ContainsAny(text, "危冷") || containsWord(text, "dangerous", "reefer")
	m.empty = strings.Contains(text, "空箱") || containsWord(text, "empty", "empties")
}

// text is all that a line says in words, folded.
func (m *matched) text() string {
	return strings.Map(hanzi.Simplified, norm.NFKC.String(m.line.TextZH+" "+m.line.TextEN))
}

// product of the factors of the quantity.
func (m *matched) product() (decimal.Decimal, bool) {
	if len(m.quantity) == 0 {
		return decimal.Decimal{}, false
	}
	return product(m.quantity), true
}

func product(factors []decimal.Decimal) decimal.Decimal {
	p := decimal.NewFromInt(1)
	for _, d := range factors {
		p = p.Mul(d)
	}
	return p
}

// containsWord finds English words as words and Chinese ones anywhere.
func containsWord(text string, words ...string) bool {
	plain := " " + strings.Join(englishWords(text), " ") + " "
	for _, w := range words {
		if w[0] >= 0x80 && strings.Contains(text, w) || w[0] < 0x80 && strings.Contains(plain, " "+strings.Join(englishWords(w), " ")+" ") {
			return true
		}
	}
	return false
}

// marginOf finds a charge for collecting another's: 货物港务费代收手续费,
// Agent margin on cargo dues. A service of the agent's own (服务费) is lawful and
// none: it is asked about.
func (n *names) marginOf(m *matched) {
	if name := plainName(m.line.TextZH); strings.Contains(name, "代收") || strings.HasSuffix(name, "费手续费") {
		longest := ""
		for known, of := range n.zh {
			if of.item != nil && len(known) > len(longest) && len(known) < len(name) && strings.HasPrefix(name, known) {
				longest, m.item, m.margin = known, of.item, true
			}
		}
		return
	}
	if m.line.TextZH != "" {
		return
	}
	before, after, found := strings.Cut(strings.ToLower(m.line.TextEN), " on ")
	if of := n.en[englishName(after)]; found && of.item != nil && containsWord(before, "margin", "commission", "collection", "handling") {
		m.item, m.margin = of.item, true
	}
}

// similar is an item whose name shares most of its characters, or of its
// English words: a suggestion.
func (n *names) similar(l *AccountLine) string {
	best, most := "", 0.7
	name, words := []rune(plainName(l.TextZH)), strings.Fields(englishName(l.TextEN))
	for i := range n.c.Items {
		it := &n.c.Items[i]
		for _, share := range []float64{
			shared(name, []rune(plainName(it.NameZH))), shared(words, strings.Fields(englishName(it.NameEN))),
		} {
			if share >= most {
				best, most = it.Code, share
			}
		}
	}
	return best
}

// shared is the part of two names that both have.
func shared[T comparable](a, b []T) float64 {
	n := 0
	for _, x := range b {
		if slices.Contains(a, x) {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n) / float64(max(len(a), len(b)))
}

// deniedBy is the rule of the deny list that a line falls under.
func (c *Catalogue) deniedBy(m *matched) *denial {
	_, denials := accountTables()
	for i := range denials {
		if d := &denials[i]; d.about(m) && (d.cites && c.citesUnknown(m.text()) || d.says(m)) {
			return d
		}
	}
	return nil
}

func (d *denial) about(m *matched) bool {
	if d.item != "" {
		return m.item != nil && m.item.Code == d.item
	}
	return m.item == nil || m.item.Regime != Market
}

func (d *denial) says(m *matched) bool {
	for _, name := range d.names {
		if name[0] >= 0x80 && plainName(m.line.TextZH) == plainName(name) ||
			name[0] < 0x80 && strings.Join(englishWords(unbracketed(norm.NFKC.String(m.line.TextEN))), " ") == name {
			return true
		}
	}
	for part := range strings.SplitSeq(strings.ToUpper(m.line.Unit), ".") {
		if slices.Contains(d.units, part) {
			return true
		}
	}
	return containsWord(m.text(), d.words...)
}

// numbers are those of documents: 交水规〔2019〕2号, 公告2025年第54号, Circular No. 12/2019.
var numbers = regexp.MustCompile(`(?i)[〔\[(](\d{4})[〕\])]\s*第?(\d+)号|(\d{4})年第(\d+)号|circular\s+(?:no\.?\s*)?\(?(\d+)\)?\s*[/-]\s*\(?(\d+)\)?`)

// papers have numbers of the same form and are no instruments.
var papers = []string{"发票", "收据", "合同", "协议", "账单", "单号"}

// citesUnknown reports a text that cites the number of a document that is none
// of the instruments on file.
func (c *Catalogue) citesUnknown(text string) bool {
	if slices.ContainsFunc(papers, func(paper string) bool { return strings.Contains(text, paper) }) {
		return false
	}
	for _, m := range numbers.FindAllStringSubmatch(text, -1) {
		cited := slices.DeleteFunc(m[1:], func(s string) bool { return s == "" })
		if !slices.ContainsFunc(c.Instruments, func(n Instrument) bool { return n.has(cited) }) {
			return true
		}
	}
	return false
}

// has reports whether a document has a number of year and serial, in either order.
func (n *Instrument) has(cited []string) bool {
	for _, m := range numbers.FindAllStringSubmatch(norm.NFKC.String(n.Number), -1) {
		own := slices.DeleteFunc(m[1:], func(s string) bool { return s == "" })
		if slices.Equal(own, cited) || len(own) == 2 && len(cited) == 2 && own[0] == cited[1] && own[1] == cited[0] {
			return true
		}
	}
	return false
}

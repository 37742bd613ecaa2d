// Package services holds what third parties offer around a port call or a box
// and what they ask for it (公示第三方服务事项): tally, agency, brokerage,
// cleaning, whatever an operator of the single window publishes.
//
// Contract: a Service is one offer of one provider, with its price, what the
// price is for, when it holds, where it was read and how sure that is, and how
// a customer chooses another provider: nobody is bound to the one that is
// named. A blank price is unknown and never zero. Check refuses what may not
// be published; Read reads a sheet. Rows come from an operator: the project
// carries none, because no provider's price is on file.
//
// The package does not know files, databases or pages.
package services

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"kouan/tariffs"
)

// Service is one offer. Texts in Chinese prevail; English is optional.
type Service struct {
	Number        string       `json:"service_no"` // the operator's own, permanent
	Name          string       `json:"service_zh"`
	NameEN        string       `json:"service_en,omitzero"`
	Item          string       `json:"item_code,omitzero"` // charge of the catalogue that it is, when it is one
	Provider      string       `json:"provider"`
	Contact       string       `json:"contact,omitzero"`
	Price         string       `json:"price,omitzero"` // plain decimal; empty: unknown
	Currency      string       `json:"currency,omitzero"`
	Unit          string       `json:"unit"`                    // as in the catalogue: 20, 21, C62, DAY …
	Direction     string       `json:"direction,omitzero"`      // import, export; empty: both
	Size          string       `json:"container_size,omitzero"` // 20, 40; empty: every size
	Counted       bool         `json:"counted,omitzero"`        // every box needs it: part of the cost of a box
	ValidFrom     tariffs.Day  `json:"valid_from"`
	ValidTo       tariffs.Day  `json:"valid_to,omitzero"` // inclusive
	ChooseOther   string       `json:"choose_another_zh"`
	ChooseOtherEN string       `json:"choose_another_en,omitzero"`
	Source        string       `json:"source"`
	SourceSHA256  string       `json:"source_sha256,omitzero"`
	Word          tariffs.Word `json:"verification"`
	Sample        bool         `json:"sample,omitzero"` // no real offer: for demonstrations
}

// Columns are those of a sheet of services.
var Columns = strings.Split("service_no,service_zh,service_en,item_code,provider,contact,price,currency,unit,direction,container_size,counted,"+
	"valid_from,valid_to,choose_another_zh,choose_another_en,source,source_sha256,verification,sample", ",")

// needed are the columns that no row may leave empty.
var needed = []string{"service_no", "service_zh", "provider", "valid_from", "choose_another_zh", "source", "verification", "unit"}

// Fault codes of services.
const (
	CodeColumn    = "FEE-1300" // a column that the sheet does not have; args: name
	CodeNoColumn  = "FEE-1301" // a column is missing; args: name
	CodeNeeded    = "FEE-1302" // a value is missing; args: name
	CodePrice     = "FEE-1303" // no plain decimal of at most two places; args: value
	CodeCurrency  = "FEE-1304" // not CNY; args: value
	CodeChoice    = "FEE-1305" // none of the choices; args: name, value, known
	CodeDay       = "FEE-1306" // no day, or ends before it begins; args: name, value
	CodeItem      = "FEE-1307" // no charge of the catalogue; args: value
	CodeTwice     = "FEE-1308" // the number stands twice in the sheet; args: value
	CodeWord      = "FEE-1309" // official_text without a stored document; args: value
	CodePort      = "FEE-1310" // a charge that the government sets or guides: it belongs into the catalogue; args: value
	CodeLong      = "FEE-1311" // longer than a cell may be; args: name, limit
	CodeMany      = "FEE-1312" // more rows than one sheet may hold; args: limit
	CodeNoRows    = "FEE-1313" // nothing to publish
	CodeCharacter = "FEE-1314" // control or direction characters; args: name
	CodeFormula   = "FEE-1315" // a formula; args: name
)

// Fault is one thing wrong with a service, as data; Column is a name of Columns.
type Fault struct {
	Code   string
	Column string
	Args   map[string]string
}

// Units that a service may be priced for: those of the catalogue.
var Units = []string{"20", "21", "C62", "DAY", "HUR", "TNE", "MTQ", "NTT"}

const (
	longestText   = 500
	longestNumber = 64 // service_no is a key
)

// text is the value of a column.
func (s *Service) text(column string) string {
	switch column {
	case "service_no":
		return s.Number
	case "service_zh":
		return s.Name
	case "service_en":
		return s.NameEN
	case "item_code":
		return s.Item
	case "provider":
		return s.Provider
	case "contact":
		return s.Contact
	case "price":
		return s.Price
	case "currency":
		return s.Currency
	case "unit":
		return s.Unit
	case "direction":
		return s.Direction
	case "container_size":
		return s.Size
	case "valid_from":
		return string(s.ValidFrom)
	case "valid_to":
		return string(s.ValidTo)
	case "choose_another_zh":
		return s.ChooseOther
	case "choose_another_en":
		return s.ChooseOtherEN
	case "source":
		return s.Source
	case "source_sha256":
		return s.SourceSHA256
	case "verification":
		return string(s.Word)
	case "counted":
		return yes(s.Counted)
	}
	return yes(s.Sample)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Check finds everything that stands against publishing a service beside a catalogue.
func (s *Service) Check(c *tariffs.Catalogue) []Fault {
	k := &checker{s: s}
	k.texts()
	k.price()
	k.choice("unit", Units...)
	k.choice("direction", "", "import", "export")
	k.choice("container_size", "", "20", "40")
	k.choice("verification", words()...)
	k.days()
	k.item(c)
	if s.Word == tariffs.OfficialText && !isSHA256(s.SourceSHA256) { // a person raises a word by attaching the document
		k.fault(CodeWord, "source_sha256", "value", string(s.Word))
	}
	return k.faults
}

type checker struct {
	s      *Service
	faults []Fault
}

func (k *checker) fault(code, column string, args ...string) {
	f := Fault{Code: code, Column: column, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	k.faults = append(k.faults, f)
}

func (k *checker) texts() {
	for _, column := range Columns {
		text := k.s.text(column)
		switch {
		case strings.TrimSpace(text) == "" && slices.Contains(needed, column):
			k.fault(CodeNeeded, column, "name", column)
		case column == "service_no" && len(text) > longestNumber:
			k.fault(CodeLong, column, "name", column, "limit", strconv.Itoa(longestNumber))
		case len([]rune(text)) > longestText:
			k.fault(CodeLong, column, "name", column, "limit", strconv.Itoa(longestText))
		case strings.ContainsFunc(text, hidden):
			k.fault(CodeCharacter, column, "name", column)
		case strings.HasPrefix(text, "="):
			k.fault(CodeFormula, column, "name", column)
		}
	}
}

// hidden are control characters and those that turn the direction of a text:
// they make a price read otherwise than it is stored.
func hidden(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r == 0xfeff
}

func (k *checker) price() {
	s := k.s
	if s.Price == "" {
		return // unknown, and shown as unknown
	}
	if _, ok := s.Fen(); !ok {
		k.fault(CodePrice, "price", "value", s.Price)
	}
	if s.Currency != "CNY" {
		k.fault(CodeCurrency, "currency", "value", s.Currency)
	}
}

func (k *checker) choice(column string, known ...string) {
	value := k.s.text(column)
	if slices.Contains(known, value) || value == "" && slices.Contains(needed, column) {
		return
	}
	k.fault(CodeChoice, column, "name", column, "value", value, "known", strings.Join(slices.DeleteFunc(known, func(s string) bool { return s == "" }), ", "))
}

func (k *checker) days() {
	s := k.s
	for _, d := range []struct {
		column string
		day    tariffs.Day
	}{{"valid_from", s.ValidFrom}, {"valid_to", s.ValidTo}} {
		if _, ok := tariffs.ParseDay(string(d.day)); d.day != "" && !ok {
			k.fault(CodeDay, d.column, "name", d.column, "value", string(d.day))
		}
	}
	if s.ValidTo != "" && s.ValidTo < s.ValidFrom {
		k.fault(CodeDay, "valid_to", "name", "valid_to", "value", string(s.ValidTo))
	}
}

// item: what the government prices is a charge of the catalogue and nobody's offer.
func (k *checker) item(c *tariffs.Catalogue) {
	if k.s.Item == "" {
		return
	}
	switch it := c.Item(k.s.Item); {
	case it == nil:
		k.fault(CodeItem, "item_code", "value", k.s.Item)
	case it.Regime != tariffs.Market:
		k.fault(CodePort, "item_code", "value", k.s.Item)
	}
}

// Fen is the price; ok is false when there is none, or it is no amount.
func (s *Service) Fen() (price tariffs.Fen, ok bool) {
	whole, part, dotted := strings.Cut(s.Price, ".")
	if !digits(whole) || len(whole) > 12 || dotted && (!digits(part) || len(part) > 2) {
		return 0, false
	}
	d, err := decimal.NewFromString(s.Price)
	if err != nil {
		return 0, false
	}
	return tariffs.Fen(d.Shift(2).IntPart()), true
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func isSHA256(s string) bool {
	return len(s) == 64 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') })
}

func words() []string {
	var out []string
	for _, w := range tariffs.Words {
		out = append(out, string(w))
	}
	return out
}

// Holds reports whether the offer holds on a day.
func (s *Service) Holds(day tariffs.Day) bool {
	return tariffs.Span{From: s.ValidFrom, To: s.ValidTo}.Holds(day)
}

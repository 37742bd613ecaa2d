package complaint

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"kouan/tariffs"
)

// Kinds are what a complaint may be about.
var Kinds = []string{"overcharge", "not_listed", "no_display", "forced_service", "no_invoice", "slow", "other"}

// Subject says what a complaint is about, as far as the reader came from it.
// A reference that is given must exist.
type Subject struct {
	Row      string `json:"row,omitzero"`     // id of a rate, or code of an item
	Edition  int    `json:"edition,omitzero"` // of the catalogue that has the row
	Quote    string `json:"quote,omitzero"`   // number of a quote
	Line     int    `json:"line,omitzero"`    // of the quote, from 1
	Bill     string `json:"bill,omitzero"`    // number of a checked account
	BillLine int    `json:"bill_line,omitzero"`

	// What the references led to, filled in by whoever looks them up.
	Item   string       `json:"item,omitzero"`
	Quoted *tariffs.Fen `json:"quoted_fen,omitempty"` // amount of the quote's line
	AtMost bool         `json:"quoted_at_most,omitzero"`
	// Billed is the line of the account as it was billed, which is all that
	// goes with the complaint: the account stays its holder's.
	Billed *tariffs.AccountLine `json:"billed,omitempty"`
}

// Contact is how the complainant may be reached; all of it is optional.
type Contact struct {
	Name  string `json:"name,omitzero"`
	Mail  string `json:"mail,omitzero"`
	Phone string `json:"phone,omitzero"`
}

// Empty reports whether nothing was given.
func (c Contact) Empty() bool { return c == Contact{} }

// Complaint is what somebody says about a charge.
type Complaint struct {
	Subject   Subject     `json:"subject"`
	Kind      string      `json:"kind"`
	Text      string      `json:"text"`
	Body      string      `json:"body,omitzero"`       // who charged, in the complainant's words
	Amount    string      `json:"amount,omitzero"`     // what was charged, CNY
	ChargedOn tariffs.Day `json:"charged_on,omitzero"` // day of the bill
	Ship      string      `json:"ship,omitzero"`       // ship, voyage, box or bill of lading
}

// Fault is one thing wrong with what was entered.
type Fault struct {
	Code, Path string
	Args       map[string]string
}

// Codes of faults.
const (
	CodeText     = "FEE-1250" // too short to be understood; args: limit
	CodeLong     = "FEE-1251" // longer than a field takes; args: name, limit
	CodeChoice   = "FEE-1252" // none of the choices; args: value, known
	CodeAmount   = "FEE-1253" // no plain amount; args: value
	CodeDay      = "FEE-1254" // no day, or one to come; args: value
	CodeUnknown  = "FEE-1255" // what it refers to does not exist; args: value
	CodeMail     = "FEE-1256" // no mail address; args: value
	CodeFiles    = "FEE-1257" // too many files; args: limit
	CodeFileSize = "FEE-1258" // a file too large; args: name, limit
	CodeFileKind = "FEE-1259" // no PDF, JPEG or PNG; args: name
	CodeFileBad  = "FEE-1260" // it begins as one and cannot be read; args: name
	CodeChars    = "FEE-1261" // characters that no text has; args: name
	CodeContact  = "FEE-1262" // contact data cannot be kept here
	CodeBody     = "FEE-1263" // no charging body of that name; args: value, known
	CodeReason   = "FEE-1264" // a reason is needed; args: known
	CodeSay      = "FEE-1265" // words are needed
	CodeLimit    = "FEE-1266" // no number of days; args: value, limit
	CodeAct      = "FEE-1267" // no act; args: value, known
	CodePhone    = "FEE-1268" // no telephone number; args: value
)

const (
	leastText  = 10
	mostText   = 4000
	mostField  = 200
	mostAmount = 18
)

// Check finds what is wrong with a complaint on a day.
func (c *Complaint) Check(today tariffs.Day) []Fault {
	f := faults(checkKind(c.Kind))
	f.text("text", c.Text, leastText)
	for _, one := range []struct{ name, value string }{
		{"body", c.Body}, {"ship", c.Ship}, {"row", c.Subject.Row}, {"quote", c.Subject.Quote}, {"bill", c.Subject.Bill},
	} {
		f.field(one.name, one.value)
	}
	if c.Amount != "" && !plainAmount(c.Amount) {
		f.add(CodeAmount, "amount", "value", shown(c.Amount))
	}
	if c.ChargedOn != "" {
		if _, ok := tariffs.ParseDay(string(c.ChargedOn)); !ok || c.ChargedOn > today {
			f.add(CodeDay, "charged_on", "value", shown(string(c.ChargedOn)))
		}
	}
	return f
}

// Check finds what is wrong with contact data.
func (c *Contact) Check() []Fault {
	var f faults
	f.field("name", c.Name)
	f.field("mail", c.Mail)
	f.field("phone", c.Phone)
	if before, after, ok := strings.Cut(c.Mail, "@"); c.Mail != "" && (!ok || before == "" || !strings.Contains(after, ".") || strings.ContainsAny(c.Mail, " ,;<>\"") || strings.Contains(after, "@")) {
		f.add(CodeMail, "mail", "value", shown(c.Mail))
	}
	if c.Phone != "" && (strings.Trim(c.Phone, "0123456789+-() /.#") != "" || strings.IndexFunc(c.Phone, unicode.IsDigit) < 0) {
		f.add(CodePhone, "phone", "value", shown(c.Phone))
	}
	return f
}

// CheckWords finds what is wrong with the words of an act; need says that
// there must be some.
func CheckWords(text string, need bool) []Fault {
	var f faults
	if need && strings.TrimSpace(text) == "" {
		f.add(CodeSay, "text")
		return f
	}
	f.text("text", text, 0)
	return f
}

// CheckAct finds what is wrong with the name of an act.
func CheckAct(act string) []Fault {
	names := make([]string, len(Acts))
	for i, a := range Acts {
		names[i] = string(a)
	}
	if slices.Contains(names, act) {
		return nil
	}
	return []Fault{{CodeAct, "act", map[string]string{"value": shown(act), "known": strings.Join(names, ", ")}}}
}

// CheckReason finds what is wrong with a reason, of which one of some is needed.
func CheckReason(reason string, known []string) []Fault {
	if slices.Contains(known, reason) {
		return nil
	}
	return []Fault{{CodeReason, "reason", map[string]string{"value": shown(reason), "known": strings.Join(known, ", ")}}}
}

// CheckBody finds what is wrong with the name of a charging body.
func CheckBody(path, body string, known []string) []Fault {
	if slices.Contains(known, body) {
		return nil
	}
	return []Fault{{CodeBody, path, map[string]string{"value": shown(body), "known": strings.Join(known, ", ")}}}
}

// CheckUnit finds what is wrong with the unit of a limit.
func CheckUnit(unit string) []Fault {
	units := []string{CalendarDays, WorkingDays}
	if slices.Contains(units, unit) {
		return nil
	}
	return []Fault{{CodeChoice, "unit", map[string]string{"value": shown(unit), "known": strings.Join(units, ", ")}}}
}

// checkKind finds what is wrong with what a complaint is said to be about.
func checkKind(kind string) []Fault {
	if slices.Contains(Kinds, kind) {
		return nil
	}
	return []Fault{{CodeChoice, "kind", map[string]string{"value": shown(kind), "known": strings.Join(Kinds, ", ")}}}
}

// plainAmount: more than nothing, at most two decimals, no sign, no exponent.
func plainAmount(s string) bool {
	whole, part, cut := strings.Cut(s, ".")
	if whole == "" || len(s) > mostAmount || cut && (part == "" || len(part) > 2) || strings.Trim(whole+part, "0123456789") != "" {
		return false
	}
	d, err := decimal.NewFromString(s)
	return err == nil && d.IsPositive()
}

type faults []Fault

func (f *faults) add(code, path string, pairs ...string) {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	*f = append(*f, Fault{code, path, args})
}

func (f *faults) text(name, value string, least int) {
	n := utf8.RuneCountInString(strings.TrimSpace(value))
	switch {
	case n < least:
		f.add(CodeText, name, "limit", strconv.Itoa(least))
	case n > mostText:
		f.add(CodeLong, name, "name", name, "limit", strconv.Itoa(mostText))
	case !clean(value, "\n\r\t"):
		f.add(CodeChars, name, "name", name)
	}
}

func (f *faults) field(name, value string) {
	switch {
	case utf8.RuneCountInString(value) > mostField:
		f.add(CodeLong, name, "name", name, "limit", strconv.Itoa(mostField))
	case !clean(value, ""):
		f.add(CodeChars, name, "name", name)
	}
}

// clean: valid text without control characters and without those that turn
// the direction of what follows, which would let a name pose as another.
func clean(s, but string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.Is(unicode.Cc, r) && !strings.ContainsRune(but, r) || turns(r)
	}) < 0
}

func turns(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r == 0xfffd
}

// shown bounds what is repeated of a user's own words.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Today is the port's day of an instant.
func Today(now time.Time) tariffs.Day { return tariffs.DayOf(now) }

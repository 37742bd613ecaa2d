package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// A cell becomes the value of its field, or a fault; what is changed on the
// way is told as a warning with the old and the new value. No digit passes
// through a float.

// reading is one cell on its way to a value.
type reading struct {
	col    *column
	name   string // the header as the user wrote it
	value  string
	faults []declarations.Fault
	coding string // encoding of the file
}

func (r *reading) refuse(code string, args ...string) {
	r.faults = append(r.faults, sheetFault(declarations.Reject, code, args...))
}

// becomes reads the value as another one, and says why.
func (r *reading) becomes(value string, why ...string) {
	if value == r.value {
		return
	}
	r.faults = append(r.faults, sheetFault(declarations.Warn, codeNormalised,
		append(why, "name", r.called(), "value", clip(r.value), "new", clip(value))...))
	r.value = value
}

// called is the header of the column in a fault.
func (r *reading) called() string { return clip(r.name) }

// refused reports that the cell has no value that may be used.
func (r *reading) refused() bool { return declarations.Rejected(r.faults) }

// read makes the value of a cell.
func (r *reading) read(c *cells.Cell) {
	r.value = c.Text
	switch c.Kind {
	case cells.Formula:
		r.refuse(codeFormula, "name", r.called())
	case cells.Error:
		r.refuse(codeErrorValue, "name", r.called(), "value", clip(c.Text))
	case cells.Boolean:
		r.refuse(codeCellType, "name", r.called(), "value", c.Text, "reason", "truth_value")
	case cells.Date:
		r.date(c)
	case cells.Number:
		r.number(c)
	default:
		r.text()
	}
}

var lineFeeds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

var (
	sheetError  = regexp.MustCompile(`^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$`)
	neutralised = regexp.MustCompile(`^'+[=+\-@\t\r]`)
	exponent    = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$`)
	spoilt      = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE][+-][0-9]{2,}$`)
	grouped     = regexp.MustCompile(`^-?[0-9]{1,3}([,' ][0-9]{3})+(\.[0-9]+)?$`)
	comma       = regexp.MustCompile(`^-?[0-9]+,[0-9]+$`)
	withUnit    = regexp.MustCompile(`^[¥$€£]?\s*[+-]?[0-9][0-9.,]*\s*\pL[\pL\pN²³/.%]*$|^[+-]?[0-9][0-9.,]*\s*[%¥$€£]$|^[¥$€£]\s*[0-9][0-9.,]*$`)
)

// disarm takes the apostrophe away that is put before a formula when a file is
// written back.
func (r *reading) disarm() {
	if isNeutralised(r.value) {
		r.becomes(r.value[1:], "reason", "apostrophe")
	}
}

// The patterns are asked last: nearly every cell is told apart by its first byte.
func isNeutralised(s string) bool { return s != "" && s[0] == '\'' && neutralised.MatchString(s) }
func isSpoilt(s string) bool {
	return s != "" && s[0] >= '0' && s[0] <= '9' && strings.ContainsAny(s, "eE") && spoilt.MatchString(s)
}

// text reads what somebody typed as text, and every cell of a CSV.
func (r *reading) text() {
	if r.value == "" {
		return
	}
	r.disarm() // before the blanks behind it can be seen, and once more when they are gone
	if !printable(r.value) && !r.clean() || r.value == "" {
		return
	}
	r.disarm()
	switch {
	case r.value[0] == '#' && sheetError.MatchString(r.value):
		r.refuse(codeErrorValue, "name", r.called(), "value", r.value)
	case r.col.kind == declarations.Number || r.col.kind == declarations.Whole:
		r.typedNumber()
	case r.col.kind != declarations.Text:
		r.typedDate()
	case !r.col.text && isSpoilt(r.value):
		// 2.10298E+17 is what is left of a long code that a program took for a
		// number; programs write the sign, so 0E0000 is a code.
		r.refuse(codeNumberForm, "name", r.called(), "value", clip(r.value), "reason", "exponent")
	}
}

// printable reports ASCII without a blank at either end or a control
// character: most cells, with nothing to look at more closely.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s[0] != ' ' && s[len(s)-1] != ' '
}

// clean looks at the characters, and reports whether the value may be used.
func (r *reading) clean() bool {
	if bad, found := unfit(r.value); found {
		if bad == utf8.RuneError && r.coding == "GB18030" {
			r.refuse(declarations.CodeNotUTF8, "encoding", r.coding)
			return false
		}
		if bad != utf8.RuneError {
			r.refuse(codeCharacter, "name", r.called(), "character", fmt.Sprintf("%U", bad))
			return false
		}
	}
	// A carriage return is how some programs break a line; what is kept has one
	// form of it, because CSV cannot give back another.
	if strings.IndexByte(r.value, '\r') >= 0 {
		r.becomes(lineFeeds.Replace(r.value), "reason", "line_break")
	}
	if !r.col.raw {
		r.becomes(trim(r.value), "reason", "blanks")
	}
	if !r.col.text {
		r.becomes(r.halfWidth(), "reason", "full_width")
	}
	return true
}

// isPlain reports plain decimal notation of any length, a minus in front or not.
func isPlain(s string) bool { return declarations.Decimal(s).Fits(1<<20, 1<<19, true) }

// halfWidth folds compatibility forms, but leaves lines of a list as they are.
func (r *reading) halfWidth() string { return norm.NFKC.String(r.value) }

// trim takes blanks of every kind from both ends: those that programs of
// tables leave are often not the one that the eye sees.
func trim(s string) string {
	return strings.TrimFunc(s, func(c rune) bool {
		switch c {
		case ' ', '\t', '\r', '\n', '\u00a0', '\u2007', '\u202f', '\u200b', '\u2060', '\ufeff', '\u3000':
			return true
		}
		return c >= '\u2000' && c <= '\u200a'
	})
}

// unfit is the first character that a message cannot carry, or that stands
// where bytes could not be decoded.
func unfit(s string) (rune, bool) {
	for _, c := range s {
		if forbidden(c) || c == utf8.RuneError {
			return c, true
		}
	}
	return 0, false
}

// typedNumber looks at a number written as text. Nothing is guessed: a comma
// is a thousand here and a point there.
func (r *reading) typedNumber() {
	for part := range strings.SplitSeq(r.value, ";") {
		if !r.col.isList() {
			part = r.value
		}
		if why := notPlain(trim(part)); why != nil {
			r.refuse(codeNumberForm, append(why, "name", r.called(), "value", clip(r.value))...)
			return
		}
	}
}

// notPlain says why a text is no plain number; nil when it is one.
func notPlain(v string) []string {
	switch {
	case v == "" || isPlain(v):
		return nil
	case exponent.MatchString(v):
		return []string{"reason", "exponent"}
	case grouped.MatchString(v):
		return []string{"reason", "thousands"}
	case comma.MatchString(v):
		return []string{"reason", "decimal_comma"}
	case withUnit.MatchString(v):
		return []string{"reason", "with_unit"}
	}
	return []string{"reason", "no_number"}
}

// number reads a numeric cell of a workbook from its stored digits.
func (r *reading) number(c *cells.Cell) {
	stored := c.Text
	if r.col.kind == declarations.Text || r.col.raw {
		r.numberAsText(c)
		return
	}
	if !isPlain(stored) {
		stored = r.expand(stored)
		if r.refused() {
			return
		}
	}
	if r.col.kind != declarations.Number && r.col.kind != declarations.Whole {
		r.typedDate() // 20260131 as a number says the same
		return
	}
	r.rounded(stored)
}

// expand writes 1E-3 as 0.001: workbooks store small numbers so. A large
// number in that form has lost digits.
func (r *reading) expand(stored string) string {
	n, err := decimal.NewFromString(stored)
	if err != nil || len(stored) > 40 || n.Exponent() > 0 || n.Exponent() < -40 {
		r.refuse(codeNumberForm, "name", r.called(), "value", clip(stored), "reason", "exponent")
		return ""
	}
	return n.String()
}

// significant is how many digits a workbook keeps and shows; what it stores
// behind them is the noise of binary fractions.
const significant = 15

// rounded takes the noise away and says so: 1234.5600000000001 is 1234.56.
func (r *reading) rounded(stored string) {
	n, err := decimal.NewFromString(stored)
	if err != nil {
		r.refuse(codeNumberForm, "name", r.called(), "value", clip(stored), "reason", "no_number")
		return
	}
	digits := n.NumDigits()
	switch {
	case digits <= significant:
		if stored != r.value {
			r.becomes(stored, "reason", "small_number")
		}
		return
	case n.IsInteger():
		r.refuse(codeNumberForm, "name", r.called(), "value", clip(stored), "reason", "digits_lost")
		return
	}
	r.becomes(n.Round(-n.Exponent()-int32(digits-significant)).String(), "reason", "binary_noise")
}

// numberAsText reads a number in a column of codes or text as it is shown,
// when that is certain.
func (r *reading) numberAsText(c *cells.Cell) {
	whole := isPlain(c.Text) && !strings.ContainsAny(c.Text, ".-")
	switch {
	case !whole:
		r.refuse(codeCellType, "name", r.called(), "value", clip(c.Text), "reason", "number_for_text")
	case len(c.Text) > significant:
		r.refuse(codeNumberForm, "name", r.called(), "value", clip(c.Text), "reason", "digits_lost")
	case c.Shown != "":
		r.becomes(c.Shown, "reason", "shown_zeros")
	case r.col.fixed && len(c.Text) < r.col.length:
		r.refuse(codeLostZeros, "name", r.called(), "value", c.Text, "length", strconv.Itoa(r.col.length))
	case r.col.fixed:
	default:
		// A number of free length may have lost zeros as well: nobody can tell.
		r.faults = append(r.faults, sheetFault(declarations.Warn, codeNormalised, "name", r.called(), "value", c.Text, "new", c.Text, "reason", "number_as_text"))
	}
}

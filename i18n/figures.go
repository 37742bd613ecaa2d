package i18n

import (
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// signs are what a language puts between thousands and before decimals.
type signs struct{ group, point string }

// signsOf reads them off a number that CLDR formatted: x/text formats only
// machine numbers, and ours are decimals of any length that must stay exact.
func signsOf(lang Lang) signs {
	sample := message.NewPrinter(language.MustParse(string(lang))).Sprint(number.Decimal(1234, number.Scale(1)))
	group, rest, _ := strings.Cut(strings.TrimPrefix(sample, "1"), "234")
	return signs{group, strings.TrimSuffix(rest, "0")}
}

// Number writes a plain decimal ("-1234567.50") as the language does
// ("-1,234,567.50"), every digit kept. What is no plain decimal comes back
// as it is, so that a wrong number is shown and not hidden.
func (p Printer) Number(decimal string) string {
	digits, minus := strings.CutPrefix(decimal, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if p.words == nil || whole == "" || !allDigits(whole) || point && (fraction == "" || !allDigits(fraction)) {
		return decimal
	}
	var b strings.Builder
	if minus {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(p.words.signs.group)
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteString(p.words.signs.point)
		b.WriteString(fraction)
	}
	return b.String()
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Date is the day in a zone, 2026-11-23: one form in all languages, because
// forms like 11/12 are read differently by the two sides of one berth.
func (p Printer) Date(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(time.DateOnly)
}

// DateTime is the minute in a zone, 2026-11-23 09:15; Zone names the zone
// once beside many of them.
func (p Printer) DateTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04")
}

// Zone is the offset of a zone at an instant: UTC, UTC+8, UTC+5:30.
func (p Printer) Zone(t time.Time, zone *time.Location) string {
	offset := t.In(zone).Format("-07:00")
	hours := strings.TrimSuffix(offset[:1]+strings.TrimPrefix(offset[1:], "0"), ":00")
	if hours == "+0" {
		return "UTC"
	}
	return "UTC" + hours
}

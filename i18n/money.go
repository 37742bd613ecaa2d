package i18n

import (
	"strconv"
	"strings"
	"time"
)

// minorDigits are the decimals of currencies that have other than two (ISO
// 4217, list one of 2026-01-01, column minor unit). A code that the table does
// not have is written with two.
var minorDigits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0,
	"VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

const noBreakSpace = "\u00a0"

// Money is an amount of minor units (fen, cents) with the ISO 4217 code of
// its currency before it in every language: CNY 1,234.56. A sign is never
// used: ¥ is the money of two countries of one sea. The two are kept on one
// line.
func (p Printer) Money(minor int64, currency string) string {
	digits, known := minorDigits[currency]
	if !known {
		digits = 2
	}
	sign, plain := "", strconv.FormatInt(minor, 10)
	if minor < 0 {
		sign, plain = "-", plain[1:]
	}
	if short := digits + 1 - len(plain); short > 0 {
		plain = strings.Repeat("0", short) + plain
	}
	if digits > 0 {
		plain = plain[:len(plain)-digits] + "." + plain[len(plain)-digits:]
	}
	return currency + noBreakSpace + p.Number(sign+plain)
}

// Amount writes an exact decimal of any length as the language does; it is
// the word of those who write rates. See Number.
func (p Printer) Amount(decimal string) string { return p.Number(decimal) }

// Percent writes a share in hundredths: "12.5" is 12.5%, or 12,5 % in the
// languages that put a no-break space before the sign (CLDR 46, numbers,
// percentFormats: de, fr and ru do, the others do not).
func (p Printer) Percent(hundredths string) string {
	switch text := p.Number(hundredths); p.lang {
	case De, Fr, Ru:
		return text + noBreakSpace + "%"
	default:
		return text + "%"
	}
}

// Duration is a length of time in whole minutes, in the words of the language:
// days only when there are full ones, minutes only when some are left.
func (p Printer) Duration(d time.Duration) string {
	minutes := int64(d / time.Minute)
	if minutes < 0 {
		minutes = -minutes
	}
	var parts []string
	for _, unit := range []struct {
		key string
		n   int64
	}{{"length.days", minutes / (24 * 60)}, {"length.hours", minutes / 60 % 24}, {"length.minutes", minutes % 60}} {
		if unit.n > 0 || unit.key == "length.minutes" && parts == nil {
			parts = append(parts, p.Plural(unit.key, unit.n, nil))
		}
	}
	switch p.lang {
	case ZhHans, Ja: // no blank between the units
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}

// Month is a month of a year, in numbers as days are: 2026-11.
func (p Printer) Month(year int, month time.Month) string {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

package declarations

import (
	"strings"
	"time"
	"unicode/utf8"
)

// V011: the interface counts a non-ASCII character and a line break as 2. The
// same look over all texts tells V066 whether it has to look again.
func textLength(c *check) {
	c.texts = tidyTexts
	c.each(texts, func(c *check, f *spec, v string) {
		if v == "" {
			return
		}
		if !tidy(v) {
			c.texts = untidyTexts
		}
		// No byte counts more than 2, and none but a line break more than 1.
		if len(v) <= f.length/2 || len(v) <= f.length && strings.IndexByte(v, '\n') < 0 && strings.IndexByte(v, '\r') < 0 {
			return
		}
		if n := CountedLength(v); n > f.length {
			c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element,
				"value", shown(v), "length", number(n), "limit", number(f.length))
		}
	})
	if c.full() {
		c.texts = unseenTexts
	}
}

// CountedLength is the length of a text as the interface counts it: a
// non-ASCII character is 2 and so is a line break (CR LF is one break).
func CountedLength(v string) int {
	n := 0
	for i := 0; i < len(v); {
		b := v[i]
		switch {
		case b == '\r' && i+1 < len(v) && v[i+1] == '\n':
			i++ // the LF counts for both
		case b == '\n' || b == '\r':
			n += 2
			i++
		case b < utf8.RuneSelf:
			n++
			i++
		default:
			_, size := utf8.DecodeRuneInString(v[i:])
			n += 2
			i += size
		}
	}
	return n
}

// V012: plain decimal notation within the digits of the field.
func numberForm(c *check) {
	c.each(numbers, func(c *check, f *spec, v string) {
		if v == "" || Decimal(v).Fits(f.length, f.decimals, f.signed) {
			return
		}
		c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element,
			"value", shown(v), "digits", number(f.length-f.decimals), "decimals", number(f.decimals))
	})
}

// V013: an existing day in yyyyMMdd, in the royalty group in yyyy-MM-dd.
func calendarDate(c *check) {
	judged := func(isDate func(string) bool) judge {
		return func(c *check, f *spec, v string) {
			if v != "" && !isDate(v) {
				c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element, "value", shown(v))
			}
		}
	}
	c.each(days, judged(isDay))
	c.each(dashedDays, judged(isDashedDay))
}

func isDay(v string) bool { return allDigits(v, 8) && existing("20060102", v) }

func isDashedDay(v string) bool {
	return len(v) == 10 && v[4] == '-' && v[7] == '-' && existing(time.DateOnly, v)
}

func existing(layout, v string) bool {
	t, err := time.Parse(layout, v)
	return err == nil && t.Year() > 0
}

// smallTable is a code table whose codes are one character each.
type smallTable[T any] struct {
	field slot[T]
	codes string
}

func table[T any](fields []Field[T], element, codes string) smallTable[T] {
	return smallTable[T]{named(fields, element)[0], codes}
}

// The small code tables of V014. IEFlag, DeclTrnRel, EdiId, EntryType and
// OperType: the interface's own value lists; TransMode (成交方式),
// TrafMode (运输方式) and DutyMode (征减免税方式): the complete parameter
// tables. Source of all: kennard520/JeecgBoot.
var (
	headTables = []smallTable[Declaration]{
		table(HeadFields, "IEFlag", "IE"),
		table(HeadFields, "DeclTrnRel", "01"),
		table(HeadFields, "EdiId", "1356"),
		table(HeadFields, "EntryType", "0LWDM"),
		table(HeadFields, "TransMode", "1234567"),
		table(HeadFields, "TrafMode", "0123456789GHLTWXYZ"),
		table(SignFields, "OperType", "ABCDEG"),
	}
	dutyModes = table(itemFields, "DutyMode", "123456789")
)

// V014: the value is in its code table.
func smallTables(c *check) {
	for i := range headTables {
		inTable(c, &headTables[i], c.d)
	}
	for i := range c.d.Items {
		c.enter("items", i)
		inTable(c, &dutyModes, &c.d.Items[i])
		c.leave()
	}
}

func inTable[T any](c *check, t *smallTable[T], v *T) {
	value := t.field.value(v)
	if value == "" || len(value) == 1 && strings.Contains(t.codes, value) {
		return
	}
	c.fault(c.path(t.field.pathIn(c.d.Header.TradeDirection)), t.field.element,
		"value", shown(value), "codes", strings.Join(strings.Split(t.codes, ""), " "))
}

package declarations

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// V052: the price statements are 0, 1 or 9 (blank). The interface has five;
// three to six occur in real messages, any other number is shown only.
func priceStatements(c *check) {
	v := &c.d.Valuation
	bad, count := false, len(v.PromisesAsRead)
	if v.PromisesAsRead != "" {
		bad = strings.Trim(v.PromisesAsRead, "019") != ""
	} else {
		for i, at := range promises(v) {
			if *at != "" {
				bad, count = bad || len(*at) != 1 || strings.Trim(*at, "019") != "", i+1
			}
		}
	}
	switch {
	case bad:
		c.fault(statementsPath, "PromiseItmes", "value", shown(wirePromises.Get(c.d)), "reason", "promise_characters")
	case count > 0 && (count < 3 || count > 6):
		c.warn(statementsPath, "PromiseItmes", "value", shown(wirePromises.Get(c.d)), "reason", "promise_count")
	}
}

const statementsPath = "valuation.special_relationship"

// V053: without a special relationship (0) the price cannot be influenced by
// one; what is no statement is V052.
func priceInfluence(c *check) {
	v := &c.d.Valuation
	first, second := v.SpecialRelationship, v.PriceInfluenced
	if s := v.PromisesAsRead; s != "" {
		first, second = s[:1], s[1:min(2, len(s))]
	}
	if first == "0" && (second == "1" || second == "9") {
		c.fault(statementsPath, "PromiseItmes", "value", shown(wirePromises.Get(c.d)))
	}
}

// V061: the interface has 18 characters for the client's own number; real data has up to 24.
func longReference(c *check) {
	if v := c.d.Header.ClientReference; utf8.RuneCountInString(v) > 18 {
		c.fault("declaration.client_reference", "ClientSeqNo", "value", shown(v))
	}
}

const typePath = "declaration.form_type"

// V062: Type by position: 1-2 form family, 3 stage of a two-step declaration,
// 4-6 blank, 7 Z for a combined port. A message of a bridge in use has ML1000,
// so 1 at position 3 and anything at 4-6 and beyond 7 is read and shown.
func formType(c *check) {
	h := &c.d.Header
	family, step, rest, port := h.FormType, h.FilingStep, "", ""
	if v := h.TypeAsRead; v != "" {
		if !ascii(v) {
			c.fault(typePath, "Type", "value", shown(v), "reason", "type_wrong")
			return
		}
		padded := v + strings.Repeat(" ", max(0, 7-len(v)))
		family, step, rest, port = strings.TrimRight(padded[:2], " "), strings.TrimSpace(padded[2:3]), padded[3:6]+padded[7:], strings.TrimSpace(padded[6:7])
	}
	switch {
	case !c.knowsFamily(family), step != "" && step != "0" && step != "1" && step != "5" && step != "6", port != "" && port != "Z":
		c.fault(typePath, "Type", "value", shown(wireType.Get(c.d)), "reason", "type_wrong")
	case step == "1", !blank(rest):
		c.warn(typePath, "Type", "value", shown(wireType.Get(c.d)), "reason", "type_tolerated")
	}
}

// knowsFamily knows every family when the set has no table of them, or not all.
func (c *check) knowsFamily(family string) bool {
	if family == "" || c.facts.types == nil || !c.facts.types.On(c.day).Complete() {
		return true
	}
	_, ok := c.facts.types.FindIn("1-2", family, c.day)
	return ok
}

// V063: two-step filing is for imports.
func twoStepExport(c *check) {
	if s := c.d.Header.FilingStep; c.d.IsExport() && (s == "5" || s == "6") {
		c.fault(typePath, "Type", "value", shown(wireType.Get(c.d)))
	}
}

// V064: the second step carries the number that the first one got.
func secondStep(c *check) {
	if c.d.Header.FilingStep == "6" && blank(c.d.Header.PlatformSequenceNumber) {
		c.fault("declaration.platform_sequence_number", "SeqNo", "value", "")
	}
}

var abolished = append(named(HeadFields, "InspOrgCode", "VsaOrgCode", "OrgCode"), named(SignFields, "HostId")...)

// V065: abolished fields are read and never written.
func abolishedFields(c *check) {
	visit(c, abolished, c.d, func(c *check, f *spec, v string) {
		if !blank(v) {
			c.fault(f.path, f.element, "value", shown(v))
		}
	})
}

// V066: control characters, and blanks at either end. A line break is text
// (V011 counts it), blanks in Type are positions, V052 judges PromiseItmes, and
// nothing but blanks where something must stand is V009 or V010.
func untidyText(c *check) {
	if c.texts == tidyTexts {
		return
	}
	c.each(texts, func(c *check, f *spec, v string) {
		if v == "" || tidy(v) || f.element == "Type" || f.element == "PromiseItmes" || f.need != Optional && blank(v) {
			return
		}
		c.fault(c.path(f.pathIn(c.d.Header.TradeDirection)), f.element, "value", shown(strings.ToValidUTF8(v, "")))
	})
}

func tidy(v string) bool {
	for i := range len(v) {
		b := v[i]
		if b >= ' ' && b < 0x7f {
			continue
		}
		c1 := b == 0xc2 && i+1 < len(v) && v[i+1] < 0xa0 // U+0080 to U+009F
		if c1 || b < ' ' && b != '\n' && b != '\r' || b == 0x7f {
			return false
		}
	}
	return !edgeBlank(utf8.DecodeRuneInString(v)) && !edgeBlank(utf8.DecodeLastRuneInString(v))
}

// What V011 saw of the texts.
const (
	unseenTexts = iota
	tidyTexts
	untidyTexts
)

func edgeBlank(r rune, _ int) bool {
	return r == ' ' || r >= utf8.RuneSelf && unicode.IsSpace(r)
}

// V074: the time of signature, in hundredths of a second.
func signatureTime(c *check) {
	for _, s := range [2]struct{ path, value string }{{"signature.time", c.d.Signature.Time}, {"risk.signed_at", c.d.Risk.SignedAt}} {
		if v := s.value; !blank(v) && !isInstant(v) {
			c.fault(s.path, "SignDate", "value", shown(v))
		}
	}
}

// isInstant reports yyyyMMddHHmmssff.
func isInstant(v string) bool {
	return allDigits(v, 16) && isDay(v[:8]) && v[8:10] < "24" && v[10:12] < "60" && v[12:14] < "60"
}

// V077: regions of China (境内目的地/境内货源地) have five digits.
func regionCodes(c *check) {
	for i := range c.d.Items {
		if v := c.d.Items[i].DomesticRegionCode; !blank(v) && !allDigits(v, 5) {
			c.fault(IndexPath("items", i, "domestic_region_code"), "DistrictCode", "value", shown(v))
			if c.full() {
				return
			}
		}
	}
}

// V078: the element DestinationCountry is China as a rule: an import ends
// here, and on an export it holds the country of origin.
func chineseEnd(c *check) {
	field := "country_of_destination"
	if c.d.IsExport() {
		field = "country_of_origin"
	}
	for i := range c.d.Items {
		v := c.d.Items[i].CountryOfDestination
		if c.d.IsExport() {
			v = c.d.Items[i].CountryOfOrigin
		}
		if v == china || blank(v) || c.alpha(v) == china {
			continue
		}
		c.fault(IndexPath("items", i, field), "DestinationCountry", "value", shown(v))
		if c.full() {
			return
		}
	}
}

var enterprises = append(named(HeadFields, "CopCode"), named(SignFields, "CopCode")...)

// V081: the interface says 9 characters for CopCode, real data has up to 18; more is V011.
func enterpriseCodes(c *check) {
	visit(c, enterprises, c.d, func(c *check, f *spec, v string) {
		if n := utf8.RuneCountInString(v); !blank(v) && (n < 9 || n > 18) {
			c.fault(f.path, f.element, "value", shown(v))
		}
	})
}

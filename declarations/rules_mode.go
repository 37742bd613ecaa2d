package declarations

import "strings"

// V043: trade mode and levy nature fix the first letter of the record-filing
// number (备案号). The source judges a number that is there, in either case,
// and takes a row without levy nature for every levy nature.
func manualInitial(c *check) {
	h := &c.d.Header
	if h.BondedManualNumber == "" {
		return
	}
	initial := strings.ToUpper(h.BondedManualNumber[:1])
	for _, p := range c.facts.manuals[c.combination()] {
		if p.levy != "" && p.levy != h.LevyNatureCode || !p.entry.In(c.day) {
			continue
		}
		if !strings.Contains(p.initials, initial) {
			c.fault("declaration.bonded_manual_number", "ManualNo", "value", shown(h.BondedManualNumber),
				"initials", p.initials, "mode", h.TradeModeCode, "levy", h.LevyNatureCode)
			return
		}
	}
}

// V044: the usual levy nature of a trade mode. As in the source it is asked
// only without a record-filing number: with one, the number says the levy
// nature. One that does not exist is V019.
func usualLevy(c *check) {
	h := &c.d.Header
	if h.BondedManualNumber != "" || h.LevyNatureCode == "" || !c.knows(c.facts.levies, h.LevyNatureCode) {
		return
	}
	usual := ""
	for _, p := range c.facts.usual[c.combination()] {
		if p.levy == h.LevyNatureCode {
			return
		}
		if p.entry.In(c.day) {
			usual = p.levy
		}
	}
	if usual != "" {
		c.fault("declaration.levy_nature_code", "CutMode", "value", shown(h.LevyNatureCode), "usual", usual, "mode", h.TradeModeCode)
	}
}

// V045: deep processing transfer (0654), carry-forward of surplus (0657) and
// outward processing (1427) stay in China.
func domesticExport(c *check) {
	switch c.d.Header.TradeModeCode {
	case "0654", "0657", "1427":
	default:
		return
	}
	for i := range c.d.Items {
		if v := c.d.Items[i].CountryOfDestination; v != "" && c.alpha(v) != china {
			c.fault(IndexPath("items", i, "country_of_destination"), "OriginCountry", "value", shown(v))
			if c.full() {
				return
			}
		}
	}
}

// V046: the country of arrival (运抵国) is where the lines go.
func arrivalCountry(c *check) {
	v := c.d.Transport.CountryOfDestination
	if v == "" {
		return
	}
	for i := range c.d.Items {
		to := c.d.Items[i].CountryOfDestination
		if to != "" && to != v && c.alpha(to) != c.alpha(v) {
			c.fault("transport.country_of_destination", "TradeCountry", "value", shown(v), "destination", shown(to))
			return
		}
	}
}

// transferDocument is the form of a deep processing transfer (深加工结转申请表).
const transferDocument = "K"

// V047: deep processing transfers (0255, 0654) go with document K.
func transferEvidence(c *check) {
	if m := c.d.Header.TradeModeCode; m != "0255" && m != "0654" {
		return
	}
	for i := range c.d.Documents {
		if c.d.Documents[i].TypeCode == transferDocument {
			return
		}
	}
	c.fault(IndexPath("documents", len(c.d.Documents), ""), "LicenseDocu", "missing", transferDocument)
}

// V048: a licence number (许可证号) is 2-2-14 word characters at most, with hyphens.
func licenceNumber(c *check) {
	v := c.d.Header.LicenceNumber
	if blank(v) {
		return
	}
	ok := len(v) >= 7 && len(v) <= 20 && v[2] == '-' && v[5] == '-' &&
		isWord(v[:2]) && isWord(v[3:5]) && isWord(v[6:])
	if !ok {
		c.fault("declaration.licence_number", "LicenseNo", "value", shown(v))
	}
}

// isWord reports letters, digits and underscores only.
func isWord(s string) bool {
	for i := range len(s) {
		b := s[i]
		if (b < '0' || b > '9') && (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') && b != '_' {
			return false
		}
	}
	return true
}

// V054: royalties paid after the import (9500) are declared with their form.
func royaltyForm(c *check) {
	if c.d.Header.TradeModeCode == "9500" && c.d.Royalty == (Royalty{}) {
		c.fault("royalty", "DecRoyaltyFee")
	}
}

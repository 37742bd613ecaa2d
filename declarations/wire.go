package declarations

import (
	"fmt"
	"strings"
)

// IEFlag: I import, E export; anything else is carried as read.
var wireIEFlag = &Wire[Declaration]{
	Get: func(d *Declaration) string {
		switch d.Header.TradeDirection {
		case Import:
			return "I"
		case Export:
			return "E"
		}
		return string(d.Header.TradeDirection)
	},
	Set: func(d *Declaration, v string) {
		switch v {
		case "I":
			d.Header.TradeDirection = Import
		case "E":
			d.Header.TradeDirection = Export
		default:
			d.Header.TradeDirection = Direction(v)
		}
	},
}

// Type by position: 1-2 form family, 3 two-step stage, 4-6 blank, 7 Z
// combined port. Blanks are data: "  5" must not be trimmed on the left.
// What these three fields cannot say is kept whole in TypeAsRead.
var wireType = &Wire[Declaration]{
	Get: func(d *Declaration) string {
		if d.Header.TypeAsRead != "" {
			return d.Header.TypeAsRead
		}
		return composeType(&d.Header)
	},
	Set: func(d *Declaration, v string) {
		h := &d.Header
		h.FormType, h.FilingStep, h.IsCombinedPort, h.TypeAsRead = "", "", false, ""
		if !ascii(v) {
			h.TypeAsRead = v
			return
		}
		padded := v + strings.Repeat(" ", max(0, 7-len(v)))
		h.FormType = strings.TrimRight(padded[:2], " ")
		h.FilingStep = strings.TrimSpace(padded[2:3])
		h.IsCombinedPort = padded[6] == 'Z'
		if composeType(h) != strings.TrimRight(v, " ") {
			h.TypeAsRead = v
		}
	},
}

// composeType cuts nothing: a part that is too long makes the field too long.
func composeType(h *Header) string {
	if h.FormType == "" && h.FilingStep == "" && !h.IsCombinedPort {
		return ""
	}
	combined := ""
	if h.IsCombinedPort {
		combined = "Z"
	}
	return strings.TrimRight(fmt.Sprintf("%-2s%-1s   %s", h.FormType, h.FilingStep, combined), " ")
}

// PromiseItmes: one character each, 1 yes, 0 no, 9 blank. Three to six
// characters occur in real data; what five fields cannot say is kept whole.
var wirePromises = &Wire[Declaration]{
	Get: func(d *Declaration) string {
		if d.Valuation.PromisesAsRead != "" {
			return d.Valuation.PromisesAsRead
		}
		return composePromises(&d.Valuation)
	},
	Set: func(d *Declaration, v string) {
		d.Valuation.PromisesAsRead = ""
		for i, at := range promises(&d.Valuation) {
			*at = ""
			if i < len(v) && ascii(v) {
				*at = v[i : i+1]
			}
		}
		if composePromises(&d.Valuation) != v {
			d.Valuation.PromisesAsRead = v
		}
	},
}

// ascii guards positions: they are bytes only where no character takes two.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func promises(v *Valuation) [5]*string {
	return [5]*string{&v.SpecialRelationship, &v.PriceInfluenced, &v.RoyaltiesPaid, &v.FormulaPricing, &v.ProvisionalPrice}
}

func composePromises(v *Valuation) string {
	var b strings.Builder
	for _, at := range promises(v) {
		b.WriteString(*at)
	}
	return b.String()
}

// TradeCountry: import the country of departure (启运国), export the country of arrival (运抵国).
func tradeCountry(d *Declaration) *string {
	if d.IsExport() {
		return &d.Transport.CountryOfDestination
	}
	return &d.Transport.CountryOfDispatch
}

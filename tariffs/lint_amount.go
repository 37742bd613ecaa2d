package tariffs

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// CodeAmountBounds is an amount that no charge has; args: value, limit.
const CodeAmountBounds = "FEE-1332"

// Bounds of one figure. The dearest one on file is the fixed sum of 55,000 CNY
// and the finest the domestic 0.0018 (rates.csv); beyond these bounds a figure
// is a slip, and its product with a tonnage still counts in fen.
const (
	mostWhole  = 7 // digits before the point: below ten million CNY
	mostPlaces = 8
)

// MostAmount is what every figure is below, in words of CodeAmountBounds.
const MostAmount = "10000000"

// PlausibleAmount reports whether a plain decimal is within the bounds of a figure.
func PlausibleAmount(s string) bool {
	whole, part, _ := strings.Cut(s, ".")
	return len(strings.TrimLeft(whole, "0")) <= mostWhole && len(part) <= mostPlaces
}

var (
	plainAmount = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	priceRange  = regexp.MustCompile(`(?i)^\d+(\.\d+)?\s*(-|–|—|~|～|至|到)\s*\d+(\.\d+)?\s*(元|CNY|RMB|yuan)?$`)
	pointsAway  = regexp.MustCompile(`(?i)附件|附表|attach|annex|see list`)
	// A note, a reason or a way to pay may name an annex of a legal text; only
	// who sends the reader there leaves something out.
	sentAway = regexp.MustCompile(`(?i)(详见|参见|见|另见|按|以)\s*(附件|附表)|see\s+(the\s+)?(attach|annex|enclos|appendix|list)`)
	digest   = regexp.MustCompile(`\b[0-9a-fA-F]{64}\b`)
)

// NamesDigest reports whether an attachment is named with its SHA-256: a name
// alone says nothing about what was read.
func NamesDigest(attachment string) bool { return digest.MatchString(attachment) }

// amount is the price of the row; false when it is blank or cannot be one.
func (r *lintRow) amount() (decimal.Decimal, bool) {
	s := r.text("amount")
	if !PlausibleAmount(s) || !plainAmount.MatchString(s) {
		return decimal.Decimal{}, false
	}
	return plainDecimal(s)
}

func (r *lintRow) isZero() bool {
	d, ok := r.amount()
	return ok && d.IsZero()
}

// amounts: L01, L03, L04, L16, L34. A blank amount is unknown, which may be said.
func (r *lintRow) amounts() {
	amount, unit := r.text("amount"), r.text("unit")
	if amount == "" {
		return
	}
	plain := plainAmount.MatchString(amount)
	switch {
	case !plain && KnownUnit(amount) && plainAmount.MatchString(unit) && !KnownUnit(unit):
		r.find("amount|unit", "FEE-L01", Reject, "value", amount, "unit", unit)
	case priceRange.MatchString(amount):
		r.find("amount", "FEE-L03", Reject, "value", amount)
	case pointsAway.MatchString(amount) && !NamesDigest(r.text("attachment")):
		r.find("amount", "FEE-L04", Reject, "value", clipped(amount))
	case inTiers(amount):
		r.find("amount", "FEE-L34", Reject, "value", clipped(amount))
	case !plain:
		f := r.find("amount", "FEE-L16", Reject, "value", clipped(amount))
		if folded := foldDigits(amount); plainAmount.MatchString(folded) {
			f.Repair = folded
		}
	case !PlausibleAmount(amount):
		r.find("amount", CodeAmountBounds, Reject, "value", clipped(amount), "limit", MostAmount)
	}
}

// foldDigits makes full-width digits plain, takes thousands marks away and
// writes what a point lacks before or behind it.
func foldDigits(s string) string {
	s = strings.Map(func(c rune) rune {
		if c == ',' || c == '，' || c == ' ' || c == '\u00a0' {
			return -1
		}
		return c
	}, plainDigits(s))
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	return strings.TrimSuffix(s, ".")
}

// plainDigits makes full-width digits and points plain.
func plainDigits(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '０' && c <= '９':
			return c - '０' + '0'
		case c == '．':
			return '.'
		}
		return c
	}, s)
}

// attachment: L04 for words that send the reader somewhere else. Where the
// price stands in its own cell, nothing that is charged by is left out.
func (r *lintRow) attachment() {
	if r.has("FEE-L04") || NamesDigest(r.text("attachment")) {
		return
	}
	for _, at := range []struct {
		column string
		away   *regexp.Regexp
	}{{"basis_zh", pointsAway}, {"note", sentAway}, {"reason_zh", sentAway}, {"when_how_paid_zh", sentAway}} {
		if text := r.text(at.column); at.away.MatchString(text) {
			severity := Warn
			if at.column == "basis_zh" && r.text("amount") == "" {
				severity = Reject
			}
			r.find(at.column, "FEE-L04", severity, "value", clipped(text))
			return
		}
	}
}

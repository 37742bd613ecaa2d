package tariffs

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Measure is a tonnage, length or distance in thousandths of its unit: exact,
// and cheap to compare with the bands of rows.
type Measure int64

const thousandths = 1000

// ParseMeasure reads a plain decimal with at most three places. ok is false
// for anything else: signs, exponents, separators, more places, more digits
// than any ship needs.
func ParseMeasure(s string) (m Measure, ok bool) {
	whole, part, dotted := strings.Cut(s, ".")
	if !digits(whole) || len(whole) > 12 || dotted && (!digits(part) || len(part) > 3) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	return Measure(n), err == nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Ceil is the measure rounded up to whole units.
func (m Measure) Ceil() Measure { return (m + thousandths - 1) / thousandths * thousandths }

// Decimal is the measure as an exact number.
func (m Measure) Decimal() decimal.Decimal { return decimal.New(int64(m), -3) }

func (m Measure) String() string {
	if m%thousandths == 0 { // nearly every tonnage
		return strconv.FormatInt(int64(m/thousandths), 10)
	}
	return m.Decimal().String()
}

// Band is a range of a measure: From exclusive, To inclusive, as 及以下 counts.
type Band struct {
	From, To       Measure
	HasFrom, HasTo bool
}

// Holds reports whether a measure is in the band. Zero belongs to the band
// that begins at zero: no ship has none of it.
func (b Band) Holds(m Measure) bool {
	return (!b.HasFrom || m > b.From || m == 0 && b.From == 0) && (!b.HasTo || m <= b.To)
}

// share is how much of a measure lies in the band.
func (b Band) share(m Measure) Measure {
	from, to := Measure(0), m
	if b.HasFrom {
		from = b.From
	}
	if b.HasTo && b.To < to {
		to = b.To
	}
	return max(0, to-from)
}

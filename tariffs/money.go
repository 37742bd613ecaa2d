package tariffs

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// Fen is an amount of money in hundredths of a yuan (CNY).
type Fen int64

func (f Fen) String() string {
	sign, n := "", int64(f)
	if n < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatInt(n%100, 10)
	if len(cents) < 2 {
		cents = "0" + cents
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + cents
}

// mostFen is the largest amount of a line: what every reader of JSON holds
// exactly (RFC 8259, section 6), and small enough that no sum of lines wraps.
const mostFen = Fen(1<<53 - 1)

// inFen is half-up to the fen, away from zero at exactly half (R-AMOUNT-FEN).
// It is used once a line. An amount beyond mostFen is none: ok is false.
func inFen(yuan decimal.Decimal) (fen Fen, ok bool) {
	n := yuan.Shift(2).Round(0)
	if n.Abs().GreaterThan(decimal.NewFromInt(int64(mostFen))) {
		return mostFen * Fen(n.Sign()), false
	}
	return Fen(n.IntPart()), true
}

// round is the same for amounts whose bound was checked when they were read;
// it stays at the bound and never wraps.
func round(yuan decimal.Decimal) Fen {
	fen, _ := inFen(yuan)
	return fen
}

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

// round is half-up to the fen, away from zero at exactly half (R-AMOUNT-FEN).
// It is used once a line.
func round(yuan decimal.Decimal) Fen { return Fen(yuan.Shift(2).Round(0).IntPart()) }

package declarations

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"
)

// Decimal is an exact number as its declarant wrote it: a quantity, a weight
// in kg or an amount in the currency beside it. It stays text until somebody
// calculates, so no digit is ever lost and a wrong number can be shown back.
// In JSON it is a string; a JSON number is taken digit by digit as well.
type Decimal string

// Fits reports plain decimal notation with at most length digits, decimals of
// them after the point: no exponent, no grouping, a minus only when signed.
func (d Decimal) Fits(length, decimals int, signed bool) bool {
	s := string(d)
	if signed {
		s = strings.TrimPrefix(s, "-")
	}
	whole, frac, point := strings.Cut(s, ".")
	if whole == "" || !digits(whole) || point && (frac == "" || !digits(frac)) {
		return false
	}
	whole = strings.TrimLeft(whole, "0")
	return len(whole) <= length-decimals && len(frac) <= decimals
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Number is the value for calculation; ok is false when the text is not a plain decimal.
func (d Decimal) Number() (n decimal.Decimal, ok bool) {
	if !d.Fits(64, 32, true) {
		return decimal.Decimal{}, false
	}
	n, err := decimal.NewFromString(string(d))
	return n, err == nil
}

// UnmarshalJSONFrom takes a JSON string or the exact digits of a JSON number.
func (d *Decimal) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch kind := dec.PeekKind(); kind {
	case '"':
		var s string
		if err := json.UnmarshalDecode(dec, &s); err != nil {
			return err
		}
		*d = Decimal(s)
		return nil
	case '0':
		v, err := dec.ReadValue()
		*d = Decimal(v)
		return err
	default:
		return fmt.Errorf("a decimal is a string or a number, not %v", kind)
	}
}

// Money is an amount in a currency (ISO 4217, as declared).
type Money struct {
	Amount   Decimal
	Currency string
}

// Amount is the declared total of the line (申报总价).
func (r *Item) Amount() Money { return Money{r.LineAmount, r.Currency} }

// Price is the declared unit price of the line (申报单价).
func (r *Item) Price() Money { return Money{r.UnitPrice, r.Currency} }

// Quantity is a number of units (three-digit customs unit code).
type Quantity struct {
	Value Decimal
	Unit  string
}

// Quantities are the transaction, first and second statutory quantity of the line.
func (r *Item) Quantities() [3]Quantity {
	return [3]Quantity{
		{r.TransactionQuantity, r.TransactionUnitCode},
		{r.FirstStatutoryQuantity, r.FirstStatutoryUnitCode},
		{r.SecondStatutoryQuantity, r.SecondStatutoryUnitCode},
	}
}

package declarations

import (
	"cmp"
	"slices"
	"time"
)

// Amount is an amount of money as it was told: exact text, and the currency
// beside it when there was one.
type Amount struct {
	Value    Decimal `json:"value"`
	Currency string  `json:"currency,omitzero"`
}

// IsZero tells an amount that was not told. "0.00" is one that was.
func (a Amount) IsZero() bool { return a.Value == "" }

// TaxLine is one tax of one goods line. What was not told is empty.
type TaxLine struct {
	Item     int     `json:"item"`              // SequenceNumeric of the goods line; 0 when it was not told
	Type     string  `json:"type,omitzero"`     // TypeCode
	Regime   string  `json:"regime,omitzero"`   // DutyRegimeCode
	Base     Amount  `json:"base,omitzero"`     // AdValoremTaxBaseAmount
	Quantity Decimal `json:"quantity,omitzero"` // SpecificTaxBaseQuantity
	Unit     string  `json:"unit,omitzero"`     // its unitCode, as told
	Deducted Amount  `json:"deducted,omitzero"`
	Rate     Decimal `json:"rate,omitzero"` // TaxRateNumeric
	Assessed Amount  `json:"assessed,omitzero"`
	Payable  Amount  `json:"payable,omitzero"`
	Method   string  `json:"method,omitzero"` // Payment/MethodCode
}

// Payment is what is asked for the declaration as a whole.
type Payment struct {
	Reference  string    `json:"reference,omitzero"`
	Assessed   Amount    `json:"assessed,omitzero"`
	Payable    Amount    `json:"payable,omitzero"`
	DueAt      time.Time `json:"due_at,omitzero"`
	Guarantees []string  `json:"guarantees,omitempty"` // their references
}

// Bank is the account that a payment goes to.
type Bank struct {
	Reference string `json:"reference,omitzero"`
	ID        string `json:"id,omitzero"`
}

// TaxBill is one receipt about duties. Whether a notice is indicative or final
// is told by codes without a published list (4, 67 and 115 were seen): they
// are shown as they are.
type TaxBill struct {
	Code     string    `json:"code"`
	NoticeID string    `json:"notice_id,omitzero"`
	At       time.Time `json:"at,omitzero"`
	Version  string    `json:"version,omitzero"`
	Names    []string  `json:"names,omitempty"` // Status/NameCode
	Text     string    `json:"text,omitzero"`
	Lines    []TaxLine `json:"lines,omitempty"`
	Payments []Payment `json:"payments,omitempty"`
	Bank     Bank      `json:"bank,omitzero"`
	DueAt    time.Time `json:"due_at,omitzero"` // earliest date that this receipt sets
}

// DutyState is what the receipts say about duties, and no more: no receipt
// says that something was paid, so no state does.
type DutyState string

// The states. ReleasedSince: customs released, closed or otherwise decided
// after the last demand; on what ground, nothing tells.
const (
	DutyNoneHeard       DutyState = "none_heard"
	DutyNotified        DutyState = "notified"         // RES-13
	DutyPaymentRequired DutyState = "payment_required" // T, RES-14, RES-15
	DutyGuaranteed      DutyState = "guaranteed"       // B, K
	DutyReleasedSince   DutyState = "released_since"
	DutyVoid            DutyState = "void" // the declaration was rejected or deleted
)

// Duties is what was heard about the duties of one declaration.
type Duties struct {
	State DutyState `json:"state"`
	Bills []TaxBill `json:"bills"` // in order of time; the last one is in force
	DueAt time.Time `json:"due_at,omitzero"`

	AskedUntil time.Time `json:"-"` // DueAt of the demand in force, also after it was settled
	SettledAt  time.Time `json:"-"` // of the receipt after which nothing is waited for; zero while something is
}

// demands are the receipts about duties, and the state that each of them says.
var demands = map[string]DutyState{
	"T": DutyPaymentRequired, "RES-13": DutyNotified, "RES-14": DutyPaymentRequired, "RES-15": DutyPaymentRequired,
}

// AsksDuty tells a receipt about duties from every other.
func AsksDuty(code string) bool { return demands[code] != "" }

// DutiesOf reads the duties off the receipts of a declaration, in whatever
// order and as often as they were heard. Receipts of one time go by their
// rank. Nothing is added up: customs says the totals, or nobody does.
func DutiesOf(events []Event) Duties {
	sorted := slices.Clone(events)
	slices.SortFunc(sorted, func(a, b Event) int {
		x, _ := LookupReceiptCode(a.Code)
		y, _ := LookupReceiptCode(b.Code)
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(x.Rank, y.Rank), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Identity(), b.Identity()))
	})
	sorted = slices.CompactFunc(sorted, func(a, b Event) bool { return a.Identity() == b.Identity() })
	d := Duties{State: DutyNoneHeard, Bills: []TaxBill{}}
	for i := range sorted {
		d.take(&sorted[i])
	}
	return d
}

func (d *Duties) take(e *Event) {
	if e.Family != "" && e.Family != "DEC" {
		return
	}
	if state, ok := demands[e.Code]; ok {
		bill := newBill(e)
		d.Bills = append(d.Bills, bill)
		if state == DutyNotified && d.State == DutyPaymentRequired && bill.DueAt.IsZero() {
			return // a notice of the amounts does not take back that payment is due
		}
		if state == DutyPaymentRequired || d.State != DutyPaymentRequired {
			d.State = state
		}
		d.DueAt, d.AskedUntil, d.SettledAt = bill.DueAt, bill.DueAt, time.Time{}
		return
	}
	if d.State == DutyNoneHeard && e.Code != "B" && e.Code != "K" {
		return
	}
	switch c, _ := LookupReceiptCode(e.Code); {
	case c.Release == ReleaseGuarantee:
		d.settle(DutyGuaranteed, e)
	case c.Status == StatusReturned, c.Status == StatusDeleted:
		d.settle(DutyVoid, e)
	case d.State == DutyGuaranteed || d.State == DutyVoid:
	case c.Release == ReleaseFull, c.Status == StatusClosed:
		d.settle(DutyReleasedSince, e)
	}
}

// settle keeps the first of several receipts that say the same.
func (d *Duties) settle(s DutyState, e *Event) {
	if d.State != s {
		d.SettledAt = e.At
	}
	d.State, d.DueAt = s, time.Time{}
}

func newBill(e *Event) TaxBill {
	b := TaxBill{Code: e.Code, At: e.At, Text: e.Text}
	if e.Notice == nil {
		return b
	}
	n := e.Notice
	b.NoticeID, b.Version, b.Lines, b.Payments, b.Bank = n.ID, n.Version, n.Taxes, n.Payments, n.Bank
	for _, s := range n.Statuses {
		if s.Name != "" {
			b.Names = append(b.Names, s.Name)
		}
	}
	if demands[e.Code] == DutyPaymentRequired {
		b.DueAt = n.LimitAt()
	}
	for i := range n.Payments {
		if at := n.Payments[i].DueAt; !at.IsZero() && (b.DueAt.IsZero() || at.Before(b.DueAt)) {
			b.DueAt = at
		}
	}
	return b
}

package api

import (
	"context"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/i18n"
)

// Duties is what customs said about the duties of a declaration. Nothing is
// calculated: amounts are the text of the notices, and what was not told is
// absent.
type Duties struct {
	ID    string     `json:"id"`
	State string     `json:"state" example:"payment_required" doc:"none_heard, notified, payment_required, guaranteed, released_since, void"`
	Text  string     `json:"text" doc:"The state in the caller's language"`
	DueAt *time.Time `json:"due_at,omitempty" doc:"Until when customs waits; absent when it set no date"`
	Bills []TaxBill  `json:"bills" doc:"In order of time; the last one is in force"`

	Deadline *clearance.PaymentDeadline `json:"deadline,omitempty" doc:"Reminders go into the timeline and the events; absent when customs set no date"`
}

// TaxBill is one receipt about duties.
type TaxBill struct {
	Code     string       `json:"code" example:"RES-13"`
	Text     string       `json:"text" doc:"In the caller's language"`
	Note     string       `json:"note,omitzero" doc:"What customs wrote, as it came"`
	At       *time.Time   `json:"at,omitempty"`
	NoticeID string       `json:"notice_id,omitzero"`
	Version  string       `json:"version,omitzero" doc:"Of the declaration at customs"`
	Names    []string     `json:"names,omitempty" doc:"Status codes of the notice, raw: no list of them is published"`
	DueAt    *time.Time   `json:"due_at,omitempty"`
	Lines    []TaxLine    `json:"lines,omitempty"`
	Payments []TaxPayment `json:"payments,omitempty"`
	Bank     *TaxAccount  `json:"bank,omitempty"`
}

// TaxAmount is an amount as it was told.
type TaxAmount struct {
	Value    string `json:"value" example:"384.60"`
	Currency string `json:"currency,omitzero" example:"GBP"`
}

// TaxLine is one tax of one goods line.
type TaxLine struct {
	Item     int        `json:"item" doc:"Number of the goods line; 0 when it was not told"`
	Type     string     `json:"type,omitzero"`
	Regime   string     `json:"regime,omitzero"`
	Base     *TaxAmount `json:"base,omitempty"`
	Quantity string     `json:"quantity,omitzero"`
	Unit     string     `json:"unit,omitzero"`
	Deducted *TaxAmount `json:"deducted,omitempty"`
	Rate     string     `json:"rate,omitzero"`
	Assessed *TaxAmount `json:"assessed,omitempty"`
	Payable  *TaxAmount `json:"payable,omitempty"`
	Method   string     `json:"method,omitzero"`
}

// TaxPayment is what is asked for the declaration as a whole.
type TaxPayment struct {
	Reference  string     `json:"reference,omitzero"`
	Assessed   *TaxAmount `json:"assessed,omitempty"`
	Payable    *TaxAmount `json:"payable,omitempty"`
	DueAt      *time.Time `json:"due_at,omitempty"`
	Guarantees []string   `json:"guarantees,omitempty" doc:"References of guarantees"`
}

// TaxAccount is the account that a payment goes to.
type TaxAccount struct {
	Reference string `json:"reference,omitzero"`
	ID        string `json:"id,omitzero"`
}

type dutiesOutput struct {
	Localised
	ETag string `header:"ETag"`
	Body Duties
}

// duties is GET /api/v1/declarations/{id}/duties.
func (s *server) duties(ctx context.Context, in *idInput) (*dutiesOutput, error) {
	c := callOf(ctx)
	row, d, err := s.Desk.Duties(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	out := &dutiesOutput{Localised: inLanguage(words.Lang()), ETag: etag(row.Version), Body: Duties{ID: row.ID, State: string(d.State),
		Text: words.Text("duties."+string(d.State), nil), DueAt: told(d.DueAt), Bills: make([]TaxBill, 0, len(d.Bills))}}
	if p, ok := clearance.PaymentDeadlineOf(&d, s.Desk.Clock()); ok {
		p.Say(words.Text)
		out.Body.Deadline = &p
	}
	for i := range d.Bills {
		out.Body.Bills = append(out.Body.Bills, taxBill(&d.Bills[i], words))
	}
	return out, nil
}

func taxBill(b *declarations.TaxBill, words i18n.Printer) TaxBill {
	out := TaxBill{Code: b.Code, Text: receiptText(words, b.Code), Note: b.Text, At: told(b.At), NoticeID: b.NoticeID,
		Version: b.Version, Names: b.Names, DueAt: told(b.DueAt)}
	if b.Bank != (declarations.Bank{}) {
		out.Bank = &TaxAccount{Reference: b.Bank.Reference, ID: b.Bank.ID}
	}
	for _, l := range b.Lines {
		out.Lines = append(out.Lines, TaxLine{Item: l.Item, Type: l.Type, Regime: l.Regime, Base: taxAmount(l.Base), Quantity: string(l.Quantity),
			Unit: l.Unit, Deducted: taxAmount(l.Deducted), Rate: string(l.Rate), Assessed: taxAmount(l.Assessed), Payable: taxAmount(l.Payable), Method: l.Method})
	}
	for _, p := range b.Payments {
		out.Payments = append(out.Payments, TaxPayment{Reference: p.Reference, Assessed: taxAmount(p.Assessed), Payable: taxAmount(p.Payable),
			DueAt: told(p.DueAt), Guarantees: p.Guarantees})
	}
	return out
}

// taxAmount is nil for an amount that was not told: that is no zero.
func taxAmount(a declarations.Amount) *TaxAmount {
	if a.IsZero() {
		return nil
	}
	return &TaxAmount{Value: string(a.Value), Currency: a.Currency}
}

// told is nil for a time that was not told.
func told(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

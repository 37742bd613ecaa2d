package desk

import (
	"context"
	"slices"

	"kouan/tariffs"
	"kouan/tariffs/complaint"
)

// billLine is a line of a checked account with what was found about it; both
// are nil of the account as a whole.
type billLine struct {
	bill    FeeBill
	line    *tariffs.AccountLine
	finding *tariffs.AccountFinding
}

// billSubject fills in what the line of a checked account says: a complaint
// names the account by the secret of its link. bad is the part of the subject
// that leads nowhere.
func (d *Desk) billSubject(ctx context.Context, s *complaint.Subject) (at billLine, bad string, err error) {
	at.bill, err = d.FeeBill(ctx, s.Bill)
	if isNotFound(err) {
		return at, "bill", nil
	}
	if err != nil {
		return at, "", err
	}
	b := &at.bill
	s.Edition = b.Edition
	if s.BillLine == 0 {
		return at, "", nil
	}
	i := slices.IndexFunc(b.Findings, func(f tariffs.AccountFinding) bool { return f.Line == s.BillLine })
	j := slices.IndexFunc(b.Account.Lines, func(l tariffs.AccountLine) bool { return l.Line == s.BillLine })
	if i < 0 || j < 0 {
		return at, "bill_line", nil
	}
	f := &b.Findings[i]
	at.finding, at.line = f, &b.Account.Lines[j]
	s.Row, s.Quoted, s.Billed = f.Row, f.Reference, at.line
	if len(f.Items) > 0 {
		s.Item = f.Items[0]
		it := b.Catalogue.Item(s.Item)
		s.AtMost = f.Reference != nil && it != nil && it.Regime == tariffs.GovernmentGuided
	}
	return at, "", nil
}

// unlisted are the verdicts on what may not be charged, or not by itself.
var unlisted = []tariffs.Verdict{tariffs.NotListed, tariffs.NotAPortCharge, tariffs.NoSeparateCharge, tariffs.Abolished}

// prefill is what the account says of what a complainant would have to type.
func (at *billLine) prefill(c *complaint.Complaint) {
	c.Ship = at.bill.Account.Call.Ship.Name
	if at.line == nil {
		return
	}
	if d, ok := tariffs.AmountOf(at.line.Amount); ok && d.IsPositive() {
		c.Amount = d.StringFixed(2)
	}
	c.Kind = "overcharge"
	if len(at.finding.Items) == 0 || slices.ContainsFunc(at.finding.Verdicts, func(v tariffs.Verdict) bool { return slices.Contains(unlisted, v) }) {
		c.Kind = "not_listed"
	}
}

// hideBill puts the account's id in the place of its secret: who handles a
// complaint must not get hold of the account, let alone delete it.
func (d *Desk) hideBill(ctx context.Context, s *complaint.Subject) error {
	if s.Bill == "" {
		return nil
	}
	at, _, err := d.billSubject(ctx, s)
	if err != nil {
		return err
	}
	s.Bill = at.bill.ID
	return nil
}

package desk

import (
	"context"
	"slices"

	"kouan/tariffs"
	"kouan/tariffs/complaint"
)

// billSubject fills in what the line of a checked account says: a complaint
// names the account by the secret of its link. bad is the part of the subject
// that leads nowhere; id is the account without its secret.
func (d *Desk) billSubject(ctx context.Context, s *complaint.Subject) (id, bad string, err error) {
	b, err := d.FeeBill(ctx, s.Bill)
	if isNotFound(err) {
		return "", "bill", nil
	}
	if err != nil {
		return "", "", err
	}
	s.Edition = b.Edition
	if s.BillLine == 0 {
		return b.ID, "", nil
	}
	at := slices.IndexFunc(b.Findings, func(f tariffs.AccountFinding) bool { return f.Line == s.BillLine })
	if at < 0 {
		return "", "bill_line", nil
	}
	f := &b.Findings[at]
	s.Row, s.Quoted = f.Row, f.Reference
	if len(f.Items) > 0 {
		s.Item = f.Items[0]
		it := b.Catalogue.Item(s.Item)
		s.AtMost = f.Reference != nil && it != nil && it.Regime == tariffs.GovernmentGuided
	}
	return b.ID, "", nil
}

// hideBill puts the account's id in the place of its secret: who handles a
// complaint must not get hold of the account, let alone delete it.
func (d *Desk) hideBill(ctx context.Context, s *complaint.Subject) error {
	if s.Bill == "" {
		return nil
	}
	id, _, err := d.billSubject(ctx, s)
	if err != nil {
		return err
	}
	s.Bill = id
	return nil
}

package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/gateway/store"
)

// ResealFeeBills seals all accounts anew with the newest key, so that older
// keys can be dropped from the file. It returns how many it changed.
func (d *Desk) ResealFeeBills(ctx context.Context, actor string, newest func(sealed []byte) bool) (int, error) {
	n, after := 0, ""
	for {
		page, err := d.Store.SealedFeeBills(ctx, after)
		if err != nil || len(page) == 0 {
			return n, err
		}
		for i := range page {
			b := &page[i]
			after = b.ID
			if newest(b.Body) && newest(b.Document) {
				continue
			}
			if err := d.resealFeeBill(ctx, actor, b); errors.Is(err, store.ErrNotFound) {
				continue // its holder deleted it meanwhile
			} else if err != nil {
				return n, err
			}
			n++
		}
	}
}

func (d *Desk) resealFeeBill(ctx context.Context, actor string, b *store.FeeBill) error {
	file, err := d.unsealBill(b, b.Body, "file")
	if err != nil {
		return err
	}
	document, err := d.unsealBill(b, b.Document, "findings")
	if err != nil {
		return err
	}
	if b.Body, err = d.Seal.Seal(file, aboutBill(b.ID, "file")); err != nil {
		return err
	}
	if b.Document, err = d.Seal.Seal(document, aboutBill(b.ID, "findings")); err != nil {
		return err
	}
	b.StoredSHA = digest(b.Body)
	if err := d.write(ctx, store.Change{ResealFeeBill: b, Audit: []store.AuditEntry{d.audit(actor, "fee_bill.reseal", b.Partner, b.ID, b.StoredSHA)}}); err != nil {
		return fmt.Errorf("seal account %s anew: %w", b.ID, err)
	}
	return nil
}

package desk

import (
	"context"
	"fmt"
	"io"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// AddPartner makes a partner. A taken id is a ConflictError on partner.
func (d *Desk) AddPartner(ctx context.Context, actor, id, name string, role auth.Role) error {
	err := d.write(ctx, store.Change{
		Partner: &store.Partner{ID: id, Name: name, Role: string(role), CreatedAt: d.now()},
		Audit:   []store.AuditEntry{d.audit(actor, "partner.add", id, id, "")}})
	if err != nil {
		return fmt.Errorf("add partner %s: %w", id, err)
	}
	return nil
}

// AddKey makes a key for a partner that exists. The key is returned once and
// stored as its hash only; id is its public name.
func (d *Desk) AddKey(ctx context.Context, actor, partner string, random io.Reader) (id, key string, err error) {
	if _, err := d.Store.Partner(ctx, partner); err != nil {
		return "", "", fmt.Errorf("read partner %s: %w", partner, err)
	}
	key, hash, err := auth.NewKey(random)
	if err != nil {
		return "", "", err
	}
	id = d.NewID()
	err = d.write(ctx, store.Change{
		Key:   &store.Key{ID: id, Hash: hash, PartnerID: partner, CreatedAt: d.now()},
		Audit: []store.AuditEntry{d.audit(actor, "key.add", partner, id, "")}})
	if err != nil {
		return "", "", fmt.Errorf("add key of %s: %w", partner, err)
	}
	return id, key, nil
}

// RevokeKey ends a key; a running gateway notices within a second.
func (d *Desk) RevokeKey(ctx context.Context, actor, id string) error {
	err := d.write(ctx, store.Change{
		Revoke: &store.Key{ID: id, RevokedAt: d.now()},
		Audit:  []store.AuditEntry{d.audit(actor, "key.revoke", "", id, "")}})
	if err != nil {
		return fmt.Errorf("revoke key %s: %w", id, err)
	}
	return nil
}

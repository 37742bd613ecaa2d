package store

import (
	"context"
	"fmt"
)

const (
	partnerColumns = `id, name, role, created_at`
	keyColumns     = `id, key_hash, partner_id, created_at, revoked_at`
)

var (
	insertPartner = newInsert("partners", partnerColumns)
	insertKey     = newInsert("partner_keys", keyColumns)
)

func (p *Partner) add(r *rows) { r.add(512, p.ID, p.Name, p.Role, p.CreatedAt) }

func (k *Key) add(r *rows) { r.add(256, k.ID, k.Hash, k.PartnerID, k.CreatedAt, k.RevokedAt) }

// revoke is ErrNotFound for a key that is unknown or revoked already.
func (t tx) revoke(ctx context.Context, k *Key) error {
	return t.one(ctx, "partner_keys", fmt.Errorf("valid key %s: %w", k.ID, ErrNotFound), `
UPDATE partner_keys
SET revoked_at = ?
WHERE id = ? AND revoked_at = 0`, k.RevokedAt, k.ID)
}

// Partners lists all partners by id.
func (s *Store) Partners(ctx context.Context) ([]Partner, error) {
	var rows []Partner
	err := s.all(ctx, &rows, `
SELECT id, name, role, created_at
FROM partners
ORDER BY id`)
	return rows, s.readError(err, "list partners")
}

// Partner reads one partner.
func (s *Store) Partner(ctx context.Context, id string) (Partner, error) {
	var p Partner
	err := s.get(ctx, &p, `
SELECT id, name, role, created_at
FROM partners
WHERE id = ?`, id)
	return p, s.readError(err, "partner %s", id)
}

// PartnerByKey finds whose key has this SHA-256 (hex). A revoked key is found
// too: the caller sees RevokedAt.
func (s *Store) PartnerByKey(ctx context.Context, keyHash string) (Partner, Key, error) {
	var k Key
	err := s.get(ctx, &k, `
SELECT id, key_hash, partner_id, created_at, revoked_at
FROM partner_keys
WHERE key_hash = ?`, keyHash)
	if err != nil {
		return Partner{}, Key{}, s.readError(err, "key")
	}
	p, err := s.Partner(ctx, k.PartnerID)
	if err != nil {
		return Partner{}, Key{}, fmt.Errorf("owner of key %s: %w", k.ID, err)
	}
	return p, k, nil
}

// Keys lists a partner's keys, revoked ones too, oldest first.
func (s *Store) Keys(ctx context.Context, partnerID string) ([]Key, error) {
	var rows []Key
	err := s.all(ctx, &rows, `
SELECT id, key_hash, partner_id, created_at, revoked_at
FROM partner_keys
WHERE partner_id = ?
ORDER BY created_at, id`, partnerID)
	return rows, s.readError(err, "keys of %s", partnerID)
}

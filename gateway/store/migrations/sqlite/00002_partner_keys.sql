-- +goose Up
CREATE TABLE IF NOT EXISTS partner_keys (
  id TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT partner_keys_hash UNIQUE (key_hash),
  CONSTRAINT partner_keys_check_1 CHECK (revoked_at >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS partner_keys_partner ON partner_keys (partner_id);

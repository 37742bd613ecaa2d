-- +goose Up
-- disbursement accounts that were checked; private to who has the secret, of which only the hash is kept.
-- A deleted one keeps its id and nothing that was in it
CREATE TABLE IF NOT EXISTS fee_bills (
  id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  identity TEXT NOT NULL,
  partner TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('estimate', 'final')),
  estimate TEXT NOT NULL,
  edition INTEGER NOT NULL,
  format TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  stored_sha TEXT NOT NULL,
  sealed INTEGER NOT NULL,
  body BLOB NOT NULL,
  document BLOB NOT NULL,
  month TEXT NOT NULL,
  idem_tenant TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (secret_hash)
) STRICT;
CREATE INDEX IF NOT EXISTS fee_bills_identity ON fee_bills (identity, id);

-- +goose Up
CREATE TABLE IF NOT EXISTS receipts (
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  sequence_number TEXT NOT NULL,
  client_reference TEXT NOT NULL,
  message_id TEXT NOT NULL,
  entry_number TEXT NOT NULL,
  code TEXT NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  copies INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  matched_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT receipts_identity UNIQUE (identity),
  CONSTRAINT receipts_check_1 CHECK (state IN ('matched', 'unmatched', 'quarantined')),
  CONSTRAINT receipts_check_2 CHECK ((state = 'matched') = (declaration_id <> ''))
) STRICT;
CREATE INDEX IF NOT EXISTS receipts_declaration ON receipts (tenant, declaration_id);
CREATE INDEX IF NOT EXISTS receipts_sequence ON receipts (state, sequence_number);
CREATE INDEX IF NOT EXISTS receipts_reference ON receipts (state, client_reference);
CREATE INDEX IF NOT EXISTS receipts_message ON receipts (state, message_id);

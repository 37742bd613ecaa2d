-- +goose Up
CREATE TABLE IF NOT EXISTS idempotency (
  tenant TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  request_sha TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, idem_key)
) STRICT, WITHOUT ROWID;

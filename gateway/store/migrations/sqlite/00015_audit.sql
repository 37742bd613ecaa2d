-- +goose Up
CREATE TABLE IF NOT EXISTS audit (
  lane INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  digest TEXT NOT NULL,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (lane, seq),
  CONSTRAINT audit_check_1 CHECK (seq > 0)
) STRICT, WITHOUT ROWID;

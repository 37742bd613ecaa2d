-- +goose Up
-- every version of every row of the catalogue of port charges that was ever drafted; none is changed
CREATE TABLE IF NOT EXISTS fee_rows (
  kind TEXT NOT NULL,
  row_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  replaces INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (kind, row_key, version),
  CONSTRAINT fee_rows_check_1 CHECK (version > 0 AND replaces >= 0 AND replaces < version AND recorded_at > 0),
  CONSTRAINT fee_rows_check_2 CHECK (kind <> '' AND row_key <> '')
) STRICT;

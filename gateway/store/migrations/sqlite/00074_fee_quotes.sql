-- +goose Up
-- quotations as they were given: the inputs, the edition and the exact answer, for ever
CREATE TABLE IF NOT EXISTS fee_quotes (
  number TEXT NOT NULL,
  at INTEGER NOT NULL,
  edition INTEGER NOT NULL,
  engine TEXT NOT NULL,
  request BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (number),
  CONSTRAINT fee_quotes_check_1 CHECK (edition > 0 AND at > 0)
) STRICT;

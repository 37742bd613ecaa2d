-- +goose Up
-- the bytes of evidence, in parts: one statement must not carry all
CREATE TABLE IF NOT EXISTS fee_complaint_parts (
  complaint_id TEXT NOT NULL,
  file INTEGER NOT NULL,
  number INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (complaint_id, file, number)
) STRICT;

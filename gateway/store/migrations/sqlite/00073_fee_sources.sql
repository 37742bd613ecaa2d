-- +goose Up
-- the files that a draft was made from, as they came
CREATE TABLE IF NOT EXISTS fee_sources (
  edition INTEGER NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (edition, number)
) STRICT;

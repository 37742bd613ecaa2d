-- +goose Up
-- every content that a notice ever had
CREATE TABLE IF NOT EXISTS notice_versions (
  notice_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  document BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  source_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (notice_id, number),
  CONSTRAINT notice_versions_check_1 CHECK (number > 0)
) STRICT;

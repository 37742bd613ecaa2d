-- +goose Up
CREATE TABLE IF NOT EXISTS inbox_files (
  channel TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (channel, sha256),
  CONSTRAINT inbox_files_check_1 CHECK (state IN ('matched', 'unmatched', 'retry', 'rejected'))
) STRICT;

-- +goose Up
-- what became of a file of many declarations; kept for some weeks
CREATE TABLE IF NOT EXISTS uploads (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  results BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

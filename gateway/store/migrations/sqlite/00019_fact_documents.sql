-- +goose Up
-- the exact bytes that facts came in; one document may bring many facts
CREATE TABLE IF NOT EXISTS fact_documents (
  sha256 TEXT NOT NULL,
  content_type TEXT NOT NULL,
  source TEXT NOT NULL,
  body BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (sha256)
) STRICT;

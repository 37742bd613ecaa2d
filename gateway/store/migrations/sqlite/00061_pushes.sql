-- +goose Up
-- messages to endpoints; found by receiver and id, which an outbox item has
CREATE TABLE IF NOT EXISTS pushes (
  receiver TEXT NOT NULL,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  about TEXT NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (receiver, id)
) STRICT;

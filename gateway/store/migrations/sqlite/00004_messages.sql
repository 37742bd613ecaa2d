-- +goose Up
CREATE TABLE IF NOT EXISTS messages (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  direction TEXT NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  peer TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, declaration_id, id),
  CONSTRAINT messages_id UNIQUE (id),
  CONSTRAINT messages_check_1 CHECK (direction IN ('in', 'out'))
) STRICT;

-- +goose Up
CREATE TABLE IF NOT EXISTS events (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  seq_no TEXT NOT NULL,
  entry_number TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  receipt TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (tenant, id),
  CONSTRAINT events_identity UNIQUE (tenant, declaration_id, identity)
) STRICT;

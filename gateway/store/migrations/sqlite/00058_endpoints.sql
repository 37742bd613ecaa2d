-- +goose Up
-- where partners want to be told; live_name is NULL once it is deleted, so that the name is free again
CREATE TABLE IF NOT EXISTS endpoints (
  id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  live_name TEXT NULL,
  wire TEXT NOT NULL,
  format TEXT NOT NULL,
  address TEXT NOT NULL,
  types TEXT NOT NULL,
  settings BLOB NOT NULL,
  secrets BLOB NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT endpoints_name UNIQUE (partner_id, live_name),
  CONSTRAINT endpoints_check_1 CHECK (state IN ('active', 'disabled', 'deleted')),
  CONSTRAINT endpoints_check_2 CHECK ((state = 'deleted') = (live_name IS NULL)),
  CONSTRAINT endpoints_check_3 CHECK (version > 0)
) STRICT;
CREATE INDEX IF NOT EXISTS endpoints_state ON endpoints (state, partner_id);

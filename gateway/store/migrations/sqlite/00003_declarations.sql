-- +goose Up
-- reference is NULL in a draft that has none yet, so that drafts do not collide
CREATE TABLE IF NOT EXISTS declarations (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  reference TEXT NULL,
  attempt INTEGER NOT NULL,
  own_state TEXT NOT NULL,
  status TEXT NOT NULL,
  version INTEGER NOT NULL,
  direction TEXT NOT NULL,
  office TEXT NOT NULL,
  summary INTEGER NOT NULL,
  content_sha TEXT NOT NULL,
  sequence_number TEXT NOT NULL,
  entry_number TEXT NOT NULL,
  out_sequence INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id),
  CONSTRAINT declarations_reference UNIQUE (reference, tenant),
  CONSTRAINT declarations_check_1 CHECK (own_state IN ('draft', 'queued', 'sent', 'cancelled')),
  CONSTRAINT declarations_check_2 CHECK (own_state NOT IN ('queued', 'sent') OR (attempt > 0 AND reference IS NOT NULL)),
  CONSTRAINT declarations_check_3 CHECK (attempt >= 0 AND version > 0 AND out_sequence >= 0),
  CONSTRAINT declarations_check_4 CHECK (summary IN (0, 1))
) STRICT;
CREATE INDEX IF NOT EXISTS declarations_status ON declarations (tenant, status, id, attempt);
CREATE INDEX IF NOT EXISTS declarations_entry ON declarations (entry_number);

-- +goose Up
-- what others reported; nothing is deleted, a withdrawal is a fact of its own
CREATE TABLE IF NOT EXISTS facts (
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  source TEXT NOT NULL,
  role TEXT NOT NULL,
  reference TEXT NOT NULL,
  withdraws TEXT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  document_sha TEXT NOT NULL,
  content_sha TEXT NOT NULL,
  content TEXT NOT NULL,
  spread INTEGER NOT NULL,
  at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT facts_identity UNIQUE (identity),
  CONSTRAINT facts_check_1 CHECK (state IN ('matched', 'unmatched')),
  CONSTRAINT facts_check_2 CHECK ((state = 'matched') = (reason = ''))
) STRICT;
CREATE INDEX IF NOT EXISTS facts_subject ON facts (subject, id);
CREATE INDEX IF NOT EXISTS facts_spread ON facts (spread, id);
CREATE INDEX IF NOT EXISTS facts_state ON facts (state, id);
CREATE INDEX IF NOT EXISTS facts_source ON facts (source, id);

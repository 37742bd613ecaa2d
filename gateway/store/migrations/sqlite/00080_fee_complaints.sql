-- +goose Up
-- complaints about charges: where each stands; only the hash of the complainant's secret is kept, his contact data is sealed
CREATE TABLE IF NOT EXISTS fee_complaints (
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  collector TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL,
  document BLOB NOT NULL,
  contact BLOB NOT NULL,
  lang TEXT NOT NULL,
  files INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  escalated INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  forwarded_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fee_complaints_number UNIQUE (number),
  CONSTRAINT fee_complaints_secret UNIQUE (secret_hash),
  CONSTRAINT fee_complaints_check_1 CHECK (state IN ('received', 'forwarded', 'answered', 'accepted', 'rejected', 'escalated', 'closed')),
  CONSTRAINT fee_complaints_check_2 CHECK (version > 0 AND escalated IN (0, 1) AND files >= 0),
  CONSTRAINT fee_complaints_check_3 CHECK ((state = 'closed') = (closed_at > 0)),
  CONSTRAINT fee_complaints_check_4 CHECK (verdict IN ('', 'accepted', 'rejected'))
) STRICT;
CREATE INDEX IF NOT EXISTS fee_complaints_state ON fee_complaints (state, due_at, id);
CREATE INDEX IF NOT EXISTS fee_complaints_collector ON fee_complaints (collector, state, due_at, id);
CREATE INDEX IF NOT EXISTS fee_complaints_created ON fee_complaints (created_at);

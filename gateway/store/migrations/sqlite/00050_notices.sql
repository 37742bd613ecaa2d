-- +goose Up
-- where each inspection notice stands; stamp orders the changes of all notices
CREATE TABLE IF NOT EXISTS notices (
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  terminal TEXT NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  entry_number TEXT NOT NULL,
  content INTEGER NOT NULL,
  state TEXT NOT NULL,
  is_over INTEGER NOT NULL,
  person TEXT NOT NULL,
  needs_person INTEGER NOT NULL,
  overdue INTEGER NOT NULL,
  visible INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  delivered_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  locked_at INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  released_at INTEGER NOT NULL,
  back_at INTEGER NOT NULL,
  moves INTEGER NOT NULL,
  boxes INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT notices_number UNIQUE (number),
  CONSTRAINT notices_check_1 CHECK (is_over IN (0, 1) AND needs_person IN (0, 1) AND overdue IN (0, 1) AND visible IN (0, 1)),
  CONSTRAINT notices_check_2 CHECK (content > 0 AND version > 0 AND stamp > 0 AND next_at >= 0),
  CONSTRAINT notices_check_3 CHECK (state <> '')
) STRICT;
CREATE INDEX IF NOT EXISTS notices_terminal ON notices (terminal, id);
CREATE INDEX IF NOT EXISTS notices_terminal_stamp ON notices (terminal, stamp);
CREATE INDEX IF NOT EXISTS notices_tenant ON notices (tenant, id);
CREATE INDEX IF NOT EXISTS notices_tenant_stamp ON notices (tenant, stamp);
CREATE INDEX IF NOT EXISTS notices_declaration ON notices (declaration_id, id);
CREATE INDEX IF NOT EXISTS notices_issued ON notices (issued_by, id);
CREATE INDEX IF NOT EXISTS notices_stamp ON notices (stamp);
CREATE INDEX IF NOT EXISTS notices_due ON notices (next_at);
CREATE INDEX IF NOT EXISTS notices_person ON notices (needs_person, id);
CREATE INDEX IF NOT EXISTS notices_created ON notices (created_at);

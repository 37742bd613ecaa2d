-- +goose Up
-- what a declarant has to do until a day of the port's calendar; an empty day is not known yet
CREATE TABLE IF NOT EXISTS deadlines (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  due_day TEXT NOT NULL,
  entry_day TEXT NOT NULL,
  source TEXT NOT NULL,
  reminders INTEGER NOT NULL,
  met_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, declaration_id, kind),
  CONSTRAINT deadlines_check_1 CHECK (state IN ('open', 'met', 'overdue', 'void'))
) STRICT;
CREATE INDEX IF NOT EXISTS deadlines_due ON deadlines (state, due_day);

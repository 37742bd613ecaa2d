-- +goose Up
-- one row per submitted attempt: what the figures of the port are made of.
-- Beside the declarations, because its rows change twice in their life.
CREATE TABLE IF NOT EXISTS clearances (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  mode TEXT NOT NULL,
  office TEXT NOT NULL,
  direction TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  released_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, declaration_id, attempt),
  CONSTRAINT clearances_check_1 CHECK (attempt > 0 AND submitted_at >= 0 AND accepted_at >= 0 AND released_at >= 0)
) STRICT;
CREATE INDEX IF NOT EXISTS clearances_submitted ON clearances (submitted_at, tenant);
CREATE INDEX IF NOT EXISTS clearances_released ON clearances (released_at, tenant, mode, accepted_at);

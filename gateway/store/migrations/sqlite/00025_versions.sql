-- +goose Up
-- every document that a declaration ever had, by number; a declaration from
-- before this table has none until its document changes
CREATE TABLE IF NOT EXISTS versions (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  sha TEXT NOT NULL,
  message TEXT NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (tenant, declaration_id, number),
  CONSTRAINT versions_check_1 CHECK (number > 0 AND sha <> '')
) STRICT, WITHOUT ROWID;

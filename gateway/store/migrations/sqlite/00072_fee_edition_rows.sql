-- +goose Up
-- which version of which row an edition holds, in the order of its catalogue
CREATE TABLE IF NOT EXISTS fee_edition_rows (
  edition INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  row_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (edition, position),
  CONSTRAINT fee_edition_rows_row UNIQUE (edition, kind, row_key)
) STRICT;
CREATE INDEX IF NOT EXISTS fee_edition_rows_of ON fee_edition_rows (kind, row_key, version);

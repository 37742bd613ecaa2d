-- +goose Up
-- which terminal a free text of a declaration means
CREATE TABLE IF NOT EXISTS place_aliases (
  alias TEXT NOT NULL,
  terminal TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (alias)
) STRICT;

-- +goose Up
-- counters that order changes of one kind
CREATE TABLE IF NOT EXISTS stamps (
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- +goose Up
-- how often something was tried in a window of time; names are hashes
CREATE TABLE IF NOT EXISTS throttles (
  name TEXT NOT NULL,
  tries INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (name),
  CONSTRAINT throttles_check_1 CHECK (tries > 0)
) STRICT;
CREATE INDEX IF NOT EXISTS throttles_until ON throttles (until);

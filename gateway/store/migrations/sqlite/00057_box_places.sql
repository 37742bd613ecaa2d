-- +goose Up
-- where a box was last seen
CREATE TABLE IF NOT EXISTS box_places (
  container TEXT NOT NULL,
  terminal TEXT NOT NULL,
  yard_place TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (container)
) STRICT;
CREATE INDEX IF NOT EXISTS box_places_terminal ON box_places (terminal, container);

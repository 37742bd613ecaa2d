-- +goose Up
-- what a terminal can do with a class of messages, from a day on
CREATE TABLE IF NOT EXISTS capabilities (
  terminal TEXT NOT NULL,
  class TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  document BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (terminal, class, valid_from)
) STRICT;

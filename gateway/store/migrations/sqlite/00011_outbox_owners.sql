-- +goose Up
CREATE TABLE IF NOT EXISTS outbox_owners (
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (owner)
) STRICT, WITHOUT ROWID;

-- +goose Up
-- claims is written by every claim, so that a claim and a change of owner conflict on every engine
CREATE TABLE IF NOT EXISTS outbox_shards (
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  claims INTEGER NOT NULL,
  PRIMARY KEY (shard),
  CONSTRAINT outbox_shards_check_1 CHECK (shard BETWEEN 0 AND 31)
) STRICT, WITHOUT ROWID;

-- +goose Up
-- claims is written by every claim, so that a claim and a change of owner conflict on every engine
CREATE TABLE IF NOT EXISTS outbox_shards (
  shard INT NOT NULL,
  owner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  until BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  claims BIGINT NOT NULL,
  PRIMARY KEY (shard),
  CONSTRAINT outbox_shards_check_1 CHECK (shard BETWEEN 0 AND 31)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- receivers that are down: when each is probed next, so that a restart goes on where it was
CREATE TABLE IF NOT EXISTS receiver_breakers (
  receiver TEXT NOT NULL,
  openings INTEGER NOT NULL,
  probe_at INTEGER NOT NULL,
  since INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (receiver)
) STRICT, WITHOUT ROWID;

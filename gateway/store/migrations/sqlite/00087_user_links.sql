-- +goose Up
-- links by which a person chooses a password once; only the hash of the token is kept
CREATE TABLE IF NOT EXISTS user_links (
  hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (hash)
) STRICT;
CREATE INDEX IF NOT EXISTS user_links_user ON user_links (user_id, used_at);

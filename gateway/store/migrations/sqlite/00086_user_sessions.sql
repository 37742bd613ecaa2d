-- +goose Up
-- sessions of people; only the hash of the token is kept
CREATE TABLE IF NOT EXISTS user_sessions (
  hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (hash),
  CONSTRAINT user_sessions_check_1 CHECK ((ended_at = 0) = (why = ''))
) STRICT;
CREATE INDEX IF NOT EXISTS user_sessions_user ON user_sessions (user_id, ended_at);

-- +goose Up
-- links by which a person answers a notice once; only the hash of the token is kept
CREATE TABLE IF NOT EXISTS answer_links (
  hash TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  terminal TEXT NOT NULL,
  content INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (hash)
) STRICT;
CREATE INDEX IF NOT EXISTS answer_links_notice ON answer_links (notice_id);

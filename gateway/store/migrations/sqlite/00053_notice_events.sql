-- +goose Up
-- all that was heard about a notice, the refused too
CREATE TABLE IF NOT EXISTS notice_events (
  notice_id TEXT NOT NULL,
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  kind TEXT NOT NULL,
  box TEXT NOT NULL,
  actor TEXT NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  refused TEXT NOT NULL,
  content_sha TEXT NOT NULL,
  content BLOB NOT NULL,
  occurred_at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (notice_id, id),
  CONSTRAINT notice_events_identity UNIQUE (notice_id, identity)
) STRICT;

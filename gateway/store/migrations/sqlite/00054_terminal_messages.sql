-- +goose Up
-- documents of terminals and carriers, as they came
CREATE TABLE IF NOT EXISTS terminal_messages (
  id TEXT NOT NULL,
  identity TEXT NOT NULL,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  notice TEXT NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  answer BLOB NOT NULL,
  copies INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT terminal_messages_identity UNIQUE (identity),
  CONSTRAINT terminal_messages_check_1 CHECK (state IN ('matched', 'unmatched', 'refused'))
) STRICT;
CREATE INDEX IF NOT EXISTS terminal_messages_waiting ON terminal_messages (state, notice, id);
CREATE INDEX IF NOT EXISTS terminal_messages_source ON terminal_messages (source, id);

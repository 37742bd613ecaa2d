-- +goose Up
-- documents that are not, or not any more, the one of their declaration:
-- each content once, moved here when it is replaced
CREATE TABLE IF NOT EXISTS version_documents (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  sha TEXT NOT NULL,
  document BLOB NOT NULL,
  PRIMARY KEY (tenant, declaration_id, sha)
) STRICT;

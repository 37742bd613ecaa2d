-- +goose Up
-- the refused rows of an upload, in parts: one statement must not carry all
CREATE TABLE IF NOT EXISTS upload_parts (
  tenant TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (tenant, upload_id, number)
) STRICT;

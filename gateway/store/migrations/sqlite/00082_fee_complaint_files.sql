-- +goose Up
-- evidence: what each file is, judged by its content
CREATE TABLE IF NOT EXISTS fee_complaint_files (
  complaint_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  event INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (complaint_id, number),
  CONSTRAINT fee_complaint_files_check_1 CHECK (number > 0 AND size > 0),
  CONSTRAINT fee_complaint_files_check_2 CHECK (kind IN ('application/pdf', 'image/jpeg', 'image/png'))
) STRICT;

-- +goose Up
CREATE TABLE IF NOT EXISTS sequence_numbers (
  seq_no TEXT NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY (seq_no)
) STRICT, WITHOUT ROWID;

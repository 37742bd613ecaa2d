-- +goose Up
-- the bytes of evidence, in parts: one statement must not carry all
CREATE TABLE IF NOT EXISTS fee_complaint_parts (
  complaint_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  file INT NOT NULL,
  number INT NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (complaint_id, file, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

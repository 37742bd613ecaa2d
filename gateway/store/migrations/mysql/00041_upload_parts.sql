-- +goose Up
-- the refused rows of an upload, in parts: one statement must not carry all
CREATE TABLE IF NOT EXISTS upload_parts (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  upload_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number INT NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (tenant, upload_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
CREATE TABLE IF NOT EXISTS inbox_files (
  channel VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tries INT NOT NULL,
  next_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (channel, sha256),
  CONSTRAINT inbox_files_check_1 CHECK (state IN ('matched', 'unmatched', 'retry', 'rejected'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- the files that a draft was made from, as they came
CREATE TABLE IF NOT EXISTS fee_sources (
  edition INT NOT NULL,
  number INT NOT NULL,
  name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  content_type VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (edition, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

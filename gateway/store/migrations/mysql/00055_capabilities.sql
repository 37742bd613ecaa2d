-- +goose Up
-- what a terminal can do with a class of messages, from a day on
CREATE TABLE IF NOT EXISTS capabilities (
  terminal VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  class VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  valid_from VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  document LONGBLOB NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (terminal, class, valid_from)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

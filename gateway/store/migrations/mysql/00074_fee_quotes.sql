-- +goose Up
-- quotations as they were given: the inputs, the edition and the exact answer, for ever
CREATE TABLE IF NOT EXISTS fee_quotes (
  number VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  at BIGINT NOT NULL,
  edition INT NOT NULL,
  engine VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request LONGBLOB NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body LONGBLOB NOT NULL,
  PRIMARY KEY (number),
  CONSTRAINT fee_quotes_check_1 CHECK (edition > 0 AND at > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

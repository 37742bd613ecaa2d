-- +goose Up
-- every version of every row of the catalogue of port charges that was ever drafted; none is changed
CREATE TABLE IF NOT EXISTS fee_rows (
  kind VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  row_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  version INT NOT NULL,
  replaces INT NOT NULL,
  valid_from VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  valid_to VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body LONGBLOB NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (kind, row_key, version),
  CONSTRAINT fee_rows_check_1 CHECK (version > 0 AND replaces >= 0 AND replaces < version AND recorded_at > 0),
  CONSTRAINT fee_rows_check_2 CHECK (kind <> '' AND row_key <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- which version of which row an edition holds, in the order of its catalogue
CREATE TABLE IF NOT EXISTS fee_edition_rows (
  edition INT NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  row_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  version INT NOT NULL,
  PRIMARY KEY (edition, position),
  UNIQUE KEY fee_edition_rows_row (edition, kind, row_key),
  KEY fee_edition_rows_of (kind, row_key, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- how often something was tried in a window of time; names are hashes
CREATE TABLE IF NOT EXISTS throttles (
  name VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tries BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (name),
  KEY throttles_until (until),
  CONSTRAINT throttles_check_1 CHECK (tries > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- receivers that are down: when each is probed next, so that a restart goes on where it was
CREATE TABLE IF NOT EXISTS receiver_breakers (
  receiver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  openings BIGINT NOT NULL,
  probe_at BIGINT NOT NULL,
  since BIGINT NOT NULL,
  last_error VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (receiver)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- links by which a person chooses a password once; only the hash of the token is kept
CREATE TABLE IF NOT EXISTS user_links (
  hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  user_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (hash),
  KEY user_links_user (user_id, used_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- ratings of charging bodies, one for each body on a checked account; gone with the account
CREATE TABLE IF NOT EXISTS fee_ratings (
  id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  bill_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  identity VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  standing VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (standing IN ('equal', 'differs', 'asked', 'unjudged')),
  clarity INT NOT NULL CHECK (clarity BETWEEN 1 AND 5),
  answer VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  words LONGBLOB NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY fee_ratings_bill (bill_id, body),
  UNIQUE KEY fee_ratings_identity (identity, body),
  KEY fee_ratings_body (body, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

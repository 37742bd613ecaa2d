-- +goose Up
CREATE TABLE IF NOT EXISTS outbox (
  id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  shard INT NOT NULL,
  receiver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sequence BIGINT NOT NULL,
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  message_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  attempt INT NOT NULL,
  state VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tries INT NOT NULL,
  next_at BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  last_error VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  peer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY outbox_order (receiver, subject, sequence),
  KEY outbox_claim (state, shard, next_at, receiver),
  CONSTRAINT outbox_check_1 CHECK ((state = 'waiting' AND next_at > 0 AND done_at = 0)
    OR (state = 'sending' AND epoch > 0 AND done_at = 0)
    OR (state IN ('delivered', 'dead', 'cancelled') AND done_at > 0)),
  CONSTRAINT outbox_check_2 CHECK (shard BETWEEN 0 AND 31),
  CONSTRAINT outbox_check_3 CHECK (sequence > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

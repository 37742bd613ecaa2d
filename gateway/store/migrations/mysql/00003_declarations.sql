-- +goose Up
-- reference is NULL in a draft that has none yet, so that drafts do not collide
CREATE TABLE IF NOT EXISTS declarations (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reference VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  attempt INT NOT NULL,
  own_state VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  status VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  version BIGINT NOT NULL,
  direction VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  office VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  summary INT NOT NULL,
  content_sha VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sequence_number VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  entry_number VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  out_sequence BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id),
  UNIQUE KEY declarations_reference (reference, tenant),
  KEY declarations_status (tenant, status, id, attempt),
  KEY declarations_entry (entry_number),
  CONSTRAINT declarations_check_1 CHECK (own_state IN ('draft', 'queued', 'sent', 'cancelled')),
  CONSTRAINT declarations_check_2 CHECK (own_state NOT IN ('queued', 'sent') OR (attempt > 0 AND reference IS NOT NULL)),
  CONSTRAINT declarations_check_3 CHECK (attempt >= 0 AND version > 0 AND out_sequence >= 0),
  CONSTRAINT declarations_check_4 CHECK (summary IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

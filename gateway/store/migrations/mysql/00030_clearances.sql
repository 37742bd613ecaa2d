-- +goose Up
-- one row per submitted attempt: what the figures of the port are made of.
-- Beside the declarations, because its rows change twice in their life.
CREATE TABLE IF NOT EXISTS clearances (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  attempt INT NOT NULL,
  mode VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  office VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  direction VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  submitted_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  released_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, declaration_id, attempt),
  KEY clearances_submitted (submitted_at, tenant),
  KEY clearances_released (released_at, tenant, mode, accepted_at),
  CONSTRAINT clearances_check_1 CHECK (attempt > 0 AND submitted_at >= 0 AND accepted_at >= 0 AND released_at >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- what a declarant asks of customs about an accepted declaration; open_for is
-- the declaration while nobody decided, so that there is one at a time
CREATE TABLE IF NOT EXISTS requests (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  open_for VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  base INT NOT NULL,
  sha VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason_code VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason TEXT NOT NULL,
  evidence LONGBLOB NOT NULL,
  changes LONGBLOB NOT NULL,
  actor VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  at BIGINT NOT NULL,
  message VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  decided_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  decided_at BIGINT NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY requests_open (tenant, open_for),
  KEY requests_declaration (tenant, declaration_id),
  KEY requests_state (state, id),
  KEY requests_message (message),
  CONSTRAINT requests_check_1 CHECK (kind IN ('amendment', 'cancellation')),
  CONSTRAINT requests_check_2 CHECK ((state IN ('requested', 'sent') AND open_for = declaration_id AND decided_at = 0)
    OR (state IN ('approved', 'refused', 'withdrawn', 'lapsed') AND open_for IS NULL AND decided_at > 0)),
  CONSTRAINT requests_check_3 CHECK ((kind = 'amendment') = (sha <> ''))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

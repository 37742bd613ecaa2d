-- +goose Up
-- what happened to a complaint, in order; never changed
CREATE TABLE IF NOT EXISTS fee_complaint_events (
  complaint_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number INT NOT NULL,
  act VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  actor VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  who VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  at BIGINT NOT NULL,
  collector VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  due_at BIGINT NOT NULL,
  files INT NOT NULL,
  PRIMARY KEY (complaint_id, number),
  CONSTRAINT fee_complaint_events_check_1 CHECK (number > 0 AND files >= 0),
  CONSTRAINT fee_complaint_events_check_2 CHECK (actor IN ('complainant', 'authority', 'collector'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- days in which a side of a complaint has to act, as the operator set them
CREATE TABLE IF NOT EXISTS fee_limits (
  name VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  days INT NOT NULL,
  unit VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  source VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  set_by VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (name),
  CONSTRAINT fee_limits_check_1 CHECK (days > 0 AND days <= 365),
  CONSTRAINT fee_limits_check_2 CHECK (unit IN ('calendar', 'working'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- days in which a side of a complaint has to act, as the operator set them
CREATE TABLE IF NOT EXISTS fee_limits (
  name TEXT NOT NULL,
  days INTEGER NOT NULL,
  unit TEXT NOT NULL,
  source TEXT NOT NULL,
  set_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (name),
  CONSTRAINT fee_limits_check_1 CHECK (days > 0 AND days <= 365),
  CONSTRAINT fee_limits_check_2 CHECK (unit IN ('calendar', 'working'))
) STRICT;

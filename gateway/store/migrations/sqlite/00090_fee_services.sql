-- +goose Up
-- what third parties offer around a port call or a box; every version is kept
CREATE TABLE IF NOT EXISTS fee_services (
  service_no TEXT NOT NULL,
  version INTEGER NOT NULL,
  document BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (service_no, version),
  CONSTRAINT fee_services_check_1 CHECK (version > 0)
) STRICT, WITHOUT ROWID;

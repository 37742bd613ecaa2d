-- +goose Up
-- evidence: what each file is, judged by its content
CREATE TABLE IF NOT EXISTS fee_complaint_files (
  complaint_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number INT NOT NULL,
  name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  size BIGINT NOT NULL,
  event INT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (complaint_id, number),
  CONSTRAINT fee_complaint_files_check_1 CHECK (number > 0 AND size > 0),
  CONSTRAINT fee_complaint_files_check_2 CHECK (kind IN ('application/pdf', 'image/jpeg', 'image/png'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

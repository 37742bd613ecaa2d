-- +goose Up
-- disbursement accounts that were checked; private to who has the secret, of which only the hash is kept.
-- A deleted one keeps its id and nothing that was in it
CREATE TABLE IF NOT EXISTS fee_bills (
  id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  secret_hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  identity VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  partner VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (kind IN ('estimate', 'final')),
  estimate VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  edition INT NOT NULL,
  format VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  content_type VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256 VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  size BIGINT NOT NULL,
  stored_sha VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sealed INT NOT NULL,
  body LONGBLOB NOT NULL,
  document LONGBLOB NOT NULL,
  month VARCHAR(7) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  idem_tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  idem_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY fee_bills_secret (secret_hash),
  KEY fee_bills_identity (identity, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

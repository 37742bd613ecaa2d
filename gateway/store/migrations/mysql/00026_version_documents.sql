-- +goose Up
-- documents that are not, or not any more, the one of their declaration:
-- each content once, moved here when it is replaced
CREATE TABLE IF NOT EXISTS version_documents (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  document LONGBLOB NOT NULL,
  PRIMARY KEY (tenant, declaration_id, sha)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- beside its declaration, because the state of a declaration changes often
-- and its document almost never: an update would write both anew
CREATE TABLE IF NOT EXISTS documents (
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  document LONGBLOB NOT NULL,
  faults LONGBLOB NOT NULL,
  PRIMARY KEY (tenant, declaration_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

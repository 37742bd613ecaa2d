-- +goose Up
-- under which numbers a submitted declaration can be the subject of a fact: a hint, the document decides
CREATE TABLE IF NOT EXISTS fact_subjects (
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tenant VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declaration_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (subject, tenant, declaration_id),
  KEY fact_subjects_declaration (tenant, declaration_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

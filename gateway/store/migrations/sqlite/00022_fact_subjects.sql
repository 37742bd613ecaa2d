-- +goose Up
-- under which numbers a submitted declaration can be the subject of a fact: a hint, the document decides
CREATE TABLE IF NOT EXISTS fact_subjects (
  subject TEXT NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  PRIMARY KEY (subject, tenant, declaration_id)
) STRICT;
CREATE INDEX IF NOT EXISTS fact_subjects_declaration ON fact_subjects (tenant, declaration_id);

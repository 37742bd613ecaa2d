-- +goose Up
-- which declaration a fact is about; a fact of a whole ship is about many
CREATE TABLE IF NOT EXISTS fact_links (
  fact_id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (fact_id, tenant, declaration_id)
) STRICT;
CREATE INDEX IF NOT EXISTS fact_links_declaration ON fact_links (tenant, declaration_id);

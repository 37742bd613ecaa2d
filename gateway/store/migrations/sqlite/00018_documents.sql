-- +goose Up
-- beside its declaration, because the state of a declaration changes often
-- and its document almost never: an update would write both anew
CREATE TABLE IF NOT EXISTS documents (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  document BLOB NOT NULL,
  faults BLOB NOT NULL,
  PRIMARY KEY (tenant, declaration_id)
) STRICT;

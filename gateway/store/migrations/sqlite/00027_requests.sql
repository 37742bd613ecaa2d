-- +goose Up
-- what a declarant asks of customs about an accepted declaration; open_for is
-- the declaration while nobody decided, so that there is one at a time
CREATE TABLE IF NOT EXISTS requests (
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  open_for TEXT NULL,
  base INTEGER NOT NULL,
  sha TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence BLOB NOT NULL,
  changes BLOB NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  message TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT requests_open UNIQUE (tenant, open_for),
  CONSTRAINT requests_check_1 CHECK (kind IN ('amendment', 'cancellation')),
  CONSTRAINT requests_check_2 CHECK ((state IN ('requested', 'sent') AND open_for = declaration_id AND decided_at = 0)
    OR (state IN ('approved', 'refused', 'withdrawn', 'lapsed') AND open_for IS NULL AND decided_at > 0)),
  CONSTRAINT requests_check_3 CHECK ((kind = 'amendment') = (sha <> ''))
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS requests_declaration ON requests (tenant, declaration_id);
CREATE INDEX IF NOT EXISTS requests_state ON requests (state, id);
CREATE INDEX IF NOT EXISTS requests_message ON requests (message);

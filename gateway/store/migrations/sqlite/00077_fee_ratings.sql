-- +goose Up
-- ratings of charging bodies, one for each body on a checked account; gone with the account
CREATE TABLE IF NOT EXISTS fee_ratings (
  id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  body TEXT NOT NULL,
  identity TEXT NOT NULL,
  standing TEXT NOT NULL CHECK (standing IN ('equal', 'differs', 'asked', 'unjudged')),
  clarity INTEGER NOT NULL CHECK (clarity BETWEEN 1 AND 5),
  answer TEXT NOT NULL,
  words BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (bill_id, body),
  UNIQUE (identity, body)
) STRICT;
CREATE INDEX IF NOT EXISTS fee_ratings_body ON fee_ratings (body, created_at);

-- +goose Up
-- tries of deliveries that did not simply succeed at first, and acts of persons
CREATE TABLE IF NOT EXISTS attempts (
  item_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  receiver TEXT NOT NULL,
  result TEXT NOT NULL,
  detail TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (item_id, number),
  CONSTRAINT attempts_check_1 CHECK (number > 0)
) STRICT, WITHOUT ROWID;

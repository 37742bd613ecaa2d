-- +goose Up
-- what happened to a complaint, in order; never changed
CREATE TABLE IF NOT EXISTS fee_complaint_events (
  complaint_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL,
  collector TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  files INTEGER NOT NULL,
  PRIMARY KEY (complaint_id, number),
  CONSTRAINT fee_complaint_events_check_1 CHECK (number > 0 AND files >= 0),
  CONSTRAINT fee_complaint_events_check_2 CHECK (actor IN ('complainant', 'authority', 'collector'))
) STRICT;

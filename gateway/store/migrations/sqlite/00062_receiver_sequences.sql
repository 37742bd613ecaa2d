-- +goose Up
-- how many messages each receiver was given about each subject: the counter of their order
CREATE TABLE IF NOT EXISTS receiver_sequences (
  receiver TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (receiver, subject),
  CONSTRAINT receiver_sequences_check_1 CHECK (sequence > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS receiver_sequences_subject ON receiver_sequences (subject, receiver);

-- +goose Up
-- how many messages each receiver was given about each subject: the counter of their order
CREATE TABLE IF NOT EXISTS receiver_sequences (
  receiver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (receiver, subject),
  KEY receiver_sequences_subject (subject, receiver),
  CONSTRAINT receiver_sequences_check_1 CHECK (sequence > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

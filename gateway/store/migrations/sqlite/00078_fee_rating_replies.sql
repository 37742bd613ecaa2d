-- +goose Up
-- what a charging body says to a rating; later ones stand beside the earlier
CREATE TABLE IF NOT EXISTS fee_rating_replies (
  rating_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  words BLOB NOT NULL,
  partner TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (rating_id, number)
) STRICT;

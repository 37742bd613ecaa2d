-- +goose Up
-- what a checked account says about one charging body against references of one word
-- (official_text, triangulated, secondary, unverified); body is empty for lines that the catalogue does not have
CREATE TABLE IF NOT EXISTS fee_bill_shares (
  bill_id TEXT NOT NULL,
  body TEXT NOT NULL,
  word TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  agreeing INTEGER NOT NULL,
  questioned INTEGER NOT NULL,
  billed_fen INTEGER NOT NULL,
  over_fen INTEGER NOT NULL,
  PRIMARY KEY (bill_id, body, word)
) STRICT;

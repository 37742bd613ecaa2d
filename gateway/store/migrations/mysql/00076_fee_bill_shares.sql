-- +goose Up
-- what a checked account says about one charging body against references of one word
-- (official_text, triangulated, secondary, unverified); body is empty for lines that the catalogue does not have
CREATE TABLE IF NOT EXISTS fee_bill_shares (
  bill_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  word VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  line_count INT NOT NULL,
  agreeing INT NOT NULL,
  questioned INT NOT NULL,
  billed_fen BIGINT NOT NULL,
  over_fen BIGINT NOT NULL,
  PRIMARY KEY (bill_id, body, word)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

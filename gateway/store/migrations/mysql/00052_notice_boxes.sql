-- +goose Up
-- a box is in at most one open notice per purpose: open_key is unique
CREATE TABLE IF NOT EXISTS notice_boxes (
  notice_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  box VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  container VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  open_key VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (notice_id, box),
  UNIQUE KEY notice_boxes_open (open_key),
  KEY notice_boxes_container (container),
  CONSTRAINT notice_boxes_check_1 CHECK (open_key <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Up
-- a box is in at most one open notice per purpose: open_key is unique
CREATE TABLE IF NOT EXISTS notice_boxes (
  notice_id TEXT NOT NULL,
  box TEXT NOT NULL,
  container TEXT NOT NULL,
  state TEXT NOT NULL,
  open_key TEXT NOT NULL,
  PRIMARY KEY (notice_id, box),
  CONSTRAINT notice_boxes_open UNIQUE (open_key),
  CONSTRAINT notice_boxes_check_1 CHECK (open_key <> '')
) STRICT;
CREATE INDEX IF NOT EXISTS notice_boxes_container ON notice_boxes (container);

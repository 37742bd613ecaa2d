-- +goose Up
CREATE TABLE IF NOT EXISTS outbox (
  id TEXT NOT NULL,
  shard INTEGER NOT NULL,
  receiver TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  declaration_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  peer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT outbox_order UNIQUE (receiver, subject, sequence),
  CONSTRAINT outbox_check_1 CHECK ((state = 'waiting' AND next_at > 0 AND done_at = 0)
    OR (state = 'sending' AND epoch > 0 AND done_at = 0)
    OR (state IN ('delivered', 'dead', 'cancelled') AND done_at > 0)),
  CONSTRAINT outbox_check_2 CHECK (shard BETWEEN 0 AND 31),
  CONSTRAINT outbox_check_3 CHECK (sequence > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outbox_claim ON outbox (state, shard, next_at, receiver);

-- +goose Up
-- people who sign in by password; an empty password: none was chosen yet
CREATE TABLE IF NOT EXISTS users (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  display TEXT NOT NULL,
  role TEXT NOT NULL,
  body TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  password TEXT NOT NULL,
  state TEXT NOT NULL,
  failures INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  password_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT users_name UNIQUE (name),
  CONSTRAINT users_check_1 CHECK (role IN ('authority', 'collector', 'operator')),
  CONSTRAINT users_check_2 CHECK (state IN ('active', 'disabled')),
  CONSTRAINT users_check_3 CHECK ((role = 'collector') = (body <> '')),
  CONSTRAINT users_check_4 CHECK (version > 0 AND failures >= 0)
) STRICT;

package app

import (
	"context"
	"errors"
	"log/slog"
	"strconv"

	"kouan/gateway/store"
)

// Database stands on every command that opens one.
type Database struct {
	DB databaseURL `name:"db" help:"cli.flag.db" placeholder:"URL"`
}

// url is the flag, else KOUAN_DB, else the embedded database of the folder.
func (d *Database) url(c *console) databaseURL {
	if d.DB != "" {
		return d.DB
	}
	if fromEnv := c.env["KOUAN_DB"]; fromEnv != "" {
		return databaseURL(fromEnv)
	}
	return Defaults().Database
}

// with opens the database, refuses a schema that does not fit, runs do and
// closes it.
func (d *Database) with(ctx context.Context, c *console, common *Common, do func(*store.Store) error) (err error) {
	logger, err := newLogger(c.err, common, slog.LevelWarn)
	if err != nil {
		return err
	}
	s, err := c.openStore(ctx, d.url(c), logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}

// openStore opens a database whose schema is this program's.
func (c *console) openStore(ctx context.Context, url databaseURL, logger *slog.Logger) (*store.Store, error) {
	s, err := c.openAny(ctx, url, logger)
	if err != nil {
		return nil, err
	}
	current, newest, err := s.SchemaVersion(ctx)
	if err == nil && current < newest {
		err = &toldError{key: "cli.error.schema_old", args: arguments{"database": url.String(),
			"current": strconv.FormatInt(current, 10), "newest": strconv.FormatInt(newest, 10)}}
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openAny opens a database at any schema that this program can work on or migrate.
func (c *console) openAny(ctx context.Context, url databaseURL, logger *slog.Logger) (*store.Store, error) {
	s, err := store.Open(ctx, string(url), store.Options{Clock: c.clock, Logger: logger, Owner: c.newID()})
	if errors.Is(err, store.ErrNewerSchema) {
		return nil, &toldError{key: "cli.error.schema_new", args: arguments{"database": url.String()}, err: err}
	}
	return s, err
}

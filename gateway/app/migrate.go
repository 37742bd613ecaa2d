package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"kouan/gateway/store"
)

// migrateCommand brings the schema to this program's version.
type migrateCommand struct {
	Database `embed:""`
}

// Run may be called again after it was killed at any moment.
func (cmd *migrateCommand) Run(ctx context.Context, c *console, common *Common) (err error) {
	logger, err := newLogger(c.err, common, slog.LevelWarn)
	if err != nil {
		return err
	}
	s, err := c.openAny(ctx, cmd.url(c), logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	return c.say("cli.migrate.done", nil)
}

// backupCommand writes everything, as it stood at one moment, into one file.
type backupCommand struct {
	Database `embed:""`
	File     string `arg:"" name:"file" help:"cli.arg.backup"`
}

// Run works while others go on writing. The file is whole or absent.
func (cmd *backupCommand) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		bar := c.progress("cli.backup.progress")
		err := writeFile(cmd.File, 0o600, func(w io.Writer) error { return s.Backup(ctx, w, bar.of) })
		if err := errors.Join(err, bar.end()); err != nil {
			return err
		}
		return c.say("cli.backup.done", nil)
	})
}

// restoreCommand reads a backup into an empty database of either kind.
type restoreCommand struct {
	Database `embed:""`
	File     string `arg:"" name:"file" help:"cli.arg.backup"`
}

// Run writes everything or nothing, and makes the schema when there is none.
func (cmd *restoreCommand) Run(ctx context.Context, c *console, common *Common) (err error) {
	logger, err := newLogger(c.err, common, slog.LevelWarn)
	if err != nil {
		return err
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	s, err := c.openAny(ctx, cmd.url(c), logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	bar := c.progress("cli.restore.progress")
	err = s.Restore(ctx, f, bar.of)
	switch err = errors.Join(err, bar.end()); {
	case errors.Is(err, store.ErrNotEmpty):
		return &toldError{key: "cli.error.not_empty", args: arguments{"database": cmd.url(c).String()}, err: err}
	case errors.Is(err, store.ErrBackup):
		return &toldError{key: "cli.error.backup", args: arguments{"file": cmd.File, "reason": oneLine(err)}, err: err}
	case err != nil:
		return err
	}
	return c.say("cli.restore.done", nil)
}

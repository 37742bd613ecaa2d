package app

import (
	"context"
	"log/slog"

	"kouan/port-adapters/sandbox"
)

// sandboxReceiver is the system of a partner that is told by webhooks, for
// integrators and tests.
type sandboxReceiver struct {
	Addr      string   `help:"cli.flag.sandbox_addr" default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Secret    []string `help:"cli.flag.receiver_secret" placeholder:"SECRET"`
	ReadyFile string   `help:"cli.flag.ready_file" placeholder:"FILE"`
}

// Run receives until it is stopped. The address in the ready file is the base:
// /hook takes webhooks, /sandbox/received lists them.
func (cmd *sandboxReceiver) Run(ctx context.Context, c *console, common *Common) error {
	logger, err := newLogger(c.err, common, slog.LevelInfo)
	if err != nil {
		return err
	}
	r := &sandbox.Receiver{Clock: c.clock, Logger: logger}
	for _, s := range cmd.Secret {
		if err := r.Trust(s); err != nil {
			return err
		}
	}
	running, err := sandbox.RunReceiver(ctx, r, cmd.Addr)
	if err != nil {
		return err
	}
	defer running.Wait()
	if err := c.say("cli.sandbox.ready", arguments{"url": running.URL}); err != nil {
		return err
	}
	if err := writeReady(cmd.ReadyFile, running.Base); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

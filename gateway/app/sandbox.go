package app

import (
	"context"
	"log/slog"
	"time"

	"kouan/port-adapters/sandbox"
)

type sandboxCommand struct {
	Customs  sandboxCustoms  `cmd:"" help:"cli.usage.sandbox_customs"`
	Terminal sandboxTerminal `cmd:"" help:"cli.usage.sandbox_terminal"`
	Scripts  sandboxScripts  `cmd:"" help:"cli.usage.sandbox_scripts"`
	Receiver sandboxReceiver `cmd:"" help:"cli.usage.sandbox_receiver"`
}

// sandboxCustoms is customs as a process of its own, for integrators and tests.
type sandboxCustoms struct {
	Addr      string        `help:"cli.flag.sandbox_addr" default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Callback  string        `help:"cli.flag.callback" placeholder:"URL"`
	Key       secret        `help:"cli.flag.callback_key" placeholder:"KEY"`
	Drop      string        `help:"cli.flag.drop" placeholder:"DIR"`
	ReadyFile string        `help:"cli.flag.ready_file" placeholder:"FILE"`
	Replies   bool          `help:"cli.flag.replies" default:"true" negatable:""`
	Delay     time.Duration `help:"cli.flag.sandbox_delay" default:"200ms"`
	LateBy    time.Duration `help:"cli.flag.sandbox_late_by" default:"20s"`
	Seed      uint64        `help:"cli.flag.seed"`
}

// Run plays customs until it is stopped. The address in the ready file is the
// one to deliver to; /sandbox/deliveries and /sandbox/violations on the same
// host list what came.
func (cmd *sandboxCustoms) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.Callback == "" && cmd.Replies && cmd.Drop == "" {
		return &usageError{key: "cli.error.sandbox_callback"}
	}
	logger, err := newLogger(c.err, common, slog.LevelInfo)
	if err != nil {
		return err
	}
	running, err := sandbox.Run(ctx, sandbox.Config{
		Addr: cmd.Addr, CallbackURL: cmd.Callback, CallbackKey: string(cmd.Key), FileRoot: cmd.Drop,
		Customs: &sandbox.Customs{Clock: c.clock, Delay: cmd.Delay, LateBy: cmd.LateBy, Silent: !cmd.Replies, Seed: cmd.Seed, Logger: logger},
	})
	if err != nil {
		return err
	}
	defer running.Wait()
	if err := c.say("cli.sandbox.ready", arguments{"url": running.URL}); err != nil {
		return err
	}
	if err := writeReady(cmd.ReadyFile, running.URL); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

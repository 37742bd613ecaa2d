package app

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"kouan/port-adapters/sandbox"
	"kouan/port-adapters/sandbox/magic"
)

// sandboxTerminal is a terminal as a process of its own, so that a terminal's
// engineers see what their system has to do, and tests have somebody to talk to.
type sandboxTerminal struct {
	Addr      string        `help:"cli.flag.sandbox_addr" default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Name      string        `help:"cli.flag.terminal_name" placeholder:"ID"`
	Secret    []secret      `help:"cli.flag.terminal_secret" placeholder:"WHSEC"`
	Gateway   string        `help:"cli.flag.terminal_gateway" placeholder:"URL"`
	Key       secret        `help:"cli.flag.terminal_key" placeholder:"KEY"`
	Answers   bool          `help:"cli.flag.terminal_answers" default:"true" negatable:""`
	Script    string        `help:"cli.flag.terminal_script" placeholder:"NAME"`
	Delay     time.Duration `help:"cli.flag.sandbox_delay" default:"200ms"`
	LateBy    time.Duration `help:"cli.flag.sandbox_late_by" default:"20s"`
	Seed      uint64        `help:"cli.flag.seed"`
	ReadyFile string        `help:"cli.flag.ready_file" placeholder:"FILE"`
}

// Run plays the terminal until it is stopped. The address in the ready file is
// the one to push to; /sandbox/deliveries, /sandbox/answers and
// /sandbox/violations on the same host list what happened.
func (cmd *sandboxTerminal) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.Key == "" {
		cmd.Key = secret(c.env["KOUAN_KEY"])
	}
	if cmd.Answers && (cmd.Gateway == "" || cmd.Key == "") {
		return &usageError{key: "cli.error.terminal_gateway"}
	}
	logger, err := newLogger(c.err, common, slog.LevelInfo)
	if err != nil {
		return err
	}
	terminal := &sandbox.Terminal{Name: cmd.Name, Clock: c.clock, Delay: cmd.Delay, LateBy: cmd.LateBy, Silent: !cmd.Answers, Seed: cmd.Seed, Logger: logger}
	if err := cmd.misbehave(terminal); err != nil {
		return err
	}
	cfg := sandbox.TerminalConfig{Terminal: terminal, Addr: cmd.Addr, GatewayURL: cmd.Gateway, GatewayKey: string(cmd.Key)}
	for _, s := range cmd.Secret {
		cfg.Secrets = append(cfg.Secrets, string(s))
	}
	if err := (&sandbox.TerminalWebhook{}).Trust(cfg.Secrets...); err != nil {
		return &usageError{key: "cli.error.terminal_secret", args: arguments{"reason": err.Error()}}
	}
	running, err := sandbox.RunTerminal(ctx, cfg)
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

// misbehave sets one script for every notice, when one is asked for.
func (cmd *sandboxTerminal) misbehave(t *sandbox.Terminal) error {
	if cmd.Script == "" {
		return nil
	}
	var known []string
	for _, s := range magic.Scripts() {
		if s.Slug() == cmd.Script {
			t.Misbehave(s)
			return nil
		}
		known = append(known, s.Slug())
	}
	return &usageError{key: "cli.error.terminal_script", args: arguments{"value": cmd.Script, "known": strings.Join(known, ", ")}}
}

// sandboxScripts prints the published table of magic container numbers.
type sandboxScripts struct{}

// Run prints one line a script: a number, its name, what the terminal does.
func (*sandboxScripts) Run(c *console) error {
	if err := c.say("cli.sandbox.scripts", arguments{"owner": magic.Owner}); err != nil {
		return err
	}
	for _, s := range magic.Scripts() {
		if err := c.print("%s  %-12s  %s\n", magic.Number(s, 1), s.Slug(), c.words.text("magic."+s.Slug(), nil)); err != nil {
			return err
		}
	}
	return nil
}

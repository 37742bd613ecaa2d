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

	Pull       bool     `help:"cli.flag.terminal_pull"`
	Folders    string   `help:"cli.flag.terminal_folders" placeholder:"DIR"`
	SFTP       string   `name:"sftp" help:"cli.flag.terminal_sftp" placeholder:"HOST:PORT"`
	SFTPRoot   string   `name:"sftp-root" help:"cli.flag.terminal_sftp_root" placeholder:"DIR"`
	SFTPKey    []string `name:"sftp-key" help:"cli.flag.terminal_sftp_key" placeholder:"FILE"`
	SMTP       string   `name:"smtp" help:"cli.flag.terminal_smtp" placeholder:"HOST:PORT"`
	Mailbox    string   `help:"cli.flag.terminal_mailbox" placeholder:"ADDRESS"`
	Follow     []string `help:"cli.flag.terminal_follow" placeholder:"HOST"`
	User       string   `help:"cli.flag.terminal_user" default:"terminal" placeholder:"NAME"`
	Password   secret   `help:"cli.flag.terminal_password" placeholder:"PASSWORD"`
	SelfSigned string   `help:"cli.flag.terminal_self_signed" placeholder:"FILE"`
}

// Run plays the terminal until it is stopped. The address in the ready file is
// the one to push to; /sandbox/deliveries, /sandbox/answers and
// /sandbox/violations on the same host list what happened.
func (cmd *sandboxTerminal) Run(ctx context.Context, c *console, common *Common) error {
	if cmd.Key == "" {
		cmd.Key = secret(c.env["KOUAN_KEY"])
	}
	if cmd.Answers && (cmd.Gateway == "" || cmd.Key == "") && !cmd.answersElsewhere() {
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
	cfg, err := cmd.config(c, terminal)
	if err != nil {
		return err
	}
	running, err := sandbox.RunTerminal(ctx, cfg)
	if err != nil {
		return err
	}
	defer running.Wait()
	if err := c.say("cli.sandbox.ready", arguments{"url": running.URL}); err != nil {
		return err
	}
	if running.SFTP != "" {
		if err := c.print("sftp %s %s\n", running.SFTP, running.HostKey); err != nil {
			return err
		}
	}
	if running.SMTP != "" {
		if err := c.print("smtp %s\n", running.SMTP); err != nil {
			return err
		}
	}
	if err := (ready{URL: running.URL, SFTP: running.SFTP, HostKey: running.HostKey, SMTP: running.SMTP}).write(cmd.ReadyFile); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// answersElsewhere reports a terminal whose wires carry the answers themselves.
func (cmd *sandboxTerminal) answersElsewhere() bool {
	return cmd.Folders != "" || cmd.SFTP != "" || cmd.SMTP != ""
}

func (cmd *sandboxTerminal) config(c *console, terminal *sandbox.Terminal) (sandbox.TerminalConfig, error) {
	cfg := sandbox.TerminalConfig{
		Terminal: terminal, Addr: cmd.Addr, GatewayURL: cmd.Gateway, GatewayKey: string(cmd.Key), Pull: cmd.Pull, Root: cmd.Folders,
		SFTPAddr: cmd.SFTP, SFTPRoot: cmd.SFTPRoot, SMTPAddr: cmd.SMTP, Mailbox: cmd.Mailbox, Links: cmd.Follow, User: cmd.User, Password: string(cmd.Password),
	}
	for _, s := range cmd.Secret {
		cfg.Secrets = append(cfg.Secrets, string(s))
	}
	if err := (&sandbox.TerminalWebhook{}).Trust(cfg.Secrets...); err != nil {
		return cfg, &usageError{key: "cli.error.terminal_secret", args: arguments{"reason": err.Error()}}
	}
	for _, file := range cmd.SFTPKey {
		line, err := c.readDocument(file)
		if err != nil {
			return cfg, err
		}
		cfg.SFTPKeys = append(cfg.SFTPKeys, string(line))
	}
	if cmd.SFTP != "" && cmd.Password == "" && len(cfg.SFTPKeys) == 0 {
		return cfg, &usageError{key: "cli.error.terminal_sign_in"}
	}
	if cmd.SelfSigned != "" {
		server, certificate, err := sandbox.SelfSigned(c.clock())
		if err != nil {
			return cfg, err
		}
		cfg.TLS = server
		if err := writeBytes(cmd.SelfSigned, 0o644, certificate); err != nil {
			return cfg, err
		}
	}
	return cfg, nil
}

// misbehave sets one script for every notice, when one is asked for.
func (cmd *sandboxTerminal) misbehave(t *sandbox.Terminal) error {
	if t.Follow(cmd.Script) == nil {
		return nil
	}
	var known []string
	for _, s := range magic.Scripts() {
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

package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kouan/declarations"
	"kouan/port-adapters/sandbox"
)

// demoCommand is the main job in one command: an embedded database, sample
// partners, a sandbox customs on both wires, sample traffic.
type demoCommand struct {
	Database     `embed:""`
	codeFolder   `embed:""`
	Addr         string        `help:"cli.flag.addr" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Data         string        `help:"cli.flag.data" placeholder:"DIR"`
	Traffic      bool          `help:"cli.flag.traffic" default:"true" negatable:""`
	TrafficEvery time.Duration `help:"cli.flag.traffic_every" default:"15s"`
	Delay        time.Duration `help:"cli.flag.sandbox_delay" default:"1s"`
	ReadyFile    string        `help:"cli.flag.ready_file" placeholder:"FILE"`
}

// The channels of the demo, both to the sandbox.
const (
	demoDXP      = "customs-dxp"
	demoFiledrop = "customs-filedrop"
)

// Run serves until it is stopped. What was accepted, and the keys, are there
// again when it is started with the same --data.
func (cmd *demoCommand) Run(ctx context.Context, c *console, common *Common) (err error) {
	logger, err := newLogger(c.err, common, slog.LevelWarn)
	if err != nil {
		return err
	}
	dir, remove, err := cmd.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	partners, err := cmd.prepare(ctx, c, dir, logger)
	if err != nil {
		return err
	}
	return cmd.serve(ctx, c, dir, partners, logger)
}

// folder is --data, made when it is missing, or a new one that goes at the end.
func (cmd *demoCommand) folder() (dir string, remove func() error, err error) {
	if cmd.Data != "" {
		return cmd.Data, func() error { return nil }, os.MkdirAll(cmd.Data, 0o700)
	}
	dir, err = os.MkdirTemp("", "kouan-demo-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

func (cmd *demoCommand) database(dir string) databaseURL {
	if cmd.DB != "" {
		return cmd.DB
	}
	return databaseURL("sqlite:" + filepath.Join(dir, "kouan.db")) // KOUAN_DB may be a real one
}

// prepare makes schema, partners and keys.
func (cmd *demoCommand) prepare(ctx context.Context, c *console, dir string, logger *slog.Logger) (p *demoFile, err error) {
	s, err := c.openAny(ctx, cmd.database(dir), logger)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := c.demoSeal(demoKeyFile(dir)); err != nil {
		return nil, err
	}
	if p, err = c.demoPartners(ctx, s, filepath.Join(dir, "demo.json")); err != nil {
		return nil, err
	}
	return p, c.demoUsers(ctx, s, p)
}

func (cmd *demoCommand) serve(ctx context.Context, c *console, dir string, partners *demoFile, logger *slog.Logger) error {
	// Customs outlives the gateway, so that what is on its way at the end arrives.
	outside, leave := context.WithCancel(context.WithoutCancel(ctx))
	customs, err := sandbox.Run(outside, sandbox.Config{FileRoot: filepath.Join(dir, "customs-drop"),
		Customs: &sandbox.Customs{Clock: c.clock, Delay: cmd.Delay, Logger: logger}})
	if err != nil {
		leave()
		return err
	}
	defer func() { leave(); customs.Wait() }()
	receiver, err := runDemoReceiver(outside, c, logger)
	if err != nil {
		return err
	}
	defer func() { leave(); receiver.Wait() }()
	terminal, err := cmd.demoTerminal(outside, c, logger)
	if err != nil {
		return err
	}
	defer func() { leave(); terminal.Wait() }()
	cfg := cmd.config(dir, customs)
	cfg.SecretsKey, cfg.AllowHosts = demoKeyFile(dir), []string{receiver.Addr, terminal.Addr}
	h, err := c.build(ctx, cfg, logger)
	if err != nil {
		return err
	}
	traffic, endTraffic := context.WithCancel(ctx)
	ended := make(chan struct{})
	close(ended)
	defer func() { endTraffic(); <-ended }()
	return h.run(ctx, func() error {
		if err := customs.Callback.To(h.url()+"/api/v1/receipts", string(partners.key("customs"))); err != nil {
			return err
		}
		if err := h.registerDemoReceiver(ctx, receiver); err != nil {
			return err
		}
		if err := h.introduce(ctx, terminal, partners); err != nil {
			return err
		}
		partners.URL, partners.Receiver = h.url(), receiver.Base
		if err := partners.write(); err != nil {
			return err
		}
		if err := c.welcome(partners); err != nil {
			return err
		}
		if err := c.welcomePeople(partners); err != nil {
			return err
		}
		if cmd.Traffic {
			g, err := newTraffic(c, h.url(), partners, cmd.TrafficEvery, logger)
			if err != nil {
				return err
			}
			g.poll = min(100*time.Millisecond, cmd.Delay/4)
			ended = make(chan struct{})
			go func() {
				defer close(ended)
				var scenes sync.WaitGroup
				scenes.Go(func() { g.playScenes(traffic, partners, logger) })
				g.run(traffic)
				scenes.Wait()
			}()
		}
		return writeReady(cmd.ReadyFile, h.url())
	})
}

func (cmd *demoCommand) config(dir string, customs *sandbox.Sandbox) Config {
	cfg := Defaults()
	cfg.Database, cfg.Address, cfg.Sandbox, cfg.ScanEvery = cmd.database(dir), cmd.Addr, true, 200*time.Millisecond
	cfg.Codes = cmd.Codes
	cfg.Channels = []Channel{
		{Name: demoDXP, Wire: wireDXP, URL: customs.URL, SenderID: "DXPENT0000000001", ReceiverID: "DXPEDCDEC0000001", Allow: []string{customs.Addr}, Sandbox: true},
		{Name: demoFiledrop, Wire: wireFiledrop, Folder: filepath.Join(dir, "customs-drop"), Sandbox: true},
	}
	cfg.Routes = declarations.Table{
		{Name: "imports", When: declarations.Conditions{Direction: declarations.Import}, Channel: demoDXP, Profile: profile},
		{Name: "exports", Channel: demoFiledrop, Profile: profile},
	}
	return cfg
}

// welcome prints what a visitor needs.
func (c *console) welcome(f *demoFile) error {
	if err := c.say("cli.demo.ready", arguments{"url": f.URL}); err != nil {
		return err
	}
	if err := c.say("cli.demo.keys", nil); err != nil {
		return err
	}
	for _, p := range demoRoster {
		if err := c.print("  %-11s %s\n", p.id, f.Keys[p.id]); err != nil {
			return err
		}
	}
	if err := c.say("cli.demo.receiver", arguments{"url": f.Receiver + "/sandbox/received"}); err != nil {
		return err
	}
	if err := c.say("cli.demo.try", nil); err != nil {
		return err
	}
	key := f.Keys["forwarder"]
	return c.print(`  curl -s -H 'Authorization: Bearer %[2]s' %[1]s/api/v1/declarations?limit=5
  curl -s -H 'Authorization: Bearer %[2]s' -H 'Content-Type: application/xml' -H 'Idempotency-Key: 1' --data-binary @declaration.xml %[1]s/api/v1/declarations
  curl -sN -H 'Authorization: Bearer %[2]s' %[1]s/api/v1/events
  %[1]s/docs
`, f.URL, key)
}

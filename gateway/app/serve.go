package app

import (
	"context"
	"log/slog"
)

// serveCommand is the production start.
type serveCommand struct {
	schemaFolder `embed:""`
	Database     `embed:""`
	codeFolder   `embed:""`
	ruleFlags    `embed:""`
	secretsKey   `embed:""`
	allowHosts   `embed:""`
	Addr         string `help:"cli.flag.addr" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Channels     string `help:"cli.flag.channels" placeholder:"FILE"`
	Routes       string `help:"cli.flag.routes" placeholder:"FILE"`
	Pairs        string `help:"cli.flag.pairs" placeholder:"FILE"`
	TLSCert      string `name:"tls-cert" help:"cli.flag.tls_cert" placeholder:"FILE"`
	TLSKey       string `name:"tls-key" help:"cli.flag.tls_key" placeholder:"FILE"`
	BehindProxy  bool   `help:"cli.flag.behind_proxy"`
	ReadyFile    string `help:"cli.flag.ready_file" placeholder:"FILE"`
}

// Run serves until it is stopped. It refuses to start with an unsafe or
// incomplete configuration and names everything that is wrong with it.
func (cmd *serveCommand) Run(ctx context.Context, c *console, common *Common) error {
	logger, err := newLogger(c.err, common, slog.LevelInfo)
	if err != nil {
		return err
	}
	cfg, err := cmd.config(c)
	if err != nil {
		return err
	}
	h, err := c.build(ctx, cfg, logger)
	if err != nil {
		return err
	}
	return h.run(ctx, func() error {
		if err := c.say("cli.serve.ready", arguments{"url": h.url()}); err != nil {
			return err
		}
		return writeReady(cmd.ReadyFile, h.url())
	})
}

func (cmd *serveCommand) config(c *console) (Config, error) {
	cfg := Defaults()
	cfg.Database, cfg.Address = cmd.url(c), cmd.Addr
	cfg.Codes = cmd.Codes
	cfg.SecretsKey, cfg.AllowHosts = cmd.file(c), cmd.AllowHost
	cfg.TLSCert, cfg.TLSKey, cfg.BehindProxy = cmd.TLSCert, cmd.TLSKey, cmd.BehindProxy
	if cmd.Channels != "" {
		channels, err := loadChannels(cmd.Channels)
		if err != nil {
			return cfg, err
		}
		cfg.Channels = channels
	}
	cfg.Schemas = cmd.Schemas
	cfg.Routes = defaultRoutes(cfg.Channels)
	if cmd.Routes != "" {
		routes, err := loadRoutes(cmd.Routes)
		if err != nil {
			return cfg, err
		}
		cfg.Routes = routes
	}
	if cmd.Pairs != "" {
		pairs, err := loadPairs(cmd.Pairs)
		if err != nil {
			return cfg, err
		}
		cfg.Pairs = pairs
	}
	var err error
	cfg.Rules, err = cmd.overrides()
	return cfg, err
}

package sandbox

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// TerminalConfig of a running terminal. Every wire but the webhook is off
// unless it is asked for.
type TerminalConfig struct {
	Terminal   *Terminal   // nil: the defaults
	Addr       string      // of the webhook wire; "": 127.0.0.1 with a free port
	TLS        *tls.Config // of the webhook wire and of STARTTLS; nil: plain
	Secrets    []string    // of the webhooks; may be given later by Webhook.Trust
	GatewayURL string      // base of the API, for answers; may be given later by Gateway.To
	GatewayKey string      // the terminal's key
	Pull       bool        // fetch notices from the gateway

	Root     string   // of folders; "": that wire is off
	SFTPAddr string   // "": off
	SFTPRoot string   // "": a folder of its own that goes at the end
	SFTPKeys []string // lines of authorized_keys
	SMTPAddr string   // "": off
	Mailbox  string   // address that letters are taken for; "": any
	Links    []string // hosts whose answer links are followed; none: nobody follows them
	User     string   // of SFTP and SMTP; "": terminal for SFTP, nobody signs in for SMTP
	Password string
}

// RunningTerminal is a terminal on its wires.
type RunningTerminal struct {
	*Terminal
	Webhook *TerminalWebhook
	Gateway *GatewayLine
	Links   *LinkFollower
	Addr    string // host:port of the webhook
	Base    string // of /sandbox/…
	URL     string // of the webhook
	SFTP    string // host:port; "" when it is off
	HostKey string // of SFTP, as a line of known_hosts has it
	SMTP    string // host:port; "" when it is off

	running sync.WaitGroup
	remove  []string // folders that go at the end
}

// RunTerminal starts a terminal on the wires of cfg and returns; everything
// ends with ctx. Wait waits until it has. Tests and the demo start it so, on
// free ports of 127.0.0.1.
func RunTerminal(ctx context.Context, cfg TerminalConfig) (*RunningTerminal, error) {
	r := &RunningTerminal{Terminal: cfg.Terminal, Gateway: &GatewayLine{}, Links: &LinkFollower{}}
	if r.Terminal == nil {
		r.Terminal = &Terminal{}
	}
	r.Links.Allow(cfg.Links...)
	r.Webhook = &TerminalWebhook{Terminal: r.Terminal, Reply: r.Gateway.Answer}
	if err := r.Webhook.Trust(cfg.Secrets...); err != nil {
		return nil, err
	}
	if cfg.GatewayURL != "" {
		if err := r.Gateway.To(cfg.GatewayURL, cfg.GatewayKey); err != nil {
			return nil, err
		}
	}
	work, stop := context.WithCancel(ctx)
	for _, open := range []func(context.Context, *TerminalConfig) error{r.openWebhook, r.openFolders, r.openSFTP, r.openSMTP, r.openPull} {
		if err := open(work, &cfg); err != nil {
			stop()
			r.Wait()
			return nil, fmt.Errorf("sandbox terminal: %w", err)
		}
	}
	context.AfterFunc(ctx, stop)
	r.Start(work)
	return r, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var open net.ListenConfig
	return open.Listen(ctx, "tcp", addr)
}

func (r *RunningTerminal) openWebhook(ctx context.Context, cfg *TerminalConfig) error {
	listener, err := listen(ctx, or(cfg.Addr, "127.0.0.1:0"))
	if err != nil {
		return err
	}
	r.Addr = listener.Addr().String()
	r.Base = "http://" + r.Addr
	if cfg.TLS != nil {
		r.Base = "https://" + r.Addr
		listener = tls.NewListener(listener, r.Webhook.TLS(cfg.TLS))
	}
	r.URL = r.Base + "/webhook"
	server := &http.Server{
		Handler:           r.Webhook.Handler(),
		BaseContext:       func(net.Listener) context.Context { return ctx }, // held answers end with ctx
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(r.log().Handler(), slog.LevelDebug),
	}
	serve(ctx, &r.running, server, listener, r.log())
	return nil
}

func (r *RunningTerminal) openFolders(ctx context.Context, cfg *TerminalConfig) error {
	if cfg.Root == "" {
		return nil
	}
	return r.watch(ctx, &TerminalFiles{Terminal: r.Terminal, Root: cfg.Root, Wire: "filedrop"})
}

// watch looks at folders until ctx ends.
func (r *RunningTerminal) watch(ctx context.Context, files *TerminalFiles) error {
	if err := files.MakeFolders(); err != nil {
		return err
	}
	r.running.Go(func() {
		if err := files.Run(ctx); err != nil {
			r.log().Error("sandbox terminal: folders ended", "error", err)
		}
	})
	return nil
}

func (r *RunningTerminal) openSFTP(ctx context.Context, cfg *TerminalConfig) error {
	if cfg.SFTPAddr == "" {
		return nil
	}
	root := cfg.SFTPRoot
	if root == "" {
		dir, err := os.MkdirTemp("", "sandbox-terminal-")
		if err != nil {
			return err
		}
		r.remove = append(r.remove, dir)
		root = filepath.Clean(dir)
	}
	listener, err := listen(ctx, cfg.SFTPAddr)
	if err != nil {
		return err
	}
	server := &TerminalSFTP{Files: &TerminalFiles{Terminal: r.Terminal, Root: root, Wire: "sftp"}, User: cfg.User, Password: cfg.Password, Keys: cfg.SFTPKeys}
	if err := server.Listen(ctx, listener, &r.running); err != nil {
		return err
	}
	r.SFTP, r.HostKey = listener.Addr().String(), server.HostKey
	return r.watch(ctx, server.Files) // what was turned away stays until the next look
}

func (r *RunningTerminal) openSMTP(ctx context.Context, cfg *TerminalConfig) error {
	if cfg.SMTPAddr == "" {
		return nil
	}
	listener, err := listen(ctx, cfg.SMTPAddr)
	if err != nil {
		return err
	}
	mail := &TerminalMail{Terminal: r.Terminal}
	if len(cfg.Links) > 0 {
		mail.Reply = r.Links.Answer
	}
	server := &TerminalSMTP{Mail: mail, Address: cfg.Mailbox, TLS: cfg.TLS}
	if cfg.Password != "" && cfg.TLS != nil { // without encryption nobody may sign in
		server.User, server.Password = or(cfg.User, "terminal"), cfg.Password
	}
	server.Listen(ctx, listener, &r.running)
	r.SMTP = listener.Addr().String()
	return nil
}

func (r *RunningTerminal) openPull(ctx context.Context, cfg *TerminalConfig) error {
	if !cfg.Pull {
		return nil
	}
	pull := &TerminalPull{Terminal: r.Terminal, Gateway: r.Gateway}
	r.running.Go(func() {
		if err := pull.Run(ctx); err != nil {
			r.log().Error("sandbox terminal: pull ended", "error", err)
		}
	})
	return nil
}

// Wait returns when the terminal has ended.
func (r *RunningTerminal) Wait() {
	r.running.Wait()
	r.Terminal.Wait()
	r.Gateway.Close()
	for _, dir := range r.remove {
		if err := os.RemoveAll(dir); err != nil {
			r.log().Warn("sandbox terminal: folder not removed", "error", err)
		}
	}
}

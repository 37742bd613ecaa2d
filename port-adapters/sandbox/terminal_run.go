package sandbox

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// TerminalConfig of a running terminal.
type TerminalConfig struct {
	Terminal   *Terminal // nil: the defaults
	Addr       string    // of the webhook wire; "": 127.0.0.1 with a free port
	TLS        *tls.Config
	Secrets    []string // of the webhooks; may be given later by Webhook.Trust
	GatewayURL string   // base of the API, for answers; may be given later by Gateway.To
	GatewayKey string   // the terminal's key
}

// RunningTerminal is a terminal on its wires.
type RunningTerminal struct {
	*Terminal
	Webhook *TerminalWebhook
	Gateway *GatewayLine
	Addr    string // host:port that is listened on
	Base    string // of /sandbox/…
	URL     string // of the webhook

	running sync.WaitGroup
}

// RunTerminal starts a terminal on the wires of cfg and returns; everything
// ends with ctx. Wait waits until it has. Tests and the demo start it so, on a
// free port of 127.0.0.1.
func RunTerminal(ctx context.Context, cfg TerminalConfig) (*RunningTerminal, error) {
	r := &RunningTerminal{Terminal: cfg.Terminal, Gateway: &GatewayLine{}}
	if r.Terminal == nil {
		r.Terminal = &Terminal{}
	}
	r.Webhook = &TerminalWebhook{Terminal: r.Terminal, Reply: r.Gateway.Answer}
	if err := r.Webhook.Trust(cfg.Secrets...); err != nil {
		return nil, err
	}
	if cfg.GatewayURL != "" {
		if err := r.Gateway.To(cfg.GatewayURL, cfg.GatewayKey); err != nil {
			return nil, err
		}
	}
	if err := r.listen(ctx, &cfg); err != nil {
		return nil, err
	}
	r.Start(ctx)
	return r, nil
}

// listen opens the webhook wire.
func (r *RunningTerminal) listen(ctx context.Context, cfg *TerminalConfig) error {
	var open net.ListenConfig
	listener, err := open.Listen(ctx, "tcp", or(cfg.Addr, "127.0.0.1:0"))
	if err != nil {
		return fmt.Errorf("sandbox terminal: %w", err)
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
	}
	serve(ctx, &r.running, server, listener, r.log())
	return nil
}

// Wait returns when the terminal has ended.
func (r *RunningTerminal) Wait() {
	r.running.Wait()
	r.Terminal.Wait()
	r.Gateway.Close()
}

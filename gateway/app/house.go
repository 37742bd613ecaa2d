package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"kouan/declarations/codes"
	"kouan/gateway/api"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/inbox"
	"kouan/gateway/outbox"
	"kouan/gateway/store"
)

// house is one gateway, wired and not yet working.
type house struct {
	cfg    Config
	clock  func() time.Time
	logger *slog.Logger

	store         *store.Store
	codes         *codes.Source
	desk          *desk.Desk
	engine        *outbox.Engine
	identity      *outbox.Identity // nil: the name for leases is not kept
	pumps         []*inbox.Pump
	server        *http.Server
	transport     *http.Transport
	endpoints     *endpointWires
	endpointPumps *endpointPumps
	listener      net.Listener
}

// build opens everything that a gateway stands on; run closes it again.
func (c *console) build(ctx context.Context, cfg Config, logger *slog.Logger) (*house, error) {
	if err := cfg.Validate(); err != nil {
		return nil, c.complainConfig(err)
	}
	tuneMemory(c.env)
	h := &house{cfg: cfg, clock: c.clock, logger: logger}
	var err error
	if h.codes, err = (codeFolder{cfg.Codes}).source(c); err != nil {
		return nil, err
	}
	if h.store, err = c.openStore(ctx, cfg.Database, logger); err != nil {
		return nil, err
	}
	if err := h.wire(ctx, c); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// wire connects the parts, from the cellar to the street.
func (h *house) wire(ctx context.Context, c *console) error {
	cfg, logger := &h.cfg, h.logger
	wires, transport, err := adapters(cfg.Channels, c.clock, logger)
	if err != nil {
		return err
	}
	h.transport = transport
	news, registry := newChanges(), prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newStoreMetrics(h.store, c.clock), newEndpointMetrics(h.store, c.clock))

	h.engine = &outbox.Engine{Store: h.store, Adapters: wires, Owner: h.owner(c), Clock: c.clock, Rand: c.jitter,
		Logger: logger, Metrics: outbox.NewMetrics(registry), StopTimeout: cfg.StopWithin / 5}
	h.desk = newDesk(c, h.store, cfg.Routes, func() { h.engine.Wake(); news.tell() })
	h.desk.Logger, h.desk.News, h.desk.Pairs = logger, news.tell, cfg.Pairs
	h.desk.Codes, h.desk.Overrides, h.desk.Sandbox = h.codes, cfg.Rules, cfg.Sandbox
	registry.MustRegister(feeMetrics{h.desk})
	if err := h.wireEndpoints(ctx, c); err != nil {
		return err
	}
	if h.desk.Schemas, err = openEdge(cfg.Schemas); err != nil {
		return err
	}
	h.engine.Desk = outcomes{h.desk, news}
	h.pumps, h.endpointPumps = h.newPumps(c, registry)
	keys := &auth.Authenticator{Keys: h.store, Clock: c.clock}
	rest, _ := api.New(api.Config{Desk: h.desk, Auth: keys, BehindProxy: cfg.BehindProxy,
		Store: h.store.Ready, Outbox: h.leasesTurn, Changed: news.next, Codes: h.codes, Metrics: registry, Logger: logger, Clock: c.clock, Version: version()})
	handler, err := h.withPages(c, keys, rest)
	if err != nil {
		return err
	}
	h.server = api.Server(handler)
	h.server.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelDebug) // TLS and protocol noise of strangers
	var listen net.ListenConfig
	if h.listener, err = listen.Listen(ctx, "tcp", cfg.Address); err != nil {
		return fmt.Errorf("listen on %s: %w", cfg.Address, err)
	}
	h.desk.Answers = h.answersAt()
	return nil
}

// url is where the API answers.
func (h *house) url() string {
	if h.cfg.TLSCert != "" {
		return "https://" + h.listener.Addr().String()
	}
	return "http://" + h.listener.Addr().String()
}

// staleLease is when readiness stops believing that the leases turn: a
// renewal comes every five seconds and each may fail once.
const staleLease = 20 * time.Second

var errNoRenewal = errors.New("leases were not renewed for a while")

func (h *house) leasesTurn(context.Context) error {
	renewed := h.engine.Status().Renewed
	if h.clock().Sub(renewed) > staleLease {
		return errNoRenewal
	}
	return nil
}

// close ends what build opened, for a house that never worked.
func (h *house) close() error {
	var err error
	if h.listener != nil {
		err = h.listener.Close()
	}
	if h.transport != nil {
		h.transport.CloseIdleConnections()
	}
	if h.endpoints != nil {
		h.endpoints.close()
	}
	return errors.Join(err, h.store.Close(), h.freeOwner())
}

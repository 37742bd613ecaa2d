package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// endpointWires delivers to the endpoints of partners. Endpoints come, change
// and go while the gateway serves, so each delivery asks anew which it is;
// what was asked is remembered for endpointFresh, changes made in this
// process are seen at once.
type endpointWires struct {
	store     *store.Store
	desk      *desk.Desk
	guard     portadapters.Guard // its Allow is the operator's --allow-host and nothing of the channels
	transport *http.Transport
	client    *resty.Client
	clock     func() time.Time
	newID     func() string
	logger    *slog.Logger

	mu    sync.Mutex
	built map[string]*endpointWire // by endpoint id
	held  heldReceivers
}

// endpointWire is one endpoint as it was read, with the wire that was made for it.
type endpointWire struct {
	row     store.Endpoint
	adapter portadapters.Adapter
	close   func() // what the wire holds open; may be nil
	until   time.Time
	changes int64 // of the desk when it was read
}

type heldReceivers struct {
	names   []string
	until   time.Time
	changes int64
}

const (
	endpointFresh = time.Second
	endpointRead  = 2 * time.Second // time limit of a look into the database
	maxWires      = 10_000          // remembered at once
)

// wireEndpoints gives the desk its seal and the outbox its way to partners.
func (h *house) wireEndpoints(ctx context.Context, c *console) error {
	seal, err := c.seal(h.cfg.SecretsKey)
	if err != nil {
		return err
	}
	if seal != nil { // a nil *auth.Seal in the interface would look like a key
		h.desk.Seal = seal
	}
	if err := sealFits(ctx, h.store, h.desk); err != nil {
		return err
	}
	h.endpoints = newEndpointWires(h.store, h.cfg.AllowHosts, c, h.logger)
	h.endpoints.desk = h.desk
	h.desk.Admit = admit(h.endpoints.guard)
	h.engine.Resolve, h.engine.Held = h.endpoints.resolve, h.endpoints.heldNow
	return nil
}

// newEndpointWires has a transport of its own: a host that a channel to
// customs may reach must not be open to the addresses of partners.
func newEndpointWires(s *store.Store, allow []string, c *console, logger *slog.Logger) *endpointWires {
	w := &endpointWires{store: s, guard: portadapters.Guard{Allow: allow}, clock: c.clock, newID: c.newID, logger: logger, built: map[string]*endpointWire{}}
	w.transport = portadapters.NewTransport(w.guard)
	w.client = portadapters.NewClient(portadapters.Options{Transport: w.transport, Logger: logger})
	return w
}

// admit is how the desk asks whether an address may be registered.
func admit(g portadapters.Guard) desk.AdmitAddress {
	return func(ctx context.Context, host, port string) (bool, error) {
		return g.Allows(host, port), g.Admit(ctx, host, port)
	}
}

// resolve finds the way to a receiver. It looks nothing up itself, so that a
// database that is away for a moment buries no message.
func (w *endpointWires) resolve(receiver string) (portadapters.Adapter, bool) {
	id, ok := store.EndpointOf(receiver)
	if !ok {
		return nil, false
	}
	return toEndpoint{w, id}, true
}

// toEndpoint is the adapter of one endpoint, whatever its wire is by now.
type toEndpoint struct {
	wires *endpointWires
	id    string
}

var _ portadapters.Adapter = toEndpoint{}

// Deliver hands the message to the wire of the endpoint as it stands now.
func (t toEndpoint) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	e, err := t.wires.find(ctx, t.id)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	switch e.row.State {
	case desk.EndpointActive:
	case desk.EndpointDisabled: // since it was claimed: it is given back as it was
		return portadapters.Receipt{}, fmt.Errorf("endpoint %s is disabled: %w", t.id, portadapters.ErrUnsent)
	default:
		return portadapters.Receipt{}, fmt.Errorf("endpoint %s is deleted: %w", t.id, portadapters.ErrPermanent)
	}
	if m.Redelivery {
		if m.Replay, err = t.wires.desk.WasReplayed(ctx, m.ID); err != nil {
			return portadapters.Receipt{}, err
		}
	}
	return e.adapter.Deliver(ctx, m)
}

// find reads an endpoint and makes its wire, unless both are known.
func (w *endpointWires) find(ctx context.Context, id string) (*endpointWire, error) {
	now, changes := w.clock(), w.desk.EndpointChanges()
	w.mu.Lock()
	known := w.built[id]
	w.mu.Unlock()
	if known != nil && known.changes == changes && now.Before(known.until) {
		return known, nil
	}
	row, err := w.store.EndpointByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("endpoint %s does not exist: %w", id, portadapters.ErrPermanent)
	}
	if err != nil {
		return nil, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	next := &endpointWire{row: row, until: now.Add(endpointFresh), changes: changes}
	if known != nil && known.row.Version == row.Version {
		next.adapter, next.close = known.adapter, known.close
	} else if row.State == desk.EndpointActive {
		if next.adapter, next.close, err = w.build(&row); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if old := w.built[id]; old != nil && old.close != nil && old.row.Version != row.Version {
		old.close()
	}
	if len(w.built) >= maxWires {
		w.forget()
	}
	w.built[id] = next
	return next, nil
}

// forget drops everything. The caller holds mu.
func (w *endpointWires) forget() {
	for id, e := range w.built {
		if e.close != nil {
			e.close()
		}
		delete(w.built, id)
	}
}

// close ends the connections that nobody uses.
func (w *endpointWires) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget()
	w.transport.CloseIdleConnections()
}

// heldNow names the receivers to which nothing may be sent now. When the
// database does not answer, what was known last still holds.
func (w *endpointWires) heldNow() []string {
	now, changes := w.clock(), w.desk.EndpointChanges()
	w.mu.Lock()
	h := w.held
	w.mu.Unlock()
	if h.changes == changes && now.Before(h.until) {
		return h.names
	}
	ctx, done := context.WithTimeout(context.Background(), endpointRead)
	defer done()
	rows, err := w.store.HeldEndpoints(ctx)
	if err != nil {
		w.logger.Warn("held endpoints not read", "error", err)
		return h.names
	}
	h = heldReceivers{until: now.Add(endpointFresh), changes: changes}
	for i := range rows {
		h.names = append(h.names, store.ReceiverOf(rows[i].ID))
	}
	w.mu.Lock()
	w.held = h
	w.mu.Unlock()
	return h.names
}

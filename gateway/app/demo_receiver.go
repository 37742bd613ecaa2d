package app

import (
	"context"
	"log/slog"
	"path/filepath"

	"kouan/gateway/desk"
	"kouan/port-adapters/sandbox"
)

// The forwarder of the demo is told by webhook, at a receiver of ours.
const (
	demoForwarder = "forwarder"
	demoHook      = "sandbox-receiver"
)

// demoKeyFile holds the key for the secrets of a demo's endpoints.
func demoKeyFile(dir string) string { return filepath.Join(dir, "secrets.key") }

// runDemoReceiver starts the forwarder's own system.
func runDemoReceiver(ctx context.Context, c *console, logger *slog.Logger) (*sandbox.RunningReceiver, error) {
	return sandbox.RunReceiver(ctx, &sandbox.Receiver{Clock: c.clock, Logger: logger}, "")
}

// registerDemoReceiver makes the forwarder's endpoint. The receiver listens on
// another port with each start, so the endpoint of an earlier one is deleted;
// what waited for it is cancelled, which its log shows.
func (h *house) registerDemoReceiver(ctx context.Context, receiver *sandbox.RunningReceiver) error {
	old, err := h.store.Endpoints(ctx, demoForwarder)
	if err != nil {
		return err
	}
	for i := range old {
		if old[i].Name == demoHook && old[i].State != desk.EndpointDeleted {
			if err := h.desk.DeleteEndpointFor(ctx, operator, old[i].ID); err != nil {
				return err
			}
		}
	}
	made, err := h.desk.AddEndpointFor(ctx, operator, demoForwarder, desk.NewEndpoint{Name: demoHook, Wire: desk.WireWebhook, Address: receiver.URL})
	if err != nil {
		return err
	}
	return receiver.Trust(made.Secret)
}

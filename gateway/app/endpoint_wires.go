package app

import (
	"fmt"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/webhook"
)

// schemaVersion is that of the JSON envelope; the other formats tell theirs inside.
const schemaVersion = "1.0"

// build makes the wire of an endpoint, and what closes it; an error is
// temporary unless the row itself is wrong.
func (w *endpointWires) build(row *store.Endpoint) (portadapters.Adapter, func(), error) {
	secrets, err := w.desk.EndpointSecrets(row)
	if err != nil {
		return nil, nil, err
	}
	return w.make(row, &secrets)
}

func (w *endpointWires) make(row *store.Endpoint, secrets *desk.EndpointSecrets) (portadapters.Adapter, func(), error) {
	switch row.Wire {
	case desk.WireWebhook:
		a, err := w.webhook(row, secrets)
		return a, nil, err
	}
	return nil, nil, fmt.Errorf("endpoint %s: nothing is sent over %s: %w", row.ID, row.Wire, portadapters.ErrPermanent)
}

func (w *endpointWires) webhook(row *store.Endpoint, secrets *desk.EndpointSecrets) (portadapters.Adapter, error) {
	a := &webhook.Adapter{Client: w.client, URL: row.Address, Clock: w.clock, NewID: w.newID}
	if row.Format == desk.FormatJSON {
		a.SchemaVersion = schemaVersion
	}
	for _, s := range secrets.Signing {
		key, err := webhook.ParseSecret(s.Secret)
		if err != nil {
			return nil, fmt.Errorf("endpoint %s: %w: %w", row.ID, portadapters.ErrPermanent, err)
		}
		one := webhook.Secret{Key: key}
		if s.Until != 0 {
			one.Until = time.UnixMilli(s.Until)
		}
		a.Secrets = append(a.Secrets, one)
	}
	return a, nil
}

// tryOut makes the wire of an endpoint that is to be registered, so that a
// host key or a mailbox that cannot be read is told at once.
func (w *endpointWires) tryOut(in *desk.NewEndpoint) error {
	if in.Wire != desk.WireFiledrop && in.Wire != desk.WireSFTP && in.Wire != desk.WireMail {
		return nil // the desk reads those itself
	}
	row := store.Endpoint{Wire: in.Wire, Format: in.Format, Address: in.Address, Settings: in.Settings}
	_, done, err := w.make(&row, &desk.EndpointSecrets{Credentials: in.Credentials})
	if done != nil {
		done()
	}
	if err != nil {
		return &toldError{key: "cli.error.endpoint_wire", args: arguments{"wire": in.Wire, "reason": err.Error()}, err: err}
	}
	return nil
}

package desk

import (
	"context"
	"fmt"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// probe is the data of a test message.
type probe struct {
	Endpoint string    `json:"endpoint_id"`
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
}

// probeText is for the engineers who set an endpoint up; what they get has no
// reader with a language yet.
const probeText = "Test message. Nothing happened to any declaration or notice."

// TestEndpoint sends a test message over the same way as everything else, and
// returns its id: the log of deliveries tells what became of it.
func (d *Desk) TestEndpoint(ctx context.Context, p auth.Principal, id string) (string, error) {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return "", err
	}
	e, err := d.Store.Endpoint(ctx, p.PartnerID, id)
	if err == nil && e.State == EndpointDeleted {
		err = store.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("read endpoint %s: %w", id, err)
	}
	if e.State != EndpointActive {
		return "", &EndpointError{e.ID, endpointFault(codeEndpointInactive, "")}
	}
	if e.Format != formatJSON {
		return "", &EndpointError{e.ID, endpointFault(codeEndpointNoTest, "", "format", e.Format)}
	}
	now := d.Clock().UTC()
	c := store.Change{Audit: []store.AuditEntry{d.audit(p.KeyID, "endpoint.test", e.PartnerID, e.ID, "")}}
	if err := d.pushData(&c, &e, typeTest, "endpoint/"+e.ID, e.ID, now, probe{e.ID, e.Name, now, probeText}); err != nil {
		return "", err
	}
	if err := d.write(ctx, c); err != nil {
		return "", fmt.Errorf("test endpoint %s: %w", id, err)
	}
	return c.Pushes[0].ID, nil
}

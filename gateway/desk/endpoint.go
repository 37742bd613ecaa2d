package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// States of an endpoint.
const (
	EndpointActive   = "active"
	EndpointDisabled = "disabled" // its items are held, none is lost
	EndpointDeleted  = "deleted"  // its items are cancelled; it is kept for the log of its deliveries
)

// Why an endpoint is disabled.
const (
	disabledGone     = "gone" // it answered 410
	disabledOwner    = "owner"
	disabledOperator = "operator"
)

// NewEndpoint is what somebody wants to be told, and where.
type NewEndpoint struct {
	Name        string
	Wire        string
	Format      string // empty: json
	Address     string
	Types       []string // empty: everything
	Settings    jsontext.Value
	Credentials map[string]string // for the wires that sign in somewhere

	IdempotencyKey string
	RequestSHA     string
	// Render makes the answer that the key repeats.
	Render func(MadeEndpoint) Replayed
}

// MadeEndpoint is an endpoint as it was registered.
type MadeEndpoint struct {
	store.Endpoint
	Secret   string // shown this once; empty for wires that sign nothing
	Existing bool   // the same endpoint was there; its secret is not shown again
	Answer   Replayed
	Repeated bool // Answer is the stored first answer to the key
}

// EndpointError says that an endpoint does not allow the act as it stands.
type EndpointError struct {
	ID    string
	Fault declarations.Fault
}

func (e *EndpointError) Error() string { return "endpoint " + e.ID + ": " + e.Fault.Code }

// AddEndpoint registers an endpoint of the caller. Errors: *FaultsError,
// *EndpointError when the name is held by another one, ErrIdempotency.
func (d *Desk) AddEndpoint(ctx context.Context, p auth.Principal, in NewEndpoint) (MadeEndpoint, error) {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return MadeEndpoint{}, err
	}
	return d.addEndpoint(ctx, owner(p), in)
}

// AddEndpointFor registers an endpoint that only the operator may: its wire
// names folders and hosts of his.
func (d *Desk) AddEndpointFor(ctx context.Context, actor, partner string, in NewEndpoint) (MadeEndpoint, error) {
	if _, err := d.Store.Partner(ctx, partner); err != nil {
		return MadeEndpoint{}, fmt.Errorf("read partner %s: %w", partner, err)
	}
	return d.addEndpoint(ctx, keeper{actor: actor, partner: partner, operator: true}, in)
}

// keeper is who manages an endpoint: its owner, or the operator for him.
type keeper struct {
	actor    string // for the audit log
	partner  string
	operator bool
}

func owner(p auth.Principal) keeper { return keeper{actor: p.KeyID, partner: p.PartnerID} }

func (k keeper) reason() string {
	if k.operator {
		return disabledOperator
	}
	return disabledOwner
}

func (d *Desk) addEndpoint(ctx context.Context, k keeper, in NewEndpoint) (MadeEndpoint, error) {
	for range versionRetries {
		made, err := d.addEndpointOnce(ctx, k, in)
		if store.IsConflict(err, "endpoint", "idempotency") {
			continue // somebody was faster under the same name or key: what he left decides
		}
		return made, err
	}
	return MadeEndpoint{}, fmt.Errorf("add endpoint %s: too many writers at once: %w", in.Name, store.ErrUnavailable)
}

func (d *Desk) addEndpointOnce(ctx context.Context, k keeper, in NewEndpoint) (MadeEndpoint, error) {
	first, err := d.firstAnswer(ctx, k.partner, in.IdempotencyKey, in.RequestSHA)
	if err != nil || first != nil {
		return MadeEndpoint{Answer: answerOf(first), Repeated: first != nil}, err
	}
	e, faults := d.checkEndpoint(ctx, k, &in)
	if declarations.Rejected(faults) {
		return MadeEndpoint{}, &FaultsError{faults}
	}
	page, err := d.readPage(ctx, k.partner)
	if err != nil {
		return MadeEndpoint{}, err
	}
	for i := range page.kept {
		if page.kept[i].Name == e.Name {
			return heldName(&in, &page.kept[i], &e)
		}
	}
	if len(page.kept) >= maxEndpoints {
		return MadeEndpoint{}, &FaultsError{[]declarations.Fault{endpointFault(codeTooManyEndpoints, "", "limit", strconv.Itoa(maxEndpoints))}}
	}
	return d.keepEndpoint(ctx, k, in, e)
}

// keepEndpoint commits a new endpoint with its secrets and its answer.
func (d *Desk) keepEndpoint(ctx context.Context, k keeper, in NewEndpoint, e store.Endpoint) (MadeEndpoint, error) {
	now := d.now()
	e.ID, e.PartnerID, e.State, e.CreatedAt, e.UpdatedAt = d.NewID(), k.partner, EndpointActive, now, now
	secrets := EndpointSecrets{Credentials: in.Credentials}
	made := MadeEndpoint{}
	if signs(e.Wire) {
		one, err := d.newSigning(now)
		if err != nil {
			return MadeEndpoint{}, err
		}
		secrets.Signing, made.Secret = []SigningSecret{one}, one.Secret
	}
	var err error
	if e.Secrets, err = d.sealSecrets(e.ID, &secrets); err != nil {
		return MadeEndpoint{}, err
	}
	made.Endpoint = e
	c := store.Change{Endpoints: []store.Endpoint{e}, Audit: []store.AuditEntry{d.audit(k.actor, "endpoint.add", k.partner, e.ID, "")}}
	if in.Render != nil {
		made.Answer = in.Render(made)
	}
	if in.IdempotencyKey != "" {
		if c.Idempotency, err = d.sealedAnswer(k.partner, in.IdempotencyKey, in.RequestSHA, &made.Answer); err != nil {
			return MadeEndpoint{}, err
		}
	}
	if err := d.changeEndpoint(ctx, k.partner, c); err != nil {
		return MadeEndpoint{}, fmt.Errorf("add endpoint %s: %w", e.Name, err)
	}
	return made, nil
}

// heldName answers a name that is taken: the same endpoint again is no second
// one, another under its name is refused.
func heldName(in *NewEndpoint, held, e *store.Endpoint) (MadeEndpoint, error) {
	if held.Wire == e.Wire && held.Format == e.Format && held.Address == e.Address && held.Types == e.Types && string(held.Settings) == string(e.Settings) {
		made := MadeEndpoint{Endpoint: *held, Existing: true}
		if in.Render != nil {
			made.Answer = in.Render(made)
		}
		return made, nil
	}
	return MadeEndpoint{}, &EndpointError{held.ID, endpointFault(codeEndpointName, "name", "name", e.Name, "id", held.ID)}
}

// Endpoints lists those of the caller that are not deleted, by name.
func (d *Desk) Endpoints(ctx context.Context, p auth.Principal) ([]store.Endpoint, error) {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return nil, err
	}
	page, err := d.readPage(ctx, p.PartnerID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(page.kept, func(a, b store.Endpoint) int { return strings.Compare(a.Name, b.Name) })
	return page.kept, nil
}

// DeleteEndpoint ends an endpoint for good. What still waits for it or lies
// dead is cancelled and stays visible in the log of its deliveries; what is
// on its way at the moment is cancelled when it comes back.
func (d *Desk) DeleteEndpoint(ctx context.Context, p auth.Principal, id string) error {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return err
	}
	return d.deleteEndpoint(ctx, owner(p), id)
}

// DeleteEndpointFor is the same by the operator.
func (d *Desk) DeleteEndpointFor(ctx context.Context, actor, id string) error {
	e, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read endpoint %s: %w", id, err)
	}
	return d.deleteEndpoint(ctx, keeper{actor: actor, partner: e.PartnerID, operator: true}, id)
}

func (d *Desk) deleteEndpoint(ctx context.Context, k keeper, id string) error {
	e, err := d.alterEndpoint(ctx, k, id, "endpoint.delete", func(e *store.Endpoint, _ *store.Change) error {
		e.State, e.Reason, e.Secrets = EndpointDeleted, k.reason(), nil
		return nil
	})
	if err != nil {
		return err
	}
	receiver := store.ReceiverOf(e.ID)
	for _, state := range []string{"waiting", "dead"} {
		if err := d.cancelAll(ctx, k, receiver, state); err != nil {
			return fmt.Errorf("cancel what waits for endpoint %s: %w", id, err)
		}
	}
	return nil
}

// cancelAll takes everything in one state out of the lines of a receiver,
// page by page: there may be very much of it. What a crash leaves here is
// cancelled one by one when the queue comes to it.
func (d *Desk) cancelAll(ctx context.Context, k keeper, receiver, state string) error {
	for {
		list, err := d.Store.Deliveries(ctx, store.DeliveryFilter{Receiver: receiver, State: state, Limit: 500})
		if err != nil || len(list) == 0 {
			return err
		}
		c := store.Change{Audit: []store.AuditEntry{d.audit(k.actor, "push.cancel", k.partner, receiver, "")}}
		seen := map[string]bool{}
		for i := range list {
			if subject := list[i].Subject; !seen[subject] {
				seen[subject] = true
				c.Supersede = append(c.Supersede, store.Supersession{Receiver: receiver, Subject: subject, Reason: "endpoint deleted", At: d.now()})
			}
		}
		if err := d.write(ctx, c); err != nil {
			return err
		}
	}
}

// SetEndpointState disables or enables an endpoint of the caller.
func (d *Desk) SetEndpointState(ctx context.Context, p auth.Principal, id, state string) (store.Endpoint, error) {
	if err := allow(p, auth.ManageEndpoints); err != nil {
		return store.Endpoint{}, err
	}
	return d.setEndpointState(ctx, owner(p), id, state)
}

// SetEndpointStateFor is the same by the operator.
func (d *Desk) SetEndpointStateFor(ctx context.Context, actor, id, state string) (store.Endpoint, error) {
	e, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return store.Endpoint{}, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	return d.setEndpointState(ctx, keeper{actor: actor, partner: e.PartnerID, operator: true}, id, state)
}

// setEndpointState: what the operator disabled, its owner does not enable.
func (d *Desk) setEndpointState(ctx context.Context, k keeper, id, state string) (store.Endpoint, error) {
	if state != EndpointActive && state != EndpointDisabled {
		return store.Endpoint{}, &FaultsError{[]declarations.Fault{endpointFault(codeEndpointState, "state", "value", state)}}
	}
	e, err := d.alterEndpoint(ctx, k, id, "endpoint."+state, func(e *store.Endpoint, _ *store.Change) error {
		switch {
		case e.State == state:
			return errNothingToDo
		case state == EndpointActive && e.Reason == disabledOperator && !k.operator:
			return &EndpointError{e.ID, endpointFault(codeEndpointOperator, "state")}
		case state == EndpointActive:
			e.State, e.Reason = EndpointActive, ""
		default:
			e.State, e.Reason = EndpointDisabled, k.reason()
		}
		return nil
	})
	if err == nil && state == EndpointActive {
		d.Wake()
	}
	return e, err
}

// errNothingToDo ends an alteration that changes nothing.
var errNothingToDo = errors.New("nothing to do")

// alterEndpoint changes an endpoint under its version; act computes anew when
// another writer was faster. What is deleted does not exist.
func (d *Desk) alterEndpoint(ctx context.Context, k keeper, id, action string, act func(*store.Endpoint, *store.Change) error) (store.Endpoint, error) {
	for range versionRetries {
		e, err := d.Store.Endpoint(ctx, k.partner, id)
		if err == nil && e.State == EndpointDeleted {
			err = store.ErrNotFound
		}
		if err != nil {
			return store.Endpoint{}, fmt.Errorf("read endpoint %s: %w", id, err)
		}
		var c store.Change
		err = act(&e, &c)
		if errors.Is(err, errNothingToDo) {
			return e, nil
		}
		if err != nil {
			return store.Endpoint{}, err
		}
		e.UpdatedAt = d.now()
		c.Endpoints = append(c.Endpoints, e)
		c.Audit = append(c.Audit, d.audit(k.actor, action, k.partner, e.ID, ""))
		err = d.changeEndpoint(ctx, k.partner, c)
		if store.IsConflict(err, "endpoint") {
			continue
		}
		if err != nil {
			return store.Endpoint{}, fmt.Errorf("change endpoint %s: %w", id, err)
		}
		e.Version++
		return e, nil
	}
	return store.Endpoint{}, fmt.Errorf("change endpoint %s: too many writers at once: %w", id, store.ErrUnavailable)
}

// changeEndpoint commits, and makes this process forget what it knew.
func (d *Desk) changeEndpoint(ctx context.Context, partner string, c store.Change) error {
	defer d.book.forget(partner)
	return d.write(ctx, c)
}

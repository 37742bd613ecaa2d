package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// receiver is the receiver in the outbox of one of the caller's endpoints, a
// deleted one too: its log stays. What is another's does not exist.
func (d *Desk) receiver(ctx context.Context, p auth.Principal, endpoint string) (string, error) {
	e, err := d.Store.Endpoint(ctx, p.PartnerID, endpoint)
	if err != nil {
		return "", fmt.Errorf("read endpoint %s: %w", endpoint, err)
	}
	return store.ReceiverOf(e.ID), nil
}

// Deliveries is the log of what one of the caller's endpoints was or will be
// told, newest first; f.Receiver is filled in. The second value is the cursor
// of the next page.
func (d *Desk) Deliveries(ctx context.Context, p auth.Principal, endpoint string, f store.DeliveryFilter) ([]store.Delivery, string, error) {
	if err := allow(p, auth.ReadDeliveries); err != nil {
		return nil, "", err
	}
	var err error
	if f.Receiver, err = d.receiver(ctx, p, endpoint); err != nil {
		return nil, "", err
	}
	list, err := d.Store.Deliveries(ctx, f)
	if err != nil {
		return nil, "", fmt.Errorf("list deliveries: %w", err)
	}
	next := ""
	if len(list) > 0 && len(list) == f.Limit {
		next = list[len(list)-1].ID
	}
	return list, next, nil
}

// delivery is one of the caller's own items.
func (d *Desk) delivery(ctx context.Context, p auth.Principal, id string) (store.OutboxItem, error) {
	it, err := d.Store.OutboxItem(ctx, id)
	if err == nil && (it.Tenant != p.PartnerID || !isPush(&it)) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.OutboxItem{}, fmt.Errorf("read delivery %s: %w", id, err)
	}
	return it, nil
}

// DeliveryBody is what one of the caller's endpoints was told, byte for byte.
func (d *Desk) DeliveryBody(ctx context.Context, p auth.Principal, id string) (store.Message, error) {
	if err := allow(p, auth.ReadDeliveries); err != nil {
		return store.Message{}, err
	}
	it, err := d.delivery(ctx, p, id)
	if err != nil {
		return store.Message{}, err
	}
	return d.Store.Outgoing(ctx, &it)
}

// DeliveryAttempts are the tries of one delivery that did not simply succeed
// at first, and what persons did to it.
func (d *Desk) DeliveryAttempts(ctx context.Context, p auth.Principal, id string) (store.OutboxItem, []store.Attempt, error) {
	if err := allow(p, auth.ReadDeliveries); err != nil {
		return store.OutboxItem{}, nil, err
	}
	it, err := d.delivery(ctx, p, id)
	if err != nil {
		return store.OutboxItem{}, nil, err
	}
	list, err := d.Store.Attempts(ctx, id)
	return it, list, err
}

// TakeDelivery is the word of a partner that he fetched a message: it is
// delivered, and nothing is sent any more. It reports whether it was so
// before. What is on its way at the moment cannot be taken (*StateError).
func (d *Desk) TakeDelivery(ctx context.Context, p auth.Principal, id string) (again bool, err error) {
	if err := allow(p, auth.ReadDeliveries); err != nil {
		return false, err
	}
	err = d.retry(func() error {
		it, err := d.delivery(ctx, p, id)
		if err != nil {
			return err
		}
		switch it.State {
		case "delivered", "cancelled":
			again = true
			return nil
		case "sending":
			return &EndpointError{it.ID, endpointFault(codeDeliverySending, "")}
		}
		return d.requeuePush(ctx, p.KeyID, &it, store.Requeue{ID: id, From: []string{"waiting", "dead"}, To: "delivered", At: d.now()}, attemptTaken)
	})
	if err == nil && !again {
		d.Wake() // the next of its line can leave
	}
	return again, err
}

// requeuePush moves a message to an endpoint by somebody's word. What belongs
// to a deleted endpoint goes nowhere.
func (d *Desk) requeuePush(ctx context.Context, actor string, it *store.OutboxItem, r store.Requeue, kind string) error {
	if r.To == "waiting" {
		gone, err := d.isDeleted(ctx, it)
		if err != nil {
			return err
		}
		if gone {
			return &EndpointError{it.ID, endpointFault(codeEndpointInactive, "")}
		}
	}
	err := d.write(ctx, store.Change{Requeue: []store.Requeue{r}, Attempts: []store.Attempt{d.byHand(it, kind, actor)},
		Audit: []store.AuditEntry{d.audit(actor, "push."+kind, it.Tenant, it.ID, "")}})
	if err != nil {
		return fmt.Errorf("%s %s: %w", kind, it.ID, err)
	}
	d.Wake()
	return nil
}

// byHand is a row in the log of attempts that is no try.
func (d *Desk) byHand(it *store.OutboxItem, kind, actor string) store.Attempt {
	a := d.attempt(it, kind, "", actor)
	a.Number = 0 // the next one
	return a
}

// WasReplayed says whether somebody asked for an item once more.
func (d *Desk) WasReplayed(ctx context.Context, id string) (bool, error) {
	list, err := d.Store.Attempts(ctx, id)
	if err != nil {
		return false, fmt.Errorf("read attempts of %s: %w", id, err)
	}
	return slices.ContainsFunc(list, func(a store.Attempt) bool { return a.Result == attemptReplayed }), nil
}

// ReplayQuery says which messages an endpoint is to get once more. Every
// condition that is given must hold; at least one must be given.
type ReplayQuery struct {
	IDs                      []string
	Subject                  string
	From, To                 time.Time // by when they were made: inclusive, exclusive
	FromSequence, ToSequence int64     // of the subject, both inclusive
	State                    string    // delivered, dead; empty: both
	DryRun                   bool
}

// Replay limits of one call.
const (
	MaxReplay   = 500
	replayPages = 20 // pages of deliveries that are looked at for them
)

// Replay is what a replay found and, unless it was a dry run, did.
type Replay struct {
	Items []store.Delivery // oldest first
	More  bool             // there are others that match: ask again for those before or after
	Done  bool
}

// ReplayDeliveries sends messages to one of the caller's endpoints again:
// same ids, same bytes. What waits anyway or is on its way is left alone.
func (d *Desk) ReplayDeliveries(ctx context.Context, p auth.Principal, endpoint string, q ReplayQuery) (Replay, error) {
	if err := allow(p, auth.ReplayDeliveries); err != nil {
		return Replay{}, err
	}
	if faults := q.check(); len(faults) > 0 {
		return Replay{}, &FaultsError{faults}
	}
	e, err := d.Store.Endpoint(ctx, p.PartnerID, endpoint)
	if err == nil && e.State == EndpointDeleted {
		err = store.ErrNotFound
	}
	if err != nil {
		return Replay{}, fmt.Errorf("read endpoint %s: %w", endpoint, err)
	}
	var out Replay
	err = d.retry(func() error {
		var err error
		if out, err = d.findReplay(ctx, store.ReceiverOf(e.ID), &q); err != nil || q.DryRun || len(out.Items) == 0 {
			return err
		}
		c := store.Change{Audit: []store.AuditEntry{d.audit(p.KeyID, "push.replay", p.PartnerID, e.ID, "")}}
		now := d.now()
		for i := range out.Items {
			it := &out.Items[i].OutboxItem
			c.Requeue = append(c.Requeue, store.Requeue{ID: it.ID, From: []string{it.State}, To: "waiting", At: now})
			c.Attempts = append(c.Attempts, d.byHand(it, attemptReplayed, p.KeyID))
		}
		return d.write(ctx, c)
	})
	if err != nil {
		return Replay{}, err
	}
	if out.Done = !q.DryRun && len(out.Items) > 0; out.Done {
		d.Wake()
	}
	return out, nil
}

func (q *ReplayQuery) check() []declarations.Fault {
	var faults []declarations.Fault
	if len(q.IDs) == 0 && q.Subject == "" && q.From.IsZero() && q.To.IsZero() {
		faults = append(faults, endpointFault(codeReplayNothing, ""))
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		faults = append(faults, endpointFault(codeReplaySpan, "to", "name", "to"))
	}
	if q.FromSequence != 0 && q.ToSequence != 0 && q.FromSequence > q.ToSequence {
		faults = append(faults, endpointFault(codeReplaySpan, "to_sequence", "name", "to_sequence"))
	}
	if (q.FromSequence != 0 || q.ToSequence != 0) && q.Subject == "" {
		faults = append(faults, endpointFault(codeReplayNothing, "subject"))
	}
	return faults
}

// findReplay looks for the messages, from the newest back.
func (d *Desk) findReplay(ctx context.Context, receiver string, q *ReplayQuery) (Replay, error) {
	var out Replay
	if len(q.IDs) > 0 {
		return d.findReplayIDs(ctx, receiver, q)
	}
	f := store.DeliveryFilter{Receiver: receiver, Subject: q.Subject, State: q.State, Limit: MaxReplay}
	if !q.From.IsZero() {
		f.From = q.From.UnixMilli()
	}
	if !q.To.IsZero() {
		f.To = q.To.UnixMilli()
	}
	for range replayPages {
		list, err := d.Store.Deliveries(ctx, f)
		if err != nil {
			return out, fmt.Errorf("list deliveries: %w", err)
		}
		for i := range list {
			if !q.takes(&list[i]) {
				continue
			}
			if len(out.Items) == MaxReplay {
				out.More = true
				return out.oldestFirst(), nil
			}
			out.Items = append(out.Items, list[i])
		}
		if len(list) < f.Limit {
			return out.oldestFirst(), nil
		}
		f.Before = list[len(list)-1].ID
	}
	out.More = true
	return out.oldestFirst(), nil
}

func (d *Desk) findReplayIDs(ctx context.Context, receiver string, q *ReplayQuery) (Replay, error) {
	var out Replay
	for _, id := range q.IDs {
		it, err := d.Store.OutboxItem(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && it.Receiver != receiver {
			return Replay{}, fmt.Errorf("delivery %s: %w", id, store.ErrNotFound)
		}
		if err != nil {
			return Replay{}, fmt.Errorf("read delivery %s: %w", id, err)
		}
		m, err := d.Store.Outgoing(ctx, &it)
		if err != nil {
			return Replay{}, fmt.Errorf("read delivery %s: %w", id, err)
		}
		one := store.Delivery{OutboxItem: it, Kind: m.Kind, ContentType: m.ContentType, Size: int64(len(m.Body))}
		if q.takes(&one) {
			out.Items = append(out.Items, one)
		}
	}
	return out.oldestFirst(), nil
}

func (r Replay) oldestFirst() Replay {
	slices.SortFunc(r.Items, func(a, b store.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	return r
}

func (q *ReplayQuery) takes(it *store.Delivery) bool {
	at := time.UnixMilli(it.CreatedAt)
	switch {
	case it.State != "delivered" && it.State != "dead", q.State != "" && q.State != it.State:
		return false
	case q.Subject != "" && it.Subject != q.Subject:
		return false
	case !q.From.IsZero() && at.Before(q.From), !q.To.IsZero() && !at.Before(q.To):
		return false
	}
	return (q.FromSequence == 0 || it.Sequence >= q.FromSequence) && (q.ToSequence == 0 || it.Sequence <= q.ToSequence)
}

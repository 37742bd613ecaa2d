package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Document is a message in the bytes that will leave.
type Document struct {
	Body        []byte
	ContentType string
	FileName    string // base name without extension
}

// Format writes letters about inspection notices.
type Format struct {
	// Write makes the document of a letter; a reject among the faults says that
	// the format cannot carry it.
	Write func(*inspection.Letter) (Document, []declarations.Fault)
	// Reference is the number that a message carries in the place of our id,
	// where that is too long; nil: it carries the id.
	Reference func(letterID string) string
}

// typeEnvelope is the media type of the JSON envelope that endpoints get
// (contract: type, id, sequence, occurred_at, data).
const typeEnvelope = "application/json"

// write is the one way to commit: what an act puts into the timeline of a
// declaration is told to the endpoints of its owner in the same transaction.
func (d *Desk) write(ctx context.Context, c store.Change) error {
	if err := d.tellOwners(ctx, &c); err != nil {
		return err
	}
	if err := d.Store.Commit(ctx, c); err != nil {
		return err
	}
	if len(c.Pushes) > 0 {
		d.Wake()
	}
	return nil
}

// tellOwners adds a push for every timeline entry of the change.
func (d *Desk) tellOwners(ctx context.Context, c *store.Change) error {
	for i := range c.Events {
		e := &c.Events[i]
		if e.Tenant == "" {
			continue
		}
		page, err := d.page(ctx, e.Tenant)
		if err != nil {
			return err
		}
		if n := noticeOf(c, e); n != nil {
			if err := d.announceStep(ctx, c, n, e); err != nil {
				return err
			}
			continue
		}
		typ := groupDeclaration + e.Kind
		if !wants(page.kept, typ) {
			continue
		}
		reference, err := d.referenceOf(ctx, c, e)
		if err != nil {
			return err
		}
		at := e.At
		if at == 0 {
			at = e.HeardAt // the receipt does not say
		}
		if err := d.announce(ctx, c, e.Tenant, typ, "declaration/"+e.DeclarationID, e.DeclarationID, time.UnixMilli(at), entryOf(e, reference)); err != nil {
			return err
		}
	}
	return nil
}

func wants(list []store.Endpoint, typ string) bool {
	for i := range list {
		if list[i].Format == formatJSON && subscribes(list[i].Types, typ) {
			return true
		}
	}
	return false
}

// entry is a timeline entry as it is told; there is no reader yet, so it has
// no words in anybody's language.
type entry struct {
	Event       string     `json:"event_id"` // as in the event stream
	Declaration string     `json:"declaration_id"`
	Reference   string     `json:"client_reference,omitzero"`
	Kind        string     `json:"kind"`
	Status      string     `json:"status"`
	Code        string     `json:"code,omitzero"`
	Note        string     `json:"note,omitzero"`
	Source      string     `json:"source,omitzero"`
	Attempt     int        `json:"attempt,omitzero"`
	At          *time.Time `json:"at,omitempty"` // absent when the receipt does not say
	HeardAt     time.Time  `json:"heard_at"`
	EntryNumber string     `json:"entry_number,omitzero"`
	SeqNo       string     `json:"sequence_number,omitzero"`
}

func entryOf(e *store.Event, reference string) entry {
	out := entry{Event: e.ID, Declaration: e.DeclarationID, Reference: reference, Kind: e.Kind, Status: e.Status, Code: e.Code, Note: e.Text,
		Source: e.Source, Attempt: e.Attempt, HeardAt: time.UnixMilli(e.HeardAt).UTC(), EntryNumber: e.EntryNumber, SeqNo: e.SeqNo}
	if e.At != 0 {
		at := time.UnixMilli(e.At).UTC()
		out.At = &at
	}
	return out
}

// referenceOf is the partner's own number of the declaration of an event.
func (d *Desk) referenceOf(ctx context.Context, c *store.Change, e *store.Event) (string, error) {
	for _, row := range []*store.Declaration{c.Insert, c.Update} {
		if row != nil && row.ID == e.DeclarationID {
			return row.Reference, nil
		}
	}
	row, err := d.Store.DeclarationState(ctx, e.Tenant, e.DeclarationID)
	if err != nil {
		return "", fmt.Errorf("read declaration of event: %w", err)
	}
	return row.Reference, nil
}

// announce tells a partner that something happened: data in the JSON envelope,
// to each of his endpoints that subscribes to typ and takes JSON. What a
// terminal is told about notices is not announced: its capability row says
// over which channel each letter goes.
func (d *Desk) announce(ctx context.Context, c *store.Change, partner, typ, subject, about string, occurredAt time.Time, data any) error {
	page, err := d.page(ctx, partner)
	if err != nil {
		return err
	}
	if page.role == auth.Terminal && strings.HasPrefix(typ, groupNotice) {
		return nil
	}
	var body []byte
	for i := range page.kept {
		e := &page.kept[i]
		if e.Format != formatJSON || !subscribes(e.Types, typ) {
			continue
		}
		if body == nil {
			if body, err = json.Marshal(data, json.Deterministic(true)); err != nil {
				return fmt.Errorf("write %s about %s: %w", typ, about, err)
			}
		}
		d.push(c, e, typ, subject, about, d.NewID(), occurredAt, body)
	}
	return nil
}

// pushData adds one message in the JSON envelope, whatever the endpoint's types.
func (d *Desk) pushData(c *store.Change, e *store.Endpoint, typ, subject, about string, occurredAt time.Time, data any) error {
	body, err := json.Marshal(data, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %s about %s: %w", typ, about, err)
	}
	d.push(c, e, typ, subject, about, d.NewID(), occurredAt, body)
	return nil
}

// push adds one message in the JSON envelope. Its sequence is given by the
// store in the transaction, so the body comes in two parts.
func (d *Desk) push(c *store.Change, e *store.Endpoint, typ, subject, about, id string, occurredAt time.Time, data []byte) {
	head := `{"type":"` + typ + `","id":"` + id + `","sequence":`
	tail := `,"occurred_at":"` + occurredAt.UTC().Format(time.RFC3339Nano) + `","data":` + string(data) + `}`
	c.Pushes = append(c.Pushes, store.Push{ID: id, Tenant: e.PartnerID, About: about, Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: typ,
		FileName: pushName(typ, id), ContentType: typeEnvelope, Head: []byte(head), Tail: []byte(tail), At: d.now()})
}

// send adds one message of ready bytes.
func (d *Desk) send(c *store.Change, e *store.Endpoint, typ, subject, about, id string, doc Document) {
	name := doc.FileName
	if name == "" {
		name = pushName(typ, id)
	}
	c.Pushes = append(c.Pushes, store.Push{ID: id, Tenant: e.PartnerID, About: about, Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: typ,
		FileName: name, ContentType: doc.ContentType, Head: doc.Body, At: d.now()})
}

// pushName begins with the type for people and ends with the id, so that no
// two messages have one name.
func pushName(typ, id string) string {
	return strings.ReplaceAll(typ, ".", "_") + "_" + strings.ReplaceAll(id, "-", "")
}

package desk

// Interim: h/endpoints brings these; this file goes at its merge.

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// Document is one letter in its format.
type Document struct {
	Body, Tail            []byte
	ContentType, FileName string
}

// Format writes letters.
type Format interface {
	Write(l *inspection.Letter) (Document, []declarations.Fault)
}

func (d *Desk) endpointsOf(ctx context.Context, partner string) ([]store.Endpoint, error) {
	return d.Store.Endpoints(ctx, partner)
}

func (d *Desk) send(c *store.Change, e *store.Endpoint, typ, subject, about, id string, doc Document) {
	c.Pushes = append(c.Pushes, store.Push{ID: id, Tenant: e.PartnerID, About: about, Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: typ,
		FileName: doc.FileName, ContentType: doc.ContentType, Head: doc.Body, Tail: doc.Tail, At: d.now()})
}

func (d *Desk) announce(ctx context.Context, c *store.Change, partner, typ, subject, about string, occurredAt time.Time, data any) error {
	return nil
}

func envelope(typ, id string, at time.Time, data any) (Document, error) {
	b, err := json.Marshal(data, json.Deterministic(true))
	if err != nil {
		return Document{}, fmt.Errorf("write %s: %w", typ, err)
	}
	head := fmt.Appendf(nil, `{"type":%q,"id":%q,"sequence":`, typ, id)
	tail := fmt.Appendf(nil, `,"occurred_at":%q,"data":%s}`, at.UTC().Format(time.RFC3339Nano), b)
	return Document{Body: head, Tail: tail, ContentType: "application/json"}, nil
}

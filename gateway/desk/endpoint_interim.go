package desk

// Interim: h/endpoints brings these; this file goes at its merge.

import (
	"context"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

const (
	noticePrefix = "notice/"
	formatJSON   = "json"
)

type Document struct {
	Body                  []byte
	ContentType, FileName string
}

type Format struct {
	Write func(*inspection.Letter) (Document, []declarations.Fault)
	// Reference is the number that a message carries in the place of our id,
	// where that is too long; nil: it carries the id.
	Reference func(letterID string) string
}

func (d *Desk) endpointsOf(ctx context.Context, partner string) ([]store.Endpoint, error) {
	return d.Store.Endpoints(ctx, partner)
}

func (d *Desk) send(c *store.Change, e *store.Endpoint, typ, subject, about, id string, doc Document) {
	c.Pushes = append(c.Pushes, store.Push{ID: id, Tenant: e.PartnerID, About: about, Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: typ,
		FileName: doc.FileName, ContentType: doc.ContentType, Head: doc.Body, At: d.now()})
}

func (d *Desk) push(c *store.Change, e *store.Endpoint, typ, subject, about, id string, occurredAt time.Time, data []byte) {
	head := `{"type":"` + typ + `","id":"` + id + `","sequence":`
	tail := `,"occurred_at":"` + occurredAt.UTC().Format(time.RFC3339Nano) + `","data":` + string(data) + `}`
	c.Pushes = append(c.Pushes, store.Push{ID: id, Tenant: e.PartnerID, About: about, Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: typ,
		ContentType: "application/json", Head: []byte(head), Tail: []byte(tail), At: d.now()})
}

func (d *Desk) write(ctx context.Context, c store.Change) error { return d.Store.Commit(ctx, c) }

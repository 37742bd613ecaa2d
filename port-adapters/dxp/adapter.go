package dxp

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	portadapters "kouan/port-adapters"
)

// Headers of a delivery. Both ids are the message id, so that a proxy or the
// other side can remove duplicates without opening the envelope.
const (
	HeaderMessageID      = "X-Message-Id"
	HeaderIdempotencyKey = "Idempotency-Key"
	HeaderDuplicate      = "X-Duplicate" // in the answer: "true" when the other side had it already
	ContentType          = "application/xml"
)

// Adapter delivers messages to one address. The zero value needs URL,
// SenderID and ReceiverID; Client nil is a client that reaches no special address.
type Adapter struct {
	Client     *resty.Client // from portadapters.NewClient
	URL        string
	SenderID   string           // DXPENT + number of the enterprise
	ReceiverID string           // DXPEDCDEC + 7 digits: data centre
	Clock      func() time.Time // nil: the system's

	once     sync.Once
	fallback *resty.Client
}

var _ portadapters.Adapter = (*Adapter)(nil)

// Deliver posts m in an envelope. Every attempt at the same message sends the
// same bytes: CopMsgId and Id are the message id, CreatTime is the time inside
// it. Attachments have no place in the envelope, so a message with
// attachments is refused for good rather than sent without them.
func (a *Adapter) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	body, err := a.envelope(&m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	request := a.client().R().
		SetHeader("Content-Type", ContentType).
		SetHeader(HeaderMessageID, m.ID).
		SetHeader(HeaderIdempotencyKey, m.ID).
		SetBody(body)
	resp, err := portadapters.Call(portadapters.Idempotent(ctx), request, http.MethodPost, a.URL)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return portadapters.Receipt{
		At:        portadapters.Now(a.Clock),
		Peer:      portadapters.HostOf(a.URL),
		Detail:    resp.Status(),
		Duplicate: resp.Header().Get(HeaderDuplicate) == "true",
	}, nil
}

// envelope makes the bytes of m; every error is permanent, because the same
// message would meet it again.
func (a *Adapter) envelope(m *portadapters.Message) ([]byte, error) {
	if err := portadapters.CheckName(m.FileName); err != nil {
		return nil, err
	}
	if len(m.Attachments) > 0 {
		return nil, fmt.Errorf("%d attachments over dxp: %w", len(m.Attachments), portadapters.ErrPermanent)
	}
	created, err := portadapters.TimeOf(m.ID)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", portadapters.ErrPermanent, err)
	}
	body, err := Write(Envelope{
		ID:          m.ID,
		CopMsgID:    m.ID,
		SenderID:    a.SenderID,
		ReceiverIDs: []string{a.ReceiverID},
		CreatedAt:   created,
		MsgType:     MsgTypeDeclaration,
		Data:        m.Body,
		FileName:    m.FileName,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", portadapters.ErrPermanent, err)
	}
	return body, nil
}

func (a *Adapter) client() *resty.Client {
	if a.Client != nil {
		return a.Client
	}
	a.once.Do(func() { a.fallback = portadapters.NewClient(portadapters.Options{}) })
	return a.fallback
}

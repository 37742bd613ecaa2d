// Package webhook is the wire that posts a message to an address of a partner
// and signs it by Standard Webhooks.
//
// Contract: Deliver posts exactly the bytes of a message. Any 2xx means that
// the receiver stored it; the body of an answer means nothing. A redirect is
// a failure and never followed. The id of the message is the webhook-id of
// all its attempts, by which the receiver removes duplicates. While secrets
// are rotated each of them signs. An address that answers 410 is gone for
// good: the error wraps ErrGone. Where connections may go is decided by the
// client that is handed in.
//
// The package does not know whose address it is, what the bytes mean, nor the
// queue that repeats.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	portadapters "kouan/port-adapters"
)

// Adapter delivers to one address. The zero value needs URL and Secrets;
// Client nil is a client that reaches no special address.
type Adapter struct {
	Client        *resty.Client // from portadapters.NewClient
	URL           string
	Secrets       []Secret         // newest first; each that is still valid signs
	SchemaVersion string           // of the body; "": the header is left out
	Clock         func() time.Time // nil: the system's
	NewID         func() string    // of an attempt; nil: the header is left out

	once     sync.Once
	fallback *resty.Client
}

var _ portadapters.Adapter = (*Adapter)(nil)

// Deliver posts m. Attachments have no place in a webhook, so a message with
// attachments is refused for good rather than sent without them.
func (a *Adapter) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	resp, err := a.post(ctx, &m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return portadapters.Receipt{
		At:        portadapters.Now(a.Clock),
		Peer:      portadapters.HostOf(a.URL),
		Detail:    resp.Status(),
		Duplicate: isDuplicate(resp.Header()),
	}, nil
}

func (a *Adapter) post(ctx context.Context, m *portadapters.Message) (*resty.Response, error) {
	if err := portadapters.CheckName(m.FileName); err != nil {
		return nil, err
	}
	if len(m.Attachments) > 0 {
		return nil, fmt.Errorf("%d attachments over a webhook: %w", len(m.Attachments), portadapters.ErrPermanent)
	}
	headers, err := a.headers(m)
	if err != nil {
		return nil, err
	}
	// The status line is the whole answer, so the body is not resty's to read:
	// one that drips or never ends must not turn a 2xx into a time-out.
	request := a.client().R().SetHeaders(headers).SetBody(m.Body).SetDoNotParseResponse(true)
	resp, err := portadapters.Call(portadapters.Idempotent(ctx), request, http.MethodPost, a.URL)
	if resp != nil && resp.RawResponse != nil {
		drain(resp.RawResponse.Body)
	}
	var status *portadapters.StatusError
	if errors.As(err, &status) && status.Code == http.StatusGone {
		return nil, fmt.Errorf("%w: %w", portadapters.ErrGone, err)
	}
	return resp, err
}

// How much of an answer is read, and how long, so that its connection can be
// used again; beyond that a new connection is cheaper.
const (
	drainBytes = 16 << 10
	drainTime  = 250 * time.Millisecond
)

func drain(body io.ReadCloser) {
	late := time.AfterFunc(drainTime, func() { body.Close() })
	defer late.Stop()
	_, _ = io.CopyN(io.Discard, body, drainBytes) //nolint:errcheck // it ends the connection, not the delivery
	body.Close()
}

func (a *Adapter) client() *resty.Client {
	if a.Client != nil {
		return a.Client
	}
	a.once.Do(func() { a.fallback = portadapters.NewClient(portadapters.Options{}) })
	return a.fallback
}

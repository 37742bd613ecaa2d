package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	"kouan/declarations"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/dxp"
)

// senderID is the sandbox's own address on the exchange platform.
const senderID = "DXPEDCDECSANDBOX"

// Values of BizKey RetType.
const (
	retImport   = "IMPORT"
	retBusiness = "DEC_RESULT"
)

// Callback posts answers as DxpMsg envelopes to one address. It may be made
// before the address is known: until To was called, every answer waits.
type Callback struct{ line }

// line calls one address, which may become known later, with a key as bearer.
type line struct {
	mu     sync.Mutex
	client *resty.Client
	url    string
	key    string
	idle   func()
}

// To directs the answers to url, with key as bearer. The guarded client that
// it uses reaches that host and port even if it is special, and no other
// special address.
func (b *line) To(address, key string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return fmt.Errorf("callback address %q: not an absolute URL", address)
	}
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{u.Host}})
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle != nil {
		b.idle()
	}
	b.idle = transport.CloseIdleConnections
	b.client = portadapters.NewClient(portadapters.Options{Transport: transport, Timeout: 10 * time.Second, UserAgent: "kouan-sandbox"})
	b.url, b.key = address, key
	return nil
}

// request is a call that says that it is a sandbox's, and the address that was
// given to To.
func (b *line) request() (r *resty.Request, address string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.client == nil {
		return nil, "", errNoCallback
	}
	r = b.client.R().SetHeader("X-Sandbox", "true")
	if b.key != "" {
		r.SetAuthToken(b.key)
	}
	return r, b.url, nil
}

// Close ends idle connections.
func (b *line) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle != nil {
		b.idle()
	}
}

var errNoCallback = errors.New("no callback address yet")

// Reply is the Reply of the dxp wire.
func (b *Callback) Reply(ctx context.Context, a Answer) error {
	request, address, err := b.request()
	if err != nil {
		return err
	}
	body, err := envelope(&a)
	if err != nil {
		return err
	}
	request.SetHeader("Content-Type", dxp.ContentType).SetHeader(dxp.HeaderMessageID, a.ID).SetBody(body)
	if _, err := portadapters.Call(ctx, request, http.MethodPost, address); err != nil {
		return fmt.Errorf("answer %s: %w", a.ID, err)
	}
	return nil
}

// envelope wraps an answer. FileName and OrigMsgId name the message that it
// answers; DealFlag is 0 or -1 for an import response and the CHANNEL else.
func envelope(a *Answer) ([]byte, error) {
	keys := map[string]string{dxp.KeyRetType: retBusiness, dxp.KeyDealFlag: a.Code, dxp.KeyOrigMsg: a.OrigMsgID, "Sandbox": "true"}
	switch a.Code {
	case declarations.CodeImported:
		keys[dxp.KeyRetType], keys[dxp.KeyDealFlag] = retImport, "0"
	case declarations.CodeImportFailed:
		keys[dxp.KeyRetType], keys[dxp.KeyDealFlag] = retImport, "-1"
	}
	return dxp.Write(dxp.Envelope{
		ID: a.ID, CopMsgID: a.ID, SenderID: senderID, ReceiverIDs: []string{a.Receiver},
		CreatedAt: a.At, MsgType: dxp.MsgTypeDeclaration, Data: a.Body, FileName: a.OrigName, BizKeys: keys,
	})
}

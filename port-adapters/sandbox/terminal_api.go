package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"

	portadapters "kouan/port-adapters"
)

// GatewayLine is the terminal's way to the API of a gateway. It may be made
// before the address is known: until To was called, every answer waits.
type GatewayLine struct{ line }

// Answer is a TerminalReply: it posts an event to the notice, or a message in
// the terminal's own format. A refusal (409, 422 …) is final; what was refused
// then stands in the gateway.
func (g *GatewayLine) Answer(ctx context.Context, a TerminalAnswer) error {
	d, err := encode(&a)
	if err != nil {
		return err
	}
	path := "/api/v1/terminal-messages"
	if a.Format == formatJSON {
		path = "/api/v1/notices/" + url.PathEscape(a.Event.NoticeNumber) + "/events"
	}
	return g.post(ctx, path, d.ContentType, a.Reference, d.Body)
}

// post sends one document. reference is the key of the submission: a
// repetition gets the first answer.
func (g *GatewayLine) post(ctx context.Context, path, contentType, reference string, body []byte) error {
	request, base, err := g.request()
	if err != nil {
		return err
	}
	request.SetHeader("Content-Type", contentType).SetHeader("Idempotency-Key", reference).SetBody(body)
	resp, err := portadapters.Call(ctx, request, http.MethodPost, strings.TrimSuffix(base, "/")+path)
	if err != nil {
		detail := ""
		if resp != nil {
			detail = ": " + firstLine(resp.String())
		}
		return fmt.Errorf("answer %s%s: %w", reference, detail, err)
	}
	return nil
}

// get fetches one answer of the API.
func (g *GatewayLine) get(ctx context.Context, path string, into any) error {
	request, base, err := g.request()
	if err != nil {
		return err
	}
	resp, err := portadapters.Call(ctx, request, http.MethodGet, strings.TrimSuffix(base, "/")+path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(resp.Body(), into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// firstLine is the beginning of what the other side said, for the ledger.
func firstLine(s string) string {
	const most = 500
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

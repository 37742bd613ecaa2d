package sandbox

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Headers of a delivery, as the specification and push-and-errors.md 2.1 name
// them. They are not taken from the wire's package: the two ends of a wire
// must not agree by sharing a mistake.
const (
	headerType      = "X-Notification-Type"
	headerSequence  = "X-Sequence"
	headerSubject   = "X-Subject"
	headerDigest    = "Content-Digest"
	headerDuplicate = "X-Duplicate"
)

// tolerance is how far a timestamp may be from our clock (Standard Webhooks).
const tolerance = 5 * time.Minute

// TerminalWebhook is the terminal's receiver of signed webhooks. Without a
// secret nothing is verified, and the ledger says so.
//
//	POST /webhook, /webhook/{door}   200 taken (X-Duplicate: true when known),
//	                                 401 signature, 409 other bytes under the id,
//	                                 413, 415, 422, or what a script says
//	GET  /sandbox/deliveries         []TerminalDelivery
//	GET  /sandbox/answers            []TerminalAnswer
//	GET  /sandbox/violations         []Violation
//	POST /sandbox/secrets            whsec_…: another secret that verifies
//	POST /sandbox/script             name of a script that every message meets; none: the boxes choose again
//	GET  /sandbox/redirected         nobody may come here: it is a violation
type TerminalWebhook struct {
	Terminal *Terminal
	Reply    TerminalReply

	mu      sync.Mutex
	secrets []*standardwebhooks.Webhook
	fails   TLSFails
}

// TLS is a configuration whose handshakes fail when a script says so.
func (h *TerminalWebhook) TLS(c *tls.Config) *tls.Config { return h.fails.Wrap(c) }

// Trust replaces the secrets, whsec_ with base64: any of them verifies, so
// that the sender may change from one to the other at any time.
func (h *TerminalWebhook) Trust(secrets ...string) error {
	var list []*standardwebhooks.Webhook
	for i, s := range secrets {
		w, err := standardwebhooks.NewWebhook(s)
		if err != nil {
			return fmt.Errorf("secret %d of %d is not whsec_ and base64", i+1, len(secrets)) // never the secret itself
		}
		list = append(list, w)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.secrets = list
	return nil
}

// trustAlso adds a secret.
func (h *TerminalWebhook) trustAlso(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil || secret == "" {
		return errors.New("not whsec_ and base64")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.secrets = append(h.secrets, w)
	return nil
}

// command takes one short text from whoever runs the sandbox.
func (h *TerminalWebhook) command(do func(string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<10))
		if err == nil {
			err = do(strings.TrimSpace(string(body)))
		}
		if err != nil {
			h.say(w, http.StatusUnprocessableEntity, err.Error())
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// Handler is the HTTP side of the terminal.
func (h *TerminalWebhook) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhook", h.receive)
	mux.HandleFunc("POST /webhook/{door}", h.receive)
	mux.HandleFunc("GET /sandbox/deliveries", func(w http.ResponseWriter, _ *http.Request) { h.list(w, h.Terminal.Deliveries()) })
	mux.HandleFunc("GET /sandbox/answers", func(w http.ResponseWriter, _ *http.Request) { h.list(w, h.Terminal.Answers()) })
	mux.HandleFunc("GET /sandbox/violations", func(w http.ResponseWriter, _ *http.Request) { h.list(w, h.Terminal.Violations()) })
	mux.HandleFunc("POST /sandbox/secrets", h.command(h.trustAlso))
	mux.HandleFunc("POST /sandbox/script", h.command(h.Terminal.Follow))
	mux.HandleFunc("/sandbox/redirected", h.redirected)
	return mux
}

func (h *TerminalWebhook) receive(w http.ResponseWriter, r *http.Request) {
	body, err := read(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		h.say(w, http.StatusRequestEntityTooLarge, "body too large")
		return
	case err != nil: // the gateway went away in the middle: nothing was taken
		h.say(w, http.StatusBadRequest, "body broke off")
		return
	}
	id := r.Header.Get(standardwebhooks.HeaderWebhookID)
	if kind, detail := h.verify(r.Header, body); kind != "" {
		h.Terminal.report(kind, id, detail)
		h.say(w, http.StatusUnauthorized, kind)
		return
	}
	in, status, why := h.open(r, id, body)
	if why != "" {
		h.Terminal.report("a body that cannot be read", id, why)
		h.say(w, status, why)
		return
	}
	h.conclude(w, r, h.Terminal.take(in))
}

// verify holds a delivery against the secrets by the reference library; what
// is wrong, or nothing. The time is measured by the terminal's clock.
func (h *TerminalWebhook) verify(header http.Header, body []byte) (kind, detail string) {
	h.mu.Lock()
	secrets := h.secrets
	h.mu.Unlock()
	if digest := header.Get(headerDigest); digest != "" {
		sum := sha256.Sum256(body)
		if want := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"; digest != want {
			return "a digest of other bytes", "said " + digest + ", is " + want
		}
	}
	if len(secrets) == 0 {
		return "", ""
	}
	var err error
	for _, secret := range secrets {
		if err = secret.VerifyIgnoringTimestamp(body, header); err == nil {
			break
		}
	}
	if err != nil {
		return "a signature that does not verify", err.Error()
	}
	seconds, err := strconv.ParseInt(header.Get(standardwebhooks.HeaderWebhookTimestamp), 10, 64)
	if err != nil {
		return "a timestamp that is no number", err.Error()
	}
	if off := h.Terminal.now().Sub(time.Unix(seconds, 0)).Abs(); off > tolerance {
		return "a timestamp out of its time", "off by " + off.Truncate(time.Second).String()
	}
	return "", ""
}

// open reads the body; why is what is wrong with it.
func (h *TerminalWebhook) open(r *http.Request, id string, body []byte) (in *incoming, status int, why string) {
	if id == "" {
		return nil, http.StatusBadRequest, "webhook-id is missing"
	}
	opened, err := Open(TerminalLetter{ContentType: r.Header.Get("Content-Type"), Body: body})
	if errors.Is(err, errContentType) {
		return nil, http.StatusUnsupportedMediaType, err.Error()
	}
	if err != nil {
		return nil, http.StatusUnprocessableEntity, err.Error()
	}
	in = &incoming{wire: "webhook", door: r.PathValue("door"), id: id, format: opened.Format, kind: opened.Type, sequence: opened.Sequence,
		subject: r.Header.Get(headerSubject), body: body, notice: opened.Notice, step: opened.Step, edi: opened.edi, reply: h.Reply}
	if in.kind == "" {
		in.kind = r.Header.Get(headerType)
	}
	if opened.ID != "" && opened.ID != id {
		return nil, http.StatusUnprocessableEntity, "webhook-id " + id + ", but the body says " + opened.ID
	}
	if said := r.Header.Get(headerSequence); said != "" {
		n, err := strconv.ParseInt(said, 10, 64)
		if err != nil || in.sequence != 0 && in.sequence != n {
			return nil, http.StatusUnprocessableEntity, "X-Sequence " + said + ", but the body says " + itoa(in.sequence)
		}
		in.sequence = n
	}
	if in.subject == "" && in.notice != nil {
		in.subject = "notice/" + in.notice.Number
	}
	return in, 0, ""
}

// redirected catches a gateway that follows a redirect into the house.
func (h *TerminalWebhook) redirected(w http.ResponseWriter, r *http.Request) {
	h.Terminal.report("a redirect was followed", r.Header.Get(standardwebhooks.HeaderWebhookID), r.Method)
	h.say(w, http.StatusOK, "you should not be here")
}

func (h *TerminalWebhook) list(w http.ResponseWriter, rows any) {
	w.Header().Set("X-Sandbox", "true")
	w.Header().Set("Content-Type", "application/json")
	if err := json.MarshalWrite(w, rows); err != nil {
		h.Terminal.log().Debug("sandbox terminal: list not written", "error", err)
	}
}

func (h *TerminalWebhook) say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("X-Sandbox", "true")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, mark+" "+text+"\n"); err != nil {
		h.Terminal.log().Debug("sandbox terminal: answer not written", "error", err)
	}
}

// pause waits, but not longer than the caller or the sandbox.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

package sandbox

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Receiver plays the system of a partner that is told by webhooks: it takes
// what comes, verifies it by the reference library, removes duplicates by
// webhook-id, and watches that no subject jumps or goes back.
//
//	POST /hook                200, or the status that /sandbox/answer holds; 401 unverified, 409 other bytes under an id
//	GET  /sandbox/received    []Received, each attempt by its arrival
//	GET  /sandbox/violations  []Violation
//	POST /sandbox/secrets     whsec_…: another secret that verifies
//	DELETE /sandbox/secrets   all are forgotten
//	POST /sandbox/answer      a status that /hook answers from now on; 200 takes again
type Receiver struct {
	Clock  func() time.Time // nil: the system's
	Logger *slog.Logger     // nil: silent

	mu         sync.Mutex
	secrets    []*standardwebhooks.Webhook
	answer     int
	received   []Received
	violations []Violation
	bodies     map[string]string // taken, by webhook-id
	last       map[string]int64  // sequence by subject
}

// Received is one attempt as it arrived.
type Received struct {
	ID        string         `json:"id"`
	Type      string         `json:"type"`
	Subject   string         `json:"subject"`
	Sequence  int64          `json:"sequence"`
	Attempt   int64          `json:"attempt"`
	Replay    bool           `json:"replay"`
	Duplicate bool           `json:"duplicate"` // the id was taken before
	Status    int            `json:"status"`    // that it was answered
	Secrets   []int          `json:"secrets"`   // which of the secrets verify it, from 1
	At        time.Time      `json:"at"`
	Body      jsontext.Value `json:"body,omitzero"` // as it came, when it is JSON
}

// maxReceived bounds what is remembered: the oldest go.
const maxReceived = 50_000

// Trust adds a secret, whsec_ with base64.
func (r *Receiver) Trust(secret string) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return fmt.Errorf("secret is not whsec_ and base64") // never the secret itself
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets = append(r.secrets, w)
	return nil
}

// Answer makes a status the answer to everything; 200 takes again.
func (r *Receiver) Answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = status
}

// Received lists every attempt.
func (r *Receiver) Received() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received{}, r.received...)
}

// Violations lists what no gateway may do.
func (r *Receiver) Violations() []Violation {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Violation{}, r.violations...)
}

// Handler is the HTTP side of the receiver.
func (r *Receiver) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hook", r.hook)
	mux.HandleFunc("GET /sandbox/received", func(w http.ResponseWriter, _ *http.Request) { r.list(w, r.Received()) })
	mux.HandleFunc("GET /sandbox/violations", func(w http.ResponseWriter, _ *http.Request) { r.list(w, r.Violations()) })
	mux.HandleFunc("POST /sandbox/secrets", r.addSecret)
	mux.HandleFunc("DELETE /sandbox/secrets", func(w http.ResponseWriter, _ *http.Request) {
		r.mu.Lock()
		r.secrets = nil
		r.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /sandbox/answer", r.setAnswer)
	return mux
}

func (r *Receiver) hook(w http.ResponseWriter, req *http.Request) {
	body, err := read(w, req)
	if err != nil { // the gateway went away in the middle: nothing was taken
		http.Error(w, "body broke off or is too large", http.StatusBadRequest)
		return
	}
	status, duplicate := r.take(req.Header, body)
	if duplicate {
		w.Header().Set(headerDuplicate, "true")
	}
	w.WriteHeader(status)
}

// take judges one attempt and remembers it.
func (r *Receiver) take(h http.Header, body []byte) (status int, duplicate bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	in := Received{ID: h.Get(standardwebhooks.HeaderWebhookID), Type: h.Get(headerType), Subject: h.Get(headerSubject), At: r.now(),
		Sequence: number(h.Get(headerSequence)), Attempt: number(h.Get("X-Attempt")), Replay: h.Get("X-Replay") == "true", Secrets: []int{}}
	for i, s := range r.secrets {
		if s.Verify(body, h) == nil {
			in.Secrets = append(in.Secrets, i+1)
		}
	}
	if v := jsontext.Value(body); v.IsValid() {
		in.Body = v.Clone()
	}
	first, known := r.bodies[in.ID]
	switch {
	case len(in.Secrets) == 0:
		in.Status = http.StatusUnauthorized
		r.report("a signature that does not verify", in.ID, "")
	case r.answer != 0 && r.answer != http.StatusOK:
		in.Status = r.answer
	case known && first != string(body):
		in.Status = http.StatusConflict
		r.report("other bytes under one id", in.ID, "")
	case known:
		in.Status, in.Duplicate = http.StatusOK, true
	default:
		in.Status = http.StatusOK
		r.remember(&in, body)
	}
	if len(r.received) >= maxReceived {
		r.received = r.received[1:]
	}
	r.received = append(r.received, in)
	return in.Status, in.Duplicate
}

// remember takes a message; each subject must count up by one.
func (r *Receiver) remember(in *Received, body []byte) {
	if r.bodies == nil {
		r.bodies, r.last = map[string]string{}, map[string]int64{}
	}
	r.bodies[in.ID] = string(body)
	if last, begun := r.last[in.Subject]; begun && in.Sequence != last+1 {
		r.report("a subject that jumps", in.ID, fmt.Sprintf("%s: %d after %d", in.Subject, in.Sequence, last))
	}
	r.last[in.Subject] = in.Sequence
}

// report notes a violation. The caller holds mu.
func (r *Receiver) report(kind, id, detail string) {
	r.violations = append(r.violations, Violation{At: r.now(), Kind: kind, MessageID: id, Detail: detail})
}

func (r *Receiver) now() time.Time {
	if r.Clock == nil {
		return time.Now()
	}
	return r.Clock()
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (r *Receiver) addSecret(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 200))
	if err == nil {
		err = r.Trust(strings.TrimSpace(string(body)))
	}
	if err != nil {
		http.Error(w, "want whsec_ and base64", http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (r *Receiver) setAnswer(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 20))
	status := number(strings.TrimSpace(string(body)))
	if err != nil || status < 200 || status > 599 {
		http.Error(w, "want a status, 200 to 599", http.StatusUnprocessableEntity)
		return
	}
	r.Answer(int(status))
	w.WriteHeader(http.StatusNoContent)
}

func (r *Receiver) list(w http.ResponseWriter, rows any) {
	w.Header().Set("X-Sandbox", "true")
	w.Header().Set("Content-Type", "application/json")
	if err := json.MarshalWrite(w, map[string]any{"items": rows}); err != nil {
		r.log().Debug("sandbox receiver: list not written", "error", err)
	}
}

func (r *Receiver) log() *slog.Logger {
	if r.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Logger
}

// RunningReceiver is a receiver that listens.
type RunningReceiver struct {
	*Receiver
	Addr string // host:port
	Base string // of /sandbox/…
	URL  string // of the webhook

	done sync.WaitGroup
}

// Wait returns when everything has ended.
func (r *RunningReceiver) Wait() { r.done.Wait() }

// RunReceiver starts a receiver on addr ("": a free port of 127.0.0.1);
// it ends with ctx.
func RunReceiver(ctx context.Context, r *Receiver, addr string) (*RunningReceiver, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox receiver: %w", err)
	}
	run := &RunningReceiver{Receiver: r, Addr: listener.Addr().String()}
	run.Base = "http://" + run.Addr
	run.URL = run.Base + "/hook"
	server := &http.Server{Handler: r.Handler(), BaseContext: func(net.Listener) context.Context { return ctx }, ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 30 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 16 << 10}
	serve(ctx, &run.done, server, listener, r.log())
	return run, nil
}

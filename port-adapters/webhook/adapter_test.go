package webhook

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	noon     = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)
	key      = []byte("0123456789abcdef0123456789abcdef")
	otherKey = []byte("fedcba9876543210fedcba9876543210")
)

// peer is a receiver that verifies, and removes duplicates by webhook-id.
type peer struct {
	mu      sync.Mutex
	bodies  map[string]string // by webhook-id
	taken   []adaptertest.Arrival
	heads   []http.Header
	refuses int           // status to answer with, 0: none
	slow    chan struct{} // closed when bytes were taken that are not answered
	release chan struct{}
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heads = append(p.heads, r.Header.Clone())
	if p.slow != nil {
		close(p.slow)
		<-p.release
		return
	}
	if p.refuses != 0 {
		w.WriteHeader(p.refuses)
		return
	}
	if err := Verify([][]byte{key}, r.Header, body, noon); err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	id := r.Header.Get(HeaderID)
	if first, known := p.bodies[id]; known {
		if first != string(body) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		w.Header().Set(HeaderDuplicate, "true")
		return
	}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.bodies[id] = string(body)
	p.taken = append(p.taken, adaptertest.Arrival{FileName: params["filename"], Body: body})
}

// listen serves p on an address that can be closed and opened again.
func (p *peer) listen(t *testing.T, addr string) (string, func()) {
	t.Helper()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: p}}
	server.Start()
	return listener.Addr().String(), server.Close
}

func setup(t *testing.T) (*peer, *Adapter, adaptertest.Harness) {
	t.Helper()
	p := &peer{bodies: map[string]string{}, release: make(chan struct{})}
	addr, shut := p.listen(t, "127.0.0.1:0")
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{addr}})
	t.Cleanup(func() {
		close(p.release)
		transport.CloseIdleConnections()
		shut()
	})
	a := &Adapter{
		Client:        portadapters.NewClient(portadapters.Options{Transport: transport, RetryWait: time.Millisecond}),
		URL:           "http://" + addr + "/hook?token=hidden",
		Secrets:       []Secret{{Key: key}},
		SchemaVersion: "1.0",
		Clock:         func() time.Time { return noon },
		NewID:         func() string { return "attempt-id" },
	}
	return p, a, adaptertest.Harness{
		Adapter: a,
		Arrived: func(*testing.T) []adaptertest.Arrival {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.taken
		},
		Down: func(t *testing.T) func() {
			shut()
			return func() { _, shut = p.listen(t, addr) }
		},
		Refuse: func(*testing.T, portadapters.Message) { p.refuses = http.StatusBadRequest },
		Slow: func(*testing.T) <-chan struct{} {
			p.slow = make(chan struct{})
			return p.slow
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		_, _, h := setup(t)
		return h
	})
}

func TestReceiptNamesHostAndNeverTheQuery(t *testing.T) {
	t.Parallel()
	_, a, _ := setup(t)
	got, err := a.Deliver(t.Context(), adaptertest.Message(1))
	if err != nil {
		t.Fatal(err)
	}
	want := portadapters.Receipt{At: noon, Peer: portadapters.HostOf(a.URL), Detail: "200 OK"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
}

func TestHeadersSayWhatTheBodyNeedNotBeOpenedFor(t *testing.T) {
	t.Parallel()
	p, a, _ := setup(t)
	m := adaptertest.Message(7)
	m.Kind, m.Subject, m.Sequence, m.Attempt, m.Redelivery, m.Replay = "notice.ordered", "notice/查验 1%", 12, 3, true, true
	m.FileName, m.ContentType = "查验_1", "application/json; charset=utf-8"
	if _, err := a.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(m.Body)
	got := map[string]string{}
	for name := range p.heads[0] {
		got[name] = p.heads[0].Get(name)
	}
	for _, ofHTTP := range []string{"Accept-Encoding", "Content-Length", "User-Agent"} {
		delete(got, ofHTTP)
	}
	want := map[string]string{
		"Webhook-Id": m.ID, "Webhook-Timestamp": "1767585600", "Webhook-Signature": Sign(key, m.ID, noon, m.Body),
		"X-Notification-Id": m.ID, "X-Notification-Type": "notice.ordered", "X-Schema-Version": "1.0",
		"X-Sequence": "12", "X-Subject": "notice/%E6%9F%A5%E9%AA%8C%201%25",
		"X-Attempt": "3", "X-Attempt-Id": "attempt-id", "X-Replay": "true",
		"Content-Type": "application/json; charset=utf-8", "Content-Disposition": "attachment; filename*=utf-8''%E6%9F%A5%E9%AA%8C_1",
		"Content-Digest": "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":", "Accept": "*/*",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestWithoutAValidSecretNothingLeaves(t *testing.T) {
	t.Parallel()
	p, a, _ := setup(t)
	a.Secrets = []Secret{{Key: key, Until: noon}}
	if _, err := a.Deliver(t.Context(), adaptertest.Message(1)); !isPermanent(err) {
		t.Errorf("got %v, want a permanent error", err)
	}
	if len(p.heads) != 0 {
		t.Error("an unsigned message left")
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"notice/A-1": "notice/A-1", "50%": "50%25", "a\r\nX-Evil: 1": "a%0D%0AX-Evil:%201", "": ""} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
}

package dxp

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)

// peer is a data centre that keeps what it takes.
type peer struct {
	mu      sync.Mutex
	bodies  map[string]string // wire bytes by message id
	taken   []adaptertest.Arrival
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
	if p.slow != nil {
		close(p.slow)
		<-p.release
		return
	}
	if p.refuses != 0 {
		w.WriteHeader(p.refuses)
		return
	}
	e, faults := Read(body)
	if len(faults) > 0 || e.CopMsgID != r.Header.Get(HeaderMessageID) || e.CopMsgID != r.Header.Get(HeaderIdempotencyKey) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	if first, known := p.bodies[e.CopMsgID]; known {
		if first != string(body) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		w.Header().Set(HeaderDuplicate, "true")
		return
	}
	p.bodies[e.CopMsgID] = string(body)
	p.taken = append(p.taken, adaptertest.Arrival{FileName: e.FileName, Body: e.Data})
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
		Client:     portadapters.NewClient(portadapters.Options{Transport: transport, RetryWait: time.Millisecond}),
		URL:        "http://" + addr + "/dxp?token=secret",
		SenderID:   "DXPENT0000000001",
		ReceiverID: "DXPEDCDEC0000001",
		Clock:      func() time.Time { return noon },
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

func TestStrangers(t *testing.T) {
	t.Parallel()
	adaptertest.Strangers(t, func(t *testing.T, address string) portadapters.Adapter {
		transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{address}})
		t.Cleanup(transport.CloseIdleConnections)
		return &Adapter{Client: portadapters.NewClient(portadapters.Options{Transport: transport, Timeout: time.Hour, RetryWait: time.Millisecond}),
			URL: "http://" + address + "/dxp", SenderID: "DXPENT0000000001", ReceiverID: "DXPEDCDEC0000001"}
	})
}

func TestReceiptNamesHostAndNeverTheQuery(t *testing.T) {
	t.Parallel()
	p, a, _ := setup(t)
	got, err := a.Deliver(t.Context(), adaptertest.Message(1))
	if err != nil {
		t.Fatal(err)
	}
	want := portadapters.Receipt{At: noon, Peer: portadapters.HostOf(a.URL), Detail: "200 OK"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	p.refuses = http.StatusForbidden
	_, err = a.Deliver(t.Context(), adaptertest.Message(2))
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v, want one without the query", err)
	}
}

func TestResendHasTheSameBytesWheneverItLeaves(t *testing.T) {
	t.Parallel()
	_, a, _ := setup(t)
	m := adaptertest.Message(1)
	first, err := a.envelope(&m)
	if err != nil {
		t.Fatal(err)
	}
	m.Attempt, m.Redelivery = 9, true
	a.Clock = func() time.Time { return noon.Add(24 * time.Hour) }
	second, err := a.envelope(&m)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(second)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	e, faults := Read(first)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if want, err := portadapters.TimeOf(m.ID); err != nil || !e.CreatedAt.Equal(want) {
		t.Errorf("CreatTime %v, want the time inside the id, %v (%v)", e.CreatedAt, want, err)
	}
}

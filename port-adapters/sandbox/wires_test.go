package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/receipts"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
	"kouan/port-adapters/dxp"
)

// desk is where a gateway hears receipts.
type desk struct {
	mu     sync.Mutex
	events []declarations.Event
	ill    int // answers 503 so often first
	heard  chan struct{}
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Authorization") != "Bearer customs-key" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ill > 0 {
		d.ill--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	event, faults := receipts.Parse(body, "")
	if len(faults) > 0 {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	d.events = append(d.events, event)
	w.WriteHeader(http.StatusAccepted)
	d.heard <- struct{}{}
}

// town is a running sandbox with a gateway's two ends.
type town struct {
	*Sandbox
	desk    *desk
	adapter *dxp.Adapter
}

func newTown(t *testing.T, c *Customs, o portadapters.Options) *town {
	t.Helper()
	d := &desk{heard: make(chan struct{}, 1000)}
	server := httptest.NewServer(d)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Run(ctx, Config{Customs: c, CallbackURL: server.URL + "/api/v1/receipts", CallbackKey: "customs-key"})
	if err != nil {
		t.Fatal(err)
	}
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{s.Addr}})
	t.Cleanup(func() {
		cancel()
		s.Wait()
		transport.CloseIdleConnections()
		server.Close()
	})
	o.Transport, o.Retries = transport, -1
	return &town{Sandbox: s, desk: d, adapter: &dxp.Adapter{
		Client: portadapters.NewClient(o), URL: s.URL, SenderID: "DXPENT0000000001", ReceiverID: senderID,
	}}
}

// message is number n of the suite's messages, with another document.
func message(n int, reference string) portadapters.Message {
	m := adaptertest.Message(n)
	m.Body = decMessage(reference, "I")
	return adaptertest.Sealed(m)
}

func (tw *town) wait(n int) []declarations.Event {
	for range n {
		<-tw.desk.heard
	}
	tw.desk.mu.Lock()
	defer tw.desk.mu.Unlock()
	return tw.desk.events
}

func TestAnswersOverDxpComeBackByCallback(t *testing.T) {
	t.Parallel()
	tw := newTown(t, &Customs{Delay: time.Millisecond}, portadapters.Options{})
	tw.desk.ill = 2
	m := message(1, "SBXREL0000000001")
	receipt, err := tw.adapter.Deliver(t.Context(), m)
	if err != nil || receipt.Duplicate {
		t.Fatalf("got %+v, %v", receipt, err)
	}
	events := tw.wait(6)
	var codes []string
	for _, e := range events {
		codes = append(codes, e.Code)
		if e.MessageID != m.ID || e.FileName != m.FileName {
			t.Errorf("%s answers %s %s, want %s %s", e.Code, e.MessageID, e.FileName, m.ID, m.FileName)
		}
		if e.SequenceNumber == "" || e.SequenceNumber != events[0].SequenceNumber {
			t.Errorf("%s has the number %q, want that of the import response, %q", e.Code, e.SequenceNumber, events[0].SequenceNumber)
		}
	}
	if diff := cmp.Diff([]string{"imported", "7", "L", "J", "P", "R"}, codes); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	if events[0].ClientReference != "SBXREL0000000001" || events[1].EntryNumber != "" || events[2].EntryNumber == "" || events[2].Office != "0902" {
		t.Errorf("events say %+v", events[:3])
	}
}

func TestAnswersWaitForACallbackAddress(t *testing.T) {
	t.Parallel()
	b := &Callback{}
	if err := b.Reply(t.Context(), Answer{}); !errors.Is(err, errNoCallback) {
		t.Errorf("got %v, want errNoCallback", err)
	}
	for _, address := range []string{"", "receipts", "/api/v1/receipts", "http://%zz"} {
		if err := b.To(address, ""); err == nil {
			t.Errorf("%q is accepted", address)
		}
	}
}

func TestWireFaultsSeenByTheAdapter(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		reference string
		customs   *Customs
		faults    Faults
		want      []string // of each delivery; "given up" is left when customs has it and says nothing
		times     int
	}{
		{"down: refused three times, then taken", "SBXDWN1", &Customs{}, Faults{}, []string{"later", "later", "later", "ok"}, 1},
		{"late: stored, answered after the time-out", "SBXLAT1", &Customs{LateBy: time.Hour}, Faults{}, []string{"given up", "duplicate"}, 2},
		{"connection closed after storing", "SBXREL1", &Customs{}, Faults{DropAnswerRate: 1}, []string{"unknown", "unknown"}, 2},
		{"always failing", "SBXREL1", &Customs{}, Faults{FailRate: 1}, []string{"later", "later"}, 0},
		{"slow for everybody", "SBXREL1", &Customs{}, Faults{Delay: time.Hour}, []string{"given up", "given up"}, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.customs.Silent = true
			tw := newTown(t, c.customs, portadapters.Options{Timeout: time.Minute})
			tw.Customs.Misbehave(c.faults)
			m := message(1, c.reference)
			var got []string
			for i, want := range c.want {
				if want == "given up" {
					got = append(got, tw.giveUp(t, m, i+1))
					continue
				}
				receipt, err := tw.adapter.Deliver(t.Context(), m)
				got = append(got, word(receipt, err))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("deliveries (-want +got):\n%s", diff)
			}
			if times := tw.times(); times != c.times {
				t.Errorf("taken %d times, want %d", times, c.times)
			}
			if v := tw.Customs.Violations(); len(v) > 0 {
				t.Errorf("violations %+v", v)
			}
		})
	}
}

// times counts what was taken.
func (tw *town) times() int {
	n := 0
	for _, d := range tw.Customs.Deliveries() {
		n += d.Times
	}
	return n
}

// giveUp delivers m and stops waiting for the answer once it was taken for
// the given time: a time-out without a clock.
func (tw *town) giveUp(t *testing.T, m portadapters.Message, times int) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	result := make(chan string, 1)
	go func() {
		receipt, err := tw.adapter.Deliver(ctx, m)
		result <- word(receipt, err)
	}()
	for {
		select {
		case got := <-result:
			if got == "unknown" && ctx.Err() != nil {
				return "given up"
			}
			return got
		case <-time.After(time.Millisecond):
			if tw.times() == times {
				cancel()
			}
		}
	}
}

func word(r portadapters.Receipt, err error) string {
	var later *portadapters.RetryAfterError
	switch {
	case err == nil && r.Duplicate:
		return "duplicate"
	case err == nil:
		return "ok"
	case errors.Is(err, portadapters.ErrPermanent):
		return "permanent"
	case errors.Is(err, portadapters.ErrUnknown):
		return "unknown"
	case errors.As(err, &later):
		return "later"
	}
	return err.Error()
}

func TestHandlerAnswers(t *testing.T) {
	t.Parallel()
	good, err := dxp.Write(dxp.Envelope{ID: "a", CopMsgID: "a", SenderID: "s", ReceiverIDs: []string{"r"}, CreatedAt: time.Unix(0, 0), MsgType: "DECMSG", Data: decMessage("SBXREL1", "I")})
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(good), "<MsgType>DECMSG", "<MsgType>OTHER", 1)
	type request struct {
		method, path, kind, id, body string
		want                         int
	}
	cases := []struct {
		name       string
		requests   []request
		violations int
	}{
		{"taken, then known, then contradicted", []request{
			{"POST", "/dxp", "application/xml; charset=utf-8", "a", string(good), 200},
			{"POST", "/dxp", "text/xml", "", string(good), 200},
			{"POST", "/dxp", "application/xml", "", other, 409}}, 1},
		{"wrong type", []request{{"POST", "/dxp", "application/json", "", string(good), 415}, {"POST", "/dxp", "", "", string(good), 415}}, 0},
		{"not an envelope", []request{{"POST", "/dxp", "application/xml", "", "<DecMessage/>", 422}, {"POST", "/dxp", "application/xml", "", "", 422}}, 2},
		{"header of another message", []request{{"POST", "/dxp", "application/xml", "b", string(good), 422}}, 1},
		{"too large", []request{{"POST", "/dxp", "application/xml", "", strings.Repeat("x", maxBody+1), 413}}, 0},
		{"other methods and places", []request{{"GET", "/dxp", "", "", "", 405}, {"POST", "/sandbox/deliveries", "", "", "", 405}, {"GET", "/", "", "", "", 404}}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			customs := &Customs{Silent: true}
			handler := customs.Handler(nil)
			for _, q := range c.requests {
				r := httptest.NewRequestWithContext(t.Context(), q.method, q.path, strings.NewReader(q.body))
				r.Header.Set("Content-Type", q.kind)
				if q.id != "" {
					r.Header.Set(dxp.HeaderMessageID, q.id)
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != q.want {
					t.Errorf("%s %s: got %d, want %d: %s", q.method, q.path, w.Code, q.want, w.Body)
				}
			}
			if got := len(customs.Violations()); got != c.violations {
				t.Errorf("%d violations, want %d: %+v", got, c.violations, customs.Violations())
			}
		})
	}
}

func TestListsAreJSON(t *testing.T) {
	t.Parallel()
	c := &Customs{Silent: true, Clock: func() time.Time { return time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC) }}
	empty := httptest.NewRecorder()
	c.Handler(nil).ServeHTTP(empty, httptest.NewRequestWithContext(t.Context(), "GET", "/sandbox/deliveries", nil))
	if got := empty.Body.String(); got != "[]" {
		t.Errorf("no deliveries: got %q, want []", got)
	}
	c.take((&ear{}).arrival(1, "SBXREL1"))
	c.take((&ear{}).arrival(1, "SBXREL1"))
	w := httptest.NewRecorder()
	c.Handler(nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/sandbox/deliveries", nil))
	var got []map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got) != 1 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if len(got[0]["sha256"].(string)) != 64 {
		t.Errorf("sha256 is %v", got[0]["sha256"])
	}
	delete(got[0], "sha256")
	want := map[string]any{"message_id": messageID(1), "client_reference": "SBXREL1", "file_name": "I_SBXREL1", "times": 2.0, "first_at": "2026-01-05T04:00:00Z"}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRunRefusesABadConfiguration(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"address":  {Addr: "127.0.0.1:x"},
		"callback": {CallbackURL: "nowhere"},
		"folder":   {FileRoot: "/dev/null/x"},
	} {
		if s, err := Run(t.Context(), cfg); err == nil {
			t.Errorf("%s: runs on %s", name, s.Addr)
		}
	}
}

package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/i18n"
)

// fast is a pace for tests.
func fast(b *bundle) {
	b.pace = pace{poll: 5 * time.Millisecond, sweep: 20 * time.Millisecond, overlap: 10 * time.Second, heartbeat: time.Hour, write: 5 * time.Second}
}

// follower reads one event stream.
type follower struct {
	lines *bufio.Scanner
	close func()
}

func (b *bundle) follow(t *testing.T, addr, who, last string) *follower {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.keys[who])
	r.Header.Set("Accept-Language", "en")
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("stream answers %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	f := &follower{lines: bufio.NewScanner(resp.Body)}
	f.close = func() {
		cancel()
		if err := resp.Body.Close(); err != nil {
			t.Logf("close stream: %v", err)
		}
		client.CloseIdleConnections()
	}
	t.Cleanup(f.close)
	return f
}

// next is the next event; comments are skipped. ok is false at the end.
func (f *follower) next(t *testing.T) (e Event, ok bool) {
	t.Helper()
	var id, kind string
	for f.lines.Scan() {
		name, value, _ := strings.Cut(f.lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "event":
			kind = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e); err != nil {
				t.Fatalf("data %s: %v", value, err)
			}
			if e.ID != id || e.Kind != kind {
				t.Errorf("id %s, event %s do not agree with data %s", id, kind, value)
			}
			return e, true
		}
	}
	return Event{}, false
}

func TestEventsStreamToTheirOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fast(b)
	_, addr := b.listen(t, nil)
	alice, bob := b.follow(t, addr, "alice", ""), b.follow(t, addr, "bob", "")
	d := b.submitted(t, "EX1")
	e, ok := alice.next(t)
	if !ok || e.DeclarationID != d.ID || e.Kind != "submitted" || e.Status != "queued" || e.Text == "" {
		t.Fatalf("first event %+v, want submitted, queued", e)
	}
	read[Hearing](t, b.postXML(t, "customs", receipts, importResponse("EX1", "I20260000999900001", "0")), http.StatusAccepted)
	e, ok = alice.next(t)
	if !ok || e.Kind != "receipt" || e.Code != "imported" || e.Status != "imported" {
		t.Fatalf("second event %+v, want the import response", e)
	}
	mine := read[Accepted](t, b.postJSON(t, "bob", all, jsonOf(t, "EX1")), http.StatusCreated)
	if e, ok := bob.next(t); !ok || e.DeclarationID != mine.ID {
		t.Errorf("bob's first event is about %s, want his own %s", e.DeclarationID, mine.ID)
	}
}

func TestStreamResumesAfterTheLastEvent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fast(b)
	b.pace.overlap = 0 // what was seen before does not come again
	_, addr := b.listen(t, nil)
	first := b.follow(t, addr, "alice", "")
	var want []string
	for i := range 5 {
		d := b.submitted(t, fmt.Sprintf("EX%d", i))
		want = append(want, d.ID)
		time.Sleep(2 * time.Millisecond) // ids of different milliseconds
	}
	var last string
	for i := range 2 {
		e, _ := first.next(t)
		if e.DeclarationID != want[i] {
			t.Fatalf("event %d is about %s, want %s", i, e.DeclarationID, want[i])
		}
		last = e.ID
	}
	first.close()
	again := b.follow(t, addr, "alice", last)
	var got []string
	for range 3 {
		e, ok := again.next(t)
		if !ok {
			t.Fatal("the stream ended")
		}
		got = append(got, e.DeclarationID)
	}
	if diff := cmp.Diff(want[2:], got); diff != "" {
		t.Errorf("after the resume (-want +got):\n%s", diff)
	}
}

func TestStreamRefusesAForeignLastEventID(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, id := range []string{"7", "x", "' OR 1=1", "01970000-0000-4000-8000-000000000000", strings.ToUpper(newID())} {
		p := refused(t, b.ask(t, "alice", http.MethodGet, "/api/v1/events", nil, "Last-Event-ID", id), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Path != "header.Last-Event-ID" {
			t.Errorf("%s: faults %v", id, p.Faults)
		}
	}
}

// eventAt is an event with an id of the given instant.
func eventAt(ms int64, n byte) store.Event {
	id := []byte(idAt(time.UnixMilli(ms)))
	id[len(id)-1] = 'a' + n
	return store.Event{ID: string(id), Kind: "submitted", DeclarationID: fmt.Sprint(n)}
}

// TestFeedFindsWhatAppearsBehind: ids of several processes become visible out
// of order, and more than one page at once.
func TestFeedFindsWhatAppearsBehind(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_000)
	var visible []store.Event
	f := &feed{clock: func() time.Time { return now }, start: idAt(now), newest: idAt(now), swept: now, sent: map[string]struct{}{},
		pace: pace{sweep: 2 * time.Second, overlap: 10 * time.Second},
		read: func(_ context.Context, after string, limit int) ([]store.Event, error) {
			var rows []store.Event
			for _, e := range visible {
				if e.ID > after && len(rows) < limit {
					rows = append(rows, e)
				}
			}
			return rows, nil
		}}
	show := func(e ...store.Event) {
		visible = append(visible, e...)
		slices.SortFunc(visible, func(a, b store.Event) int { return strings.Compare(a.ID, b.ID) })
	}
	drain := func() string {
		w := httptest.NewRecorder()
		st := &stream{clock: time.Now, w: w, control: http.NewResponseController(deadliner{w}), words: i18n.For(i18n.En)}
		if err := f.drain(t.Context(), st); err != nil {
			t.Fatalf("drain: %v", err)
		}
		var got []string
		for line := range strings.Lines(w.Body.String()) {
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				var e Event
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Fatal(err)
				}
				got = append(got, e.DeclarationID)
			}
		}
		return strings.Join(got, " ")
	}
	ms := now.UnixMilli()
	show(eventAt(ms-5_000, 9)) // before the stream began
	show(eventAt(ms+1_000, 1), eventAt(ms+3_000, 3))
	if got := drain(); got != "1 3" {
		t.Errorf("first drain %q, want 1 3", got)
	}
	show(eventAt(ms+2_000, 2)) // became visible behind 3
	if got := drain(); got != "" {
		t.Errorf("before the sweep %q, want nothing", got)
	}
	now = now.Add(3 * time.Second)
	if got := drain(); got != "2" {
		t.Errorf("at the sweep %q, want 2", got)
	}
	now = now.Add(20 * time.Second)
	show(eventAt(ms+20_000, 4))
	if got := drain(); got != "4" {
		t.Errorf("later %q, want 4", got)
	}
	now = now.Add(3 * time.Second)
	if got := drain(); got != "" || len(f.sent) > 2 {
		t.Errorf("at the next sweep %q with %d ids remembered, want nothing new and the old ones forgotten", got, len(f.sent))
	}
	for i := range 2*feedPage + 7 {
		id := idAt(time.UnixMilli(ms + 30_000 + int64(i)))
		show(store.Event{ID: id, Kind: "submitted", DeclarationID: "x"})
	}
	if got := strings.Count(drain(), "x"); got != 2*feedPage+7 {
		t.Errorf("%d events of three pages, want %d", got, 2*feedPage+7)
	}
}

// deadliner is a recorder that takes deadlines.
type deadliner struct{ *httptest.ResponseRecorder }

func (deadliner) SetWriteDeadline(time.Time) error { return nil }

func TestStreamEndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fast(b)
	srv, addr := b.listen(t, nil)
	f := b.follow(t, addr, "alice", "")
	b.submitted(t, "EX1")
	if _, ok := f.next(t); !ok {
		t.Fatal("no event")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Shutdown(ctx) }()
	if e, ok := f.next(t); ok {
		t.Errorf("event %+v after the stop", e)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

func TestStreamBeatsAndEndsWithItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fast(b)
	b.pace.heartbeat = 20 * time.Millisecond
	b.Auth = &auth.Authenticator{Keys: b.db, Clock: time.Now, Fresh: time.Nanosecond}
	_, addr := b.listen(t, nil)
	f := b.follow(t, addr, "alice", "")
	beats := 0
	for beats < 2 && f.lines.Scan() {
		if f.lines.Text() == ":" {
			beats++
		}
	}
	if beats < 2 {
		t.Fatal("no heartbeats")
	}
	_, k, err := b.db.PartnerByKey(t.Context(), auth.HashKey(b.keys["alice"]))
	if err != nil {
		t.Fatal(err)
	}
	k.RevokedAt = time.Now().UnixMilli()
	if err := b.db.Commit(t.Context(), store.Change{Revoke: &k}); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.next(t); ok {
		t.Error("an event for a revoked key")
	}
}

func TestChangeInThisProcessNeedsNoPoll(t *testing.T) {
	t.Parallel()
	changed := make(chan struct{})
	b := setup(t, func(c *Config) { c.Changed = func() <-chan struct{} { return changed } })
	fast(b)
	b.pace.poll = time.Hour
	_, addr := b.listen(t, nil)
	f := b.follow(t, addr, "alice", "")
	f.lines.Scan() // the stream stands
	b.submitted(t, "EX1")
	close(changed)
	if _, ok := f.next(t); !ok {
		t.Error("no event")
	}
}

func TestStreamsOfOnePartnerAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.MaxStreams = 8 })
	fast(b)
	_, addr := b.listen(t, nil)
	f := b.follow(t, addr, "alice", "")
	refused(t, b.ask(t, "alice", http.MethodGet, "/api/v1/events", nil), http.StatusTooManyRequests, "overload")
	b.follow(t, addr, "bob", "")
	f.close()
	for range 1000 {
		if b.streams.claim(b.partner["alice"]) {
			b.streams.release(b.partner["alice"])
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a stream that ended still holds its place")
}

// pipes is a listener whose connections have no buffer: a reader that does
// not read blocks the writer at once.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func TestSlowReaderIsCut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fast(b)
	b.pace.write = 50 * time.Millisecond
	l := &pipes{make(chan net.Conn), make(chan struct{})}
	srv := Server(b.handler)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	client, server := net.Pipe()
	l.conns <- server
	_, err := fmt.Fprintf(client, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", b.keys["alice"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 16)); err != nil { // the answer begins, and is not read on
		t.Fatal(err)
	}
	b.idle(t)
	if err := errors.Join(client.Close(), srv.Close()); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("serve: %v", err)
	}
}

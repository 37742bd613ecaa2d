package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
)

func TestBodyLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.MaxDeclaration, c.MaxReceipt, c.MaxBody = 64<<10, 32<<10, 1<<10 })
	if _, err := b.Desk.FeeEdition(t.Context()); err != nil { // the first asker publishes the built-in tables
		t.Fatal(err)
	}
	before := b.rows(t)
	for i := range routes {
		rt := &routes[i]
		if rt.method == http.MethodGet {
			continue
		}
		limit := rt.limit.of(&b.Config)
		who := "alice"
		if !(auth.Principal{Role: auth.Forwarder}).May(rt.act) {
			who = "customs"
		}
		if !(auth.Principal{Role: auth.Customs}).May(rt.act) && who == "customs" {
			who = "terminal"
		}
		if !(auth.Principal{Role: auth.Terminal}).May(rt.act) && who == "terminal" {
			who = "authority"
		}
		path, _, headers := target(t, rt, newID())
		body := bytes.Repeat([]byte("x"), int(limit)+1)
		p := refused(t, b.ask(t, who, rt.method, path, body, headers...), http.StatusRequestEntityTooLarge, "too_large")
		if !strings.Contains(p.Detail, bytesText(limit)) {
			t.Errorf("%s: %q does not name the limit %s", rt.path, p.Detail, bytesText(limit))
		}
		if rt.limit != ofRest { // a body whose length is not told in advance
			r := httptest.NewRequestWithContext(t.Context(), rt.method, path, io.MultiReader(bytes.NewReader(body)))
			r.ContentLength = -1
			r.Header.Set("Authorization", "Bearer "+b.keys[who])
			r.Header.Set("Content-Type", typeXML)
			if strings.HasPrefix(rt.path, "/api/v1/fee-") || strings.HasPrefix(rt.path, "/api/v1/complaint-") { // these take no XML
				r.Header.Set("Content-Type", typeJSON)
			}
			r.Header.Set("If-Match", `"1"`)
			w := httptest.NewRecorder()
			b.handler.ServeHTTP(w, r)
			refused(t, answer{w.Code, w.Header(), w.Body.Bytes()}, http.StatusRequestEntityTooLarge, "too_large")
		}
		at := b.ask(t, who, rt.method, path, body[:limit], headers...)
		if at.status == http.StatusRequestEntityTooLarge {
			t.Errorf("%s: a body of exactly the limit is refused", rt.path)
		}
	}
	if used := b.buffered.used.Load(); used != 0 {
		t.Errorf("%d bytes of the budget were not given back", used)
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused body wrote (-before +after):\n%s", diff)
	}
}

func TestDocumentAboveTheLimitOfItsFormatIs413(t *testing.T) {
	t.Parallel()
	b := setup(t)
	big := bytes.Replace(jsonOf(t, "EX1"), []byte(`{`), append([]byte(`{`), bytes.Repeat([]byte(" "), 5<<20)...), 1)
	p := refused(t, b.postJSON(t, "alice", all, big), http.StatusRequestEntityTooLarge, "too_large")
	if len(p.Faults) != 1 || !strings.Contains(p.Detail, "4 MiB") {
		t.Errorf("%q with faults %v, want 4 MiB and one fault", p.Detail, p.Faults)
	}
}

// blocked is a body that tells when it is being read and waits to be let go.
type blocked struct {
	reading chan struct{}
	release chan struct{}
	rest    io.Reader
	told    bool
}

func (r *blocked) Read(p []byte) (int, error) {
	if !r.told {
		r.told = true
		r.reading <- struct{}{}
		<-r.release
	}
	return r.rest.Read(p)
}

func TestOverloadIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		max    int
		other  string // who asks while the places are taken
		status int
		code   string
	}{
		{"all places taken", 2, "bob", http.StatusServiceUnavailable, "overload"},
		{"the part of one partner taken", 4, "alice", http.StatusTooManyRequests, "overload"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *Config) { c.MaxInFlight = row.max })
			holders := []string{"alice", "bob"}
			if row.other == "alice" {
				holders = []string{"alice", "alice"}
			}
			reading, release, done := make(chan struct{}), make(chan struct{}), make(chan answer)
			for i, who := range holders {
				go func() {
					body := jsonOf(t, fmt.Sprintf("EX%d", i))
					r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, all, &blocked{reading: reading, release: release, rest: bytes.NewReader(body)})
					r.Header.Set("Authorization", "Bearer "+b.keys[who])
					r.Header.Set("Content-Type", typeJSON)
					w := httptest.NewRecorder()
					b.handler.ServeHTTP(w, r)
					done <- answer{w.Code, w.Header(), w.Body.Bytes()}
				}()
				<-reading
			}
			before := b.rows(t)
			a := b.postJSON(t, row.other, all, jsonOf(t, "EX9"))
			refused(t, a, row.status, row.code)
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			if live := b.ask(t, "", http.MethodGet, "/livez", nil); live.status != http.StatusOK {
				t.Errorf("livez under overload: %d", live.status)
			}
			if diff := cmp.Diff(before, b.rows(t)); diff != "" {
				t.Errorf("a refused request wrote (-before +after):\n%s", diff)
			}
			close(release)
			for range holders {
				read[Accepted](t, <-done, http.StatusCreated)
			}
			read[Accepted](t, b.postJSON(t, row.other, all, jsonOf(t, "EX9")), http.StatusCreated)
		})
	}
}

func TestBodiesInMemoryAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.MaxBuffered = 100 << 10 })
	a := b.postJSON(t, "alice", all, bytes.Repeat([]byte(" "), 200<<10))
	refused(t, a, http.StatusServiceUnavailable, "overload")
	if used := b.buffered.used.Load(); used != 0 {
		t.Errorf("%d bytes of the budget were not given back", used)
	}
	read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1")), http.StatusCreated)
}

func TestDatabaseThatDoesNotAnswerIs503(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) {
		c.Deadline = time.Nanosecond
		c.Store = func(context.Context) error { return errors.New("secret host name") }
	})
	before := b.rows(t)
	a := b.postJSON(t, "alice", all, jsonOf(t, "EX1"))
	refused(t, a, http.StatusServiceUnavailable, "unavailable")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}
	ready := b.ask(t, "", http.MethodGet, "/readyz", nil)
	if got := read[Readiness](t, ready, http.StatusServiceUnavailable); got.Checks["database"] != "failing" || bytes.Contains(ready.body, []byte("secret")) {
		t.Errorf("readyz %s", ready.body)
	}
	if live := b.ask(t, "", http.MethodGet, "/livez", nil); live.status != http.StatusOK {
		t.Errorf("livez: %d", live.status)
	}
}

func TestReadyWhenAllTurns(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Outbox = func(context.Context) error { return nil } })
	got := read[Readiness](t, b.ask(t, "", http.MethodGet, "/readyz", nil), http.StatusOK)
	if diff := cmp.Diff(Readiness{"ready", map[string]string{"database": "ok", "outbox": "ok"}}, got); diff != "" {
		t.Errorf("readyz (-want +got):\n%s", diff)
	}
}

func TestUnknownRoutesAndMethods(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/", "/api/v1/nothing", "/api/v1/declarations/", "/api/v2/declarations", "/schemas/Problem.json", "/openapi.yaml"} {
		refused(t, b.ask(t, "alice", http.MethodGet, path, nil), http.StatusNotFound, "not_found")
	}
	for path, allow := range map[string]string{all: "GET, HEAD, POST", all + "/x": "GET, HEAD, PUT", receipts: "POST", "/livez": "GET, HEAD"} {
		for _, method := range []string{http.MethodDelete, http.MethodTrace, http.MethodPatch, http.MethodConnect, "BREW"} {
			a := b.ask(t, "alice", method, path, nil)
			refused(t, a, http.StatusMethodNotAllowed, "method")
			if a.header.Get("Allow") != allow {
				t.Errorf("%s %s: Allow %q, want %q", method, path, a.header.Get("Allow"), allow)
			}
		}
	}
}

func TestPanicIsA500WithoutAWord(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Outbox = func(context.Context) error { panic("secret of the outbox") } })
	a := b.ask(t, "", http.MethodGet, "/readyz", nil)
	refused(t, a, http.StatusInternalServerError, "internal")
	if bytes.Contains(a.body, []byte("secret")) || strings.Contains(b.logs.String(), "secret of the outbox") {
		t.Errorf("the panic shows: %s", a.body)
	}
	if !strings.Contains(b.logs.String(), "panicked") {
		t.Error("the panic is not in the log")
	}
}

// listen serves the bundle on a real connection.
func (b *bundle) listen(t *testing.T, change func(*http.Server)) (srv *http.Server, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv = Server(b.handler)
	if change != nil {
		change(srv)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Errorf("close server: %v", err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	return srv, l.Addr().String()
}

func TestServerHasTheLimitsOfThePromises(t *testing.T) {
	t.Parallel()
	srv := Server(http.NotFoundHandler())
	if srv.ReadHeaderTimeout != 5*time.Second || srv.MaxHeaderBytes != 16<<10 || srv.ReadTimeout <= 0 || srv.WriteTimeout <= srv.ReadTimeout || srv.IdleTimeout <= 0 {
		t.Errorf("limits: header %v, read %v, write %v, idle %v, %d header bytes", srv.ReadHeaderTimeout, srv.ReadTimeout, srv.WriteTimeout, srv.IdleTimeout, srv.MaxHeaderBytes)
	}
}

// raw sends the beginning of a submission of 1,000 bytes and no more.
func (b *bundle) raw(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Errorf("close: %v", err)
		}
	})
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"declaration\":", all, b.keys["alice"])
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestSlowClientIsCutAndHoldsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	_, addr := b.listen(t, func(s *http.Server) { s.ReadTimeout = 200 * time.Millisecond })
	conn := b.raw(t, addr)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, answer{resp.StatusCode, resp.Header, body}, http.StatusRequestTimeout, "unavailable")
	b.idle(t)
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("half a body wrote (-before +after):\n%s", diff)
	}
}

func TestCutBodyWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	_, addr := b.listen(t, nil)
	if err := b.raw(t, addr).Close(); err != nil {
		t.Fatal(err)
	}
	b.idle(t)
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("half a body wrote (-before +after):\n%s", diff)
	}
}

func TestHugeHeadersAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, addr := b.listen(t, nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Big", strings.Repeat("x", 64<<10))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", resp.StatusCode)
	}
}

// idle waits until no request holds a place or bytes.
func (b *bundle) idle(t *testing.T) {
	t.Helper()
	held := func(s *share) int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.used + len(s.by)
	}
	for range 1000 {
		if held(b.requests) == 0 && held(b.streams) == 0 && b.buffered.used.Load() == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("places still held after ten seconds: %d requests, %d streams, %d bytes", held(b.requests), held(b.streams), b.buffered.used.Load())
}

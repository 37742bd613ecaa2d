package webhook

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func isPermanent(err error) bool { return errors.Is(err, portadapters.ErrPermanent) }

// verdict is what the queue makes of an error, in a word.
func verdict(err error) string {
	var asked *portadapters.RetryAfterError
	switch {
	case err == nil:
		return "delivered"
	case errors.Is(err, portadapters.ErrGone):
		return "gone"
	case isPermanent(err):
		return "permanent"
	case errors.As(err, &asked):
		return "after " + asked.After.String()
	case errors.Is(err, portadapters.ErrUnknown):
		return "unknown"
	}
	return "temporary"
}

// raw serves connections by hand: after the request was read, talk has the
// connection until quit closes.
func raw(t *testing.T, talk func(c net.Conn, quit <-chan struct{})) (address string, dials func() int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	quit, count, ended := make(chan struct{}), make(chan int, 1), make(chan struct{})
	count <- 0
	go func() {
		defer close(ended)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			count <- <-count + 1
			if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				io.Copy(io.Discard, r.Body)
				talk(c, quit)
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { close(quit); listener.Close(); <-ended })
	return listener.Addr().String(), func() int { n := <-count; count <- n; return n }
}

// to is an adapter for an address that stands on this machine.
func to(t *testing.T, address string) *Adapter {
	t.Helper()
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")}})
	t.Cleanup(transport.CloseIdleConnections)
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	return &Adapter{URL: address, Secrets: []Secret{{Key: key}},
		Client: portadapters.NewClient(portadapters.Options{Transport: transport, RetryWait: time.Millisecond})}
}

// Promise P5: each of these ends within the time of the call with the word
// that the queue needs.
func TestWhatAReceiverMayAnswer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status int
		header http.Header
		want   string
	}{
		{200, nil, "delivered"},
		{202, nil, "delivered"},
		{204, nil, "delivered"},
		{301, http.Header{"Location": {"/elsewhere"}}, "permanent"},
		{302, http.Header{"Location": {"http://169.254.169.254/latest/meta-data"}}, "permanent"},
		{307, http.Header{"Location": {"/elsewhere"}}, "permanent"},
		{304, nil, "permanent"},
		{400, nil, "permanent"},
		{401, nil, "permanent"},
		{404, nil, "permanent"},
		{409, nil, "permanent"},
		{410, nil, "gone"},
		{413, nil, "permanent"},
		{422, nil, "permanent"},
		{408, nil, "temporary"},
		{425, nil, "temporary"},
		{429, nil, "temporary"},
		{429, http.Header{"Retry-After": {"7"}}, "after 7s"},
		{429, http.Header{"Retry-After": {"Mon, 05 Jan 2026 04:02:00 GMT"}, "Date": {"Mon, 05 Jan 2026 04:00:00 GMT"}}, "after 2m0s"},
		{429, http.Header{"Retry-After": {"Mon, 05 Jan 2026 03:00:00 GMT"}, "Date": {"Mon, 05 Jan 2026 04:00:00 GMT"}}, "after 0s"},
		{429, http.Header{"Retry-After": {"soon"}}, "temporary"},
		{503, http.Header{"Retry-After": {"999999999"}}, "after 1h0m0s"},
		{500, nil, "temporary"},
		{502, nil, "temporary"},
		{599, nil, "temporary"},
	} {
		t.Run(fmt.Sprint(row.status, row.header), func(t *testing.T) {
			t.Parallel()
			elsewhere := false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				elsewhere = elsewhere || r.URL.Path == "/elsewhere"
				maps.Copy(w.Header(), row.header)
				w.WriteHeader(row.status)
			}))
			t.Cleanup(server.Close)
			_, err := to(t, server.URL).Deliver(t.Context(), adaptertest.Message(1))
			if got := verdict(err); got != row.want {
				t.Errorf("%s (%v), want %s", got, err, row.want)
			}
			if errors.Is(err, portadapters.ErrGone) && !isPermanent(err) {
				t.Error("what is gone must be permanent as well")
			}
			if elsewhere {
				t.Error("a redirect was followed")
			}
		})
	}
}

func TestHowAReceiverMayBreak(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	hold := func(_ net.Conn, quit <-chan struct{}) { <-quit }
	for _, row := range []struct {
		name string
		talk func(net.Conn, <-chan struct{})
		want string
	}{
		{"takes the request and says nothing", hold, "unknown"},
		{"closes without an answer", func(net.Conn, <-chan struct{}) {}, "unknown"},
		{"closes its sending half and waits", func(c net.Conn, quit <-chan struct{}) { c.(*net.TCPConn).CloseWrite(); <-quit }, "unknown"},
		{"half a status line", func(c net.Conn, quit <-chan struct{}) { io.WriteString(c, "HTTP/1.1 20"); <-quit }, "unknown"},
		{"speaks no HTTP", func(c net.Conn, _ <-chan struct{}) { io.WriteString(c, "220 smtp ready\r\n") }, "unknown"},
		{"drips its headers", func(c net.Conn, quit <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			drip(c, quit, "X-Drop: 1\r\n")
		}, "unknown"},
		{"headers without end", func(c net.Conn, quit <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX-Long: ")
			flood(c, quit)
		}, "unknown"},
		{"drips its body after a 200", func(c net.Conn, quit <-chan struct{}) {
			io.WriteString(c, ok+"Content-Length: 1000000\r\n\r\n")
			drip(c, quit, "x")
		}, "delivered"},
		{"a body without end after a 200", func(c net.Conn, quit <-chan struct{}) {
			io.WriteString(c, ok+"\r\n")
			flood(c, quit)
		}, "delivered"},
		{"a body without end after a 400", func(c net.Conn, quit <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
			flood(c, quit)
		}, "permanent"},
		{"a body that breaks off after a 200", func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, ok+"Content-Length: 100\r\n\r\nhalf")
		}, "delivered"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			address, _ := raw(t, row.talk)
			a := to(t, address)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			begin := time.Now()
			_, err := a.Deliver(ctx, adaptertest.Message(1))
			if got := verdict(err); got != row.want {
				t.Errorf("%s (%v), want %s", got, err, row.want)
			}
			limit := 10 * time.Second // well after the deadline
			if row.want != "unknown" {
				limit = 1500 * time.Millisecond // the status line is enough
			}
			if took := time.Since(begin); took > limit {
				t.Errorf("took %s, want at most %s", took, limit)
			}
		})
	}
}

func drip(c net.Conn, quit <-chan struct{}, drop string) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-quit:
			return
		case <-tick.C:
			if _, err := io.WriteString(c, drop); err != nil {
				return
			}
		}
	}
}

func flood(c net.Conn, quit <-chan struct{}) {
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = 'x'
	}
	for {
		select {
		case <-quit:
			return
		default:
			c.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	}
}

func TestNothingLeavesBeforeTLSIsTrusted(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		start func(*httptest.Server)
	}{
		{"a certificate of nobody we know", func(s *httptest.Server) { s.StartTLS() }},
		{"a version of the last century", func(s *httptest.Server) {
			s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
			s.StartTLS()
		}},
		{"no TLS at all", func(s *httptest.Server) { s.Start(); s.URL = "https" + strings.TrimPrefix(s.URL, "http") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			called := false
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
			server.Config.ErrorLog = silent()
			row.start(server)
			t.Cleanup(server.Close)
			_, err := to(t, server.URL).Deliver(t.Context(), adaptertest.Message(1))
			if got := verdict(err); got != "temporary" || called {
				t.Errorf("%s (%v), called %v; want temporary and not called", got, err, called)
			}
		})
	}
}

func TestAnAddressInsideIsRefusedAtTheDial(t *testing.T) {
	t.Parallel()
	address, dials := raw(t, func(net.Conn, <-chan struct{}) {})
	transport := portadapters.NewTransport(portadapters.Guard{})
	t.Cleanup(transport.CloseIdleConnections)
	a := &Adapter{URL: "http://" + address, Secrets: []Secret{{Key: key}}, Client: portadapters.NewClient(portadapters.Options{Transport: transport})}
	_, err := a.Deliver(t.Context(), adaptertest.Message(1))
	if !isPermanent(err) || !errors.Is(err, portadapters.ErrGuarded) || dials() != 0 {
		t.Errorf("got %v after %d connections, want ErrGuarded after none", err, dials())
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	opened := make(chan struct{}, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "thanks") }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	a := to(t, server.URL)
	for n := range 5 {
		if _, err := a.Deliver(t.Context(), adaptertest.Message(n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(opened); got != 1 {
		t.Errorf("%d connections for 5 deliveries, want 1", got)
	}
}

func silent() *log.Logger { return log.New(io.Discard, "", 0) }

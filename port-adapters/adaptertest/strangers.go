package adaptertest

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	portadapters "kouan/port-adapters"
)

// Strangers holds the adapter of a wire over TCP against peers that take the
// connection and are not what they should be: adapter makes one that reaches
// address, on loopback, and nothing else. Whoever listens there may be
// replaced by the real one tomorrow, so no such delivery is permanent; and
// none may take longer than its context, or fill the memory.
func Strangers(t *testing.T, adapter func(t *testing.T, address string) portadapters.Adapter) {
	t.Helper()
	cases := []struct {
		name    string
		talk    func(net.Conn)
		endless bool // the context has to end it
		silent  bool // and nothing else can
	}{
		{"one that says nothing", listen, true, true},
		{"one that says a little, for ever", drip, true, false},
		{"one that never stops talking", flood, false, false},
		{"one that speaks another language", func(c net.Conn) { say(c, "* OK [CAPABILITY IMAP4rev1] ready\r\n") }, false, false},
		{"one that says half a line", func(c net.Conn) { say(c, "2") }, false, false},
		{"one that shuts its half", shutHalf, false, false},
		{"one that hangs up", func(net.Conn) {}, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := adapter(t, stranger(t, c.talk))
			limit := 2 * patience
			if c.endless {
				limit = 500 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			_, err := returns(t, func() (portadapters.Receipt, error) { return a.Deliver(ctx, Message(1)) })
			switch {
			case err == nil:
				t.Error("delivered to a stranger")
			case errors.Is(err, portadapters.ErrPermanent):
				t.Errorf("got %v, want an error that may pass", err)
			case c.silent && !errors.Is(err, context.DeadlineExceeded):
				t.Errorf("got %v, want context.DeadlineExceeded", err)
			case len(err.Error()) > 2000:
				t.Errorf("the error repeats %d bytes", len(err.Error()))
			}
		})
	}
}

// stranger listens until the test ends.
func stranger(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var conns []net.Conn
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			running.Go(func() {
				talk(conn)
				hangUp(conn)
			})
		}
	})
	t.Cleanup(func() {
		hangUp(listener)
		mu.Lock()
		for _, c := range conns {
			hangUp(c)
		}
		mu.Unlock()
		running.Wait()
	})
	return listener.Addr().String()
}

// hangUp closes what may be closed already.
func hangUp(c io.Closer) {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		panic(err)
	}
}

// say writes until the other side has gone.
func say(c net.Conn, words string) bool {
	_, err := io.WriteString(c, words)
	return err == nil
}

func listen(c net.Conn) {
	if _, err := io.Copy(io.Discard, c); err != nil {
		return // the other side has gone
	}
}

func drip(c net.Conn) {
	for say(c, "2") {
		time.Sleep(20 * time.Millisecond)
	}
}

func flood(c net.Conn) {
	line := strings.Repeat("welcome ", 1000) + "\r\n"
	for say(c, line) {
		continue
	}
}

func shutHalf(c net.Conn) {
	half, ok := c.(interface{ CloseWrite() error })
	if ok && half.CloseWrite() == nil {
		listen(c)
	}
}

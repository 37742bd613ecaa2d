package portadapters

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/google/go-cmp/cmp"
)

func TestClassifyStatus(t *testing.T) {
	t.Parallel()
	date := http.Header{"Date": {"Mon, 05 Jan 2026 04:00:00 GMT"}}
	with := func(v string) http.Header {
		h := date.Clone()
		h.Set("Retry-After", v)
		return h
	}
	type result struct {
		Error, Permanent bool
		After            time.Duration
	}
	failed, permanent := result{Error: true}, result{Error: true, Permanent: true}
	cases := []struct {
		name   string
		codes  []int
		header http.Header
		want   result
	}{
		{"success", []int{200, 201, 202, 204, 299}, nil, result{}},
		{"redirects are never followed", []int{300, 301, 302, 303, 304, 307, 308}, nil, permanent},
		{"this item or our key is refused", []int{400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451}, nil, permanent},
		{"the other side is not well", []int{408, 425, 429, 500, 501, 502, 503, 504, 599}, nil, failed},
		{"a refusal does not become temporary by Retry-After", []int{404}, with("5"), permanent},
		{"seconds", []int{429, 503}, with("120"), result{Error: true, After: 2 * time.Minute}},
		{"a date counts from the other side's clock", []int{503}, with("Mon, 05 Jan 2026 04:00:30 GMT"), result{Error: true, After: 30 * time.Second}},
		{"a date in the past", []int{503}, with("Mon, 05 Jan 2026 03:00:00 GMT"), result{Error: true}},
		{"days are capped", []int{503}, with("604800"), result{Error: true, After: MaxRetryAfter}},
		{"nonsense is ignored", []int{503}, with("soon"), failed},
		{"a negative number is ignored", []int{503}, with("-5"), failed},
		{"a number without end is ignored", []int{503}, with("99999999999999999999"), failed},
	}
	for _, c := range cases {
		for _, code := range c.codes {
			err := ClassifyStatus(&http.Response{StatusCode: code, Header: c.header})
			got := result{Error: err != nil, Permanent: errors.Is(err, ErrPermanent)}
			var after *RetryAfterError
			if errors.As(err, &after) {
				got.After = after.After
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %d (-want +got):\n%s", c.name, code, diff)
			}
			var status *StatusError
			if err != nil && (!errors.As(err, &status) || status.Code != code) {
				t.Errorf("%s: %v does not carry the code %d", c.name, err, code)
			}
		}
	}
}

// clientOf reaches one server and nothing else.
func clientOf(t *testing.T, s *httptest.Server, o Options) *resty.Client {
	t.Helper()
	transport := NewTransport(Guard{Allow: []string{s.Listener.Addr().String()}})
	t.Cleanup(transport.CloseIdleConnections)
	o.Transport = transport
	if o.RetryWait == 0 {
		o.RetryWait = time.Millisecond
	}
	return NewClient(o)
}

func TestRetries(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name       string
		idempotent bool
		options    Options
		status     int
		retryAfter string
		want       int32
	}{
		{"an unmarked POST is sent once", false, Options{Retries: 3}, 503, "", 1},
		{"a marked call is sent once more by default", true, Options{}, 503, "", 2},
		{"a marked call is sent as often as asked", true, Options{Retries: 3}, 502, "", 4},
		{"none when switched off", true, Options{Retries: -1}, 503, "", 1},
		{"a longer wait is left to the outbox", true, Options{Retries: 3}, 503, "1", 1},
		{"a refusal is not repeated", true, Options{Retries: 3}, 400, "", 1},
		{"a fault of the other program is not repeated", true, Options{Retries: 3}, 500, "", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			s := target(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				if body, err := io.ReadAll(r.Body); err != nil || string(body) != "body" {
					t.Errorf("attempt has body %q, %v", body, err)
				}
				if c.retryAfter != "" {
					w.Header().Set("Retry-After", c.retryAfter)
				}
				w.WriteHeader(c.status)
			})
			ctx := t.Context()
			if c.idempotent {
				ctx = Idempotent(ctx)
			}
			_, err := Call(ctx, clientOf(t, s, c.options).R().SetBody(strings.NewReader("body")), http.MethodPost, s.URL)
			var status *StatusError
			if !errors.As(err, &status) || status.Code != c.status {
				t.Errorf("got %v, want the last status %d", err, c.status)
			}
			if got := calls.Load(); got != c.want {
				t.Errorf("%d attempts, want %d", got, c.want)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	followed := false
	s := target(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/inside" {
			followed = true
			return
		}
		http.Redirect(w, r, "/inside", http.StatusTemporaryRedirect)
	})
	resp, err := Call(t.Context(), clientOf(t, s, Options{}).R(), http.MethodPost, s.URL)
	var status *StatusError
	if !errors.As(err, &status) || status.Code != 307 || !errors.Is(err, ErrPermanent) || resp == nil {
		t.Errorf("got %v, want a permanent 307", err)
	}
	if followed {
		t.Error("the redirect was followed")
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	drain := func(r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Errorf("body: %v", err)
		}
	}
	cases := []struct {
		name    string
		serve   http.HandlerFunc
		unknown bool
		ok      bool
	}{
		{"connection closed after the request", func(_ http.ResponseWriter, r *http.Request) { drain(r); panic(http.ErrAbortHandler) }, true, false},
		{"a 200 whose body breaks off", func(w http.ResponseWriter, r *http.Request) {
			drain(r)
			w.Header().Set("Content-Length", "10")
			w.WriteHeader(200)
			breakOff(w)
		}, true, false},
		{"a 200 with a huge body", func(w http.ResponseWriter, r *http.Request) {
			drain(r)
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				t.Log(err)
			}
		}, false, true},
		{"a 500 whose body breaks off", func(w http.ResponseWriter, r *http.Request) {
			drain(r)
			w.Header().Set("Content-Length", "10")
			w.WriteHeader(500)
			breakOff(w)
		}, false, false},
		// The last, because it ends the context.
		{"silence after the request", func(_ http.ResponseWriter, r *http.Request) { drain(r); giveUp(); <-r.Context().Done() }, true, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := target(t, c.serve)
			client := clientOf(t, s, Options{ResponseLimit: 1024, Timeout: time.Minute})
			resp, err := Call(ctx, client.R().SetBody("x"), http.MethodPost, s.URL)
			if resp != nil && len(resp.Body()) > 1024 {
				t.Errorf("%d bytes of the answer were kept, want 1024 at most", len(resp.Body()))
			}
			if c.ok != (err == nil) || errors.Is(err, ErrUnknown) != c.unknown || errors.Is(err, ErrPermanent) {
				t.Errorf("got %v, want ok %v, unknown %v, not permanent", err, c.ok, c.unknown)
			}
		})
	}
}

// breakOff sends what there is of an answer and closes the connection.
func breakOff(w http.ResponseWriter) {
	if err := http.NewResponseController(w).Flush(); err != nil {
		panic(err)
	}
	panic(http.ErrAbortHandler)
}

func TestTimeOutIsNotRepeated(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	s := target(t, func(_ http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		<-r.Context().Done()
	})
	client := clientOf(t, s, Options{Retries: 3, AttemptTimeout: 100 * time.Millisecond, Timeout: time.Minute})
	if _, err := Call(Idempotent(t.Context()), client.R(), http.MethodPost, s.URL); !timedOut(err) {
		t.Errorf("got %v, want a time-out", err)
	}
	if got := calls.Load(); got > 1 {
		t.Errorf("%d attempts, want 1", got)
	}
}

func TestAnswerAtTheEndOfTheCallIsKept(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(Idempotent(t.Context()))
	cancel()
	check := retryIdempotent(time.Second)
	if again, err := check(ctx, &http.Response{StatusCode: 503}, nil); again || err != nil {
		t.Errorf("with an answer: %v, %v, want neither", again, err)
	}
	if again, err := check(ctx, nil, io.EOF); again || !errors.Is(err, context.Canceled) {
		t.Errorf("without one: %v, %v, want context.Canceled", again, err)
	}
}

func TestConnectErrorsAreTemporaryAndKnown(t *testing.T) {
	t.Parallel()
	s := target(t, answer(200))
	client := clientOf(t, s, Options{})
	s.Close()
	_, err := Call(Idempotent(t.Context()), client.R(), http.MethodPost, s.URL+"/?key=secret")
	if err == nil || errors.Is(err, ErrPermanent) || errors.Is(err, ErrUnknown) {
		t.Errorf("got %v, want a temporary error with a known outcome", err)
	}
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Errorf("%v names the query", err)
	}
}

func TestCancelledCallSaysSo(t *testing.T) {
	t.Parallel()
	s := target(t, answer(200))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Call(Idempotent(ctx), clientOf(t, s, Options{}).R(), http.MethodPost, s.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestFailureOfOneHostKeepsTheConnectionsOfOthers(t *testing.T) {
	t.Parallel()
	var dialled atomic.Int32
	well := httptest.NewUnstartedServer(answer(200))
	well.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			dialled.Add(1)
		}
	}
	well.Start()
	t.Cleanup(well.Close)
	ill := target(t, answer(200))
	transport := NewTransport(Guard{Allow: []string{well.Listener.Addr().String(), ill.Listener.Addr().String()}})
	t.Cleanup(transport.CloseIdleConnections)
	client := NewClient(Options{Transport: transport, RetryWait: time.Millisecond})
	ill.Close()
	for range 3 {
		if _, err := Call(t.Context(), client.R(), http.MethodGet, well.URL); err != nil {
			t.Fatal(err)
		}
		if _, err := Call(Idempotent(t.Context()), client.R(), http.MethodGet, ill.URL); err == nil {
			t.Fatal("reached a closed server")
		}
	}
	if got := dialled.Load(); got != 1 {
		t.Errorf("%d connections to the host that is well, want 1", got)
	}
}

func TestLogsHaveNoAddressAndNoBody(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := redacted{slog.New(slog.NewTextHandler(&out, nil))}
	l.Errorf("%v, Attempt %v", "http://host/?key=secret", 1)
	l.Warnf("%s", "secret")
	if got := out.String(); strings.Contains(got, "secret") || strings.Count(got, "\n") != 2 {
		t.Errorf("logged %q", got)
	}
	redacted{}.Debugf("%s", "nobody listens")
}

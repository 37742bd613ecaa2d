package sandbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

const (
	oldSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	newSecret = "whsec_HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="
)

// push is one delivery as a gateway makes it.
type push struct {
	id      string
	at      time.Time
	body    []byte
	secrets []string
	change  func(http.Header)
}

func pushOf(t *testing.T, id string, n *inspection.Notice, secrets ...string) push {
	t.Helper()
	body, err := json.Marshal(map[string]any{"type": inspection.LetterIssued, "id": id, "sequence": n.Version,
		"occurred_at": "2026-11-25T21:00:00Z", "data": map[string]any{"notice": n}})
	if err != nil {
		t.Fatal(err)
	}
	return push{id: id, at: time.Now(), body: body, secrets: secrets}
}

func (p push) request(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(p.body)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set(headerDigest, "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
	r.Header.Set(standardwebhooks.HeaderWebhookID, p.id)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(p.at.Unix(), 10))
	var signatures []string
	for _, s := range p.secrets {
		w, err := standardwebhooks.NewWebhook(s)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := w.Sign(p.id, p.at, p.body)
		if err != nil {
			t.Fatal(err)
		}
		signatures = append(signatures, signature)
	}
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	if p.change != nil {
		p.change(r.Header)
	}
	return r
}

// berth is a running terminal with the gateway's API behind it.
type berth struct {
	*RunningTerminal
	heard  chan inspection.Event
	client *http.Client
}

func newBerth(t *testing.T, cfg TerminalConfig) *berth {
	t.Helper()
	b := &berth{heard: make(chan inspection.Event, 100)}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var e inspection.Event
		if err := json.UnmarshalRead(r.Body, &e); err != nil || r.Header.Get("Authorization") != "Bearer terminal-key" ||
			r.URL.Path != "/api/v1/notices/"+e.NoticeNumber+"/events" || r.Header.Get("Idempotency-Key") != e.Reference {
			t.Errorf("answer %s %+v: %v", r.URL.Path, r.Header, err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		b.heard <- e
	}))
	ctx, cancel := context.WithCancel(t.Context())
	if cfg.Terminal == nil {
		cfg.Terminal = &Terminal{Name: "T01", Delay: time.Millisecond, LateBy: 300 * time.Millisecond}
	}
	cfg.GatewayURL, cfg.GatewayKey = api.URL, "terminal-key"
	var err error
	if b.RunningTerminal, err = RunTerminal(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	b.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		cancel()
		b.Wait()
		api.Close()
	})
	return b
}

// deliver is the status of one delivery; 0 without an answer.
func (b *berth) deliver(t *testing.T, p push) (int, http.Header) {
	t.Helper()
	resp, err := b.client.Do(p.request(t, b.URL))
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil && !errors.Is(err, io.EOF) {
		t.Errorf("answer: %v", err)
	}
	if resp.Header.Get("X-Sandbox") != "true" {
		t.Errorf("%d does not say that it is a sandbox", resp.StatusCode)
	}
	return resp.StatusCode, resp.Header
}

func TestSignedNoticeIsTakenAndAnswered(t *testing.T) {
	t.Parallel()
	b := newBerth(t, TerminalConfig{Secrets: []string{newSecret, oldSecret}})
	p := pushOf(t, "m1", notice(1, magic.Number(magic.Works, 1)), oldSecret)
	if status, header := b.deliver(t, p); status != http.StatusOK || header.Get(headerDuplicate) != "" {
		t.Fatalf("first delivery: %d %v", status, header)
	}
	if status, header := b.deliver(t, p); status != http.StatusOK || header.Get(headerDuplicate) != "true" {
		t.Fatalf("second delivery: %d %v", status, header)
	}
	var kinds []string
	for range 5 {
		kinds = append(kinds, string((<-b.heard).Kind))
	}
	if diff := cmp.Diff("accepted box_locked move_started move_done ready", strings.Join(kinds, " ")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for path, want := range map[string]string{"deliveries": `"times":2`, "answers": `"outcome":"heard"`, "violations": "[]"} {
		resp, err := b.client.Get(b.Base + "/sandbox/" + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %v\n%s\nwant %s", path, err, body, want)
		}
	}
}

func TestWhatIsNotSignedRightIsRefused(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for _, c := range []struct {
		name   string
		make   func(*testing.T) push
		status int
		kind   string
	}{
		{"either secret verifies", func(t *testing.T) push { return pushOf(t, "m", notice(1, "B"), newSecret) }, 200, ""},
		{"a sender that rotates signs twice", func(t *testing.T) push {
			return pushOf(t, "m", notice(1, "B"), "whsec_"+base64.StdEncoding.EncodeToString([]byte("another")), oldSecret)
		}, 200, ""},
		{"a stranger's secret", func(t *testing.T) push {
			return pushOf(t, "m", notice(1, "B"), "whsec_"+base64.StdEncoding.EncodeToString([]byte("another")))
		}, 401, "a signature that does not verify"},
		{"no signature", func(t *testing.T) push { return pushOf(t, "m", notice(1, "B")) }, 401, "a signature that does not verify"},
		{"another id", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.change = set(standardwebhooks.HeaderWebhookID, "other")
			return p
		}, 401, "a signature that does not verify"},
		{"another time", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.change = set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(p.at.Unix()+1, 10))
			return p
		}, 401, "a signature that does not verify"},
		{"six minutes old", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.at = p.at.Add(-6 * time.Minute)
			return p
		}, 401, "a timestamp out of its time"},
		{"six minutes from now", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.at = p.at.Add(6 * time.Minute)
			return p
		}, 401, "a timestamp out of its time"},
		{"a digest of other bytes", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.change = set(headerDigest, "sha-256=:AAAA:")
			return p
		}, 401, "a digest of other bytes"},
		{"another id in the body", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.id = "other"
			return p
		}, 422, "a body that cannot be read"},
		{"another sequence in the header", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.change = set(headerSequence, "2")
			return p
		}, 422, "a body that cannot be read"},
		{"no envelope", func(t *testing.T) push {
			return push{id: "m", at: time.Now(), body: []byte(`{"type":"notice.issued"}`), secrets: []string{newSecret}}
		}, 422, "a body that cannot be read"},
		{"a member twice", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.body = append([]byte(`{"id":"m",`), p.body[1:]...)
			return p
		}, 422, "a body that cannot be read"},
		{"a type that it does not read", func(t *testing.T) push {
			p := pushOf(t, "m", notice(1, "B"), newSecret)
			p.change = set("Content-Type", "text/html")
			return p
		}, 415, "a body that cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBerth(t, TerminalConfig{Secrets: []string{newSecret, oldSecret}})
			if status, _ := b.deliver(t, c.make(t)); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			var got strings.Builder
			for _, v := range b.Violations() {
				got.WriteString(v.Kind)
			}
			if got.String() != c.kind {
				t.Errorf("violation %q, want %q", got.String(), c.kind)
			}
		})
	}
}

// TestWireScripts delivers until the terminal has it, and at most seven times.
func TestWireScripts(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script]string{
		magic.FailsFive: "500 500 500 500 500 200",
		magic.Redirects: "302 302 302 302 302 302 302",
		magic.Late:      "0 200",
		magic.Gone:      "410 410 410 410 410 410 410",
		magic.Busy:      "429 429 200",
		magic.Huge:      "200",
		magic.HalfClose: "0 200",
		magic.BreaksTLS: "0 0 0 200",
		magic.Down:      "503 503 503 503 503 503 503",
		magic.Refuses:   "404 404 404 404 404 404 404",
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			b := newBerth(t, TerminalConfig{})
			b.client.Timeout = 100 * time.Millisecond
			if script == magic.Huge {
				b.client.Timeout = 10 * time.Second
			}
			p := pushOf(t, "m1", notice(1, magic.Number(script, 1)), newSecret)
			var got []string
			for len(got) < 7 {
				status, header := b.deliver(t, p)
				got = append(got, strconv.Itoa(status))
				if status == http.StatusTooManyRequests && header.Get("Retry-After") != "1" {
					t.Errorf("Retry-After %q", header.Get("Retry-After"))
				}
				if status == http.StatusOK {
					break
				}
			}
			if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if v := b.Violations(); len(v) > 0 {
				t.Errorf("violations %+v", v)
			}
		})
	}
}

func TestDrippingAnswerComesOctetByOctet(t *testing.T) {
	t.Parallel()
	b := newBerth(t, TerminalConfig{})
	resp, err := b.client.Do(pushOf(t, "m1", notice(1, magic.Number(magic.Drips, 1))).request(t, b.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	reads := 0
	for buffer := make([]byte, 64); ; reads++ {
		if _, err := resp.Body.Read(buffer); err != nil {
			break
		}
	}
	if resp.StatusCode != http.StatusOK || reads < 10 {
		t.Errorf("%d in %d pieces", resp.StatusCode, reads)
	}
}

func TestFollowedRedirectIsAViolation(t *testing.T) {
	t.Parallel()
	b := newBerth(t, TerminalConfig{})
	b.client.CheckRedirect = nil
	b.deliver(t, pushOf(t, "m1", notice(1, magic.Number(magic.Redirects, 1))))
	if v := b.Violations(); len(v) != 1 || v[0].Kind != "a redirect was followed" {
		t.Errorf("violations %+v", v)
	}
}

func TestSecretsAreNotRepeatedInErrors(t *testing.T) {
	t.Parallel()
	err := (&TerminalWebhook{}).Trust("whsec_%%hush%%")
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}

func TestHandshakesFailByScript(t *testing.T) {
	t.Parallel()
	server, trust := certificate(t)
	b := newBerth(t, TerminalConfig{TLS: server})
	b.client = &http.Client{Transport: &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true}}
	p := pushOf(t, "m1", notice(1, magic.Number(magic.BreaksTLS, 1)))
	var got []string
	for len(got) < 9 {
		status, _ := b.deliver(t, p)
		if got = append(got, strconv.Itoa(status)); status == http.StatusOK {
			break
		}
	}
	if diff := cmp.Diff("0 0 0 0 0 0 200", strings.Join(got, " ")); diff != "" { // every second one in the handshake
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestRunningTerminalTakesSecretsAndScripts(t *testing.T) {
	t.Parallel()
	b := newBerth(t, TerminalConfig{Secrets: []string{oldSecret}})
	say := func(path, body string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.Base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := b.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	p := pushOf(t, "m1", notice(1, "CSQU3054383"), newSecret)
	if status, _ := b.deliver(t, p); status != http.StatusUnauthorized {
		t.Errorf("a secret that nobody gave: %d", status)
	}
	for _, c := range []struct {
		path, body string
		said       int
		delivered  int
	}{
		{"/sandbox/secrets", newSecret + "\n", 204, 200},
		{"/sandbox/secrets", "%%", 422, 200},
		{"/sandbox/secrets", "", 422, 200},
		{"/sandbox/script", "down", 204, 503},
		{"/sandbox/script", "sleeps", 422, 503},
		{"/sandbox/script", "", 204, 200},
	} {
		if got := say(c.path, c.body); got != c.said {
			t.Errorf("%s %q is answered %d, want %d", c.path, c.body, got, c.said)
		}
		p.id = "m" + strconv.Itoa(len(b.Deliveries())+len(c.body)+2) + c.path
		p.body = pushOf(t, p.id, notice(1, "CSQU3054383")).body
		if got, _ := b.deliver(t, p); got != c.delivered {
			t.Errorf("after %s %q a delivery is answered %d, want %d", c.path, c.body, got, c.delivered)
		}
	}
}

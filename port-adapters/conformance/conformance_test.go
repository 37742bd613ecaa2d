package conformance

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/sandbox"
	"kouan/port-adapters/sandbox/magic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// grades plays everything to an address, and says what was not green.
func grades(t *testing.T, address, secret string) (found map[string]Grade, all []Result) {
	t.Helper()
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{strings.TrimPrefix(strings.Split(address, "/webhook")[0], "http://")}})
	t.Cleanup(transport.CloseIdleConnections)
	found = map[string]Grade{}
	err := Run(t.Context(), &Options{URL: address, Secret: secret, Format: "json", Terminal: "T01", Transport: transport, Clock: time.Now,
		NewID: uuid.NewString, Limit: time.Second, Slow: 100 * time.Millisecond}, func(r Result) error {
		all = append(all, r)
		if r.Grade != Green {
			found[r.Check] = r.Grade
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, all
}

// terminal is a sandbox terminal that answers nobody.
func terminal(t *testing.T) *sandbox.RunningTerminal {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := sandbox.RunTerminal(ctx, sandbox.TerminalConfig{Terminal: &sandbox.Terminal{Name: "T01", Silent: true, LateBy: 5 * time.Second}, Secrets: []string{secret}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); r.Wait() })
	return r
}

func TestSandboxTerminalIsGreen(t *testing.T) {
	t.Parallel()
	r := terminal(t)
	found, all := grades(t, r.URL, secret)
	if diff := cmp.Diff(map[string]Grade{}, found); diff != "" {
		t.Errorf("not green (-want +got):\n%s\n%+v", diff, all)
	}
	var ids []string
	for _, r := range all {
		ids = append(ids, r.Check)
	}
	if diff := cmp.Diff(Checks(), ids); diff != "" {
		t.Errorf("played (-want +got):\n%s", diff)
	}
	for _, d := range r.Deliveries() {
		if d.Type != "" && !strings.HasPrefix(d.Type, "notice.") || !strings.HasPrefix(d.Notice, "TEST-") {
			t.Errorf("played without saying that it is a test: %+v", d)
		}
	}
}

func TestWithoutASecretSignaturesAreLeftOut(t *testing.T) {
	t.Parallel()
	r := terminal(t)
	if err := r.Webhook.Trust(); err != nil {
		t.Fatal(err)
	}
	found, _ := grades(t, r.URL, "")
	want := map[string]Grade{}
	for _, c := range checks {
		if p := (&player{o: &Options{}, write: writers[0]}); !c.needs(p) {
			want[c.id] = Skipped
		}
	}
	if diff := cmp.Diff(want, found); diff != "" || len(want) != 8 {
		t.Errorf("not green (-want +got):\n%s", diff)
	}
}

// system is a partner's receiver with one thing wrong.
type system struct {
	signed, timed bool // verifies signatures, and their time
	limit         int64
	seen          sync.Map
	act           func(s *system, w http.ResponseWriter, r *http.Request, body string) // after the checks
}

func (s *system) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.limit))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	verify := hook.VerifyIgnoringTimestamp
	if s.timed {
		verify = hook.Verify
	}
	if err := verify(body, r.Header); s.signed && err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if s.act != nil {
		s.act(s, w, r, string(body))
		return
	}
	if before, known := s.seen.LoadOrStore(r.Header.Get("webhook-id"), string(body)); known && before != string(body) {
		w.WriteHeader(http.StatusConflict)
	}
}

// TestWhatIsWrongIsFound plays to systems with one fault each.
func TestWhatIsWrongIsFound(t *testing.T) {
	t.Parallel()
	versions := sync.Map{}
	refuseIf := func(status int, bad func(s *system, r *http.Request, body string) bool) func(*system, http.ResponseWriter, *http.Request, string) {
		return func(s *system, w http.ResponseWriter, r *http.Request, body string) {
			before, known := s.seen.LoadOrStore(r.Header.Get("webhook-id"), body)
			switch {
			case bad(s, r, body):
				w.WriteHeader(status)
			case known && before != body:
				w.WriteHeader(http.StatusConflict)
			}
		}
	}
	kind := func(name string) func(*system, *http.Request, string) bool {
		return func(_ *system, r *http.Request, _ string) bool { return r.Header.Get("X-Notification-Type") == name }
	}
	cases := map[string]struct {
		s    *system
		want map[string]Grade
	}{
		"nothing": {&system{signed: true, timed: true}, map[string]Grade{}},
		"no signature is verified": {&system{}, map[string]Grade{"unsigned": Red, "foreign_signature": Red, "altered_body": Red,
			"altered_id": Red, "altered_time": Red, "old": Red, "early": Red}},
		"time is not looked at": {&system{signed: true}, map[string]Grade{"old": Red, "early": Red}},
		"one signature is read": {&system{signed: true, timed: true, act: refuseIf(401, func(_ *system, r *http.Request, _ string) bool {
			return strings.Contains(r.Header.Get("webhook-signature"), " ")
		})}, map[string]Grade{"rotation": Red}},
		"a repetition is refused": {&system{signed: true, timed: true, act: func(s *system, w http.ResponseWriter, r *http.Request, body string) {
			if _, known := s.seen.LoadOrStore(r.Header.Get("webhook-id"), body); known {
				w.WriteHeader(http.StatusConflict)
			}
		}}, map[string]Grade{"duplicate": Red}},
		"other bytes are taken": {&system{signed: true, timed: true, act: func(*system, http.ResponseWriter, *http.Request, string) {}}, map[string]Grade{"conflict": Yellow}},
		"an older version is refused": {&system{signed: true, timed: true, act: refuseIf(409, func(_ *system, r *http.Request, _ string) bool {
			now, err := strconv.ParseInt(r.Header.Get("X-Sequence"), 10, 64)
			before, known := versions.Swap(r.Header.Get("X-Subject"), now)
			return err != nil || known && before.(int64) > now
		})}, map[string]Grade{"order": Red}},
		"a gap is refused": {&system{signed: true, timed: true, act: refuseIf(409, func(s *system, r *http.Request, _ string) bool {
			_, known := s.seen.LoadOrStore(r.Header.Get("X-Subject"), true)
			return !known && r.Header.Get("X-Sequence") != "1"
		})}, map[string]Grade{"order": Red, "unknown_cancel": Red}},
		"cancellations are not known": {&system{signed: true, timed: true, act: refuseIf(422, kind("notice.cancelled"))}, map[string]Grade{"cancel": Red, "unknown_cancel": Red}},
		"changes are not known":       {&system{signed: true, timed: true, act: refuseIf(422, kind("notice.changed"))}, map[string]Grade{"change": Red, "order": Red}},
		"releases are not known":      {&system{signed: true, timed: true, act: refuseIf(422, kind("notice.released"))}, map[string]Grade{"release": Red}},
		"new types are refused":       {&system{signed: true, timed: true, act: refuseIf(422, kind("notice.something_new"))}, map[string]Grade{"new_type": Yellow}},
		"ASCII alone": {&system{signed: true, timed: true, act: refuseIf(500, func(_ *system, _ *http.Request, body string) bool {
			return strings.Contains(body, "МОРЯК")
		})}, map[string]Grade{"unicode": Red}},
		"small bodies alone": {&system{signed: true, timed: true, limit: 60 << 10}, map[string]Grade{"large": Red}},
		"a server error for what nobody may send": {&system{act: refuseIf(500, func(_ *system, r *http.Request, body string) bool {
			hook, err := standardwebhooks.NewWebhook(secret)
			return err != nil || hook.Verify([]byte(body), r.Header) != nil
		})}, map[string]Grade{"unsigned": Yellow, "foreign_signature": Yellow, "altered_body": Yellow, "altered_id": Yellow, "altered_time": Yellow, "old": Yellow, "early": Yellow}},
		"a redirect": {&system{act: func(_ *system, w http.ResponseWriter, r *http.Request, _ string) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}}, map[string]Grade{"valid": Red}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.s.limit == 0 {
				c.s.limit = 10 << 20
			}
			server := httptest.NewServer(c.s)
			t.Cleanup(server.Close)
			found, all := grades(t, server.URL, secret)
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("not green (-want +got):\n%s\n%+v", diff, all)
			}
		})
	}
}

func TestScriptsOfTheSandboxAreFound(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script]string{
		magic.Down: "valid", magic.Gone: "valid", magic.Redirects: "valid", magic.BreaksTLS: "valid", magic.Late: "valid", magic.HalfClose: "valid",
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			r := terminal(t)
			r.Misbehave(script)
			found, all := grades(t, r.URL, secret)
			if diff := cmp.Diff(map[string]Grade{want: Red}, found); diff != "" {
				t.Errorf("not green (-want +got):\n%s\n%+v", diff, all)
			}
			if last := all[len(all)-1]; last.Check != want {
				t.Errorf("went on after %s", want)
			}
		})
	}
}

func TestConcurrentSubjectsAreFoundWaiting(t *testing.T) {
	t.Parallel()
	var one sync.Mutex
	server := httptest.NewServer(&system{signed: true, timed: true, limit: 10 << 20, act: func(s *system, w http.ResponseWriter, r *http.Request, body string) {
		if before, known := s.seen.LoadOrStore(r.Header.Get("webhook-id"), body); known && before != body {
			w.WriteHeader(http.StatusConflict)
			return
		}
		if !one.TryLock() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer one.Unlock()
		time.Sleep(20 * time.Millisecond)
	}})
	t.Cleanup(server.Close)
	found, all := grades(t, server.URL, secret)
	if diff := cmp.Diff(map[string]Grade{"concurrent": Red}, found); diff != "" {
		t.Errorf("not green (-want +got):\n%s\n%+v", diff, all)
	}
}

func TestPlainHTTPToAnotherHostIsRed(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]Grade{"https://terminal.example/x": Green, "http://terminal.example/x": Red, "http://127.0.0.1:1/x": Green, "http://localhost/x": Green} {
		if f := encrypted(t.Context(), &player{o: &Options{URL: address}}); f.grade != want {
			t.Errorf("%s is %s", address, f.grade)
		}
	}
}

func TestWrongOptionsEndTheRun(t *testing.T) {
	t.Parallel()
	tell := func(Result) error { return nil }
	if err := Run(t.Context(), &Options{Secret: "whsec_%%hush%%", Format: "json"}, tell); !errors.Is(err, ErrSecret) || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
	if err := Run(t.Context(), &Options{Format: "fax"}, tell); !errors.Is(err, ErrFormat) {
		t.Errorf("got %v", err)
	}
}

package sandbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

// pullGateway has notices to be fetched, in the order of their change.
type pullGateway struct {
	mu      sync.Mutex
	notices []*inspection.Notice
	fetched []string // what was asked for, in order
	kinds   chan inspection.Kind
}

func (g *pullGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	number, report := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/api/v1/notices/"), "/events")
	var answer any
	switch {
	case r.Header.Get("Authorization") != "Bearer terminal-key":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case report:
		var e inspection.Event
		if err := json.UnmarshalRead(r.Body, &e); err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		g.kinds <- e.Kind
		return
	case r.URL.Path == "/api/v1/notices":
		from := len(r.URL.Query().Get("cursor")) // a cursor of n characters: n were seen
		g.fetched = append(g.fetched, "list "+r.URL.Query().Get("cursor"))
		items := []map[string]any{}
		for _, n := range g.notices[from:] {
			items = append(items, map[string]any{"notice_no": n.Number, "version": n.Version})
		}
		answer = map[string]any{"items": items, "next": strings.Repeat("c", len(g.notices))}
	default:
		g.fetched = append(g.fetched, number)
		for _, n := range g.notices {
			if n.Number == number {
				answer = map[string]any{"notice": n, "events": time.Now()} // says other things at each time
			}
		}
	}
	if err := json.MarshalWrite(w, answer); err != nil {
		panic(err)
	}
}

func TestPullResumesByCursorAndFetchesEachVersionOnce(t *testing.T) {
	t.Parallel()
	g := &pullGateway{kinds: make(chan inspection.Kind, 100)}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	numbered := func(number string, version int, s magic.Script) *inspection.Notice {
		n := notice(version, magic.Number(s, 1))
		n.Number = number
		return n
	}
	g.notices = []*inspection.Notice{numbered("N1", 1, magic.SiteFull), numbered("N2", 1, magic.Forgets)}
	p := &TerminalPull{Terminal: &Terminal{Delay: time.Millisecond}, Gateway: &GatewayLine{}}
	if err := p.Gateway.To(server.URL, "terminal-key"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.Terminal.Start(ctx)
	t.Cleanup(func() { cancel(); p.Terminal.Wait(); p.Gateway.Close() })
	look := func() {
		t.Helper()
		if err := p.Look(ctx); err != nil {
			t.Fatal(err)
		}
	}
	look()
	if kind := <-g.kinds; kind != inspection.Rejected {
		t.Errorf("answered %s", kind)
	}
	g.mu.Lock()
	g.notices = append(g.notices, g.notices[0], numbered("N1", 2, magic.SiteFull)) // changed by our answer, then by customs
	g.notices[0], g.notices[2] = g.notices[3], g.notices[0]
	g.mu.Unlock()
	look()
	if kind := <-g.kinds; kind != inspection.Rejected {
		t.Errorf("answered %s", kind)
	}
	look()
	want := []string{"list ", "N1", "N2", "list cc", "N1", "list cccc"}
	if diff := cmp.Diff(want, g.fetched); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if d := p.Terminal.Deliveries(); len(d) != 3 || d[2].Version != 2 || d[0].Wire != "pull" || len(p.Terminal.Violations()) > 0 {
		t.Errorf("deliveries %+v, violations %+v", d, p.Terminal.Violations())
	}
}

func TestPullKeepsItsCursorWhenAPageIsNotTaken(t *testing.T) {
	t.Parallel()
	g := &pullGateway{kinds: make(chan inspection.Kind, 100), notices: []*inspection.Notice{notice(1, magic.Number(magic.FailsFive, 1))}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	p := &TerminalPull{Terminal: &Terminal{Silent: true}, Gateway: &GatewayLine{}}
	if err := p.Look(t.Context()); err == nil {
		t.Error("without an address there is something to fetch")
	}
	if err := p.Gateway.To(server.URL, "terminal-key"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Gateway.Close)
	failed := 0
	for p.Look(t.Context()) != nil {
		failed++
	}
	if failed != DefaultCalls || len(p.Terminal.Deliveries()) != 1 {
		t.Errorf("turned away %d times, deliveries %+v", failed, p.Terminal.Deliveries())
	}
	if got := g.fetched[len(g.fetched)-2]; got != "list " {
		t.Errorf("the page that was taken was asked for by %q", got)
	}
}

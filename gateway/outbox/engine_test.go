package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
)

// locked makes one seeded source safe for many goroutines.
func locked(t *testing.T) func() float64 {
	const seed = 20261124
	t.Logf("seed %d", seed)
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 0))
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64()
	}
}

func TestOrderPerSubjectIsKeptUnderRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		random := locked(t)
		w := &wire{answer: func(ctx context.Context, m portadapters.Message) error {
			time.Sleep(time.Duration(random()*300) * time.Millisecond)
			switch x := random(); {
			case x < 0.15:
				return errors.New("connection refused")
			case x < 0.25:
				return fmt.Errorf("read answer: %w", portadapters.ErrUnknown)
			case x < 0.3:
				return &portadapters.RetryAfterError{After: 3 * time.Second, Err: errors.New("answered 429")}
			}
			return nil
		}}
		f := newFake()
		const subjects, each = 20, 10
		for n := range each * subjects {
			f.put("customs", fmt.Sprint("d", n%subjects))
		}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
		e.Rand, e.Breaker.Failures = random, 1000
		stop := start(e)
		<-f.empty
		stopped(t, stop)

		if diff := cmp.Diff(map[string]int{"delivered": subjects * each}, f.states()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		last := map[string]call{}
		tries := 0
		for _, c := range w.log() {
			before, ok := last[c.Subject]
			switch {
			case ok && c.start.Before(before.end):
				t.Errorf("%s started while %s was under way", c.ID, before.ID)
			case ok && before.err != nil && c.ID != before.ID:
				t.Errorf("%s overtook %s, which had failed", c.ID, before.ID)
			case ok && before.err == nil && c.Sequence <= before.Sequence:
				t.Errorf("%s delivered after %s", c.ID, before.ID)
			}
			if c.Redelivery != (c.Attempt > 1) {
				t.Errorf("%s attempt %d: Redelivery = %v", c.ID, c.Attempt, c.Redelivery)
			}
			last[c.Subject] = c
			tries++
		}
		charged := 0
		for id := range f.items {
			charged += f.item(id).Tries
		}
		if charged != tries {
			t.Errorf("tries charged = %d, deliveries = %d", charged, tries)
		}
		if w.most > 16 {
			t.Errorf("%d deliveries at once, bound is 16", w.most)
		}
	})
}

func TestWhatCannotBeSentIsBuriedAndOthersFlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		missing, broken, stranger := f.put("customs", "missing"), f.put("customs", "broken"), f.put("nobody", "d")
		refused, fine := f.put("customs", "refused"), f.put("customs", "fine")
		delete(f.messages, missing)
		m := f.messages[broken]
		m.Body = []byte("other bytes")
		f.messages[broken] = m
		w := &wire{answer: func(_ context.Context, m portadapters.Message) error {
			if m.Subject == "refused" {
				return fmt.Errorf("answered 422: %w", portadapters.ErrPermanent)
			}
			return nil
		}}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		<-f.empty
		stopped(t, stop)
		for _, row := range []struct{ id, state, why string }{
			{missing, "dead", "not found"},
			{broken, "dead", "bytes do not match their digest"},
			{stranger, "dead", "no adapter for this receiver"},
			{refused, "dead", "answered 422"},
			{fine, "delivered", ""},
		} {
			got := f.item(row.id)
			if got.State != row.state || !strings.Contains(got.LastError, row.why) {
				t.Errorf("%s: %s %q, want %s with %q", row.id, got.State, got.LastError, row.state, row.why)
			}
		}
		if w.count() != 2 {
			t.Errorf("%d deliveries, want 2", w.count())
		}
	})
}

func TestPanicInAnAdapterIsATemporaryError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		id := f.put("customs", "d")
		w := &wire{answer: func(_ context.Context, m portadapters.Message) error {
			if m.Attempt < 3 {
				panic("index out of range")
			}
			return nil
		}}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		<-f.empty
		stopped(t, stop)
		if got := f.item(id); got.State != "delivered" || got.Tries != 3 {
			t.Errorf("item is %s after %d tries, want delivered after 3", got.State, got.Tries)
		}
	})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	young, old := now.Add(-time.Hour), now.Add(-72*time.Hour)
	refused := errors.New("connection refused")
	type verdict struct {
		Kind   kind
		Result string
		Wait   time.Duration
		Cause  string
	}
	for _, row := range []struct {
		name     string
		err      error
		dup      bool
		tries    int
		created  time.Time
		maxTries int
		want     verdict
	}{
		{"taken", nil, false, 1, young, 0, verdict{delivered, "delivered", 0, ""}},
		{"had it already", nil, true, 2, young, 0, verdict{delivered, "duplicate", 0, ""}},
		{"first failure waits the base", refused, false, 1, young, 0, verdict{deferred, "temporary", time.Second, "connection refused"}},
		{"fourth failure waits eight times the base", refused, false, 4, young, 0, verdict{deferred, "temporary", 8 * time.Second, "connection refused"}},
		{"the wait is capped", refused, false, 60, young, 0, verdict{deferred, "temporary", 5 * time.Minute, "connection refused"}},
		{"no limit of tries by itself", refused, false, 9999, young, 0, verdict{deferred, "temporary", 5 * time.Minute, "connection refused"}},
		{"limit of tries", refused, false, 3, young, 3, verdict{buried, "exhausted", 0, "gave up after 3 tries: connection refused"}},
		{"limit of age", refused, false, 3, old, 0, verdict{buried, "exhausted", 0, "gave up after 72h0m0s: connection refused"}},
		{"old items still get their chance", nil, false, 1, old, 0, verdict{delivered, "delivered", 0, ""}},
		{"refused for good", fmt.Errorf("422: %w", portadapters.ErrPermanent), false, 1, young, 0, verdict{buried, "permanent", 0, "422: permanent"}},
		{"outcome not known", fmt.Errorf("timeout: %w", portadapters.ErrUnknown), false, 1, young, 0, verdict{deferred, "unknown", time.Second, "timeout: outcome unknown"}},
		{"asked to come back", &portadapters.RetryAfterError{After: 90 * time.Second, Err: errors.New("429")}, false, 1, young, 0, verdict{deferred, "retry_after", 99 * time.Second, "429"}},
		{"asked for too long", &portadapters.RetryAfterError{After: 999 * time.Hour, Err: errors.New("503")}, false, 1, young, 0, verdict{deferred, "retry_after", 66 * time.Minute, "503"}},
		{"asked to come back at once", &portadapters.RetryAfterError{After: -1, Err: errors.New("503")}, false, 1, young, 0, verdict{deferred, "retry_after", 1100 * time.Millisecond, "503"}},
		{"the adapter did not send", fmt.Errorf("disabled: %w", portadapters.ErrUnsent), false, 9, old, 3, verdict{unsent, "unsent", time.Second, "disabled: not sent"}},
		{"cut off by us never buries", fmt.Errorf("%w: %w", errCutOff, refused), false, 9, old, 3, verdict{deferred, "cut_off", time.Second, "cut off by this side: connection refused"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			e := &Engine{MaxTries: row.maxTries, Clock: func() time.Time { return now }, Rand: func() float64 { return 0.5 }}
			e.setup()
			it := newFakeItem(row.tries, row.created)
			out := e.judge(it, portadapters.Receipt{Duplicate: row.dup}, row.err)
			got := verdict{Kind: out.kind, Result: out.result}
			if !out.next.IsZero() {
				got.Wait = out.next.Sub(now)
			}
			if out.cause != nil {
				got.Cause = out.cause.Error()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("judge (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBackoffSpreadsAndStaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	b := Backoff{}.withDefaults()
	for _, row := range []struct {
		tries int
		r     float64
		want  time.Duration
	}{
		{1, 0, 800 * time.Millisecond}, {1, 0.5, time.Second}, {1, 1, 1200 * time.Millisecond},
		{0, 0.5, time.Second}, {-3, 0.5, time.Second}, // never less than the base
		{9, 0.5, 256 * time.Second}, {10, 0.5, 5 * time.Minute}, {1 << 40, 0.5, 5 * time.Minute},
		{1 << 40, 1, 6 * time.Minute},
	} {
		if got := b.after(row.tries, row.r); got != row.want {
			t.Errorf("after(%d, %v) = %s, want %s", row.tries, row.r, got, row.want)
		}
	}
}

func TestRunMayBeCalledOnceAndWakeNeverBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := engine(newFake(), "a", nil)
		for range 1000 {
			e.Wake()
		}
		stop := start(e)
		synctest.Wait()
		if err := e.Run(t.Context()); err == nil {
			t.Error("second Run = nil, want an error")
		}
		stopped(t, stop)
	})
}

func TestWakeBringsAnItemOutBeforeThePoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
		stop := start(e)
		time.Sleep(10 * time.Second) // idle: the poll has grown to a second
		begin := time.Now()
		f.put("customs", "d")
		e.Wake()
		<-f.empty
		if took := time.Since(begin); took > 2*pace {
			t.Errorf("took %s, want at most %s", took, 2*pace)
		}
		stopped(t, stop)
	})
}

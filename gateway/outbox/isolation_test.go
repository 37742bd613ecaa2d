package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
)

// hang is a receiver that accepts the connection and says nothing.
func hang(ctx context.Context, _ portadapters.Message) error {
	<-ctx.Done()
	return fmt.Errorf("read answer: %w: %w", portadapters.ErrUnknown, ctx.Err())
}

func TestDeadReceiversDoNotDelayTheOthers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		bad     int
		workers int
		answer  func(context.Context, portadapters.Message) error
	}{
		{"one of 50 hangs", 1, 0, hang},
		{"one of 50 refuses", 1, 0, func(context.Context, portadapters.Message) error { return errors.New("connection refused") }},
		{"more slow ones than workers", 20, 32, func(context.Context, portadapters.Message) error { time.Sleep(9 * time.Second); return nil }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				adapters := map[string]portadapters.Adapter{}
				good := &wire{answer: func(context.Context, portadapters.Message) error { time.Sleep(time.Millisecond); return nil }}
				bad := &wire{answer: row.answer}
				for n := range row.bad { // the flood for the bad ones is older than everything else
					adapters[fmt.Sprint("bad", n)] = bad
					for s := range 500 {
						f.put(fmt.Sprint("bad", n), fmt.Sprint("d", s))
					}
				}
				const others, each = 49, 20
				for n := range others {
					adapters[fmt.Sprint("r", n)] = good
					for s := range each {
						f.put(fmt.Sprint("r", n), fmt.Sprint("d", s))
					}
				}
				e := engine(f, "a", adapters)
				e.Workers = row.workers
				stop := start(e)
				time.Sleep(3 * time.Second)
				if got := good.count(); got != others*each {
					t.Errorf("after 3 s %d of %d delivered to the good receivers", got, others*each)
				}
				if got := f.states()["sending"]; got > row.bad*(2*16+defaultBatch) {
					t.Errorf("%d items claimed for receivers that cannot take them", got)
				}
				stopped(t, stop)
				if got := f.states()["sending"]; got != 0 {
					t.Errorf("%d items left sending", got)
				}
			})
		})
	}
}

func TestBreakerOpensAndProbesOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		var up atomic.Bool
		w := &wire{answer: func(context.Context, portadapters.Message) error {
			if !up.Load() {
				return errors.New("connection refused")
			}
			time.Sleep(100 * time.Millisecond)
			return nil
		}}
		for s := range 200 {
			f.put("terminal", fmt.Sprint("d", s))
		}
		e := engine(f, "a", map[string]portadapters.Adapter{"terminal": w})
		e.Backoff.Jitter = -1
		stop := start(e)
		time.Sleep(4 * time.Second)
		opened := w.count()
		if opened < 5 || opened > 16 {
			t.Errorf("%d deliveries before the breaker opened, want 5 to 16", opened)
		}
		if diff := cmp.Diff(map[string]int{"waiting": 200}, f.states()); diff != "" {
			t.Errorf("while open (-want +got):\n%s", diff)
		}
		if got := e.Status().Breakers["terminal"]; got != "open" {
			t.Errorf("breaker is %s, want open", got)
		}
		// Probes come after 5 s, then after twice the time: 5, 15, 35, 75, 135 s.
		time.Sleep(76 * time.Second)
		if got := w.count() - opened; got != 4 {
			t.Errorf("%d probes in 80 s, want 4", got)
		}
		tries := 0
		for id := range f.items {
			tries += f.item(id).Tries
		}
		if tries != w.count() {
			t.Errorf("%d tries charged for %d deliveries", tries, w.count())
		}
		up.Store(true)
		time.Sleep(61*time.Second - time.Second) // the next probe, then the ramp
		<-f.empty
		if got := e.Status().Breakers["terminal"]; got != "closed" {
			t.Errorf("breaker is %s, want closed", got)
		}
		calls := w.log()[opened+4:]
		for _, c := range calls[1:] {
			if c.start.Before(calls[0].end) {
				t.Errorf("%s started while the probe was under way", c.ID)
			}
		}
		stopped(t, stop)
	})
}

func TestRefusalsOfItemsDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for s := range 50 {
			f.put("terminal", fmt.Sprint("d", s))
		}
		w := &wire{answer: func(context.Context, portadapters.Message) error {
			return fmt.Errorf("answered 422: %w", portadapters.ErrPermanent)
		}}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"terminal": w}))
		<-f.empty
		stopped(t, stop)
		if diff := cmp.Diff(map[string]int{"dead": 50}, f.states()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

func TestARefusalOnTheProbeProvesTheReceiverAlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for s := range 30 {
			f.put("terminal", fmt.Sprint("d", s))
		}
		begin := time.Now()
		w := &wire{answer: func(_ context.Context, m portadapters.Message) error {
			if time.Since(begin) < 4*time.Second {
				return errors.New("connection refused")
			}
			if m.Attempt == 1 && strings.HasSuffix(m.Subject, "0") {
				return portadapters.ErrPermanent
			}
			return nil
		}}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"terminal": w}))
		<-f.empty
		stopped(t, stop)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("all done after %s, want the breaker closed by the first probe", took)
		}
	})
}

func TestBoundsHoldForEachReceiverAndForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		adapters := map[string]portadapters.Adapter{}
		all := &wire{answer: func(context.Context, portadapters.Message) error { time.Sleep(time.Second); return nil }}
		one := &wire{answer: all.answer}
		adapters["one"] = one
		for r := range 6 {
			adapters[fmt.Sprint("r", r)] = all
			for s := range 40 {
				f.put(fmt.Sprint("r", r), fmt.Sprint("d", s))
				f.put("one", fmt.Sprint("d", r*40+s))
			}
		}
		e := engine(f, "a", adapters)
		e.Workers, e.PerReceiver = 20, 4
		stop := start(e)
		<-f.empty
		stopped(t, stop)
		if one.most > 4 {
			t.Errorf("%d deliveries at once to one receiver, bound is 4", one.most)
		}
		if got := all.most; got > 20+7 { // one of its own for each receiver
			t.Errorf("%d deliveries at once, bound is 20 and one for each receiver", got)
		}
	})
}

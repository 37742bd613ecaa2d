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
	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

func TestReceiversComeIntoBeingAndTheirAdaptersChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, customs, changed := newFake(), &wire{}, &wire{}
		var turn atomic.Bool
		old := &wire{answer: func(context.Context, portadapters.Message) error { turn.Store(true); return nil }}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": customs})
		e.Resolve = func(receiver string) (portadapters.Adapter, bool) {
			switch {
			case receiver == "endpoint:nobody":
				return nil, false
			case turn.Load():
				return changed, true
			}
			return old, true
		}
		stop := start(e)
		f.put("customs", "d")
		f.put("endpoint:1", "d")
		nobody := f.put("endpoint:nobody", "d")
		f.put("endpoint:1", "d")
		e.Wake()
		<-f.empty
		stopped(t, stop)
		if diff := cmp.Diff([]int{1, 1, 1}, []int{customs.count(), old.count(), changed.count()}); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
		if it := f.item(nobody); it.State != "dead" || it.LastError != errNobody.Error() {
			t.Errorf("item of nobody is %s, %q", it.State, it.LastError)
		}
	})
}

func TestNothingGoesToAReceiverThatIsHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w, slow := newFake(), &wire{}, &wire{}
		var held atomic.Bool
		e := engine(f, "a", nil)
		e.PerReceiver = 1
		e.Held = func() []string {
			if held.Load() {
				return []string{"endpoint:1"}
			}
			return nil
		}
		slow.answer = func(context.Context, portadapters.Message) error { time.Sleep(time.Second); return nil }
		e.Resolve = func(receiver string) (portadapters.Adapter, bool) {
			if receiver == "endpoint:1" {
				return slow, true
			}
			return w, true
		}
		for n := range 3 {
			f.put("endpoint:1", fmt.Sprint("d", n))
		}
		stop := start(e)
		time.Sleep(500 * time.Millisecond) // one is on its way, another claimed
		held.Store(true)
		f.put("endpoint:2", "d")
		e.Wake()
		time.Sleep(20 * time.Second)
		if w.count() != 1 || slow.count() != 1 {
			t.Errorf("%d to the other, %d to the one that is held, want 1 and the one that was on its way", w.count(), slow.count())
		}
		for id := range f.items {
			if it := f.item(id); it.State == "waiting" && it.Tries != 0 {
				t.Errorf("%s was charged %d tries", id, it.Tries)
			}
		}
		held.Store(false)
		<-f.empty
		stopped(t, stop)
	})
}

func TestAReceiverThatIsDownStaysSoOverARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		w := &wire{answer: func(context.Context, portadapters.Message) error { return errors.New("connection refused") }}
		resolve := func(string) (portadapters.Adapter, bool) { return w, true }
		for s := range 50 {
			f.put("endpoint:1", fmt.Sprint("d", s))
		}
		e := engine(f, "a", nil)
		e.Resolve, e.Backoff.Jitter = resolve, -1
		stop := start(e)
		time.Sleep(17 * time.Second) // opened, and probed in vain twice: at 5 and at 15 s
		stopped(t, stop)
		b := f.breakers["endpoint:1"]
		if b.Openings != 3 || b.LastError != "connection refused" || b.Since >= b.ProbeAt {
			t.Errorf("kept %+v, want the third opening", b)
		}
		before := w.count()
		e = engine(f, "b", nil)
		e.Resolve, e.Backoff.Jitter = resolve, -1
		stop = start(e)
		time.Sleep(15 * time.Second)
		if got := w.count() - before; got > 1 {
			t.Errorf("%d deliveries in the first 15 s after a restart, want at most the probe", got)
		}
		time.Sleep(10 * time.Second)
		if got := w.count() - before; got != 1 {
			t.Errorf("%d deliveries in the first 25 s after a restart, want the probe", got)
		}
		if got := f.breakers["endpoint:1"].Openings; got != 4 {
			t.Errorf("openings %d after the probe, want 4", got)
		}
		// Somebody removes the row: the receiver counts as well soon.
		w.mu.Lock()
		w.answer = nil
		w.mu.Unlock()
		if err := f.ClearBreaker(t.Context(), "endpoint:1"); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		<-f.empty
		if took := time.Since(begin); took > 6*time.Second {
			t.Errorf("all delivered %s after the reset", took)
		}
		stopped(t, stop)
		if len(f.breakers) != 0 {
			t.Errorf("still kept: %v", f.breakers)
		}
	})
}

func TestABreakerThatCannotBeWrittenIsWrittenLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		var broken atomic.Bool
		broken.Store(true)
		f.fault = func(op, _ string) error {
			if op == "breaker" && broken.Load() {
				return store.ErrUnavailable
			}
			return nil
		}
		w := &wire{answer: func(context.Context, portadapters.Message) error { return errors.New("connection refused") }}
		for s := range 20 {
			f.put("terminal", fmt.Sprint("d", s))
		}
		e := engine(f, "a", map[string]portadapters.Adapter{"terminal": w})
		stop := start(e)
		time.Sleep(12 * time.Second) // followed twice: an unwritten row is not one that somebody removed
		if got := e.Status().Breakers["terminal"]; got == "closed" {
			t.Error("breaker closed although its row was never written")
		}
		broken.Store(false)
		time.Sleep(3 * time.Second)
		stopped(t, stop)
		if f.breakers["terminal"].Openings == 0 {
			t.Error("not written after the store was back")
		}
	})
}

func TestManyReceiversShareALabel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		const receivers = labelledReceivers + 50
		for n := range receivers {
			f.put(fmt.Sprintf("endpoint:%d", n), "d")
		}
		reg := prometheus.NewPedanticRegistry()
		e := engine(f, "a", nil)
		e.Metrics = NewMetrics(reg)
		e.Resolve = func(string) (portadapters.Adapter, bool) { return w, true }
		stop := start(e)
		<-f.empty
		time.Sleep(measureEvery)
		stopped(t, stop)
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		labels, total := map[string]bool{}, 0.0
		for _, family := range families {
			for _, m := range family.GetMetric() {
				for _, pair := range m.GetLabel() {
					if pair.GetName() == "receiver" {
						labels[pair.GetValue()] = true
					}
				}
				if strings.HasSuffix(family.GetName(), "attempts_total") {
					total += m.GetCounter().GetValue()
				}
			}
		}
		if len(labels) != labelledReceivers+1 || !labels[manyReceivers] || total != receivers {
			t.Errorf("%d labels for %.0f deliveries, want %d for %d", len(labels), total, labelledReceivers+1, receivers)
		}
	})
}

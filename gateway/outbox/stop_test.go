package outbox

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

func TestStopUnderLoadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		answer func(ctx context.Context, m portadapters.Message) error
		within time.Duration
	}{
		{"quick receiver", func(context.Context, portadapters.Message) error { time.Sleep(20 * time.Millisecond); return nil }, time.Second},
		{"deliveries end within their grace", func(context.Context, portadapters.Message) error { time.Sleep(7 * time.Second); return nil }, 8 * time.Second},
		{"deliveries are cut off", hang, 11 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				w := &wire{answer: row.answer}
				for n := range 2000 {
					f.put("customs", fmt.Sprint("d", n))
				}
				e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
				stop := start(e)
				time.Sleep(time.Second + time.Millisecond)
				begin := time.Now()
				stopped(t, stop)
				if took := time.Since(begin); took > row.within {
					t.Errorf("took %s to stop, want at most %s", took, row.within)
				}
				got := f.states()
				taken := 0
				for _, c := range w.log() {
					if c.err == nil {
						taken++
					}
				}
				if got["sending"] != 0 || got["waiting"] == 0 || got["delivered"] != taken || got["waiting"]+got["delivered"] != 2000 {
					t.Errorf("states = %v after %d successful deliveries", got, taken)
				}
				tries := 0
				for id := range f.items {
					tries += f.item(id).Tries
				}
				if tries != w.count() {
					t.Errorf("%d tries charged for %d deliveries", tries, w.count())
				}
				for i := range f.shards {
					if f.shards[i].owner != "" {
						t.Errorf("shard %d is still leased", i)
					}
				}
			})
		})
	}
}

func TestADeliveryThatDoesNotEndKeepsItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		release := make(chan struct{})
		w := &wire{answer: func(context.Context, portadapters.Message) error { <-release; return nil }}
		f.put("customs", "d")
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w})
		stop := start(e)
		time.Sleep(time.Second)
		begin := time.Now()
		if err := stop(); err == nil {
			t.Error("Run = nil, want an error that names the delivery")
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("took %s to give up", took)
		}
		if got := f.shards[shardOf("customs", "d")].owner; got != "a" {
			t.Errorf("shard is leased to %q; it must not be given away under a delivery", got)
		}
		close(release)
	})
}

func TestStopWhileTheDatabaseIsAwayIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		f.fault = func(op, _ string) error {
			if op == "delivered" || op == "release" {
				return store.ErrUnavailable
			}
			return nil
		}
		for n := range 100 {
			f.put("customs", fmt.Sprint("d", n))
		}
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		time.Sleep(time.Second)
		begin := time.Now()
		if err := stop(); err == nil {
			t.Error("Run = nil, want the failed release")
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("took %s to stop", took)
		}
	})
}

func TestMetricsAndStatusTellHowTheQueueStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		reg := prometheus.NewPedanticRegistry()
		w := &wire{answer: func(_ context.Context, m portadapters.Message) error {
			if m.Receiver == "terminal" {
				return fmt.Errorf("answered 422: %w", portadapters.ErrPermanent)
			}
			return nil
		}}
		e := engine(f, "a", map[string]portadapters.Adapter{"customs": w, "terminal": w})
		e.Metrics = NewMetrics(reg)
		for n := range 7 {
			f.put("customs", fmt.Sprint("d", n))
		}
		f.put("terminal", "d")
		stop := start(e)
		time.Sleep(21 * time.Second)
		got := e.Status()
		got.Renewed = time.Time{}
		if diff := cmp.Diff(Status{Leases: fakeShards, Breakers: map[string]string{"customs": "closed", "terminal": "closed"}}, got); diff != "" {
			t.Errorf("status (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]float64{
			"kouan_outbox_attempts_total customs delivered":  7,
			"kouan_outbox_attempts_total terminal permanent": 1,
			"kouan_outbox_breaker_state customs":             0,
			"kouan_outbox_breaker_state terminal":            0,
			"kouan_outbox_items customs delivered":           7,
			"kouan_outbox_items terminal dead":               1,
			"kouan_outbox_oldest_seconds customs delivered":  20,
			"kouan_outbox_oldest_seconds terminal dead":      20,
			"kouan_outbox_leases_held":                       fakeShards,
		}, gathered(t, reg)); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
		stopped(t, stop)
	})
}

// gathered flattens the metrics that are not zero counters or histograms.
func gathered(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			var name strings.Builder
			name.WriteString(family.GetName())
			for _, label := range m.GetLabel() {
				name.WriteString(" " + label.GetValue())
			}
			switch {
			case m.GetGauge() != nil:
				out[name.String()] = m.GetGauge().GetValue()
			case m.GetCounter() != nil && m.GetCounter().GetValue() > 0:
				out[name.String()] = m.GetCounter().GetValue()
			}
		}
	}
	return out
}

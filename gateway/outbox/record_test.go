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

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

func TestFailedRecordingsDoNotRepeatTheDelivery(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		op    string // at which the desk fails
		err   error
		times int32
		want  int // deliveries
		state string
	}{
		{"database away for a moment", "delivered", store.ErrUnavailable, 4, 1, "delivered"},
		{"commit outcome unknown and it stands", "delivered:done", store.ErrUnknown, 1, 1, "delivered"},
		{"commit outcome unknown and it does not stand", "delivered", store.ErrUnknown, 3, 1, "delivered"},
		{"time limit of the call", "delivered", context.DeadlineExceeded, 3, 1, "delivered"},
		{"fenced is final", "delivered", store.ErrFenced, 1, 1, "sending"},
		{"a definite refusal sends it again later, and says why", "delivered", errors.New("conflict on event"), 3, 2, "delivered"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, w := newFake(), &wire{}
				var failures atomic.Int32
				f.fault = func(op, _ string) error {
					if op == row.op && failures.Add(1) <= row.times {
						return fmt.Errorf("record: %w", row.err)
					}
					return nil
				}
				id := f.put("customs", "d")
				stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
				time.Sleep(9 * time.Second)
				if got := f.item(id); got.State != row.state || w.count() != row.want {
					t.Errorf("item is %s after %d deliveries, want %s after %d", got.State, w.count(), row.state, row.want)
				}
				stopped(t, stop)
			})
		})
	}
}

func TestWhatCanNotBeRecordedIsDeliveredAgainUnderTheNextLease(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		down func(op string) bool
	}{
		{"only the recording fails, leases are renewed", func(op string) bool { return op == "delivered" }},
		{"the whole database is away", func(op string) bool { return !strings.HasSuffix(op, ":done") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				begin := time.Now()
				f.fault = func(op, _ string) error {
					if after := time.Since(begin); after > time.Second && after < time.Minute && row.down(op) {
						return store.ErrUnavailable
					}
					return nil
				}
				w := &wire{answer: func(context.Context, portadapters.Message) error { time.Sleep(2 * time.Second); return nil }}
				id := f.put("customs", "d")
				stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
				time.Sleep(3 * time.Minute)
				if got := f.item(id); got.State != "delivered" {
					t.Errorf("item is %s, want delivered; history %q", got.State, f.history)
				}
				calls := w.log()
				for n, c := range calls {
					if c.Redelivery != (n > 0) {
						t.Errorf("delivery %d: Redelivery = %v", n+1, c.Redelivery)
					}
				}
				// Once a lease time at most, and no more than once a minute after the first.
				if len(calls) < 2 || len(calls) > 4 {
					t.Errorf("%d deliveries, want 2 to 4", len(calls))
				}
				stopped(t, stop)
			})
		})
	}
}

func TestAReplayedItemSaysThatItMayHaveArrived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(), &wire{}
		id := f.put("customs", "d")
		f.items[id].LastError = "answered 422"
		stop := start(engine(f, "a", map[string]portadapters.Adapter{"customs": w}))
		<-f.empty
		stopped(t, stop)
		if calls := w.log(); len(calls) != 1 || !calls[0].Redelivery || calls[0].Attempt != 1 {
			t.Errorf("calls = %+v, want one, attempt 1, redelivery", calls)
		}
	})
}

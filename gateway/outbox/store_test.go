package outbox_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kouan/gateway/outbox"
	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	portadapters "kouan/port-adapters"
)

// clerk records outcomes in the real store and nothing besides.
type clerk struct{ *store.Store }

func (c clerk) done(ctx context.Context, it store.OutboxItem, state string, next time.Time, cause error) error {
	change := store.OutboxChange{ID: it.ID, Epoch: it.Epoch, State: state, At: time.Now().UnixMilli()}
	if cause != nil {
		change.NextAt, change.LastError = next.UnixMilli(), cause.Error()
	}
	return c.Commit(ctx, store.Change{Done: []store.OutboxChange{change}})
}

func (c clerk) Delivered(ctx context.Context, it store.OutboxItem, _ portadapters.Receipt) error {
	return c.done(ctx, it, "delivered", time.Time{}, nil)
}

func (c clerk) Deferred(ctx context.Context, it store.OutboxItem, next time.Time, cause error) error {
	return c.done(ctx, it, "waiting", next, cause)
}

func (c clerk) Buried(ctx context.Context, it store.OutboxItem, cause error) error {
	return c.done(ctx, it, "dead", time.Time{}, cause)
}

// receiver fails now and then and remembers what it took.
type receiver struct {
	mu    sync.Mutex
	every int // one call in so many fails; 0: none
	calls int
	last  map[string]int64 // sequence by subject
	taken map[string]int
	wrong []string
	all   int
	full  chan struct{}
}

func (r *receiver) Deliver(_ context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls++; r.every > 0 && r.calls%r.every == 0 {
		return portadapters.Receipt{}, errors.New("connection refused")
	}
	if m.Sequence != r.last[m.Subject]+1 {
		r.wrong = append(r.wrong, fmt.Sprintf("%s after %d", m.ID, r.last[m.Subject]))
	}
	r.last[m.Subject] = m.Sequence
	r.taken[m.ID]++
	if len(r.taken) == r.all {
		select {
		case <-r.full:
		default:
			close(r.full)
		}
	}
	return portadapters.Receipt{}, nil
}

func open(tb testing.TB) *store.Store {
	tb.Helper()
	return storetest.Open(tb, "sqlite:"+filepath.Join(tb.TempDir(), "kouan.db"), store.Options{})
}

// fill puts lines of messages of each subject into the store.
func fill(tb testing.TB, s *store.Store, subjects, each int) {
	tb.Helper()
	body := []byte("<DecMessage/>")
	sum := sha256.Sum256(body)
	now := time.Now().UnixMilli()
	for n := range subjects {
		var c store.Change
		d := fmt.Sprintf("d%05d", n)
		for k := range each {
			id := fmt.Sprintf("%s-%03d", d, k+1)
			c.Messages = append(c.Messages, store.Message{Tenant: "t1", DeclarationID: d, ID: id, Attempt: 1, Direction: "out", Kind: "decmessage",
				FileName: id, ContentType: "application/xml", SHA256: hex.EncodeToString(sum[:]), Body: body, At: now})
			c.Outbox = append(c.Outbox, store.OutboxItem{ID: id, Receiver: "customs", Subject: d, Sequence: int64(k + 1), Tenant: "t1",
				DeclarationID: d, MessageID: id, Attempt: 1, CreatedAt: now})
		}
		if err := s.Commit(tb.Context(), c); err != nil {
			tb.Fatal(err)
		}
	}
}

func run(tb testing.TB, e *outbox.Engine) (stop func()) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Errorf("Run = %v, want nil", err)
		}
	}
}

func TestTwoEnginesOnTheRealStoreKeepOrderAndDeliverOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	const subjects, each = 60, 5
	fill(t, s, subjects, each)
	r := &receiver{every: 17, last: map[string]int64{}, taken: map[string]int{}, all: subjects * each, full: make(chan struct{})}
	var stops []func()
	for _, owner := range []string{"a", "b"} {
		stops = append(stops, run(t, &outbox.Engine{Store: s, Desk: clerk{s}, Owner: owner, Adapters: map[string]portadapters.Adapter{"customs": r},
			TTL: 3 * time.Second, Poll: 20 * time.Millisecond, Backoff: outbox.Backoff{Base: 5 * time.Millisecond}}))
	}
	<-r.full
	for _, stop := range stops {
		stop()
	}
	for _, w := range r.wrong {
		t.Errorf("out of order: %s", w)
	}
	for id, n := range r.taken {
		if n != 1 {
			t.Errorf("%s delivered %d times", id, n)
		}
	}
	left, err := s.Backlog(t.Context())
	if err != nil || len(left) != 0 {
		t.Errorf("backlog = %+v, %v; want none", left, err)
	}
}

// BenchmarkRealStore delivers through SQLite on disk; what it measures beside
// BenchmarkEngine is the store.
func BenchmarkRealStore(b *testing.B) {
	s := open(b)
	fill(b, s, b.N, 1)
	r := &receiver{last: map[string]int64{}, taken: map[string]int{}, all: b.N, full: make(chan struct{})}
	b.ReportAllocs()
	b.ResetTimer()
	stop := run(b, &outbox.Engine{Store: s, Desk: clerk{s}, Owner: "a", Adapters: map[string]portadapters.Adapter{"customs": r}})
	<-r.full
	stop()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

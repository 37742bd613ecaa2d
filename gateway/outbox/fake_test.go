package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const fakeShards = 8

// fake is a store and a desk in memory that keep the contract of both:
// shards with epochs, heads of lines, fencing. It lives as long as a
// database would: several engines may use one.
type fake struct {
	// fault, when set, is asked before every operation and again after it
	// ("claim" and "claim:done"); an error after it means that the operation
	// stands and the caller does not know.
	fault func(op, id string) error

	mu       sync.Mutex
	shards   [fakeShards]fakeShard
	seen     map[string]time.Time // last heartbeat by owner
	items    map[string]*store.OutboxItem
	messages map[string]store.Message
	lines    map[[2]string]*line
	ready    map[string][]*line // by receiver, oldest first
	later    []*line
	stamp    int64
	unmet    int // items not yet delivered, dead or cancelled
	empty    chan struct{}
	refunds  int
	history  []string // state changes, in order
	breakers map[string]store.Breaker
}

type fakeShard struct {
	owner string
	until time.Time
	epoch int64
}

// line is what one receiver gets about one subject.
type line struct {
	items []*store.OutboxItem
	stamp int64 // when its head became ready
}

func newFake() *fake {
	return &fake{seen: map[string]time.Time{}, items: map[string]*store.OutboxItem{}, messages: map[string]store.Message{},
		lines: map[[2]string]*line{}, ready: map[string][]*line{}, empty: make(chan struct{})}
}

func (f *fake) check(op, id string) error {
	if f.fault == nil {
		return nil
	}
	return f.fault(op, id)
}

func shardOf(receiver, subject string) int {
	sum := sha256.Sum256([]byte(receiver + "\x00" + subject))
	return int(sum[0]) % fakeShards
}

// put adds one item at the end of its line and returns its id.
func (f *fake) put(receiver, subject string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.lines[[2]string{receiver, subject}]
	if l == nil {
		l = &line{}
		f.lines[[2]string{receiver, subject}] = l
	}
	f.stamp++
	id := fmt.Sprintf("%s/%s/%d", receiver, subject, f.stamp)
	body := []byte("body of " + id)
	sum := sha256.Sum256(body)
	now := time.Now().UnixMilli()
	it := &store.OutboxItem{ID: id, Shard: shardOf(receiver, subject), Receiver: receiver, Subject: subject, Sequence: f.stamp,
		Tenant: "t1", MessageID: id, State: "waiting", NextAt: now, CreatedAt: now}
	f.items[id] = it
	f.messages[id] = store.Message{ID: id, Tenant: "t1", Kind: "decmessage", FileName: "F", SHA256: hex.EncodeToString(sum[:]), Body: body}
	f.unmet++
	l.items = append(l.items, it)
	if len(l.items) == 1 {
		f.makeReady(l)
	}
	return id
}

func (f *fake) makeReady(l *line) {
	f.stamp++
	l.stamp = f.stamp
	receiver := l.items[0].Receiver
	f.ready[receiver] = append(f.ready[receiver], l)
}

func (f *fake) Lease(_ context.Context, owner string, ttl time.Duration) ([]store.Lease, error) {
	if err := f.check("lease", owner); err != nil {
		return nil, err
	}
	return f.lease(owner, ttl), f.check("lease:done", owner)
}

func (f *fake) lease(owner string, ttl time.Duration) []store.Lease {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	f.seen[owner] = now
	alive := 0
	for _, at := range f.seen {
		if now.Sub(at) < ttl {
			alive++
		}
	}
	busy := map[int]bool{}
	for _, it := range f.items {
		if it.State == "sending" {
			busy[it.Shard] = true
		}
	}
	fair := (fakeShards + alive - 1) / alive
	var own []store.Lease
	for i := range f.shards {
		s := &f.shards[i]
		switch {
		case s.owner == owner && len(own) >= fair && !busy[i]:
			s.owner = ""
		case s.owner == owner:
			s.until = now.Add(ttl)
			own = append(own, store.Lease{Shard: i, Epoch: s.epoch, Until: s.until})
		}
	}
	for i := range f.shards {
		s := &f.shards[i]
		if len(own) < fair && s.owner != owner && (s.owner == "" || now.After(s.until)) {
			*s = fakeShard{owner: owner, until: now.Add(ttl), epoch: s.epoch + 1}
			own = append(own, store.Lease{Shard: i, Epoch: s.epoch, Until: s.until})
		}
	}
	return own
}

func (f *fake) ReleaseLeases(_ context.Context, owner string) error {
	if err := f.check("release", owner); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.seen, owner)
	for i := range f.shards {
		if f.shards[i].owner == owner {
			f.shards[i].owner = ""
		}
	}
	return nil
}

func (f *fake) Claim(_ context.Context, leases []store.Lease, skip []string, limit int) ([]store.OutboxItem, error) {
	if err := f.check("claim", ""); err != nil {
		return nil, err
	}
	out := f.claim(leases, skip, limit)
	if err := f.check("claim:done", ""); err != nil {
		return nil, err
	}
	return out, nil
}

func (f *fake) claim(leases []store.Lease, skip []string, limit int) []store.OutboxItem {
	f.mu.Lock()
	defer f.mu.Unlock()
	epochs := map[int]int64{}
	for _, l := range leases {
		if f.shards[l.Shard].epoch == l.Epoch {
			epochs[l.Shard] = l.Epoch
		}
	}
	now := time.Now().UnixMilli()
	f.later = slices.DeleteFunc(f.later, func(l *line) bool {
		due := l.items[0].NextAt <= now
		if due {
			f.makeReady(l)
		}
		return due
	})
	var out []store.OutboxItem
	for len(out) < limit {
		best, at := "", -1
		for receiver, lines := range f.ready {
			i := slices.IndexFunc(lines, func(l *line) bool { return epochs[l.items[0].Shard] != 0 })
			if i >= 0 && !slices.Contains(skip, receiver) && (at < 0 || lines[i].stamp < f.ready[best][at].stamp) {
				best, at = receiver, i
			}
		}
		if at < 0 {
			break
		}
		it := f.ready[best][at].items[0]
		if at == 0 {
			f.ready[best] = f.ready[best][1:]
		} else {
			f.ready[best] = slices.Delete(f.ready[best], at, at+1)
		}
		it.State, it.Epoch = "sending", epochs[it.Shard]
		it.Tries++
		f.note(it)
		out = append(out, *it)
	}
	return out
}

func (f *fake) Recover(_ context.Context, leases []store.Lease) (int, error) {
	if err := f.check("recover", ""); err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, l := range leases {
		for _, it := range f.items {
			if it.Shard == l.Shard && it.State == "sending" && it.Epoch < l.Epoch && f.shards[l.Shard].epoch == l.Epoch {
				it.State, it.NextAt = "waiting", time.Now().UnixMilli()
				f.note(it)
				f.makeReady(f.lines[[2]string{it.Receiver, it.Subject}])
				n++
			}
		}
	}
	return n, nil
}

func (f *fake) ClaimFor(ctx context.Context, leases []store.Lease, receiver string, limit int) ([]store.OutboxItem, error) {
	f.mu.Lock()
	var skip []string
	for _, it := range f.items {
		if it.Receiver != receiver {
			skip = append(skip, it.Receiver)
		}
	}
	f.mu.Unlock()
	return f.Claim(ctx, leases, skip, limit)
}

func (f *fake) Overdue(context.Context, []store.Lease, int) (int, error) { return 0, nil }

func (f *fake) Park(context.Context, []store.Lease, []string, int) (int, error) { return 0, nil }

func (f *fake) Unpark(context.Context, []store.Lease, string, int) (int, error) { return 0, nil }

func (f *fake) Breakers(context.Context) ([]store.Breaker, error) {
	if err := f.check("breakers", ""); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.breakers)), nil
}

func (f *fake) SaveBreaker(_ context.Context, b store.Breaker) error {
	if err := f.check("breaker", b.Receiver); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.breakers == nil {
		f.breakers = map[string]store.Breaker{}
	}
	f.breakers[b.Receiver] = b
	return nil
}

func (f *fake) ClearBreaker(_ context.Context, receiver string) error {
	if err := f.check("breaker", receiver); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.breakers, receiver)
	return nil
}

func (f *fake) Outgoing(_ context.Context, it *store.OutboxItem) (store.Message, error) {
	id := it.MessageID
	if err := f.check("message", id); err != nil {
		return store.Message{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	m, ok := f.messages[id]
	if !ok {
		return m, fmt.Errorf("message %s: %w", id, store.ErrNotFound)
	}
	return m, nil
}

func (f *fake) Backlog(context.Context) ([]store.Backlog, error) {
	if err := f.check("backlog", ""); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	rows := map[[2]string]*store.Backlog{}
	for _, it := range f.items {
		key := [2]string{it.Receiver, it.State}
		if rows[key] == nil {
			rows[key] = &store.Backlog{Receiver: it.Receiver, State: it.State, OldestAt: it.CreatedAt}
		}
		rows[key].Count++
		rows[key].OldestAt = min(rows[key].OldestAt, it.CreatedAt)
	}
	var out []store.Backlog
	for _, r := range rows {
		out = append(out, *r)
	}
	return out, nil
}

func (f *fake) Delivered(_ context.Context, it store.OutboxItem, r portadapters.Receipt) error {
	return f.move("delivered", it, 0, "")
}

func (f *fake) Deferred(_ context.Context, it store.OutboxItem, next time.Time, cause error) error {
	return f.move("waiting", it, next.UnixMilli(), cause.Error())
}

func (f *fake) Buried(_ context.Context, it store.OutboxItem, cause error) error {
	return f.move("dead", it, 0, cause.Error())
}

func (f *fake) move(state string, it store.OutboxItem, next int64, why string) error {
	if err := f.check(state, it.ID); err != nil {
		return err
	}
	if err := f.apply(state, it, next, why); err != nil {
		return err
	}
	return f.check(state+":done", it.ID)
}

func (f *fake) apply(state string, it store.OutboxItem, next int64, why string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	row := f.items[it.ID]
	if row.State != "sending" || row.Epoch != it.Epoch || f.shards[row.Shard].epoch != it.Epoch {
		return fmt.Errorf("item %s: %w", it.ID, store.ErrFenced)
	}
	if it.Tries < row.Tries {
		f.refunds++
	}
	row.State, row.NextAt, row.LastError, row.Tries = state, next, why, it.Tries
	f.note(row)
	l := f.lines[[2]string{row.Receiver, row.Subject}]
	if state == "waiting" {
		f.later = append(f.later, l)
		return nil
	}
	if state == "delivered" { // a dead one holds its line
		l.items = l.items[1:]
		if len(l.items) > 0 {
			f.makeReady(l)
		}
	}
	if f.unmet--; f.unmet == 0 {
		close(f.empty)
	}
	return nil
}

func (f *fake) note(it *store.OutboxItem) {
	if len(f.items) < 10_000 { // not in benchmarks
		f.history = append(f.history, fmt.Sprintf("%s %s e%d t%d", it.ID, it.State, it.Epoch, it.Tries))
	}
}

// states counts the items by state.
func (f *fake) states() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for _, it := range f.items {
		out[it.State]++
	}
	return out
}

func (f *fake) item(id string) store.OutboxItem {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.items[id]
}

// wire is an adapter that remembers what was asked of it.
type wire struct {
	answer func(ctx context.Context, m portadapters.Message) error // nil: takes everything at once

	mu    sync.Mutex
	calls []call
	now   int // under way
	most  int // under way at once
}

type call struct {
	portadapters.Message
	start, end time.Time
	deadline   time.Time
	err        error
}

func (w *wire) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	w.mu.Lock()
	w.now++
	w.most = max(w.most, w.now)
	w.mu.Unlock()
	c := call{Message: m, start: time.Now()}
	c.deadline, _ = ctx.Deadline()
	defer func() {
		c.end = time.Now()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now--
		w.calls = append(w.calls, c)
	}()
	if w.answer != nil {
		c.err = w.answer(ctx, m)
	}
	return portadapters.Receipt{At: time.Now(), Peer: "peer"}, c.err
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.calls)
}

func (w *wire) log() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// start runs an engine and returns what stops it and tells Run's result.
func start(e *Engine) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- e.Run(ctx) }()
	return sync.OnceValue(func() error {
		cancel()
		return <-result
	})
}

func engine(f *fake, owner string, adapters map[string]portadapters.Adapter) *Engine {
	return &Engine{Store: f, Desk: f, Adapters: adapters, Owner: owner, Rand: func() float64 { return 0.5 }}
}

func stopped(t *testing.T, stop func() error) {
	t.Helper()
	if err := stop(); err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
}

func newFakeItem(tries int, created time.Time) store.OutboxItem {
	return store.OutboxItem{ID: "m1", Receiver: "customs", Tries: tries, CreatedAt: created.UnixMilli()}
}

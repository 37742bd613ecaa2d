package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// Store is what the engine reads, leases and claims.
type Store interface {
	// Lease renews the owner's leases, gives up surplus ones, takes free ones,
	// and returns all that the owner holds now. It may give up only shards
	// without items in state sending.
	Lease(ctx context.Context, owner string, ttl time.Duration) ([]store.Lease, error)
	// ReleaseLeases gives all leases of the owner back. Who leases them next,
	// the same owner included, gets a higher epoch.
	ReleaseLeases(ctx context.Context, owner string) error
	// Claim turns due head-of-line items into sending ones under the lease's
	// epoch, adds one to their tries, and returns them.
	Claim(ctx context.Context, leases []store.Lease, skipReceivers []string, limit int) ([]store.OutboxItem, error)
	// ClaimFor is Claim for one receiver only.
	ClaimFor(ctx context.Context, leases []store.Lease, receiver string, limit int) ([]store.OutboxItem, error)
	// Recover puts items that were left sending under an earlier epoch back to wait.
	Recover(ctx context.Context, leases []store.Lease) (int, error)
	// Outgoing returns the exact bytes of an item, or store.ErrNotFound.
	Outgoing(ctx context.Context, it *store.OutboxItem) (store.Message, error)
	// Backlog counts items by receiver and state.
	Backlog(ctx context.Context) ([]store.Backlog, error)
	// Overdue counts what waits although it is due, up to a limit; Park moves
	// such items of these receivers, and of lines whose head cannot leave, out
	// of the way of claims; Unpark brings those of a receiver back. Both return
	// how many there were.
	Overdue(ctx context.Context, leases []store.Lease, limit int) (int, error)
	Park(ctx context.Context, leases []store.Lease, receivers []string, limit int) (int, error)
	Unpark(ctx context.Context, leases []store.Lease, receiver string, limit int) (int, error)
	// Breakers lists the receivers that are down, as SaveBreaker wrote them.
	Breakers(ctx context.Context) ([]store.Breaker, error)
	SaveBreaker(ctx context.Context, b store.Breaker) error
	ClearBreaker(ctx context.Context, receiver string) error
}

var _ Store = (*store.Store)(nil)

// Desk records what became of an item. Each call commits durably or returns
// an error: store.ErrFenced when the item is no longer sending under the
// epoch it carries, store.ErrUnavailable or store.ErrUnknown when the same
// call may be repeated.
//
// An item that is handed back without having been sent comes to Deferred with
// Tries one lower than it was claimed with and a cause that wraps
// portadapters.ErrUnsent: the desk gives the claim back.
type Desk interface {
	Delivered(ctx context.Context, it store.OutboxItem, r portadapters.Receipt) error
	Deferred(ctx context.Context, it store.OutboxItem, next time.Time, cause error) error
	Buried(ctx context.Context, it store.OutboxItem, cause error) error
}

// Engine delivers the outbox. Store, Desk, Adapters and Owner are required;
// every other field has a default that its zero value stands for. The fields
// must not change after Run or Wake was called.
type Engine struct {
	Store    Store
	Desk     Desk
	Adapters map[string]portadapters.Adapter // by receiver
	Owner    string                          // of the leases; unique per process

	// Resolve finds the adapter of a receiver that is not in Adapters, anew for
	// each delivery, so that it may change. False says that the receiver is
	// certainly nobody: what waits for it is buried. When that is not known, the
	// adapter that it returns fails with a temporary error.
	Resolve func(receiver string) (portadapters.Adapter, bool)
	// Held names receivers to which nothing may go at present, because somebody
	// said so. It is asked before every claim and must be quick.
	Held func() []string

	Clock   func() time.Time // time.Now; its monotonic reading measures the leases
	Rand    func() float64   // in [0,1), for jitter; safe for concurrent use
	Logger  *slog.Logger
	Metrics *Metrics

	TTL            time.Duration // of a lease, 15 s; renewed every third of it
	Workers        int           // deliveries under way over all receivers, 256
	PerReceiver    int           // deliveries under way to one receiver, 16
	Batch          int           // items of one claim, 256
	Poll           time.Duration // between claims when nothing wakes the engine, 250 ms, growing to four times that when idle
	DeliverTimeout time.Duration // of one delivery, 10 s
	StopTimeout    time.Duration // that deliveries under way get when the engine stops, 10 s
	Backoff        Backoff
	Breaker        Breaker
	MaxTries       int           // tries after which a failing item is buried; 0: no limit
	MaxAge         time.Duration // age at which a failing item is buried; 0: 72 h; negative: no limit

	once     sync.Once
	wake     chan struct{}
	sweep    chan struct{}
	stopping chan struct{} // closed when deliveries no longer start
	leases   *leaseTable
	books    context.Context // of recordings; outlives the deliveries

	mu        sync.Mutex
	started   bool
	stopped   bool // mirrors stopping, under mu
	paused    bool // leases are about to be given back
	claiming  bool // a claim is under way
	lanes     map[string]*lane
	names     []string                 // of the lanes, in a fixed order
	held      map[string]bool          // what Held said last
	parked    map[string]bool          // receivers of which something may be parked
	recalled  map[string]store.Breaker // receivers that were down before, until their lane comes into being
	starving  []*lane                  // lanes with items that wait for a free worker, first come first
	busy      int                      // deliveries under way
	recording int                      // results being recorded
	running   sync.WaitGroup

	turns struct { // of breakers, not yet written; has its own lock, because they turn under any other
		mu    sync.Mutex
		lanes map[*lane]bool
		some  chan struct{}
	}
}

const (
	storeTimeout    = 5 * time.Second  // of one call to the store or the desk
	measureEvery    = 10 * time.Second // reading of the backlog for the metrics
	recordLimit     = 512              // results being recorded above which nothing is claimed
	defaultTTL      = 15 * time.Second
	defaultDeliver  = 10 * time.Second
	defaultStop     = 10 * time.Second
	defaultMaxAge   = 72 * time.Hour
	defaultPoll     = 250 * time.Millisecond
	defaultWorkers  = 256
	defaultReceiver = 16
	defaultBatch    = 256
)

func (e *Engine) setup() {
	e.once.Do(func() {
		if e.Clock == nil {
			e.Clock = time.Now
		}
		if e.Rand == nil {
			e.Rand = rand.Float64
		}
		if e.Logger == nil {
			e.Logger = slog.New(slog.DiscardHandler)
		}
		if e.Metrics == nil {
			e.Metrics = NewMetrics(nil)
		}
		e.TTL = cmp.Or(e.TTL, defaultTTL)
		e.Workers = cmp.Or(e.Workers, defaultWorkers)
		e.PerReceiver = cmp.Or(e.PerReceiver, defaultReceiver)
		e.Batch = cmp.Or(e.Batch, defaultBatch)
		e.Poll = cmp.Or(e.Poll, defaultPoll)
		e.DeliverTimeout = cmp.Or(e.DeliverTimeout, defaultDeliver)
		e.StopTimeout = cmp.Or(e.StopTimeout, defaultStop)
		e.MaxAge = cmp.Or(e.MaxAge, defaultMaxAge)
		e.Backoff = e.Backoff.withDefaults()
		e.Breaker = e.Breaker.withDefaults()
		e.wake, e.sweep = make(chan struct{}, 1), make(chan struct{}, 1)
		e.stopping, e.turns.some = make(chan struct{}), make(chan struct{}, 1)
		e.parked = map[string]bool{}
		e.leases = newLeaseTable(e.margin())
		e.makeLanes()
	})
}

// margin is kept free at the end of a lease for the clock of the database
// running faster than ours and for a cancelled delivery to end.
func (e *Engine) margin() time.Duration { return e.TTL / 10 }

// floor is the shortest time a delivery is started with.
func (e *Engine) floor() time.Duration { return min(e.DeliverTimeout, e.TTL/5) }

// Wake tells the engine that something is waiting. It never blocks.
func (e *Engine) Wake() {
	e.setup()
	signal(e.wake)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // a signal is pending already
	}
}

// Run works until ctx is cancelled, then stops in order: nothing more is
// claimed, what was claimed and not sent is handed back, deliveries under way
// get StopTimeout, their results are recorded, the leases are given back. It
// returns nil when nothing was left behind. Run may be called once.
func (e *Engine) Run(ctx context.Context) error {
	e.setup()
	e.mu.Lock()
	started := e.started
	e.started = true
	e.mu.Unlock()
	if started {
		return errors.New("run outbox: already started")
	}
	base := context.WithoutCancel(ctx)
	work, cut := context.WithCancelCause(base)
	defer cut(nil)
	books, closeBooks := context.WithCancel(base)
	defer closeBooks()
	e.books = books
	e.leases.work = work

	leasing, stopLeasing := context.WithCancel(base)
	defer stopLeasing()
	var keeper, loops sync.WaitGroup
	keeper.Go(func() { e.leaseLoop(leasing) })
	e.recall(ctx)
	loops.Go(func() { e.claimLoop(ctx) })
	loops.Go(func() { e.breakerLoop(ctx) })
	loops.Go(func() { e.sweepLoop(ctx) })
	loops.Go(func() { e.measureLoop(ctx) })
	<-ctx.Done()

	e.stopDispatch()
	loops.Wait()
	drained := e.drain(cut, closeBooks)
	stopLeasing()
	keeper.Wait()
	if !drained {
		// The leases are kept until they end by themselves: a delivery that
		// does not obey its deadline may still be on its way.
		return fmt.Errorf("stop outbox: %d deliveries did not end", e.Status().Delivering)
	}
	releasing, done := context.WithTimeout(base, storeTimeout)
	defer done()
	e.leases.clear()
	e.Metrics.leases.Set(0)
	if err := e.Store.ReleaseLeases(releasing, e.Owner); err != nil {
		return fmt.Errorf("stop outbox: release leases: %w", err)
	}
	return nil
}

// drain waits for what is under way, in three steps that grow harder, and
// reports whether everything ended.
func (e *Engine) drain(cut context.CancelCauseFunc, closeBooks context.CancelFunc) bool {
	ended := make(chan struct{})
	go func() {
		e.running.Wait()
		close(ended)
	}()
	for _, step := range []struct {
		wait time.Duration
		then func()
	}{
		{e.StopTimeout, func() { cut(errCutOff) }},
		{storeTimeout, closeBooks},
		{time.Second, func() {}},
	} {
		timer := time.NewTimer(step.wait)
		select {
		case <-ended:
			timer.Stop()
			return true
		case <-timer.C:
			step.then()
		}
	}
	return false
}

// sleep waits for d or until ctx ends, and reports whether it slept the whole time.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

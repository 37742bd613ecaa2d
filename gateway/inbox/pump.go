package inbox

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"kouan/gateway/store"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/sftp"
)

// File is one finished file as the desk hears it.
type File struct {
	Channel string
	Name    string // a hint; the content decides
	SHA256  string // hex, of Body
	Body    []byte // nil when Rejected
	// Rejected says why the content is not to be read (too large, gone); the
	// desk writes it into the ledger as final.
	Rejected string
	Tries    int       // times it was heard before
	HeardAt  time.Time // now
	RetryAt  time.Time // when it is heard again, should the desk answer retry
}

// Outcome is what the ledger says of a file from now on.
type Outcome struct {
	State  string // matched, unmatched, retry, rejected
	Reason string
}

// States of a file in the ledger. Only retry is heard again: an unmatched
// receipt is kept by the desk, which matches it later.
const (
	Matched   = "matched"
	Unmatched = "unmatched"
	Retry     = "retry"
	Rejected  = "rejected"
)

// Desk hears files. An error says that nothing is known to be written; the
// file is heard again.
type Desk interface {
	HearFile(ctx context.Context, f File) (Outcome, error)
}

// Ledger knows the files that were heard, or returns store.ErrNotFound.
type Ledger interface {
	InboxFile(ctx context.Context, channel, sha256 string) (store.InboxFile, error)
}

// Scanner finds the files that are finished; each is returned once, and again
// when its content changed. Files may come together with an error about others.
type Scanner interface {
	Scan(ctx context.Context) ([]filedrop.File, error)
}

// Fetcher is a Scanner whose files do not lie in a folder of this machine. It
// reads the content of a file again, at most one byte more than its size, or
// returns an error that wraps os.ErrNotExist. It is called by several workers.
type Fetcher interface {
	Fetch(ctx context.Context, f filedrop.File) ([]byte, error)
}

var (
	_ Ledger  = (*store.Store)(nil)
	_ Scanner = (*filedrop.Scanner)(nil)
	_ Scanner = (*sftp.Scanner)(nil)
	_ Fetcher = (*sftp.Scanner)(nil)
)

// Pump watches the folder of one channel. Channel, Scanner, Desk and Ledger
// are required; the zero value of every other field stands for its default.
// The fields must not change after Run was called.
type Pump struct {
	Channel string
	Scanner Scanner
	Desk    Desk
	Ledger  Ledger

	Clock    func() time.Time // time.Now
	Rand     func() float64   // in [0,1), for jitter; safe for concurrent use
	Interval time.Duration    // between scans, 1 s
	Workers  int              // files heard at once, 8
	Logger   *slog.Logger
	Metrics  *Metrics

	once    sync.Once
	pending map[string]*entry // by SHA-256: found, and not settled
	names   map[string]string // name -> SHA-256 of what was settled under it

	mu     sync.Mutex
	status Status
}

// Status is how a pump stands, for readiness and doctor.
type Status struct {
	LastScan     time.Time // that succeeded; zero before the first
	LastResponse time.Time // time of the newest file seen; zero when there was none
	Pending      int       // files that wait to be heard again
}

const (
	hearTimeout     = 10 * time.Second
	defaultInterval = time.Second
	defaultWorkers  = 8
	maxNames        = 100_000  // names remembered to notice their reuse
	maxKept         = 32 << 20 // bytes of waiting files kept in memory; others are read again from the folder
)

func (p *Pump) setup() {
	p.once.Do(func() {
		if p.Clock == nil {
			p.Clock = time.Now
		}
		if p.Rand == nil {
			p.Rand = rand.Float64
		}
		if p.Logger == nil {
			p.Logger = slog.New(slog.DiscardHandler)
		}
		if p.Metrics == nil {
			p.Metrics = NewMetrics(nil)
		}
		p.Interval = cmp.Or(p.Interval, defaultInterval)
		p.Workers = cmp.Or(p.Workers, defaultWorkers)
		p.pending = map[string]*entry{}
		p.names = map[string]string{}
	})
}

// Run scans the whole folder at once and then at every Interval, until ctx
// ends. Files being heard then are heard to their end. It returns nil.
func (p *Pump) Run(ctx context.Context) error {
	p.setup()
	ticker := time.NewTicker(p.Interval)
	defer ticker.Stop()
	for {
		p.pass(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Status may be called at any time.
func (p *Pump) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// backoff is the wait after n failures in a row: 1 s doubling to 60 s, spread
// by up to a fifth upwards (envelopes.md section 2.4).
func backoff(n int, r float64) time.Duration {
	d := min(time.Second<<min(max(n-1, 0), 6), time.Minute)
	return d + time.Duration(float64(d)*0.2*r)
}

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Options tune a Store. The zero value works.
type Options struct {
	Clock  func() time.Time // default time.Now
	Logger *slog.Logger     // default: discards
	// Owner names this process in leases and heartbeats, at most 64 bytes. Two
	// live processes with one name take each other's leases away. Default: a
	// fresh UUID.
	Owner string
	// QueueLimit bounds the changes that wait for the writer; more are refused
	// with ErrUnavailable at once. Default 4096.
	QueueLimit int
	// QueueBytes bounds the bytes of the waiting changes. Default 64 MiB.
	QueueBytes int64
	// Timeout bounds one read, and one write transaction with all its tries. Default 15 s.
	Timeout time.Duration

	wrap func(driver.Connector) driver.Connector // tests put faults between store and driver
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Owner == "" {
		o.Owner = uuid.NewString()
	}
	if o.QueueLimit <= 0 {
		o.QueueLimit = 4096
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 64 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.wrap == nil {
		o.wrap = func(c driver.Connector) driver.Connector { return c }
	}
	return o
}

// Store is one database. Its methods may be called from many goroutines.
type Store struct {
	o       Options
	d       *dialect
	rd      *sqlx.DB // readers
	wr      *sqlx.DB // one held connection per writer
	reads   statements
	queue   *queue
	close   sync.Once
	writers sync.WaitGroup
	count   counters
	owned   ownership

	parkedLines atomic.Int64 // until when items parked behind others may be there
}

// Open connects to "sqlite:PATH" or "mysql://user:password@host:port/name"
// and starts the writer. It changes no schema: Migrate does. It refuses an
// SQLite library below 3.51.3 and a schema that needs a newer program
// (ErrNewerSchema).
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	o = o.withDefaults()
	if len(o.Owner) > 64 {
		return nil, fmt.Errorf("open store: owner %q is longer than 64 bytes", o.Owner)
	}
	d, err := dialectOf(ctx, url, o)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{o: o, d: d, queue: newQueue(o.QueueLimit, o.QueueBytes)}
	s.rd = d.pool(d.read, o.wrap, d.readers)
	s.wr = d.pool(d.write, o.wrap, d.writers)
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.reads.close(), s.rd.Close(), s.wr.Close())
	}
	for n := range d.writers {
		s.writers.Go(newWriter(s, n).run)
	}
	return s, nil
}

// Close lets the waiting changes be written, gives leased audit lanes back
// and closes all connections. Changes that come later get ErrUnavailable.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		s.queue.shut()
		s.writers.Wait()
		err = errors.Join(s.reads.close(), s.rd.Close(), s.wr.Close())
	})
	return err
}

// Dialect is "sqlite" or "mysql".
func (s *Store) Dialect() string { return s.d.name }

func (s *Store) now() int64 { return s.o.Clock().UnixMilli() }

func (s *Store) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.o.Timeout)
}

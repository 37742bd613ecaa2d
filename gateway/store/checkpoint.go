package store

import (
	"context"
	"errors"
	"time"
)

// checkpointBytes is how much the writer adds to SQLite's log before its
// pages are copied into the database file.
const checkpointBytes = 4 << 20

// checkpointer copies committed pages of SQLite's log into the database file
// beside the writer, so that a commit does not have to. The writer still
// checkpoints by itself when the log grows long, which also starts it anew.
type checkpointer struct {
	s       *Store
	pending int64 // only the writer counts
	wake    chan struct{}
	stop    chan struct{}
}

func newCheckpointer(s *Store) *checkpointer {
	return &checkpointer{s: s, wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

// wrote is called by the one writer after each commit.
func (c *checkpointer) wrote(batch []*job) {
	if c == nil {
		return
	}
	for _, j := range batch {
		c.pending += j.size
	}
	if c.pending < checkpointBytes {
		return
	}
	c.pending = 0
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *checkpointer) run() {
	db := c.s.d.pool(c.s.d.maintain, c.s.o.wrap, 1)
	for {
		select {
		case <-c.stop:
			if err := db.Close(); err != nil {
				c.s.o.Logger.Warn("close checkpoint connection", "error", err)
			}
			return
		case <-c.wake:
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				c.s.o.Logger.Warn("checkpoint", "error", err)
			}
			cancel()
		}
	}
}

package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

const (
	ownerColumns = `owner, until`
	beatColumns  = `owner, at`
)

// Lease is one outbox shard that an owner holds. Every taking of a shard
// raises its epoch, and whoever works under an older epoch is fenced off.
type Lease struct {
	Shard int
	Epoch int64
	Until time.Time // by the database's clock on MySQL, else by Options.Clock
}

// ownership is what this Store knows of its own leases.
type ownership struct {
	mu       sync.Mutex      // one Lease at a time
	known    map[string]bool // owners that leased through this Store before
	drain    sync.Mutex      // of draining; the writer takes it, so nobody waits for the writer under it
	draining map[int]int64   // shard -> epoch: held only until nothing is under way
	claims   sync.Mutex      // one claim at a time
	from     int             // shard at which the next claim begins
}

type shard struct {
	n     int
	owner string
	until int64
	epoch int64
}

// Lease renews the owner's leases, takes free and expired ones up to its fair
// share of the shards among the live owners, and gives up what it has beyond
// that, but only shards without items in state sending. It returns all that
// the owner holds now. A shard that is still to be given up is among them;
// Claim takes nothing from it. The first call of a Store for an owner raises
// the epochs of what stands in the owner's name from an earlier life.
func (s *Store) Lease(ctx context.Context, owner string, ttl time.Duration) ([]Lease, error) {
	if owner == "" || len(owner) > 64 {
		return nil, fmt.Errorf("lease: owner %q: %w", owner, ErrInvalid)
	}
	s.owned.mu.Lock()
	defer s.owned.mu.Unlock()
	l := leasing{owner: owner, ttl: ttl.Milliseconds(), first: !s.owned.known[owner]}
	if err := s.do(ctx, l.run); err != nil {
		return nil, fmt.Errorf("lease outbox shards: %w", err)
	}
	if s.owned.known == nil {
		s.owned.known = map[string]bool{}
	}
	s.owned.known[owner] = true
	s.owned.drain.Lock()
	defer s.owned.drain.Unlock()
	if s.owned.draining == nil {
		s.owned.draining = map[int]int64{}
	}
	out := make([]Lease, 0, len(l.held))
	for _, h := range l.held {
		delete(s.owned.draining, h.n)
		out = append(out, Lease{Shard: h.n, Epoch: h.epoch, Until: time.UnixMilli(h.until).UTC()})
	}
	for _, h := range l.draining {
		s.owned.draining[h.n] = h.epoch
	}
	return out, nil
}

// leasing is one run of Lease.
type leasing struct {
	owner string
	ttl   int64
	first bool

	now      int64
	held     []shard // result
	draining []shard // those of held that are to be given up
}

func (l *leasing) run(ctx context.Context, t tx) (err error) {
	l.held, l.draining = nil, nil
	if l.now, err = t.clock(ctx); err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	share, err := l.share(ctx, t)
	if err != nil {
		return fmt.Errorf("count owners: %w", err)
	}
	mine, free, err := l.look(ctx, t)
	if err != nil {
		return fmt.Errorf("read shards: %w", err)
	}
	if mine, err = l.giveUp(ctx, t, mine, share); err != nil {
		return fmt.Errorf("give up shards: %w", err)
	}
	if err := l.renew(ctx, t, mine); err != nil {
		return err
	}
	return l.take(ctx, t, free, share-len(mine))
}

// share shows the owner as alive and divides the shards by the live owners.
func (l *leasing) share(ctx context.Context, t tx) (int, error) {
	beat := t.s.d.insertOwner.rows()
	beat.add(64, l.owner, l.now+l.ttl)
	if err := t.insert(ctx, beat); err != nil {
		return 0, err
	}
	if _, err := t.exec(ctx, `DELETE FROM outbox_owners WHERE until < ?`, l.now); err != nil {
		return 0, err
	}
	live := 1
	err := t.each(ctx, func(r *sql.Rows) error { return r.Scan(&live) }, `SELECT COUNT(*) FROM outbox_owners`)
	return (Shards + live - 1) / max(live, 1), err
}

func (l *leasing) look(ctx context.Context, t tx) (mine, free []shard, err error) {
	err = t.each(ctx, func(r *sql.Rows) error {
		var h shard
		if err := r.Scan(&h.n, &h.owner, &h.until, &h.epoch); err != nil {
			return err
		}
		switch {
		case h.owner == l.owner:
			mine = append(mine, h)
		case h.owner == "" || h.until < l.now:
			free = append(free, h)
		}
		return nil
	}, `
SELECT shard, owner, until, epoch
FROM outbox_shards
ORDER BY shard`)
	return mine, free, err
}

// giveUp frees what is beyond the share: at once where nothing is under way,
// else the shard drains first.
func (l *leasing) giveUp(ctx context.Context, t tx, mine []shard, share int) ([]shard, error) {
	surplus := len(mine) - share
	if surplus <= 0 {
		return mine, nil
	}
	busy := map[int]bool{}
	err := t.each(ctx, func(r *sql.Rows) error {
		var n int
		err := r.Scan(&n)
		busy[n] = true
		return err
	}, `
SELECT DISTINCT shard
FROM outbox
WHERE state = 'sending'`)
	if err != nil {
		return nil, err
	}
	var kept []shard
	for _, h := range mine {
		switch {
		case surplus == 0:
			kept = append(kept, h)
		case busy[h.n]:
			surplus--
			kept = append(kept, h)
			l.draining = append(l.draining, h)
		default:
			surplus--
			_, err := t.exec(ctx, `
UPDATE outbox_shards
SET owner = '', until = 0
WHERE shard = ? AND owner = ? AND epoch = ?`, h.n, l.owner, h.epoch)
			if err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

// renew moves the end of all that is left in the owner's name.
func (l *leasing) renew(ctx context.Context, t tx, mine []shard) error {
	raise := int64(0)
	if l.first {
		raise = 1
	}
	n, err := t.exec(ctx, `
UPDATE outbox_shards
SET until = ?, epoch = epoch + ?
WHERE owner = ?`, l.now+l.ttl, raise, l.owner)
	switch {
	case err != nil:
		return fmt.Errorf("renew shards: %w", err)
	case int(n) != len(mine):
		return errAgain
	}
	for _, h := range mine {
		h.until, h.epoch = l.now+l.ttl, h.epoch+raise
		l.held = append(l.held, h)
	}
	for i := range l.draining {
		l.draining[i].epoch += raise
	}
	return nil
}

// take begins at a place of its own, so that several takers seldom meet.
func (l *leasing) take(ctx context.Context, t tx, free []shard, want int) error {
	for i := range free {
		if want <= 0 {
			return nil
		}
		h := free[(i+startLane(l.owner))%len(free)]
		n, err := t.exec(ctx, `
UPDATE outbox_shards
SET owner = ?, until = ?, epoch = epoch + 1
WHERE shard = ? AND epoch = ? AND (owner = '' OR until < ?)`, l.owner, l.now+l.ttl, h.n, h.epoch, l.now)
		if err != nil {
			return fmt.Errorf("take shard %d: %w", h.n, err)
		}
		if n == 1 {
			want--
			h.until, h.epoch = l.now+l.ttl, h.epoch+1
			l.held = append(l.held, h)
		}
	}
	return nil
}

// ReleaseLeases gives all leases of the owner back at once. Whoever takes
// them next, the same owner included, gets a higher epoch.
func (s *Store) ReleaseLeases(ctx context.Context, owner string) error {
	err := s.do(ctx, func(ctx context.Context, t tx) error {
		if _, err := t.exec(ctx, `UPDATE outbox_shards SET owner = '', until = 0 WHERE owner = ?`, owner); err != nil {
			return err
		}
		_, err := t.exec(ctx, `DELETE FROM outbox_owners WHERE owner = ?`, owner)
		return err
	})
	if err != nil {
		return fmt.Errorf("release leases of %s: %w", owner, err)
	}
	return nil
}

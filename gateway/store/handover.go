package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Taker is an engine of this process that takes pushes in the transaction
// that makes them: they are claimed before anybody could see them waiting,
// under the same rules as Claim, and need neither a look nor a commit of
// their own. It is a short cut: what is not taken is found by Claim.
type Taker interface {
	// Begin says how many items each of these receivers could start with now,
	// and under which leases; false when nothing is to be taken. Each Begin
	// that said yes is followed by one End.
	Begin(receivers []string) (leases []Lease, room map[string]int, ok bool)
	// End brings what was taken and committed, or the error of the commit. rest
	// says that the transaction left something that Claim should look for.
	End(items []OutboxItem, rest bool, err error)
	// Rest says the same of a transaction without an End.
	Rest()
	// Quiet says that nothing is known to wait for what is under way.
	Quiet() bool
}

// HandTo names the engine that takes pushes; Unhand ends it.
func (s *Store) HandTo(t Taker) { s.taker.Store(&t) }

// Unhand ends the taking of an engine, if it is still the one.
func (s *Store) Unhand(t Taker) {
	if now := s.taker.Load(); now != nil && *now == t {
		s.taker.CompareAndSwap(now, nil)
	}
}

// handover is the taking of one transaction.
type handover struct {
	to     Taker
	epochs map[int]int64
	room   map[string]int
	taken  []OutboxItem
	rest   bool
	mine   bool // Begin said yes
}

// beginHandover asks the engine. Only one writer at a time takes: claims lock
// the rows of shards, and two would lock them crosswise.
func (s *Store) beginHandover(batch []*job) *handover {
	h := &handover{}
	var receivers []string
	for _, j := range batch {
		c := j.change
		if c == nil {
			continue
		}
		for i := range c.Pushes {
			receivers = append(receivers, c.Pushes[i].Receiver)
		}
		h.rest = h.rest || len(c.Outbox)+len(c.Requeue)+len(c.Supersede)+len(c.Pulled)+len(c.ResetBreakers)+len(c.Endpoints) > 0
	}
	if len(receivers) == 0 && !h.rest {
		return nil
	}
	to := s.taker.Load()
	if to == nil {
		return nil
	}
	h.to = *to
	if len(receivers) == 0 || !s.handing.TryLock() {
		return h
	}
	leases, room, ok := h.to.Begin(receivers)
	if !ok {
		s.handing.Unlock()
		return h
	}
	h.mine, h.room, h.epochs = true, room, s.claimable(leases)
	return h
}

func (h *handover) end(s *Store, err error) {
	if h == nil {
		return
	}
	if !h.mine { // nothing to take, or another writer does
		h.to.Rest()
		return
	}
	h.to.End(h.taken, h.rest, err)
	s.handing.Unlock()
}

var openLines = forLines(`
SELECT receiver, subject
FROM outbox
WHERE state NOT IN ('delivered', 'cancelled') AND (`, `(receiver = ? AND subject = ? AND sequence < ?)`, `)`)

// handOver claims those of the new items that are the head of their line,
// before they are written: they are in the table as ours from the beginning.
func (t tx) handOver(ctx context.Context, h *handover, fresh []OutboxItem) error {
	if h == nil || !h.mine {
		return nil
	}
	seen := map[lineKey]bool{}
	room := map[string]int{}
	var heads, follow []*OutboxItem
	for i := range fresh {
		o := &fresh[i]
		k := lineKey{o.Receiver, o.Subject}
		if _, ok := h.epochs[o.Shard]; !ok || seen[k] || room[o.Receiver] >= h.room[o.Receiver] {
			seen[k] = true
			continue
		}
		seen[k] = true
		room[o.Receiver]++
		if o.Sequence == 1 {
			heads = append(heads, o)
		} else {
			follow = append(follow, o)
		}
	}
	for part := range slices.Chunk(follow, lineSlots) {
		free, err := t.free(ctx, part)
		if err != nil {
			return err
		}
		heads = append(heads, free...)
	}
	if err := t.takeHeads(ctx, h, heads); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	h.rest = h.rest || len(h.taken) < len(fresh)
	return nil
}

func (t tx) takeHeads(ctx context.Context, h *handover, heads []*OutboxItem) error {
	if len(heads) == 0 {
		return nil
	}
	shards := make([]int, 0, len(heads))
	for _, o := range heads {
		shards = append(shards, o.Shard)
	}
	held, err := t.hold(ctx, shards, h.epochs)
	if err != nil {
		return err
	}
	for _, o := range heads {
		if held[o.Shard] {
			o.claimed(h.epochs)
			h.taken = append(h.taken, *o)
		}
	}
	return nil
}

// free are those of some items before which nothing is left in their line.
func (t tx) free(ctx context.Context, part []*OutboxItem) ([]*OutboxItem, error) {
	size := step(len(part))
	args := make([]any, 0, 3*size)
	for i := range size {
		o := part[min(i, len(part)-1)]
		args = append(args, o.Receiver, o.Subject, o.Sequence)
	}
	open := map[lineKey]bool{}
	err := t.each(ctx, func(r *sql.Rows) error {
		var k lineKey
		err := r.Scan(&k.receiver, &k.subject)
		open[k] = true
		return err
	}, openLines[size], args...)
	if err != nil {
		return nil, fmt.Errorf("look along lines: %w", err)
	}
	var free []*OutboxItem
	for i := range part {
		if !open[lineKey{part[i].Receiver, part[i].Subject}] {
			free = append(free, part[i])
		}
	}
	return free, nil
}

// mayBeLate says that a change only records a delivery, and that nobody is
// known to wait for it: what follows in its line would.
func (s *Store) mayBeLate(c *Change) bool {
	if len(c.Done) != 1 || !c.Done[0].plain() || len(c.Audit)+len(c.Events)+len(c.Pushes)+len(c.Attempts)+len(c.Notices)+len(c.NoticeEvents) > 0 {
		return false
	}
	to := s.taker.Load()
	return to != nil && (*to).Quiet()
}

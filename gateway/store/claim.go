package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// places is "(?, ?, …)". Lists are padded to a few lengths, so that few
// texts of a statement exist.
func places(n int) string { return "(" + strings.Repeat("?, ", n-1) + "?)" }

// pad repeats the last value up to n.
func pad[T any](list []T, n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = list[min(i, len(list)-1)]
	}
	return out
}

// step is the least of 1, 8, 64, 512 … that holds n values.
func step(n int) int {
	size := 1
	for size < n {
		size *= 8
	}
	return size
}

// An item is the head of its line when no earlier message of the same
// receiver and subject still has to arrive. A dead one holds its line, and
// only its line, until somebody replays or cancels it. The states are named
// by what they are not, lest an optimizer reach for the index by state.
const headOfLine = `NOT EXISTS (
    SELECT 1
    FROM outbox AS e
    WHERE e.receiver = o.receiver AND e.subject = o.subject AND e.sequence < o.sequence AND e.state NOT IN ('delivered', 'cancelled'))`

// Claim turns due head-of-line items of the leased shards into sending ones
// under the lease's epoch, adds one to their tries, and returns them, at most
// limit. Receivers in skipReceivers are left out. Shards that somebody else
// took meanwhile give nothing. Small pushes come with their bytes.
func (s *Store) Claim(ctx context.Context, leases []Lease, skipReceivers []string, limit int) ([]OutboxItem, error) {
	s.owned.claims.Lock()
	defer s.owned.claims.Unlock()
	epochs := s.claimable(leases)
	found, err := s.due(ctx, epochs, skipReceivers, limit)
	if err != nil {
		return nil, s.readError(err, "look for due items")
	}
	return s.take(ctx, found, epochs)
}

// ClaimFor is Claim for one receiver: a probe of one that was down. It also
// takes what was parked.
func (s *Store) ClaimFor(ctx context.Context, leases []Lease, receiver string, limit int) ([]OutboxItem, error) {
	s.owned.claims.Lock()
	defer s.owned.claims.Unlock()
	epochs := s.claimable(leases)
	if len(epochs) == 0 {
		return nil, nil
	}
	shards := make([]int, 0, len(epochs))
	for n := range epochs {
		shards = append(shards, n)
	}
	var rows []dueItem
	if err := s.all(ctx, &rows, dueFor, append(pad(shards, Shards), s.now(), receiver, limit)...); err != nil {
		return nil, s.readError(err, "look for due items of %.80q", receiver)
	}
	return s.take(ctx, items(rows), epochs)
}

func (s *Store) take(ctx context.Context, found []OutboxItem, epochs map[int]int64) ([]OutboxItem, error) {
	if len(found) == 0 {
		return nil, nil
	}
	var got []OutboxItem
	err := s.do(ctx, func(ctx context.Context, t tx) (err error) {
		got, err = t.claim(ctx, found, epochs)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return got, nil
}

func (s *Store) claimable(leases []Lease) map[int]int64 {
	s.owned.drain.Lock()
	defer s.owned.drain.Unlock()
	epochs := make(map[int]int64, len(leases))
	for _, l := range leases {
		if e, ok := s.owned.draining[l.Shard]; !ok || e != l.Epoch {
			epochs[l.Shard] = l.Epoch
		}
	}
	return epochs
}

// due looks without locks. It has no ORDER BY, so that the index is read only
// as far as the limit asks, oldest first within a shard; the shards take
// turns, beginning behind the last one of the claim before.
func (s *Store) due(ctx context.Context, epochs map[int]int64, skip []string, limit int) ([]OutboxItem, error) {
	if len(skip) == 0 {
		skip = []string{""}
	}
	var first, second []int
	for n := range epochs {
		if n >= s.owned.from {
			first = append(first, n)
		} else {
			second = append(second, n)
		}
	}
	var found []OutboxItem
	for _, shards := range [][]int{first, second} {
		if len(shards) == 0 || len(found) >= limit {
			continue
		}
		most := limit - len(found)
		args := append(append(pad(shards, Shards), s.now()), pad(skip, step(len(skip)))...)
		var part []dueItem
		if err := s.all(ctx, &part, dueItems(step(len(skip)), step(most)), args...); err != nil {
			return nil, err
		}
		found = append(found, items(part[:min(most, len(part))])...)
	}
	s.owned.from = 0
	if len(found) >= limit && limit > 0 {
		s.owned.from = (found[len(found)-1].Shard + 1) % Shards
	}
	return found, nil
}

// dueItem is an item with its push. What goes to customs is read when it
// leaves, as a large push is: what a claim holds in memory stays bounded.
type dueItem struct {
	OutboxItem
	Kind        sql.NullString `db:"kind"`
	FileName    sql.NullString `db:"file_name"`
	ContentType sql.NullString `db:"content_type"`
	SHA256      sql.NullString `db:"sha256"`
	Body        []byte         `db:"body"`
}

func items(rows []dueItem) []OutboxItem {
	out := make([]OutboxItem, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = r.OutboxItem
		if r.Body != nil {
			out[i].Carried = &Message{Tenant: r.Tenant, DeclarationID: r.DeclarationID, ID: r.MessageID, Direction: "out", Kind: r.Kind.String,
				FileName: r.FileName.String, ContentType: r.ContentType.String, SHA256: r.SHA256.String, Body: r.Body}
		}
	}
	return out
}

// A push of at most so many bytes comes along with its item.
const (
	carriedBytes = 8192
	carriedText  = "8192"
)

const readDue = `
SELECT o.id, o.shard, o.receiver, o.subject, o.sequence, o.tenant, o.declaration_id, o.message_id, o.attempt, o.state, o.tries,
  o.next_at, o.epoch, o.last_error, o.peer, o.created_at, o.done_at, p.kind, p.file_name, p.content_type, p.sha256,
  CASE WHEN LENGTH(p.body) <= ` + carriedText + ` THEN p.body END AS body
FROM outbox AS o
LEFT JOIN pushes AS p ON p.receiver = o.receiver AND p.id = o.message_id AND p.tenant = o.tenant
`

// dueItems has its limit in its text: SQLite plans a statement anew whenever
// a limit is bound, which costs more than running it.
func dueItems(skip, limit int) string {
	return readDue + `WHERE o.state = 'waiting' AND o.shard IN ` + places(Shards) + ` AND o.next_at <= ? AND o.receiver NOT IN ` + places(skip) + `
  AND ` + headOfLine + `
LIMIT ` + strconv.Itoa(limit)
}

var dueFor = readDue + `WHERE o.state = 'waiting' AND o.shard IN ` + places(Shards) + ` AND (o.next_at <= ? OR o.tries = 0) AND o.receiver = ?
  AND ` + headOfLine + `
LIMIT ?`

// hold first writes to the rows of the shards: who would take one of them
// over waits for this transaction or, on a cluster, conflicts with it. Then
// the epochs that it reads are the ones under which is claimed. It says which
// of the shards are still ours.
func (t tx) hold(ctx context.Context, shards []int, epochs map[int]int64) (map[int]bool, error) {
	slices.Sort(shards)
	shards = slices.Compact(shards)
	if _, err := t.exec(ctx, `
UPDATE outbox_shards
SET claims = claims + 1
WHERE shard IN `+places(Shards), pad(shards, Shards)...); err != nil {
		return nil, fmt.Errorf("hold shards: %w", err)
	}
	held := map[int]bool{}
	err := t.each(ctx, func(r *sql.Rows) error {
		var n int
		var epoch int64
		err := r.Scan(&n, &epoch)
		held[n] = epochs[n] == epoch
		return err
	}, `
SELECT shard, epoch
FROM outbox_shards
WHERE owner <> '' AND shard IN `+places(Shards), pad(shards, Shards)...)
	if err != nil {
		return nil, fmt.Errorf("read epochs: %w", err)
	}
	return held, nil
}

// claim makes items ours that were found waiting.
func (t tx) claim(ctx context.Context, found []OutboxItem, epochs map[int]int64) ([]OutboxItem, error) {
	shards := make([]int, 0, len(found))
	for i := range found {
		shards = append(shards, found[i].Shard)
	}
	held, err := t.hold(ctx, shards, epochs)
	if err != nil {
		return nil, err
	}
	mine := make([]OutboxItem, 0, len(found))
	for _, o := range found {
		if held[o.Shard] {
			o.claimed(epochs)
			mine = append(mine, o)
		}
	}
	var got []OutboxItem
	for len(mine) > 0 {
		n := 1
		for _, size := range insertSizes {
			if size <= len(mine) {
				n = size
				break
			}
		}
		part, err := t.claimPart(ctx, mine[:n])
		if err != nil {
			return nil, err
		}
		got, mine = append(got, part...), mine[n:]
	}
	return got, nil
}

// claimed is the item as it stands under the lease of its shard.
func (o *OutboxItem) claimed(epochs map[int]int64) {
	o.State, o.Epoch, o.Tries = "sending", epochs[o.Shard], o.Tries+1
}

// claimPart returns those of the items that were still waiting.
func (t tx) claimPart(ctx context.Context, part []OutboxItem) ([]OutboxItem, error) {
	ids := make([]any, len(part))
	for i := range part {
		ids[i] = part[i].ID
	}
	n, err := t.exec(ctx, `
UPDATE outbox
SET state = 'sending', tries = tries + 1, next_at = 0,
  epoch = (SELECT s.epoch FROM outbox_shards AS s WHERE s.shard = outbox.shard)
WHERE id IN `+places(len(ids))+` AND state NOT IN ('sending', 'delivered', 'dead', 'cancelled')`, ids...)
	if err != nil || int(n) == len(part) {
		return part, err
	}
	// Somebody cancelled one since it was found. Nobody else can have claimed
	// one under this epoch: claims of this Store come one after the other.
	sending := map[string]int64{}
	err = t.each(ctx, func(r *sql.Rows) error {
		var id string
		var epoch int64
		err := r.Scan(&id, &epoch)
		sending[id] = epoch
		return err
	}, `
SELECT id, epoch
FROM outbox
WHERE id IN `+places(len(ids))+` AND state NOT IN ('waiting', 'delivered', 'dead', 'cancelled')`, ids...)
	got := make([]OutboxItem, 0, len(part))
	for _, o := range part {
		if sending[o.ID] == o.Epoch {
			got = append(got, o)
		}
	}
	return got, err
}

// Recover puts items that were left sending under an earlier epoch of the
// leased shards back to wait, due now, and returns how many.
func (s *Store) Recover(ctx context.Context, leases []Lease) (int, error) {
	left, err := s.leftSending(ctx, leases)
	if err != nil || len(left) == 0 {
		return 0, s.readError(err, "look for items left sending")
	}
	n := 0
	err = s.do(ctx, func(ctx context.Context, t tx) error {
		n = 0
		for _, o := range left {
			k, err := t.exec(ctx, `
UPDATE outbox
SET state = 'waiting', next_at = ?
WHERE id = ? AND state = 'sending' AND epoch < ?
  AND EXISTS (SELECT 1 FROM outbox_shards AS s WHERE s.shard = outbox.shard AND s.epoch = ?)`, s.now(), o.ID, o.Epoch, o.Epoch)
			if err != nil {
				return err
			}
			n += int(k)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("recover items left sending: %w", err)
	}
	return n, nil
}

// leftSending finds items of older epochs; their Epoch becomes that of the lease.
func (s *Store) leftSending(ctx context.Context, leases []Lease) ([]OutboxItem, error) {
	if len(leases) == 0 {
		return nil, nil
	}
	epochs := map[int]int64{}
	shards := make([]int, 0, len(leases))
	for _, l := range leases {
		epochs[l.Shard] = l.Epoch
		shards = append(shards, l.Shard)
	}
	var sending, left []OutboxItem
	err := s.all(ctx, &sending, readOutbox+`WHERE state = 'sending' AND shard IN `+places(Shards), pad(shards, Shards)...)
	for _, o := range sending {
		if o.Epoch < epochs[o.Shard] {
			o.Epoch = epochs[o.Shard]
			left = append(left, o)
		}
	}
	return left, err
}

// NextDue is the earliest time, in Unix milliseconds, at which something of
// the leased shards may be due: in the past when an item can be claimed now,
// 0 when nothing waits.
func (s *Store) NextDue(ctx context.Context, leases []Lease) (int64, error) {
	if len(leases) == 0 {
		return 0, nil
	}
	shards := make([]int, 0, len(leases))
	for _, l := range leases {
		shards = append(shards, l.Shard)
	}
	args := append(pad(shards, Shards), s.now())
	for _, query := range []string{dueNow, dueLater} {
		var at []int64
		if err := s.all(ctx, &at, query, args...); err != nil {
			return 0, s.readError(err, "next due item")
		}
		if len(at) > 0 && at[0] > 0 {
			return at[0], nil
		}
	}
	return 0, nil
}

var (
	dueNow = `
SELECT o.next_at
FROM outbox AS o
WHERE o.state = 'waiting' AND o.shard IN ` + places(Shards) + ` AND o.next_at <= ?
  AND ` + headOfLine + `
LIMIT 1`
	dueLater = `
SELECT COALESCE(MIN(next_at), 0)
FROM outbox
WHERE state = 'waiting' AND shard IN ` + places(Shards) + ` AND next_at > ?`
)

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Supersession takes what waits for a receiver about a subject, or is dead,
// out of its line for good: newer news makes it worthless. What is under way
// stays. It reaches only what was pushed before the change that carries it.
type Supersession struct {
	Receiver, Subject string
	Kinds             []string // at most 8; none: every kind
	Reason            string
	At                int64
}

// Pulled says that the receiver fetched by itself what waits for it about a subject.
type Pulled struct {
	Receiver, Subject string
	At                int64
}

const (
	pushColumns = `receiver, id, subject, sequence, tenant, about, kind, file_name, content_type, sha256, body, at`
	lineColumns = `receiver, subject, sequence`
)

var insertPush = newInsert("pushes", pushColumns)

// lineKey is one line of order.
type lineKey struct{ receiver, subject string }

func (a lineKey) compare(b lineKey) int {
	if c := strings.Compare(a.receiver, b.receiver); c != 0 {
		return c
	}
	return strings.Compare(a.subject, b.subject)
}

// lineCounts are the lines to which a batch adds. next is what the next push of
// the line gets; of says how far the line had come before a change.
type lineCounts struct {
	next map[lineKey]int64
	of   map[*Change]map[lineKey]int64

	fresh []OutboxItem // what is new, in the order of the changes
}

// before is the last sequence of a line that was given before a change.
func (l *lineCounts) before(c *Change, k lineKey) int64 {
	if at, ok := l.of[c][k]; ok {
		return at
	}
	return 1<<62 - 1 // nothing in this batch adds to the line
}

// enqueue gives the pushes of a batch the next sequences of their lines, adds
// each, and makes its outbox item, which is added when it is known who sends it. The counters are raised in the
// order of their keys, so that two writers wait for each other and never in a
// ring; their rows stay locked until the commit, so that the order of the
// sequences is the order in which they become visible.
func (t tx) enqueue(ctx context.Context, batch []*job, to *newRows) (*lineCounts, error) {
	l := &lineCounts{}
	count := map[lineKey]int64{}
	for _, j := range batch {
		if j.change == nil {
			continue
		}
		for i := range j.change.Pushes {
			count[lineKey{j.change.Pushes[i].Receiver, j.change.Pushes[i].Subject}]++
		}
	}
	if len(count) == 0 {
		return l, nil
	}
	if err := t.raise(ctx, l, count); err != nil {
		return nil, err
	}
	l.of = map[*Change]map[lineKey]int64{}
	for _, j := range batch {
		if j.change != nil {
			l.give(j.change, to)
		}
	}
	return l, nil
}

// raise adds to the counters and reads back what the first push of each gets.
func (t tx) raise(ctx context.Context, l *lineCounts, count map[lineKey]int64) error {
	keys := make([]lineKey, 0, len(count))
	for k := range count {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, lineKey.compare)
	up := t.s.d.insertLine.rows()
	for _, k := range keys {
		up.add(128, k.receiver, k.subject, count[k])
	}
	if err := t.insert(ctx, up); err != nil {
		return err
	}
	l.next = make(map[lineKey]int64, len(keys))
	for part := range slices.Chunk(keys, lineSlots) {
		size := step(len(part))
		args := make([]any, 0, 2*size)
		for i := range size {
			k := part[min(i, len(part)-1)]
			args = append(args, k.receiver, k.subject)
		}
		err := t.each(ctx, func(r *sql.Rows) error {
			var k lineKey
			var last int64
			err := r.Scan(&k.receiver, &k.subject, &last)
			l.next[k] = last - count[k] + 1
			return err
		}, readLines[size], args...)
		if err != nil {
			return fmt.Errorf("read sequences: %w", err)
		}
	}
	if len(l.next) != len(keys) {
		return fmt.Errorf("%d of %d sequences: %w", len(l.next), len(keys), errAgain)
	}
	return nil
}

// lineSlots is how many lines one statement reads at most; it reads one or
// that many, so that two texts are enough.
const lineSlots = 8

var readLines = forLines(`
SELECT receiver, subject, sequence
FROM receiver_sequences
WHERE `, `(receiver = ? AND subject = ?)`, ``)

func forLines(head, condition, tail string) map[int]string {
	texts := map[int]string{}
	for _, n := range []int{1, lineSlots} {
		texts[n] = head + strings.Repeat(condition+` OR `, n-1) + condition + tail
	}
	return texts
}

// give makes the rows of the pushes of one change.
func (l *lineCounts) give(c *Change, to *newRows) {
	if len(c.Supersede)+len(c.Pulled) > 0 {
		before := map[lineKey]int64{}
		for k, next := range l.next {
			before[k] = next - 1
		}
		l.of[c] = before
	}
	for i := range c.Pushes {
		p := &c.Pushes[i]
		k := lineKey{p.Receiver, p.Subject}
		l.fresh = append(l.fresh, p.add(to, l.next[k]))
		l.next[k]++
	}
}

// add makes the message and what is to stand in the line. The record of a delivered
// push is its outbox row; there is no entry in the audit log for each.
func (p *Push) add(to *newRows, sequence int64) OutboxItem {
	body := p.Head
	if p.Tail != nil {
		body = make([]byte, 0, len(p.Head)+len(p.Tail)+20)
		body = append(body, p.Head...)
		body = strconv.AppendInt(body, sequence, 10)
		body = append(body, p.Tail...)
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	to.pushes.add(len(body)+512, p.Receiver, p.ID, p.Subject, sequence, p.Tenant, p.About, p.Kind, p.FileName, p.ContentType, digest, blob(body), p.At)
	item := OutboxItem{ID: p.ID, Receiver: p.Receiver, Subject: p.Subject, Sequence: sequence, Tenant: p.Tenant, DeclarationID: p.About,
		MessageID: p.ID, Shard: ShardOf(p.Receiver, p.Subject), CreatedAt: p.At}
	if len(body) <= carriedBytes {
		item.Carried = &Message{Tenant: p.Tenant, DeclarationID: p.About, ID: p.ID, Direction: "out", Kind: p.Kind, FileName: p.FileName,
			ContentType: p.ContentType, SHA256: digest, Body: body}
	}
	return item
}

const kindSlots = 8

var supersedeItems = `
UPDATE outbox
SET state = 'cancelled', next_at = 0, done_at = ?, last_error = ?
WHERE receiver = ? AND subject = ? AND sequence <= ? AND state IN ('waiting', 'dead')
  AND EXISTS (SELECT 1 FROM pushes AS p WHERE p.receiver = outbox.receiver AND p.id = outbox.id AND (? = '' OR p.kind IN ` + places(kindSlots) + `))`

// supersede cancels what a change makes needless. What the change itself
// pushes, and what later ones of the batch do, is left alone.
func (t tx) supersede(ctx context.Context, c *Change, l *lineCounts) error {
	all := c.Supersede
	for _, p := range c.Pulled {
		all = append(slices.Clip(all), Supersession{Receiver: p.Receiver, Subject: p.Subject, Reason: "pulled", At: p.At})
	}
	for _, s := range all {
		kinds := s.Kinds
		if len(kinds) == 0 {
			kinds = []string{""}
		}
		args := []any{s.At, s.Reason, s.Receiver, s.Subject, l.before(c, lineKey{s.Receiver, s.Subject}), kinds[0]}
		if _, err := t.exec(ctx, supersedeItems, append(args, pad(kinds, kindSlots)...)...); err != nil {
			return fmt.Errorf("supersede pushes: %w", t.s.d.rowError(err, "outbox"))
		}
		if err := t.unparkLine(ctx, s.Receiver, s.Subject, s.At); err != nil {
			return err
		}
	}
	return nil
}

// number reads one number.
func (t tx) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = t.each(ctx, func(r *sql.Rows) error { return r.Scan(&n) }, query, args...)
	return n, err
}

func (v *checker) pushes(c *Change) {
	for i := range c.Pushes {
		p := &c.Pushes[i]
		v.ids("pushes", p.ID, p.Tenant, p.About)
		if _, ok := EndpointOf(p.Receiver); !ok {
			v.fail("push %s to %.80q, which is no endpoint", p.ID, p.Receiver)
		}
		v.text("pushes.receiver", p.Receiver, 64)
		v.text("pushes.subject", p.Subject, 255)
		v.text("pushes.kind", p.Kind, 64)
		v.text("pushes.file_name", p.FileName, 255)
		v.text("pushes.content_type", p.ContentType, 255)
	}
	for _, s := range c.Supersede {
		v.text("outbox.last_error", s.Reason, 1000)
		if len(s.Kinds) > kindSlots {
			v.fail("supersession of %d kinds", len(s.Kinds))
		}
	}
	for _, a := range c.Attempts {
		v.ids("attempts", a.ItemID)
		v.text("attempts.receiver", a.Receiver, 64)
		v.text("attempts.result", a.Result, 32)
		v.text("attempts.detail", a.Detail, 1000)
		v.text("attempts.actor", a.Actor, 64)
	}
	for i := range c.Endpoints {
		e := &c.Endpoints[i]
		v.ids("endpoints", e.ID, e.PartnerID)
		v.text("endpoints.name", e.Name, 64)
		v.text("endpoints.wire", e.Wire, 16)
		v.text("endpoints.format", e.Format, 16)
		v.text("endpoints.address", e.Address, 1000)
		v.text("endpoints.types", e.Types, 1000)
		v.among("endpoints.state", e.State, "active", "disabled", "deleted")
		v.text("endpoints.reason", e.Reason, 255)
	}
}

// pushBytes is what the pushes and endpoints of a change weigh.
func (c *Change) pushBytes() int {
	n := 512*(len(c.Attempts)+len(c.Supersede)+len(c.Pulled)) + 1024*(len(c.Pushes)+len(c.Endpoints))
	for i := range c.Pushes {
		n += len(c.Pushes[i].Head) + len(c.Pushes[i].Tail)
	}
	for i := range c.Endpoints {
		n += len(c.Endpoints[i].Settings) + len(c.Endpoints[i].Secrets)
	}
	return n
}

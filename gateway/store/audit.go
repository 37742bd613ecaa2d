package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"time"
)

// The audit log is 64 hash chains. A writer leases one of them, so that
// processes never wait for each other; the lane's row holds the head, which
// shows a chain that was cut off at its end.
const (
	auditLanes = 64
	laneLease  = time.Minute
)

const auditColumns = `lane, seq, at, actor, action, tenant, subject, digest, prev_hash, hash`

var insertAudit = newInsert("audit", auditColumns)

// auditRow is one link of a chain.
type auditRow struct {
	Lane     int    `db:"lane"`
	Seq      int64  `db:"seq"` // 1.. per lane, without gaps
	At       int64  `db:"at"`
	Actor    string `db:"actor"`
	Action   string `db:"action"`
	Tenant   string `db:"tenant"`
	Subject  string `db:"subject"`
	Digest   string `db:"digest"`
	PrevHash []byte `db:"prev_hash"` // 32 zero bytes before the first
	Hash     []byte `db:"hash"`
}

// sum is SHA-256 over all columns but hash: integers as 8 bytes big endian,
// texts and bytes with their length before them, in the order of the struct.
func (r *auditRow) sum() []byte {
	b := make([]byte, 0, 256)
	for _, n := range []int64{int64(r.Lane), r.Seq, r.At} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, t := range []string{r.Actor, r.Action, r.Tenant, r.Subject, r.Digest, string(r.PrevHash)} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(t)))
		b = append(b, t...)
	}
	h := sha256.Sum256(b)
	return h[:]
}

type head struct {
	seq  int64
	hash []byte
}

type lane struct {
	n     int
	epoch int64 // fencing number: every change of owner adds one
	head  head
}

func audited(batch []*job) bool {
	for _, j := range batch {
		if j.change != nil && len(j.change.Audit) > 0 {
			return true
		}
	}
	return false
}

// link appends the entries of the whole batch to the lane and moves its head,
// if the lane is still this writer's.
func (w *writer) link(ctx context.Context, t tx, batch []*job) (head, error) {
	if w.lane == nil {
		return head{}, nil
	}
	at := w.lane.head
	rows := insertAudit.rows()
	for _, j := range batch {
		if j.change == nil {
			continue
		}
		for _, e := range j.change.Audit {
			r := auditRow{Lane: w.lane.n, Seq: at.seq + 1, At: e.At, Actor: e.Actor, Action: e.Action,
				Tenant: e.Tenant, Subject: e.Subject, Digest: e.Digest, PrevHash: at.hash}
			r.Hash = r.sum()
			at = head{seq: r.Seq, hash: r.Hash}
			rows.add(256, r.Lane, r.Seq, r.At, r.Actor, r.Action, r.Tenant, r.Subject, r.Digest, r.PrevHash, r.Hash)
		}
	}
	if rows.n == 0 {
		return at, nil
	}
	n, err := t.exec(ctx, `
UPDATE audit_lanes
SET seq = ?, hash = ?, until = ?
WHERE lane = ? AND epoch = ? AND seq = ?`,
		at.seq, at.hash, w.s.now()+laneLease.Milliseconds(), w.lane.n, w.lane.epoch, w.lane.head.seq)
	switch {
	case err != nil:
		return head{}, fmt.Errorf("move head of audit lane %d: %w", w.lane.n, err)
	case n != 1:
		return head{}, errLaneLost
	}
	return at, t.insert(ctx, rows)
}

// takeLane leases a lane that is free, expired or still in this writer's name.
// The epoch in the condition lets one of several takers win; time only keeps
// them out of each other's way, so the process clock is good enough.
func (w *writer) takeLane(ctx context.Context) (*lane, error) {
	now := w.s.now()
	t := tx{session: w.c, s: w.s}
	var free []lane
	err := t.each(ctx, func(r *sql.Rows) error {
		var l lane
		if err := r.Scan(&l.n, &l.epoch, &l.head.seq, &l.head.hash); err != nil {
			return err
		}
		free = append(free, l)
		return nil
	}, `
SELECT lane, epoch, seq, hash
FROM audit_lanes
WHERE until < ? OR owner = ?
ORDER BY lane`, now, w.name)
	if err != nil {
		return nil, err
	}
	for i := range free {
		l := &free[(i+startLane(w.name))%len(free)]
		n, err := t.exec(ctx, `
UPDATE audit_lanes
SET owner = ?, until = ?, epoch = epoch + 1
WHERE lane = ? AND epoch = ?`, w.name, now+laneLease.Milliseconds(), l.n, l.epoch)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			l.epoch++
			return w.reread(ctx, t, l)
		}
	}
	return nil, fmt.Errorf("all %d audit lanes are leased by others: %w", auditLanes, errAgain)
}

// reread takes the head as it stands under the new epoch: the former owner
// may have moved it between the reading and the taking.
func (w *writer) reread(ctx context.Context, t tx, l *lane) (*lane, error) {
	found := false
	err := t.each(ctx, func(r *sql.Rows) error {
		found = true
		return r.Scan(&l.head.seq, &l.head.hash)
	}, `
SELECT seq, hash
FROM audit_lanes
WHERE lane = ? AND epoch = ?`, l.n, l.epoch)
	if err == nil && !found {
		err = errAgain
	}
	return l, err
}

func (w *writer) giveLane(ctx context.Context) error {
	n, err := tx{session: w.c, s: w.s}.exec(ctx, `
UPDATE audit_lanes
SET owner = '', until = 0
WHERE lane = ? AND epoch = ?`, w.lane.n, w.lane.epoch)
	if err == nil && n != 1 {
		err = errLaneLost
	}
	return err
}

// startLane spreads the writers over the lanes.
func startLane(name string) int {
	h := fnv.New32a()
	h.Write([]byte(name)) // hash.Hash never fails
	return int(h.Sum32() % auditLanes)
}

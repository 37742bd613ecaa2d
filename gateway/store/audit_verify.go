package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// What can be wrong with an audit chain.
const (
	AuditFlipped     = "flipped"      // the row is not what its hash says
	AuditRewritten   = "rewritten"    // the row has a fitting hash, but the next one was made after another
	AuditSwapped     = "swapped"      // the row stands at another row's place
	AuditMissing     = "missing"      // rows before later ones are gone
	AuditTruncated   = "truncated"    // rows at the end are gone
	AuditBeyondHead  = "beyond head"  // rows that the lane's head does not know
	AuditLaneMissing = "lane missing" // the lane has no head row
)

// AuditProblem says where a chain is broken.
type AuditProblem struct {
	Lane  int
	Seq   int64 // of the first row concerned; 0 for a missing lane
	Count int64 // rows concerned
	What  string
}

func (p AuditProblem) String() string {
	return fmt.Sprintf("lane %d, row %d: %s (%d rows)", p.Lane, p.Seq, p.What, p.Count)
}

// Report is the outcome of AuditVerify.
type Report struct {
	Rows     int64 // links that were read
	Lanes    int   // lanes with at least one link
	Problems []AuditProblem
	// Anchor is SHA-256 (hex) over the heads of all lanes. Kept outside the
	// database, it shows a later exchange of the whole log for an older one.
	Anchor string
}

// AuditVerify reads the whole audit log in one snapshot and recomputes every
// hash. progress, which may be nil, is called now and then. An error means
// that the log could not be read; what is wrong with it stands in the report.
func (s *Store) AuditVerify(ctx context.Context, progress func(done, total int64)) (Report, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	v := verifier{chains: map[int]*chain{}}
	err := s.snapshot(ctx, func(t *sqlx.Tx) error {
		var total int64
		if err := t.GetContext(ctx, &total, `SELECT COUNT(*) FROM audit`); err != nil {
			return err
		}
		if err := v.heads(ctx, t); err != nil {
			return err
		}
		return stream(ctx, t, func(rows *sqlx.Rows) error {
			var r auditRow
			if err := rows.StructScan(&r); err != nil {
				return err
			}
			v.link(&r)
			if v.report.Rows%1000 == 0 || v.report.Rows == total {
				progress(v.report.Rows, total)
			}
			return nil
		}, `
SELECT lane, seq, at, actor, action, tenant, subject, digest, prev_hash, hash
FROM audit
ORDER BY lane, seq`)
	})
	if err != nil {
		return Report{}, s.readError(err, "verify audit log")
	}
	v.finish()
	return v.report, nil
}

// verifier walks all chains, lane by lane.
type verifier struct {
	report Report
	chains map[int]*chain
	at     *chain
	anchor []byte
}

// chain is what is known of one lane while its rows pass by.
type chain struct {
	lane     int
	head     *head // nil when the lane's row is missing
	last     int64
	prev     []byte
	doubt    bool // the last row is a suspect itself
	suspects []auditRow
}

func (v *verifier) heads(ctx context.Context, t *sqlx.Tx) error {
	return stream(ctx, t, func(rows *sqlx.Rows) error {
		c := &chain{head: &head{}, prev: make([]byte, sha256.Size)}
		if err := rows.Scan(&c.lane, &c.head.seq, &c.head.hash); err != nil {
			return err
		}
		v.chains[c.lane] = c
		v.anchor = append(v.anchor, fmt.Sprintf("%d %d %x\n", c.lane, c.head.seq, c.head.hash)...)
		return nil
	}, `
SELECT lane, seq, hash
FROM audit_lanes
ORDER BY lane`)
}

func (v *verifier) problem(lane int, seq, count int64, what string) {
	v.report.Problems = append(v.report.Problems, AuditProblem{Lane: lane, Seq: seq, Count: count, What: what})
}

func (v *verifier) link(r *auditRow) {
	v.report.Rows++
	if v.at == nil || v.at.lane != r.Lane {
		if v.at = v.chains[r.Lane]; v.at == nil {
			v.at = &chain{lane: r.Lane, prev: make([]byte, sha256.Size)}
			v.chains[r.Lane] = v.at
		}
		v.report.Lanes++
	}
	c := v.at
	gap := r.Seq != c.last+1
	if gap {
		v.problem(c.lane, c.last+1, r.Seq-c.last-1, AuditMissing)
	}
	fits := bytes.Equal(r.sum(), r.Hash)
	switch {
	case !fits && len(c.suspects) < mostSuspects:
		c.suspects = append(c.suspects, *r)
	case !fits:
		v.problem(c.lane, r.Seq, 1, AuditFlipped)
	case !gap && !c.doubt && !bytes.Equal(r.PrevHash, c.prev):
		v.problem(c.lane, c.last, 1, AuditRewritten)
	}
	c.last, c.prev, c.doubt = r.Seq, r.Hash, !fits
}

// Swapped rows are looked for among so many that do not fit.
const mostSuspects = 256

func (v *verifier) finish() {
	for n := range auditLanes {
		if c := v.chains[n]; c == nil || c.head == nil {
			v.problem(n, 0, 1, AuditLaneMissing)
		}
		if c := v.chains[n]; c != nil {
			v.judge(c)
		}
	}
	sum := sha256.Sum256(v.anchor)
	v.report.Anchor = hex.EncodeToString(sum[:])
}

func (v *verifier) judge(c *chain) {
	for i := range c.suspects {
		what := AuditFlipped
		for j := range c.suspects {
			if i != j && belongs(c.suspects[i], c.suspects[j].Seq) {
				what = AuditSwapped
				break
			}
		}
		v.problem(c.lane, c.suspects[i].Seq, 1, what)
	}
	switch {
	case c.head == nil:
	case c.last < c.head.seq:
		v.problem(c.lane, c.last+1, c.head.seq-c.last, AuditTruncated)
	case c.last > c.head.seq:
		v.problem(c.lane, c.head.seq+1, c.last-c.head.seq, AuditBeyondHead)
	case !c.doubt && !bytes.Equal(c.prev, c.head.hash):
		v.problem(c.lane, c.last, 1, AuditRewritten)
	}
}

// belongs says whether the row was made for another place of its lane.
func belongs(r auditRow, seq int64) bool {
	r.Seq = seq
	return bytes.Equal(r.sum(), r.Hash)
}

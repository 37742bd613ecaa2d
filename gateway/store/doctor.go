package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// Finding is one broken invariant. Code is permanent; Text says it in English
// for the operator; Subject is the row or number it is about.
type Finding struct {
	Code    string
	Text    string
	Subject string
}

// A check shows at most so many rows.
const findingsShown = 20

// A lease that ended so long ago with an item under way is nobody's any more.
const (
	leaseForgotten = 10 * time.Minute
	receiptOld     = 24 * time.Hour
	// The day after the last one a deadline is overdue within a minute or two.
	deadlineForgotten = 48 * time.Hour
	digestSample      = 1000
)

// invariant is a query that finds the rows that break it: none, when all is well.
type invariant struct {
	code, text string
	query      string
	before     time.Duration // when set, the query has one argument: now less this
	day        bool          // two arguments: the same as a day of the port's calendar (UTC+8), and in milliseconds
}

var invariants = []invariant{
	{code: "attempt-without-message", text: "a submitted attempt has no outgoing message", query: `
SELECT CONCAT(d.tenant, '/', d.id)
FROM declarations AS d
WHERE d.attempt > (
  SELECT COUNT(DISTINCT m.attempt)
  FROM messages AS m
  WHERE m.tenant = d.tenant AND m.declaration_id = d.id AND m.direction = 'out')
LIMIT 21`},
	{code: "message-without-outbox", text: "an outgoing message has no outbox item", query: `
SELECT m.id
FROM messages AS m
WHERE m.direction = 'out' AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.id = m.id)
LIMIT 21`},
	{code: "outbox-without-message", text: "an outbox item has no message", query: `
SELECT o.id
FROM outbox AS o
WHERE NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = o.message_id)
  AND NOT EXISTS (SELECT 1 FROM pushes AS p WHERE p.receiver = o.receiver AND p.id = o.message_id)
LIMIT 21`},
	{code: "outbox-without-time", text: "an outbox item has neither a next time, a lease nor an end", query: `
SELECT id
FROM outbox
WHERE (state = 'waiting' AND next_at <= 0) OR (state = 'sending' AND epoch <= 0)
  OR (state IN ('delivered', 'dead', 'cancelled') AND done_at <= 0)
  OR state NOT IN ('waiting', 'sending', 'delivered', 'dead', 'cancelled')
LIMIT 21`},
	{code: "lease-forgotten", text: "an item is under way although the lease of its shard ended long ago", before: leaseForgotten, query: `
SELECT o.id
FROM outbox AS o
JOIN outbox_shards AS s ON s.shard = o.shard
WHERE o.state = 'sending' AND s.until < ?
LIMIT 21`},
	{code: "sequence-gap", text: "the sequence of a receiver and subject has a gap or a repetition", query: `
SELECT CONCAT(receiver, ' ', subject)
FROM outbox
GROUP BY receiver, subject
HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*)
LIMIT 21`},
	{code: "fact-without-document", text: "the bytes that a fact came in are gone", query: `
SELECT f.id
FROM facts AS f
WHERE NOT EXISTS (SELECT 1 FROM fact_documents AS d WHERE d.sha256 = f.document_sha)
LIMIT 21`},
	{code: "fact-link-broken", text: "a fact is joined to a declaration that is gone, a link has no fact, or the declaration's timeline does not tell it", query: `
SELECT CONCAT(l.fact_id, ' ', l.declaration_id)
FROM fact_links AS l
WHERE NOT EXISTS (SELECT 1 FROM facts AS f WHERE f.id = l.fact_id AND f.state = 'matched')
  OR NOT EXISTS (SELECT 1 FROM declarations AS d WHERE d.tenant = l.tenant AND d.id = l.declaration_id)
  OR NOT EXISTS (SELECT 1 FROM events AS e WHERE e.tenant = l.tenant AND e.declaration_id = l.declaration_id AND e.identity = CONCAT('fact/', l.fact_id))
LIMIT 21`},
	{code: "fact-matched-to-nothing", text: "a fact counts as matched and is joined to no declaration, or the other way round", query: `
SELECT f.id
FROM facts AS f
WHERE (f.state = 'matched') <> EXISTS (SELECT 1 FROM fact_links AS l WHERE l.fact_id = f.id)
LIMIT 21`},
	{code: "fact-withdrawal-broken", text: "a withdrawal and the fact that it takes back do not name each other", query: `
SELECT w.id
FROM facts AS w
WHERE w.withdraws <> '' AND NOT EXISTS (
  SELECT 1 FROM facts AS f WHERE f.id = w.withdraws AND f.withdrawn_by = w.id AND f.source = w.source)
LIMIT 21`},
	{code: "deadline-without-declaration", text: "a deadline belongs to no declaration", query: `
SELECT CONCAT(x.kind, ' ', x.declaration_id)
FROM deadlines AS x
WHERE NOT EXISTS (SELECT 1 FROM declarations AS d WHERE d.tenant = x.tenant AND d.id = x.declaration_id)
LIMIT 21`},
	{code: "deadline-forgotten", text: "a deadline passed more than a day ago and is still open", before: deadlineForgotten, day: true, query: `
SELECT CONCAT(kind, ' ', declaration_id)
FROM deadlines
WHERE state = 'open' AND due_day <> '' AND due_day < ? AND updated_at < ?
LIMIT 21`},
	{code: "receipt-old", text: "a receipt has waited for its declaration for more than a day", before: receiptOld, query: `
SELECT id
FROM receipts
WHERE state = 'unmatched' AND heard_at < ?
LIMIT 21`},
}

// Doctor checks the invariants read-only on one snapshot; of the stored bytes
// it recomputes the digests of the newest 1000 messages and receipts.
func (s *Store) Doctor(ctx context.Context) ([]Finding, error) {
	return s.examine(ctx, digestSample, nil)
}

// DoctorAll recomputes the digest of every stored document. progress, which
// may be nil, is called with the documents done so far.
func (s *Store) DoctorAll(ctx context.Context, progress func(done int64)) ([]Finding, error) {
	return s.examine(ctx, 1<<62, progress)
}

func (s *Store) examine(ctx context.Context, sample int64, progress func(int64)) ([]Finding, error) {
	d := &doctor{}
	err := s.snapshot(ctx, func(t *sqlx.Tx) error {
		now := s.now()
		if s.d.clock != "" {
			if err := t.GetContext(ctx, &now, s.d.clock); err != nil {
				return err
			}
		}
		if err := d.sums(ctx, t); err != nil {
			return err
		}
		for _, in := range slices.Concat(invariants, versionInvariants, noticeInvariants, pushInvariants, feeInvariants, feeBillInvariants) {
			if err := d.hold(ctx, t, in, now); err != nil {
				return fmt.Errorf("%s: %w", in.code, err)
			}
		}
		if err := d.feeDigests(ctx, t); err != nil {
			return err
		}
		return d.digests(ctx, t, sample, progress)
	})
	if err != nil {
		return nil, s.readError(err, "examine database")
	}
	return d.findings, nil
}

type doctor struct{ findings []Finding }

func (d *doctor) find(code, text, subject string) {
	d.findings = append(d.findings, Finding{Code: code, Text: text, Subject: subject})
}

func (d *doctor) sums(ctx context.Context, t *sqlx.Tx) error {
	var l Ledger
	if err := t.GetContext(ctx, &l, readLedger); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if n := l.Difference(); n != 0 {
		d.find("ledger", "accepted is not the sum of waiting, sending, delivered, dead and cancelled", fmt.Sprintf("difference %d", n))
	}
	for _, c := range []struct {
		code, query string
		want        int
	}{
		{"shards-missing", `SELECT COUNT(*) FROM outbox_shards`, Shards},
		{"lanes-missing", `SELECT COUNT(*) FROM audit_lanes`, auditLanes},
	} {
		var n int
		if err := t.GetContext(ctx, &n, c.query); err != nil {
			return fmt.Errorf("%s: %w", c.code, err)
		}
		if n != c.want {
			d.find(c.code, "rows that the migration made are gone", fmt.Sprintf("%d of %d", n, c.want))
		}
	}
	return nil
}

func (d *doctor) hold(ctx context.Context, t *sqlx.Tx, in invariant, now int64) error {
	var args []any
	if in.before > 0 {
		args = []any{now - in.before.Milliseconds()}
	}
	if in.day {
		args = append([]any{time.UnixMilli(now).Add(-in.before).In(time.FixedZone("CST", 8*60*60)).Format(time.DateOnly)}, args...)
	}
	var subjects []string
	if err := t.SelectContext(ctx, &subjects, in.query, args...); err != nil {
		return err
	}
	for i, subject := range subjects {
		if i == findingsShown {
			d.find(in.code, in.text, "and more")
			break
		}
		d.find(in.code, in.text, subject)
	}
	return nil
}

// digests compares the stored bytes with the digest beside them.
func (d *doctor) digests(ctx context.Context, t *sqlx.Tx, sample int64, progress func(int64)) error {
	done := int64(0)
	for _, c := range slices.Concat(feeDocuments, []struct{ code, query string }{
		{"message-digest", `
SELECT id, sha256, body
FROM messages
ORDER BY id DESC
LIMIT ?`},
		{"fact-digest", `
SELECT sha256 AS id, sha256, body
FROM fact_documents
ORDER BY at DESC
LIMIT ?`},
		{"document-digest", `
SELECT d.id, d.content_sha, x.document
FROM (SELECT tenant, id, content_sha FROM declarations WHERE content_sha <> '' ORDER BY id DESC LIMIT ?) AS d
JOIN documents AS x ON x.tenant = d.tenant AND x.declaration_id = d.id`},
		{"version-digest", `
SELECT x.declaration_id, x.sha, x.document
FROM (SELECT tenant, declaration_id, sha FROM version_documents ORDER BY declaration_id DESC LIMIT ?) AS n
JOIN version_documents AS x ON x.tenant = n.tenant AND x.declaration_id = n.declaration_id AND x.sha = n.sha`},
		{"notice-digest", `
SELECT notice_id, sha256, document
FROM notice_versions
ORDER BY notice_id DESC
LIMIT ?`},
		{"terminal-message-digest", `
SELECT id, sha256, body
FROM terminal_messages
ORDER BY id DESC
LIMIT ?`},
		{"push-digest", `
SELECT p.id, p.sha256, p.body
FROM (SELECT id, receiver FROM outbox WHERE receiver LIKE 'endpoint:%' ORDER BY id DESC LIMIT ?) AS n
JOIN pushes AS p ON p.receiver = n.receiver AND p.id = n.id`},
		{"fee-bill-digest", `
SELECT id, stored_sha, body
FROM fee_bills
WHERE deleted_at = 0
ORDER BY id DESC
LIMIT ?`},
		{"receipt-digest", `
SELECT id, sha256, body
FROM receipts
ORDER BY id DESC
LIMIT ?`},
	}) {
		err := stream(ctx, t, func(rows *sqlx.Rows) error {
			var id, want string
			var body []byte
			if err := rows.Scan(&id, &want, &body); err != nil {
				return err
			}
			if got := sha256.Sum256(body); hex.EncodeToString(got[:]) != want {
				d.find(c.code, "the stored bytes are not those that were digested", id)
			}
			if done++; progress != nil && done%100 == 0 {
				progress(done)
			}
			return nil
		}, c.query, sample)
		if err != nil {
			return fmt.Errorf("%s: %w", c.code, err)
		}
	}
	return nil
}

package store

import (
	"context"
	"fmt"
	"slices"
)

// apply writes a batch: first the new rows of all changes, table by table in
// a fixed order, then what each change does to rows that are there, then the
// internal acts, then the audit chain. The idempotency row comes first, so
// that racers on one key learn that it was the key.
func (w *writer) apply(ctx context.Context, t tx, batch []*job, h *handover) (head, error) {
	sets := gather(t.s.d, batch)
	lines, err := t.enqueue(ctx, batch, sets)
	if err != nil {
		return head{}, err
	}
	if err := t.handOver(ctx, h, lines.fresh); err != nil {
		return head{}, err
	}
	for i := range lines.fresh {
		lines.fresh[i].add(sets.outbox)
	}
	for _, r := range sets.list {
		if err := t.insert(ctx, r); err != nil {
			return head{}, err
		}
	}
	together, err := t.finishTogether(ctx, batch)
	if err != nil {
		return head{}, err
	}
	for _, j := range batch {
		if j.change == nil {
			continue
		}
		if err := t.alter(ctx, j.change, lines, together); err != nil {
			return head{}, err
		}
	}
	for _, j := range batch {
		if j.act == nil {
			continue
		}
		if err := j.act(ctx, t); err != nil {
			return head{}, err
		}
	}
	return w.link(ctx, t, batch)
}

// gather merges the new rows of a batch.
func gather(d *dialect, batch []*job) *newRows {
	idem, decl, msg := insertIdempotency.rows(), insertDeclaration.rows(), insertMessage.rows()
	doc, clearance, reached := insertDocument.rows(), d.insertClearance.rows(), d.insertReached.rows()
	event, receipt, out := insertEvent.rows(), insertReceipt.rows(), insertOutbox.rows()
	seq, inbox := d.insertSequence.rows(), d.insertInbox.rows()
	version, request := insertVersion.rows(), insertRequest.rows()
	partner, key := insertPartner.rows(), insertKey.rows()
	facts, notices, pushes := newFactRows(d), newNoticeRows(d), insertPush.rows()
	fees := newFeeRows()
	bills := newFeeBillRows()
	upload, part := insertUpload.rows(), insertUploadPart.rows()
	service := insertFeeService.rows()
	for _, j := range batch {
		c := j.change
		if c == nil {
			continue
		}
		if c.Idempotency != nil {
			c.Idempotency.add(idem)
		}
		for i := range c.Answers {
			c.Answers[i].add(idem)
		}
		if c.Insert != nil {
			c.Insert.add(decl)
			c.Insert.addDocument(doc)
		}
		for i := range c.Versions {
			c.Versions[i].add(version)
		}
		if c.Request != nil {
			c.Request.add(request)
		}
		if c.Clearance != nil {
			c.Clearance.add(clearance)
		}
		for i := range c.Reached {
			c.Reached[i].add(reached)
		}
		for i := range c.Messages {
			c.Messages[i].add(msg)
		}
		for i := range c.Events {
			c.Events[i].add(event)
		}
		for i := range c.Receipts {
			c.Receipts[i].add(receipt)
		}
		for i := range c.Sequences {
			c.Sequences[i].add(seq)
		}
		for i := range c.Outbox {
			c.Outbox[i].add(out)
		}
		for i := range c.Inbox {
			c.Inbox[i].add(inbox)
		}
		facts.gather(c)
		notices.gather(c)
		fees.gather(c)
		bills.gather(c)
		for i := range c.FeeServices {
			c.FeeServices[i].add(service)
		}
		if c.Upload != nil {
			c.Upload.add(upload)
			c.Upload.addParts(part)
		}
		if c.Partner != nil {
			c.Partner.add(partner)
		}
		if c.Key != nil {
			c.Key.add(key)
		}
	}
	all := []*rows{idem, decl, doc, clearance, reached, version, msg, request, event, receipt, seq, pushes, out, inbox, upload, part, service, partner, key}
	return &newRows{list: slices.Concat(all, facts.list(), notices.list(), fees.list(), bills.list()), pushes: pushes, outbox: out}
}

// newRows are the new rows of a batch, in the order in which they are written.
type newRows struct {
	list           []*rows
	pushes, outbox *rows // those that pushes add to once their sequences are known
}

// alter does the conditional updates of one change. What they find decides.
// together says that the plain deliveries are recorded already.
func (t tx) alter(ctx context.Context, c *Change, lines *lineCounts, together bool) error {
	if c.Update != nil {
		if err := t.updateDeclaration(ctx, c.Update); err != nil {
			return err
		}
	}
	if c.Sent != nil {
		if err := t.markSent(ctx, c.Sent); err != nil {
			return err
		}
	}
	if c.Request != nil && c.Request.Document != nil {
		if err := t.keepDocument(ctx, c.Request); err != nil {
			return err
		}
	}
	if c.Settle != nil {
		if err := t.settle(ctx, c.Settle); err != nil {
			return err
		}
	}
	for i := range c.Done {
		if together && c.Done[i].plain() {
			continue
		}
		if err := t.finish(ctx, &c.Done[i]); err != nil {
			return err
		}
	}
	for i := range c.Requeue {
		if err := t.requeue(ctx, &c.Requeue[i]); err != nil {
			return err
		}
	}
	for i := range c.Matched {
		if err := t.match(ctx, &c.Matched[i]); err != nil {
			return err
		}
	}
	for _, identity := range c.Copies {
		if err := t.copyHeard(ctx, identity); err != nil {
			return err
		}
	}
	for i := range c.Sequences {
		if err := t.ownsSequence(ctx, &c.Sequences[i]); err != nil {
			return err
		}
	}
	if err := t.alterFacts(ctx, c); err != nil {
		return err
	}
	if err := t.alterNotices(ctx, c, lines); err != nil {
		return err
	}
	if err := t.alterFees(ctx, c); err != nil {
		return err
	}
	if err := t.alterFeeBills(ctx, c); err != nil {
		return err
	}
	if err := t.throttle(ctx, c); err != nil {
		return err
	}
	if err := t.alterFeeComplaint(ctx, c.Complaint); err != nil {
		return err
	}
	if err := t.alterUser(ctx, c.People); err != nil {
		return err
	}
	if c.Upload != nil {
		if err := t.expire(ctx, c.Upload); err != nil {
			return err
		}
	}
	if c.Revoke != nil {
		return t.revoke(ctx, c.Revoke)
	}
	return nil
}

// one runs a conditional UPDATE of a single row; otherwise names the error
// when the condition does not hold.
func (t tx) one(ctx context.Context, table string, otherwise error, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("update %s: %w", table, t.s.d.rowError(err, table))
	}
	if n != 1 {
		return otherwise
	}
	return nil
}

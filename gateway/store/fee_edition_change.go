package store

import "context"

// feeRows are the new rows of port charges in one batch.
type feeRows struct{ editions, rows, holds, sources, quotes *rows }

func newFeeRows() *feeRows {
	return &feeRows{insertFeeEdition.rows(), insertFeeRow.rows(), insertFeeEditionRow.rows(), insertFeeSource.rows(), insertFeeQuote.rows()}
}

// list has the edition first: racers on one number learn it before all else.
func (r *feeRows) list() []*rows { return []*rows{r.editions, r.rows, r.holds, r.sources, r.quotes} }

func (r *feeRows) gather(c *Change) {
	f := c.Fees
	if f == nil {
		return
	}
	if e := f.Edition; e != nil {
		r.editions.add(1024, e.Number, e.State, e.Base, e.Digest, e.Rows, e.Note, e.Reason, e.Urgent, e.DraftedBy, e.DraftedAt, e.CheckedBy, e.CheckedAt,
			e.PublishedBy, e.PublishedAt, e.EffectiveAt, e.SupersededBy, e.WithdrawnBy, e.WithdrawnAt, e.WithdrawnWhy)
		for i, h := range f.Holds {
			r.holds.add(128, e.Number, i+1, h.Kind, h.Key, h.Version)
		}
	}
	for i := range f.Rows {
		w := &f.Rows[i]
		r.rows.add(len(w.Body)+256, w.Kind, w.Key, w.Version, w.Replaces, w.ValidFrom, w.ValidTo, w.SHA256, blob(w.Body), w.RecordedAt)
	}
	for i := range f.Sources {
		s := &f.Sources[i]
		r.sources.add(len(s.Body)+256, s.Edition, s.Number, s.Name, s.ContentType, s.SHA256, blob(s.Body))
	}
	for i := range f.Quotes {
		f.Quotes[i].add(r.quotes)
	}
}

// alterFees does the steps of editions that are there. Each applies only in
// the state that it follows from, and publishing and withdrawing hold the
// edition before: of two that would follow it one finds the place taken.
func (t tx) alterFees(ctx context.Context, c *Change) error {
	f := c.Fees
	if f == nil {
		return nil
	}
	lost := &ConflictError{On: "fee_edition"}
	if e := f.Check; e != nil {
		if err := t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET state = 'checked', checked_by = ?, checked_at = ?
WHERE number = ? AND state = 'draft' AND drafted_by <> ?`, e.CheckedBy, e.CheckedAt, e.Number, e.CheckedBy); err != nil {
			return err
		}
	}
	if e := f.Publish; e != nil {
		if err := t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET superseded_by = ?
WHERE number = ? AND state = 'published' AND superseded_by = 0 AND effective_at <= ?`, e.Number, e.Base, e.EffectiveAt); err != nil {
			return err
		}
		if err := t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET state = 'published', published_by = ?, published_at = ?, effective_at = ?, reason = ?, urgent = ?
WHERE number = ? AND base = ? AND state = 'checked'`, e.PublishedBy, e.PublishedAt, e.EffectiveAt, e.Reason, e.Urgent, e.Number, e.Base); err != nil {
			return err
		}
	}
	if e := f.Withdraw; e != nil {
		return t.withdrawEdition(ctx, e, lost)
	}
	return nil
}

// withdrawEdition ends a draft, or takes a published edition back that none
// follows: the edition that it followed is the last one again.
func (t tx) withdrawEdition(ctx context.Context, e *FeeEdition, lost error) error {
	if e.Base > 0 {
		if err := t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET superseded_by = 0
WHERE number = ? AND superseded_by = ?`, e.Base, e.Number); err != nil {
			return err
		}
		return t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET state = 'withdrawn', withdrawn_by = ?, withdrawn_at = ?, withdrawn_why = ?
WHERE number = ? AND base = ? AND state = 'published' AND superseded_by = 0`, e.WithdrawnBy, e.WithdrawnAt, e.WithdrawnWhy, e.Number, e.Base)
	}
	return t.one(ctx, "fee_editions", lost, `
UPDATE fee_editions
SET state = 'withdrawn', withdrawn_by = ?, withdrawn_at = ?, withdrawn_why = ?
WHERE number = ? AND state IN ('draft', 'checked')`, e.WithdrawnBy, e.WithdrawnAt, e.WithdrawnWhy, e.Number)
}

func (v *checker) fees(c *Change) {
	f := c.Fees
	if f == nil {
		return
	}
	if e := f.Edition; e != nil {
		v.among("fee_editions.state", e.State, "draft", "published")
		v.text("fee_editions.digest", e.Digest, 64)
		v.text("fee_editions.note", e.Note, 1000)
		v.text("fee_editions.drafted_by", e.DraftedBy, 128)
		if e.Rows != len(f.Holds) {
			v.fail("edition %d has %d rows, says %d", e.Number, len(f.Holds), e.Rows)
		}
	}
	for i := range f.Rows {
		r := &f.Rows[i]
		v.text("fee_rows.kind", r.Kind, 32)
		v.text("fee_rows.row_key", r.Key, 128)
		v.text("fee_rows.valid_from", r.ValidFrom, 32)
		v.text("fee_rows.valid_to", r.ValidTo, 32)
		v.text("fee_rows.sha256", r.SHA256, 64)
	}
	for i := range f.Sources {
		s := &f.Sources[i]
		v.text("fee_sources.name", s.Name, 255)
		v.text("fee_sources.content_type", s.ContentType, 255)
		v.text("fee_sources.sha256", s.SHA256, 64)
	}
	for _, e := range []*FeeEdition{f.Check, f.Publish, f.Withdraw} {
		if e != nil {
			v.text("fee_editions.checked_by", e.CheckedBy, 128)
			v.text("fee_editions.published_by", e.PublishedBy, 128)
			v.text("fee_editions.withdrawn_by", e.WithdrawnBy, 128)
			v.text("fee_editions.reason", e.Reason, 1000)
			v.text("fee_editions.urgent", e.Urgent, 1000)
			v.text("fee_editions.withdrawn_why", e.WithdrawnWhy, 1000)
		}
	}
	for i := range f.Quotes {
		v.text("fee_quotes.number", f.Quotes[i].Number, 64)
		v.text("fee_quotes.engine", f.Quotes[i].Engine, 16)
	}
}

// feeBytes is what a change weighs in the queue for its port charges.
func (c *Change) feeBytes() int {
	if c.Fees == nil {
		return 0
	}
	n := 128 * len(c.Fees.Holds)
	for i := range c.Fees.Rows {
		n += 256 + len(c.Fees.Rows[i].Body)
	}
	for i := range c.Fees.Sources {
		n += len(c.Fees.Sources[i].Body)
	}
	for i := range c.Fees.Quotes {
		n += len(c.Fees.Quotes[i].Body) + len(c.Fees.Quotes[i].Request)
	}
	return n
}

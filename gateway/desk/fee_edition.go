package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kouan/gateway/store"
	"kouan/tariffs"
)

// The states of an edition of the catalogue of port charges. Scheduled,
// published and superseded are what the clock says of one that was published:
// no process has to be awake at the instant.
const (
	FeeDraft      = "draft"
	FeeChecked    = "checked"   // by another person than the drafter
	FeeScheduled  = "scheduled" // published, not yet in force
	FeePublished  = "published" // in force
	FeeSuperseded = "superseded"
	FeeWithdrawn  = "withdrawn"
)

// FeeEditionHead is an edition without its rows.
type FeeEditionHead struct {
	Number       int
	State        string
	Base         int    // edition that it was made from; 0: none
	Digest       string // of its rows in order, which is the version of its catalogue
	Rows         int
	DraftedAt    time.Time
	CheckedAt    time.Time // zero: not yet, as the next
	PublishedAt  time.Time
	EffectiveAt  time.Time // when it came or comes into force
	Note         string
	Reason       string // why rows are valid from a day that had passed
	Urgent       string // why the notice is short
	DraftedBy    string
	CheckedBy    string
	PublishedBy  string
	SupersededBy int // edition that follows, also one still to come; 0: none
	WithdrawnBy  string
	WithdrawnAt  time.Time
	WithdrawnWhy string
}

// FeeEdition is an edition with its catalogue.
type FeeEdition struct {
	FeeEditionHead
	Catalogue *tariffs.Catalogue
}

// feeBook remembers the editions, so that a public page never waits for the
// database: heads for a moment, catalogues for good, because they never
// change. Publications by this process are seen at once, those by others
// within feeFresh.
type feeBook struct {
	page    atomic.Pointer[feePage]
	follows atomic.Bool // FollowFees keeps the page fresh: nobody else looks
	reading sync.Mutex  // one reader of the heads at a time
	mu      sync.Mutex
	kept    map[int]*tariffs.Catalogue
	order   []int // numbers as they came, the oldest first
	quotes  atomic.Int64
}

// FeeFigures are what a metric tells of the editions and quotations, from memory.
type FeeFigures struct {
	InForce int            // number of the edition in force; 0: not known yet
	States  map[string]int // editions by state
	Quotes  int64          // given and kept by this process
}

// FeeFigures reads them.
func (d *Desk) FeeFigures() FeeFigures {
	out := FeeFigures{States: map[string]int{}, Quotes: d.fees.quotes.Load()}
	page := d.fees.page.Load()
	if page == nil {
		return out
	}
	now := d.now()
	if e := feeInForce(page.heads, now); e != nil {
		out.InForce = e.Number
	}
	for i := range page.heads {
		out.States[feeState(page.heads, &page.heads[i], now)]++
	}
	return out
}

// feePage is what was known of all editions at a moment.
type feePage struct {
	heads []store.FeeEdition // newest first
	until time.Time
}

const (
	feeFresh      = time.Second
	feeFollow     = 500 * time.Millisecond // how often a running gateway looks, so that pages find the book fresh
	feeCatalogues = 24                     // kept in memory; a catalogue of 10,000 rows takes about 10 MB
)

// FeeEdition is the edition in force. On a store that has none, the first
// asker publishes the tables that the program carries.
func (d *Desk) FeeEdition(ctx context.Context) (*FeeEdition, error) {
	now := d.Clock()
	page, err := d.feePage(ctx, now)
	if err != nil {
		return nil, err
	}
	if len(page.heads) == 0 {
		if err := d.publishBuiltIn(ctx); err != nil {
			return nil, err
		}
		now = d.Clock()
		if page, err = d.feePage(ctx, now); err != nil {
			return nil, err
		}
	}
	e := feeInForce(page.heads, now.UnixMilli())
	if e == nil { // the clock of the process that published the first one is ahead of this one
		e = &page.heads[len(page.heads)-1]
	}
	return d.feeEdition(ctx, page, e, now)
}

// FeeEditionNumber is an edition that was published, also one still to come, one
// that was superseded or withdrawn; store.ErrNotFound. Drafts are nobody's but
// the authority's: see FeeEditionDrafted.
func (d *Desk) FeeEditionNumber(ctx context.Context, n int) (*FeeEdition, error) {
	e, err := d.FeeEditionDrafted(ctx, n)
	if err == nil && e.EffectiveAt.IsZero() {
		return nil, fmt.Errorf("published edition %d of port charges: %w", n, store.ErrNotFound)
	}
	return e, err
}

// FeeEditionDrafted is an edition of any state, for the authority.
func (d *Desk) FeeEditionDrafted(ctx context.Context, n int) (*FeeEdition, error) {
	now := d.Clock()
	page, err := d.feePage(ctx, now)
	if err != nil {
		return nil, err
	}
	for i := range page.heads {
		if page.heads[i].Number == n {
			return d.feeEdition(ctx, page, &page.heads[i], now)
		}
	}
	return nil, fmt.Errorf("edition %d of port charges: %w", n, store.ErrNotFound)
}

// FeeEditionAt is the edition that was, or will be, in force at an instant: what
// this office would have said then. store.ErrNotFound before the first one.
func (d *Desk) FeeEditionAt(ctx context.Context, at time.Time) (*FeeEdition, error) {
	now := d.Clock()
	page, err := d.feePage(ctx, now)
	if err != nil {
		return nil, err
	}
	e := feeInForce(page.heads, at.UnixMilli())
	if e == nil {
		return nil, fmt.Errorf("edition of port charges at %s: %w", at, store.ErrNotFound)
	}
	return d.feeEdition(ctx, page, e, now)
}

// FeeEditions are the editions that were ever published, without their rows,
// newest first.
func (d *Desk) FeeEditions(ctx context.Context) ([]FeeEditionHead, error) {
	all, err := d.AllFeeEditions(ctx)
	return slices.DeleteFunc(all, func(h FeeEditionHead) bool { return h.EffectiveAt.IsZero() }), err
}

// AllFeeEditions are those in draft as well, for the authority.
func (d *Desk) AllFeeEditions(ctx context.Context) ([]FeeEditionHead, error) {
	now := d.Clock()
	page, err := d.feePage(ctx, now)
	if err != nil {
		return nil, err
	}
	out := make([]FeeEditionHead, len(page.heads))
	for i := range page.heads {
		out[i] = feeHead(page.heads, &page.heads[i], now.UnixMilli())
	}
	return out, nil
}

// FollowFees keeps the book fresh until ctx ends, and reads the catalogue that
// comes next before it comes.
func (d *Desk) FollowFees(ctx context.Context) error {
	tick := time.NewTicker(feeFollow)
	defer tick.Stop()
	for {
		_, err := d.FeeEdition(ctx)
		if err == nil {
			break
		}
		if ctx.Err() == nil {
			d.Logger.WarnContext(ctx, "the catalogue of port charges is not open yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
	d.fees.follows.Store(true)
	defer d.fees.follows.Store(false)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		page, err := d.readFeePage(ctx, d.Clock())
		if err != nil {
			if ctx.Err() == nil {
				d.Logger.WarnContext(ctx, "editions of port charges were not looked up; pages show those known", "error", err)
			}
			continue
		}
		for i := range page.heads { // the last one and, when that is still to come, the one before
			e := &page.heads[i]
			if e.State != FeePublished {
				continue
			}
			if _, err := d.feeCatalogue(ctx, e); err != nil && ctx.Err() == nil {
				d.Logger.WarnContext(ctx, "an edition of port charges cannot be read", "edition", e.Number, "error", err)
			}
			if e.EffectiveAt <= d.now() {
				break
			}
		}
	}
}

// feePage is the book's page when it is fresh, else a new one. When the
// database does not answer, what was known stands: a catalogue does not become
// wrong by a failover.
func (d *Desk) feePage(ctx context.Context, now time.Time) (*feePage, error) {
	page := d.fees.page.Load()
	if page != nil && (now.Before(page.until) || len(page.heads) > 0 && d.fees.follows.Load()) {
		return page, nil
	}
	fresh, err := d.readFeePage(ctx, now)
	switch {
	case err == nil:
		return fresh, nil
	case page != nil && len(page.heads) > 0 && errors.Is(err, store.ErrUnavailable):
		d.Logger.WarnContext(ctx, "editions of port charges were not looked up; the last known stand", "error", err)
		return page, nil
	}
	return nil, err
}

func (d *Desk) readFeePage(ctx context.Context, now time.Time) (*feePage, error) {
	before := d.fees.page.Load()
	d.fees.reading.Lock()
	defer d.fees.reading.Unlock()
	if page := d.fees.page.Load(); page != before && page != nil { // another read it while this one waited
		return page, nil
	}
	heads, err := d.Store.FeeEditions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list editions: %w", err)
	}
	page := &feePage{heads: heads, until: now.Add(feeFresh)}
	d.fees.page.Store(page)
	return page, nil
}

// feeChanged makes the next asker look: this process has changed an edition.
func (d *Desk) feeChanged(ctx context.Context) {
	d.fees.reading.Lock()
	defer d.fees.reading.Unlock()
	heads, err := d.Store.FeeEditions(ctx)
	if err != nil { // it stands; who asks later looks again
		d.fees.page.Store(nil)
		d.Logger.WarnContext(ctx, "editions of port charges were not looked up after a change", "error", err)
		return
	}
	d.fees.page.Store(&feePage{heads: heads, until: d.Clock().Add(feeFresh)})
}

func (d *Desk) feeEdition(ctx context.Context, page *feePage, e *store.FeeEdition, now time.Time) (*FeeEdition, error) {
	c, err := d.feeCatalogue(ctx, e)
	if err != nil {
		return nil, err
	}
	return &FeeEdition{FeeEditionHead: feeHead(page.heads, e, now.UnixMilli()), Catalogue: c}, nil
}

// feeCatalogue is the catalogue of an edition. Rows that are not those that
// were digested are refused: better no price than a changed one.
func (d *Desk) feeCatalogue(ctx context.Context, e *store.FeeEdition) (*tariffs.Catalogue, error) {
	b := &d.fees
	b.mu.Lock()
	c := b.kept[e.Number]
	b.mu.Unlock()
	if c != nil {
		return c, nil
	}
	rows, err := d.Store.FeeEditionRows(ctx, e.Number)
	if err != nil {
		return nil, err
	}
	records := make([]tariffs.Record, len(rows))
	for i, r := range rows {
		records[i] = tariffs.Record{Kind: r.Kind, Key: r.Key, Version: r.Version, Replaces: r.Replaces, Body: r.Body}
	}
	c, err = tariffs.FromRecords(records)
	if err != nil {
		return nil, fmt.Errorf("edition %d of port charges: %w", e.Number, err)
	}
	if c.Version != e.Digest {
		return nil, fmt.Errorf("edition %d of port charges: rows have digest %s, want %s", e.Number, c.Version, e.Digest)
	}
	days, err := d.feePublished(ctx, rows)
	if err != nil {
		return nil, err
	}
	c.PublishedOn(days)
	if e.PublishedAt == 0 { // a draft: when its rows are published is not known yet
		return c, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if first := b.kept[e.Number]; first != nil {
		return first, nil
	}
	if b.kept == nil {
		b.kept = map[int]*tariffs.Catalogue{}
	}
	if len(b.order) >= feeCatalogues {
		delete(b.kept, b.order[0])
		b.order = b.order[1:]
	}
	b.kept[e.Number], b.order = c, append(b.order, e.Number)
	return c, nil
}

// feePublished is on which day each row with a price was first published as it
// stands: with the edition whose draft recorded this version of it.
func (d *Desk) feePublished(ctx context.Context, rows []store.FeeRow) (map[string]tariffs.Day, error) {
	heads, err := d.Store.FeeEditions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list editions: %w", err)
	}
	of := map[int64]tariffs.Day{} // instant at which a draft was recorded: day of its publication
	for i := range heads {
		if e := &heads[i]; e.PublishedAt != 0 {
			of[e.DraftedAt] = tariffs.DayOf(instant(e.PublishedAt))
		}
	}
	out := map[string]tariffs.Day{}
	for i := range rows {
		switch r := &rows[i]; r.Kind {
		case "rates", "tonnage_dues", "special_port_fee":
			if day := of[r.RecordedAt]; day != "" {
				out[r.Key] = day
			}
		}
	}
	return out, nil
}

// feeInForce is the edition in force at an instant: the last of those whose
// instant has come and that were not withdrawn by then. nil: none.
func feeInForce(heads []store.FeeEdition, at int64) *store.FeeEdition {
	var best *store.FeeEdition
	for i := range heads {
		e := &heads[i]
		if e.EffectiveAt == 0 || e.EffectiveAt > at || e.WithdrawnAt != 0 && e.WithdrawnAt <= at {
			continue
		}
		if best == nil || e.EffectiveAt > best.EffectiveAt || e.EffectiveAt == best.EffectiveAt && e.Number > best.Number {
			best = e
		}
	}
	return best
}

func feeHead(heads []store.FeeEdition, e *store.FeeEdition, now int64) FeeEditionHead {
	return FeeEditionHead{Number: e.Number, State: feeState(heads, e, now), Base: e.Base, Digest: e.Digest, Rows: e.Rows,
		DraftedAt: instant(e.DraftedAt), CheckedAt: instant(e.CheckedAt), PublishedAt: instant(e.PublishedAt), EffectiveAt: instant(e.EffectiveAt),
		Note: e.Note, Reason: e.Reason, Urgent: e.Urgent, DraftedBy: e.DraftedBy, CheckedBy: e.CheckedBy, PublishedBy: e.PublishedBy,
		SupersededBy: e.SupersededBy, WithdrawnBy: e.WithdrawnBy, WithdrawnAt: instant(e.WithdrawnAt), WithdrawnWhy: e.WithdrawnWhy}
}

// feeState is what the clock says of a published edition; the others are as stored.
func feeState(heads []store.FeeEdition, e *store.FeeEdition, now int64) string {
	switch {
	case e.State != FeePublished:
		return e.State
	case e.EffectiveAt > now:
		return FeeScheduled
	}
	if e.SupersededBy > 0 {
		for i := range heads {
			if heads[i].Number == e.SupersededBy && heads[i].EffectiveAt <= now {
				return FeeSuperseded
			}
		}
	}
	return FeePublished
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Who stands for the first edition, which no person drafted.
const (
	builtInTables = "built-in tables"
	firstStart    = "first start"
)

// publishBuiltIn makes the tables that the program carries edition 1, so that
// every installation has a catalogue. Of several processes one does it.
func (d *Desk) publishBuiltIn(ctx context.Context) error {
	c := tariffs.BuiltIn()
	now := d.now()
	f := &store.FeeChange{Edition: &store.FeeEdition{Number: 1, State: FeePublished, Digest: c.Version, Rows: len(c.Records()), DraftedBy: builtInTables, DraftedAt: now,
		CheckedBy: firstStart, CheckedAt: now, PublishedBy: firstStart, PublishedAt: now, EffectiveAt: now}}
	for _, r := range c.Records() {
		f.Rows = append(f.Rows, feeRow(&r, now))
		f.Holds = append(f.Holds, store.FeeEditionRow{Kind: r.Kind, Key: r.Key, Version: r.Version})
	}
	err := d.Store.Commit(ctx, store.Change{Fees: f, Audit: []store.AuditEntry{d.audit(builtInTables, "fees.publish", "", "edition 1", c.Version)}})
	if err != nil && !store.IsConflict(err, "fee_edition") {
		return fmt.Errorf("publish the built-in tables of port charges: %w", err)
	}
	d.feeChanged(ctx)
	return nil
}

// feeRow is a record as the store keeps it.
func feeRow(r *tariffs.Record, now int64) store.FeeRow {
	from, to := r.Validity()
	return store.FeeRow{Kind: r.Kind, Key: r.Key, Version: r.Version, Replaces: r.Replaces, ValidFrom: from, ValidTo: to, SHA256: r.SHA256(), Body: r.Body, RecordedAt: now}
}

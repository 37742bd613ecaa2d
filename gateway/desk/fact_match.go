package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/store"
)

const (
	factPage     = 50  // declarations that one commit joins to a fact
	mostClaims   = 500 // declarations of one bill or box; with more nothing is decided
	rematchFacts = 500 // kept facts that one round tries again
)

// candidateOf reads what a fact is held against.
func (d *Desk) candidateOf(ctx context.Context, ref store.Ref) (clearance.Candidate, error) {
	row, err := d.Store.Declaration(ctx, ref.Tenant, ref.DeclarationID)
	if err != nil {
		return clearance.Candidate{}, fmt.Errorf("read declaration: %w", err)
	}
	return candidate(&row)
}

func candidate(row *store.Declaration) (clearance.Candidate, error) {
	doc := &declarations.Declaration{}
	if err := json.Unmarshal(row.Document, doc); err != nil {
		return clearance.Candidate{}, fmt.Errorf("read document of %s: %w", row.ID, err)
	}
	s := declarations.Status(row.Status)
	return clearance.Candidate{Owner: row.Tenant, EntryNumber: row.EntryNumber, MadeAt: time.UnixMilli(row.CreatedAt),
		Over: row.Attempt == 0 || s == declarations.StatusDeleted || s == declarations.StatusCancelled, Document: doc}, nil
}

// factTargets finds the declarations that a fact is about, from a place on,
// and the place after them; the zero place says that these were the last.
func (d *Desk) factTargets(ctx context.Context, row *store.Fact, after store.Ref) (refs []store.Ref, reason string, next store.Ref, err error) {
	if row.Withdraws != "" { // wherever the fact that it takes back is joined
		refs, err = d.Store.LinksOfFact(ctx, row.Withdraws, after, factPage)
		return refs, clearance.ReasonUnknown, following(refs), err
	}
	fact, err := knownFact(row)
	if err != nil {
		return nil, "", store.Ref{}, err
	}
	switch {
	case fact.EntryNumber != "":
		ref, err := d.Store.FindByEntryNumber(ctx, fact.EntryNumber)
		if errors.Is(err, store.ErrNotFound) {
			return nil, clearance.ReasonUnknown, store.Ref{}, nil
		}
		ref.Attempt = 0
		return []store.Ref{ref}, "", store.Ref{}, err
	case fact.OfConveyance():
		page, err := d.Store.CandidatesBySubject(ctx, row.Subject, after, factPage)
		if err != nil {
			return nil, "", store.Ref{}, err
		}
		refs, reason, err := d.decide(ctx, &fact.Fact, page)
		return refs, reason, following(page), err
	}
	all, err := d.Store.CandidatesBySubject(ctx, row.Subject, store.Ref{}, mostClaims)
	if err != nil || len(all) == mostClaims {
		return nil, clearance.ReasonAmbiguous, store.Ref{}, err
	}
	refs, reason, err = d.decide(ctx, &fact.Fact, all)
	return refs, reason, store.Ref{}, err
}

// following is the place after a full page; after a short one nothing follows.
func following(page []store.Ref) store.Ref {
	if len(page) < factPage {
		return store.Ref{}
	}
	return page[len(page)-1]
}

func (d *Desk) decide(ctx context.Context, f *clearance.Fact, refs []store.Ref) ([]store.Ref, string, error) {
	candidates := make([]clearance.Candidate, len(refs))
	for i, ref := range refs {
		c, err := d.candidateOf(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		candidates[i] = c
	}
	which, reason := clearance.Decide(f, candidates)
	out := make([]store.Ref, 0, len(which))
	for _, i := range which {
		out = append(out, refs[i])
	}
	return out, reason, nil
}

// joinFact prepares the change that puts a fact into the timelines of
// declarations: link, entry, and the deadline that follows from it.
func (d *Desk) joinFact(ctx context.Context, f *store.Fact, refs []store.Ref) (store.Change, error) {
	c := store.Change{}
	for _, ref := range refs {
		row, err := d.Store.Declaration(ctx, ref.Tenant, ref.DeclarationID)
		if err != nil {
			return c, fmt.Errorf("read declaration: %w", err)
		}
		if err := d.joinAll(ctx, &c, &row, []store.Fact{*f}); err != nil {
			return c, err
		}
	}
	return c, nil
}

// joinAll adds facts of one declaration to a change.
func (d *Desk) joinAll(ctx context.Context, c *store.Change, row *store.Declaration, facts []store.Fact) error {
	now := d.now()
	for i := range facts {
		f := &facts[i]
		c.FactLinks = append(c.FactLinks, store.FactLink{FactID: f.ID, Tenant: row.Tenant, DeclarationID: row.ID, At: now})
		c.FactStates = append(c.FactStates, store.FactState{ID: f.ID, State: "matched"})
		kind, code := "fact_"+f.Kind, ""
		if f.Withdraws != "" {
			kind, code = "fact_withdrawn", f.Kind
		}
		c.Events = append(c.Events, store.Event{Tenant: row.Tenant, DeclarationID: row.ID, ID: d.NewID(), Identity: "fact/" + f.ID,
			Kind: kind, Code: code, Attempt: row.Attempt, At: f.At, HeardAt: f.HeardAt, Source: f.Source, Status: row.Status})
	}
	return d.moveDeadlines(ctx, c, &moved{row: row, facts: facts})
}

// spread holds a kept fact against all declarations that are there and marks
// it as done, so that a crash before this leaves it to the next round.
func (d *Desk) spread(ctx context.Context, f *store.Fact) error {
	after, reason := store.Ref{}, ""
	for {
		refs, why, next, err := d.factTargets(ctx, f, after)
		if err != nil {
			return err
		}
		reason = why
		if err := d.joinMissing(ctx, f, refs); err != nil {
			return err
		}
		if after = next; after == (store.Ref{}) {
			break
		}
	}
	if reason == "" {
		reason = clearance.ReasonUnknown // overruled by the links that it has
	}
	if f.Spread && (f.State == "matched" || f.Reason == reason) {
		return nil
	}
	if err := d.write(ctx, store.Change{FactStates: []store.FactState{{ID: f.ID, State: "unmatched", Reason: reason, Spread: true}}}); err != nil {
		return fmt.Errorf("mark fact %s: %w", f.ID, err)
	}
	return nil
}

// joinMissing joins a fact to those declarations that it is not joined to.
func (d *Desk) joinMissing(ctx context.Context, f *store.Fact, refs []store.Ref) error {
	for _, ref := range refs {
		err := d.retry(func() error {
			linked, err := d.Store.FactLinked(ctx, f.ID, ref)
			if err != nil || linked {
				return err
			}
			c, err := d.joinFact(ctx, f, []store.Ref{ref})
			if err != nil {
				return err
			}
			c.Audit = append(c.Audit, d.audit("desk", "fact.match", ref.Tenant, f.ID, f.ContentSHA))
			return d.write(ctx, c)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// retry does something again while other writers are faster.
func (d *Desk) retry(act func() error) error {
	for range versionRetries {
		if err := act(); !store.IsConflict(err) {
			return err
		}
	}
	return fmt.Errorf("too many writers at once: %w", store.ErrUnavailable)
}

// factSubjects are the rows by which later facts find a submitted declaration.
func factSubjects(row *store.Declaration, doc *declarations.Declaration) []store.FactSubject {
	var out []store.FactSubject
	for _, s := range clearance.Subjects(doc) {
		if len(s) <= 255 { // a draft's number may be longer; a submitted one is not
			out = append(out, store.FactSubject{Subject: s, Tenant: row.Tenant, DeclarationID: row.ID})
		}
	}
	return out
}

// welcomeFacts adopts the facts that came before a declaration, if there are any.
func (d *Desk) welcomeFacts(ctx context.Context, row *store.Declaration, subjects []store.FactSubject) {
	known, err := d.keptFacts(ctx, subjects)
	if err != nil {
		d.Logger.WarnContext(ctx, "kept facts are not matched yet", "declaration", row.ID, "error", err)
		return
	}
	if known {
		d.adoptFacts(ctx, row.Tenant, row.ID)
	}
}

// adoptFacts joins the facts that were kept before their declaration came, or
// before its entry number was known. What is committed already stands
// whatever becomes of this: a failure is left to RematchFacts.
func (d *Desk) adoptFacts(ctx context.Context, tenant, id string) {
	if err := d.retry(func() error { return d.adoptFactsOnce(ctx, tenant, id) }); err != nil {
		d.Logger.WarnContext(ctx, "kept facts are not matched yet", "declaration", id, "error", err)
	}
}

func (d *Desk) adoptFactsOnce(ctx context.Context, tenant, id string) error {
	row, err := d.Store.Declaration(ctx, tenant, id)
	if err != nil {
		return fmt.Errorf("read declaration: %w", err)
	}
	c, err := candidate(&row)
	if err != nil {
		return err
	}
	numbers := clearance.Subjects(c.Document)
	if row.EntryNumber != "" {
		numbers = append(numbers, clearance.EntrySubject(row.EntryNumber))
	}
	if len(numbers) == 0 || c.Over {
		return nil
	}
	kept, err := d.Store.FactsBySubject(ctx, numbers...)
	if err != nil || len(kept) == 0 {
		return err
	}
	mine, err := d.about(ctx, &row, &c, kept)
	if err != nil || len(mine) == 0 {
		return err
	}
	change := store.Change{}
	if err := d.joinAll(ctx, &change, &row, mine); err != nil {
		return err
	}
	for i := range mine {
		change.Audit = append(change.Audit, d.audit("desk", "fact.match", row.Tenant, mine[i].ID, mine[i].ContentSHA))
	}
	if err := d.write(ctx, change); err != nil {
		return fmt.Errorf("join kept facts: %w", err)
	}
	d.tell()
	return nil
}

// about keeps those of the facts that are about the declaration and are not joined to it.
func (d *Desk) about(ctx context.Context, row *store.Declaration, c *clearance.Candidate, kept []store.Fact) ([]store.Fact, error) {
	self := store.Ref{Tenant: row.Tenant, DeclarationID: row.ID}
	seen := map[string]bool{}
	var mine []store.Fact
	for i := range kept {
		f := &kept[i]
		linked, err := d.Store.FactLinked(ctx, f.ID, self)
		if err != nil {
			return nil, err
		}
		if linked || seen[f.ID] {
			continue
		}
		fact, err := knownFact(f)
		if err != nil {
			return nil, err
		}
		targets := []store.Ref{self}
		if fact.OfConveyance() {
			if which, _ := clearance.Decide(&fact.Fact, []clearance.Candidate{*c}); len(which) == 0 {
				continue
			}
		} else if targets, _, _, err = d.factTargets(ctx, f, store.Ref{}); err != nil {
			return nil, err
		}
		for _, ref := range targets {
			if ref.Tenant == self.Tenant && ref.DeclarationID == self.DeclarationID {
				seen[f.ID] = true
				mine = append(mine, *f)
			}
		}
	}
	return mine, nil
}

// RematchFacts finishes what a crash or a failure left: facts that were not
// held against all declarations, and kept ones whose declaration came while
// nobody looked. It returns how many it tried.
func (d *Desk) RematchFacts(ctx context.Context) (int, error) {
	left, err := d.Store.FactsToSpread(ctx, rematchFacts)
	if err != nil {
		return 0, fmt.Errorf("list facts: %w", err)
	}
	kept, err := d.Store.UnmatchedFacts(ctx, rematchFacts)
	if err != nil {
		return 0, fmt.Errorf("list kept facts: %w", err)
	}
	done := map[string]bool{}
	for _, f := range append(left, kept...) {
		if done[f.ID] {
			continue
		}
		done[f.ID] = true
		if err := d.spread(ctx, &f); err != nil {
			return len(done), fmt.Errorf("fact %s: %w", f.ID, err)
		}
	}
	return len(done), nil
}

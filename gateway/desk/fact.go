package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// FactReport is one request of a partner, as it came: one fact or many.
type FactReport struct {
	Body        []byte
	ContentType string
	XML         bool // the partner's own message instead of our JSON
}

// FactAnswer is what became of one fact. It never tells whose declarations it
// is about: the reporter has no right to know.
type FactAnswer struct {
	ID        string
	Kind      string
	Duplicate bool
	Matched   int    // how many declarations it is joined to
	Reason    string // why none: unknown, ambiguous
}

// FactConflictError says that the source used a reference for another fact.
type FactConflictError struct{ ID, Reference string }

func (e *FactConflictError) Error() string { return "reference " + e.Reference + " is fact " + e.ID }

// ReportFacts takes facts in. All of them are right or none is kept; a second
// report of the same fact gets the first result. Errors: *FaultsError,
// *FactConflictError, auth.ErrForbidden, store.ErrUnavailable (facts before
// the failure are kept: the same request again is safe).
func (d *Desk) ReportFacts(ctx context.Context, p auth.Principal, in FactReport) ([]FactAnswer, error) {
	if err := allow(p, auth.ReportFact); err != nil {
		return nil, err
	}
	read := clearance.ParseJSON
	if in.XML {
		read = clearance.ParseXML
	}
	facts, faults := read(in.Body)
	if declarations.Rejected(faults) {
		return nil, &FaultsError{faults}
	}
	return d.reportFacts(ctx, p, in, facts)
}

// reportFacts takes in facts that were read from a report or from the
// partner's own messages.
func (d *Desk) reportFacts(ctx context.Context, p auth.Principal, in FactReport, facts []clearance.Fact) ([]FactAnswer, error) {
	rows, err := d.factRows(ctx, p, in, facts)
	if err != nil {
		return nil, err
	}
	answers := make([]FactAnswer, len(rows))
	for i := range rows {
		if answers[i], err = d.hearFact(ctx, p, in, &rows[i]); err != nil {
			return nil, err
		}
	}
	d.tell()
	return answers, nil
}

// heardFact is one fact on its way in.
type heardFact struct {
	row    store.Fact
	fact   clearance.Fact
	target *store.Fact // that it withdraws
	known  bool        // heard before; row is the kept one
}

// factRows makes the rows and finds all that speaks against them, before
// anything is written.
func (d *Desk) factRows(ctx context.Context, p auth.Principal, in FactReport, facts []clearance.Fact) ([]heardFact, error) {
	rows := make([]heardFact, len(facts))
	var faults []declarations.Fault
	withdrawn := map[string]string{} // fact: by which of the new ones
	for i := range facts {
		h, err := d.factRow(ctx, p, in, facts[i])
		if target := facts[i].Withdraws; err == nil && target != "" && !h.known {
			if by := withdrawn[target]; by != "" && by != h.row.Identity {
				err = withdrawFault(target) // the first of them would stand alone
			}
			withdrawn[target] = h.row.Identity
		}
		var found *FaultsError
		if errors.As(err, &found) {
			if len(facts) > 1 {
				found.Faults[0].Path = declarations.IndexPath("", i, found.Faults[0].Path)
			}
			faults = append(faults, found.Faults...)
			continue
		}
		if err != nil {
			return nil, err
		}
		rows[i] = h
	}
	if len(faults) > 0 {
		return nil, &FaultsError{faults}
	}
	return rows, nil
}

func (d *Desk) factRow(ctx context.Context, p auth.Principal, in FactReport, f clearance.Fact) (heardFact, error) {
	content, err := json.Marshal(&f)
	if err != nil {
		return heardFact{}, fmt.Errorf("write fact: %w", err)
	}
	sha := digest(content)
	identity := p.PartnerID + "|c|" + sha
	if f.Reference != "" {
		identity = p.PartnerID + "|r|" + f.Reference
	}
	known, err := d.Store.FactByIdentity(ctx, identity)
	switch {
	case err == nil && known.ContentSHA != sha:
		return heardFact{}, &FactConflictError{known.ID, f.Reference}
	case err == nil:
		return heardFact{row: known, fact: f, known: true}, nil
	case !errors.Is(err, store.ErrNotFound):
		return heardFact{}, fmt.Errorf("look up fact: %w", err)
	}
	now := d.now()
	h := heardFact{fact: f, row: store.Fact{ID: d.NewID(), Identity: identity, State: "unmatched", Reason: clearance.ReasonUnknown,
		Kind: string(f.Kind), Subject: f.Subject(), Source: p.PartnerID, Role: string(p.Role), Reference: f.Reference, Withdraws: f.Withdraws,
		DocumentSHA: digest(in.Body), ContentSHA: sha, Content: string(content), At: millis(f.OccurredAt), HeardAt: now}}
	if f.Withdraws == "" {
		return h, nil
	}
	target, err := d.Store.Fact(ctx, p.PartnerID, f.Withdraws)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return heardFact{}, fmt.Errorf("look up fact to withdraw: %w", err)
	}
	if err != nil || target.WithdrawnBy != "" || target.Withdraws != "" {
		return heardFact{}, withdrawFault(f.Withdraws)
	}
	h.target, h.row.Kind, h.row.Subject = &target, target.Kind, target.Subject
	return h, nil
}

func withdrawFault(id string) error {
	return &FaultsError{[]declarations.Fault{{Code: clearance.CodeFactWithdraw, Severity: declarations.Reject, Path: "withdraws",
		Args: map[string]string{"id": id}}}}
}

// millis of an unknown time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// hearFact keeps one fact together with the declarations that it is about.
// More of them may have come between the look and the commit, and a ship has
// more than one commit takes: so it looks again afterwards.
func (d *Desk) hearFact(ctx context.Context, p auth.Principal, in FactReport, h *heardFact) (FactAnswer, error) {
	for range versionRetries {
		if h.known {
			return d.factAnswer(ctx, &h.row, true)
		}
		err := d.keepFact(ctx, p, in, h)
		switch {
		case err == nil:
			if err := d.spread(ctx, &h.row); err != nil {
				d.Logger.WarnContext(ctx, "a fact is not held against all declarations yet", "fact", h.row.ID, "error", err)
			}
			return d.factAnswer(ctx, &h.row, false)
		case !store.IsConflict(err):
			return FactAnswer{}, err
		}
		again, err := d.factRow(ctx, p, in, h.fact) // heard, withdrawn or joined by another writer
		if err != nil {
			return FactAnswer{}, err
		}
		*h = again
	}
	return FactAnswer{}, fmt.Errorf("hear fact %s: too many writers at once: %w", h.row.Kind, store.ErrUnavailable)
}

func (d *Desk) keepFact(ctx context.Context, p auth.Principal, in FactReport, h *heardFact) error {
	refs, reason, _, err := d.factTargets(ctx, &h.row, store.Ref{})
	if err != nil {
		return err
	}
	c, err := d.joinFact(ctx, &h.row, refs)
	if err != nil {
		return err
	}
	h.row.Reason = reason
	if len(refs) > 0 {
		h.row.State, h.row.Reason = "matched", ""
	}
	c.FactStates = nil
	c.Facts = []store.Fact{h.row}
	c.FactDocuments = []store.FactDocument{{SHA256: h.row.DocumentSHA, ContentType: in.ContentType, Source: p.PartnerID, Body: in.Body, At: h.row.HeardAt}}
	place, err := d.boxPlace(ctx, p, &h.fact)
	if err != nil {
		return err
	}
	if place != nil {
		c.BoxPlaces = append(c.BoxPlaces, *place)
	}
	action := "fact.report"
	if h.target != nil {
		action = "fact.withdraw"
		c.FactsWithdrawn = []store.FactWithdrawal{{ID: h.target.ID, By: h.row.ID, Source: p.PartnerID}}
	}
	c.Audit = append(c.Audit, d.audit(p.KeyID, action, "", h.row.ID, h.row.ContentSHA))
	err = d.write(ctx, c)
	if errors.Is(err, store.ErrUnknown) {
		if _, lookErr := d.Store.FactByIdentity(ctx, h.row.Identity); lookErr != nil {
			return fmt.Errorf("look up unknown commit of fact %s: %w", h.row.ID, errors.Join(store.ErrUnavailable, lookErr))
		}
		return nil
	}
	return err
}

// factAnswer reads what stands: another writer may have joined more.
func (d *Desk) factAnswer(ctx context.Context, row *store.Fact, duplicate bool) (FactAnswer, error) {
	now, err := d.Store.FactByIdentity(ctx, row.Identity)
	if err != nil {
		return FactAnswer{}, fmt.Errorf("read fact: %w", err)
	}
	n, err := d.Store.FactLinks(ctx, now.ID)
	if err != nil {
		return FactAnswer{}, fmt.Errorf("count declarations of fact: %w", err)
	}
	return FactAnswer{ID: now.ID, Kind: now.Kind, Duplicate: duplicate, Matched: n, Reason: now.Reason}, nil
}

// knownFact reads a row back.
func knownFact(row *store.Fact) (clearance.Known, error) {
	k := clearance.Known{ID: row.ID, Source: row.Source, Role: row.Role, HeardAt: time.UnixMilli(row.HeardAt), Withdrawn: row.WithdrawnBy != ""}
	if err := json.Unmarshal([]byte(row.Content), &k.Fact); err != nil {
		return k, fmt.Errorf("read fact %s: %w", row.ID, err)
	}
	return k, nil
}

func knownFacts(rows []store.Fact) ([]clearance.Known, error) {
	facts := make([]clearance.Known, 0, len(rows))
	for i := range rows {
		k, err := knownFact(&rows[i])
		if err != nil {
			return nil, err
		}
		facts = append(facts, k)
	}
	return facts, nil
}

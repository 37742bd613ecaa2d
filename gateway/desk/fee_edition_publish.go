package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

// Codes of why a step of an edition is not allowed. args: number, and value or day.
const (
	CodeFeeNoDraft   = "FEE-1120" // only a draft can be checked
	CodeFeeSelf      = "FEE-1121" // checked by who drafted it
	CodeFeeUnchecked = "FEE-1122" // only what was checked can be published
	CodeFeeOvertaken = "FEE-1123" // another edition was published since; value: its number
	CodeFeeFollowed  = "FEE-1124" // cannot be withdrawn: value follows it
	CodeFeeFirst     = "FEE-1125" // the first edition cannot be withdrawn
	CodeFeeWithdrawn = "FEE-1126" // withdrawn already
	CodeFeeEffective = "FEE-1127" // comes into force too early; args: value, day
)

// feeAuditSubject is before the number of an edition in the audit log.
const feeAuditSubject = "edition "

// FeeEditionError says that an edition does not allow a step as it stands.
type FeeEditionError struct {
	Number int
	Fault  declarations.Fault
}

func (e *FeeEditionError) Error() string {
	return fmt.Sprintf("edition %d: %s", e.Number, e.Fault.Code)
}

// feeRefusal names the edition, and another one that stands in its way.
func feeRefusal(number int, code string, other ...int) error {
	f := feeFault(code, "", "number", strconv.Itoa(number))
	for _, n := range other {
		f.Args["value"] = strconv.Itoa(n)
	}
	return &FeeEditionError{number, f}
}

// FeeStep is a step of a person.
type FeeStep struct {
	By    string // the person; see FeePerson
	Actor string // for the audit log
}

// CheckFees is the second pair of eyes: another person than the drafter says
// that a draft is right. Errors: *FeeEditionError, store.ErrNotFound.
func (d *Desk) CheckFees(ctx context.Context, n int, by FeeStep) (FeeEditionHead, error) {
	return d.feeStep(ctx, n, func(e *store.FeeEdition, _ []store.FeeEdition) (store.Change, error) {
		switch {
		case e.State != FeeDraft:
			return store.Change{}, feeRefusal(n, CodeFeeNoDraft)
		case samePerson(e.DraftedBy, by.By):
			return store.Change{}, feeRefusal(n, CodeFeeSelf)
		}
		return store.Change{Fees: &store.FeeChange{Check: &store.FeeEdition{Number: n, CheckedBy: by.By, CheckedAt: d.now()}},
			Audit: []store.AuditEntry{d.audit(by.Actor, "fees.check", "", feeAuditSubject+strconv.Itoa(n), e.Digest)}}, nil
	}, func(e *store.FeeEdition) bool { return e.State == FeeChecked && e.CheckedBy == by.By })
}

// FeePublication says how an edition is published.
type FeePublication struct {
	FeeStep
	Effective tariffs.Day // the day on which it comes into force, from its beginning; empty: at once
	Reason    string      // why rows are valid from a day that has passed; empty: as the draft says
	Urgent    string      // why the notice is short; likewise
}

// PublishFees gives an edition that was checked to the public: it comes into
// force at once, or on a day to come. Of several that would follow the same
// edition one does. warnings are what the gate lets through. Errors:
// *FaultsError (the gate, or a day too early), *FeeEditionError, store.ErrNotFound.
func (d *Desk) PublishFees(ctx context.Context, n int, in FeePublication) (head FeeEditionHead, warnings []declarations.Fault, err error) {
	if faults := feeTexts(map[string]string{"reason": in.Reason, "urgent": in.Urgent}); len(faults) > 0 {
		return FeeEditionHead{}, nil, &FaultsError{faults}
	}
	head, err = d.feeStep(ctx, n, func(e *store.FeeEdition, heads []store.FeeEdition) (store.Change, error) {
		if e.State != FeeChecked {
			return store.Change{}, feeRefusal(n, CodeFeeUnchecked)
		}
		last := lastPublished(heads)
		if last == nil {
			return store.Change{}, fmt.Errorf("last published edition: %w", store.ErrNotFound)
		}
		if last.Number != e.Base {
			return store.Change{}, feeRefusal(n, CodeFeeOvertaken, last.Number)
		}
		at, err := d.feeEffective(in.Effective, last)
		if err != nil {
			return store.Change{}, err
		}
		p := &store.FeeEdition{Number: n, Base: e.Base, PublishedBy: in.By, PublishedAt: d.now(), EffectiveAt: at.UnixMilli(),
			Reason: in.Reason, Urgent: in.Urgent}
		if p.Reason == "" {
			p.Reason = e.Reason
		}
		if p.Urgent == "" {
			p.Urgent = e.Urgent
		}
		if warnings, err = d.feeGate(ctx, e, last, p); err != nil {
			return store.Change{}, err
		}
		return store.Change{Fees: &store.FeeChange{Publish: p},
			Audit: []store.AuditEntry{d.audit(in.Actor, "fees.publish", "", feeAuditSubject+strconv.Itoa(n), e.Digest)}}, nil
	}, func(e *store.FeeEdition) bool { return e.State == FeePublished && e.PublishedBy == in.By })
	return head, warnings, err
}

func lastPublished(heads []store.FeeEdition) *store.FeeEdition {
	for i := range heads {
		if heads[i].State == FeePublished && heads[i].SupersededBy == 0 {
			return &heads[i]
		}
	}
	return nil
}

// feeEffective is the instant at which an edition comes into force: never
// before it was published, because nobody could have known it, and never
// before the one that it follows.
func (d *Desk) feeEffective(day tariffs.Day, last *store.FeeEdition) (time.Time, error) {
	now := d.Clock()
	at := now
	if day != "" {
		begin, ok := day.Begin()
		if !ok {
			return at, &FaultsError{[]declarations.Fault{feeFault(tariffs.CodeDay, "effective", "value", feeClip(string(day), 60))}}
		}
		if day != tariffs.DayOf(now) {
			at = begin
		}
	}
	earliest := now
	if t := time.UnixMilli(last.EffectiveAt); t.After(earliest) {
		earliest = t
	}
	if at.Before(earliest) {
		if day == "" {
			day = tariffs.DayOf(now)
		}
		return at, &FaultsError{[]declarations.Fault{feeFault(CodeFeeEffective, "effective", "value", string(day), "day", string(tariffs.DayOf(earliest)))}}
	}
	return at, nil
}

// feeGate judges what an edition changes, as of the day on which it comes into force.
func (d *Desk) feeGate(ctx context.Context, e, last *store.FeeEdition, p *store.FeeEdition) ([]declarations.Fault, error) {
	base, err := d.feeCatalogue(ctx, last)
	if err != nil {
		return nil, err
	}
	next, err := d.feeCatalogue(ctx, e)
	if err != nil {
		return nil, err
	}
	found := publication.Gate(base, next, publication.Differ(base.Records(), next.Records()), publication.Terms{
		Published: tariffs.DayOf(time.UnixMilli(p.PublishedAt)), Effective: tariffs.DayOf(time.UnixMilli(p.EffectiveAt)), Reason: p.Reason, Urgent: p.Urgent})
	faults := (&feeFiles{}).tell(found)
	if declarations.Rejected(faults) {
		return nil, &FaultsError{faults}
	}
	return faults, nil
}

// WithdrawFees takes an edition back, with the reason: a draft is dropped, one
// that was published gives its place back to the one that it followed. Only
// the last one can be; the first one never. Errors as CheckFees, and
// *FaultsError without a reason.
func (d *Desk) WithdrawFees(ctx context.Context, n int, by FeeStep, why string) (FeeEditionHead, error) {
	faults := feeTexts(map[string]string{"why": why})
	if strings.TrimSpace(why) == "" {
		faults = append(faults, feeFault(CodeFeeReason, "why", "name", "why"))
	}
	if len(faults) > 0 {
		return FeeEditionHead{}, &FaultsError{faults}
	}
	return d.feeStep(ctx, n, func(e *store.FeeEdition, _ []store.FeeEdition) (store.Change, error) {
		w := &store.FeeEdition{Number: n, WithdrawnBy: by.By, WithdrawnAt: d.now(), WithdrawnWhy: why}
		switch {
		case e.State == FeeWithdrawn:
			return store.Change{}, feeRefusal(n, CodeFeeWithdrawn)
		case e.SupersededBy > 0:
			return store.Change{}, feeRefusal(n, CodeFeeFollowed, e.SupersededBy)
		case e.State == FeePublished && e.Base == 0:
			return store.Change{}, feeRefusal(n, CodeFeeFirst)
		case e.State == FeePublished:
			w.Base = e.Base
		}
		return store.Change{Fees: &store.FeeChange{Withdraw: w},
			Audit: []store.AuditEntry{d.audit(by.Actor, "fees.withdraw", "", feeAuditSubject+strconv.Itoa(n), e.Digest)}}, nil
	}, func(e *store.FeeEdition) bool { return e.State == FeeWithdrawn && e.WithdrawnBy == by.By })
}

// feeStep reads an edition, lets plan say what follows from it, and writes
// that if nobody was faster; else it looks again. stands recognises the step
// after a COMMIT whose outcome is unknown.
func (d *Desk) feeStep(ctx context.Context, n int, plan func(*store.FeeEdition, []store.FeeEdition) (store.Change, error), stands func(*store.FeeEdition) bool) (FeeEditionHead, error) {
	for range feeTries {
		heads, e, err := d.feeHeads(ctx, n)
		if err != nil {
			return FeeEditionHead{}, err
		}
		c, err := plan(e, heads)
		if err != nil {
			return FeeEditionHead{}, err
		}
		err = d.Store.Commit(ctx, c)
		if store.IsConflict(err, "fee_edition") {
			continue
		}
		if err != nil && !errors.Is(err, store.ErrUnknown) {
			return FeeEditionHead{}, fmt.Errorf("step of edition %d: %w", n, err)
		}
		unknown := err != nil
		d.feeChanged(ctx)
		if heads, e, err = d.feeHeads(ctx, n); err != nil {
			return FeeEditionHead{}, err
		}
		if unknown && !stands(e) {
			return FeeEditionHead{}, fmt.Errorf("step of edition %d did not stand: %w", n, store.ErrUnavailable)
		}
		return feeHead(heads, e, d.now()), nil
	}
	return FeeEditionHead{}, fmt.Errorf("step of edition %d: too many at once: %w", n, store.ErrUnavailable)
}

// feeHeads reads all editions from the database, and finds one of them.
func (d *Desk) feeHeads(ctx context.Context, n int) ([]store.FeeEdition, *store.FeeEdition, error) {
	if _, err := d.FeeEdition(ctx); err != nil { // there is a first one
		return nil, nil, err
	}
	heads, err := d.Store.FeeEditions(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i := range heads {
		if heads[i].Number == n {
			return heads, &heads[i], nil
		}
	}
	return nil, nil, fmt.Errorf("edition %d of port charges: %w", n, store.ErrNotFound)
}

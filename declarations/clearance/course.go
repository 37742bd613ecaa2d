package clearance

import (
	"slices"
	"time"

	"kouan/declarations"
)

// Course is where a declaration stands by its receipts and our own record.
type Course struct {
	Own         declarations.OwnRecord
	Result      declarations.Result
	SentAt      time.Time // when the newest attempt was accepted here; zero for a draft
	EntryNumber string
	// Summary is the first step that a full declaration completes; nil when
	// it is not known here.
	Summary *declarations.Declaration
}

// declaredAt is when the newest attempt was declared: by the first receipt
// that says so, else by our own record of the submission.
func (c *Course) declaredAt() (at time.Time, source string) {
	newest := 0
	for i := range c.Result.Trail {
		newest = max(newest, c.Result.Trail[i].Attempt)
	}
	for i, t := range c.Result.Trail {
		h := &c.Result.History[i]
		if t.Attempt == newest && newest >= c.Own.Attempt && !h.At.IsZero() && (t.Status == declarations.StatusDeclared || received(t.Status)) {
			return h.At, "receipt " + h.Code
		}
	}
	return c.SentAt, "submission"
}

func received(s declarations.Status) bool {
	return s == declarations.StatusReceived || s == declarations.StatusSummaryReceived
}

// first is the time of the first receipt after which the status was one of
// these, and its code; the zero time of a receipt without date counts.
func (c *Course) first(statuses ...declarations.Status) (at time.Time, code string, ok bool) {
	for i, t := range c.Result.Trail {
		if slices.Contains(statuses, t.Status) {
			return c.Result.History[i].At, t.Code, true
		}
	}
	return time.Time{}, "", false
}

// release is the last release of a kind that still stands: a later deletion,
// return or inspection takes it away.
func (c *Course) release(kinds ...declarations.ReleaseKind) (r *declarations.Release, stands bool) {
	for i := range c.Result.Releases {
		for _, k := range kinds {
			if c.Result.Releases[i].Kind == k {
				r = &c.Result.Releases[i]
			}
		}
	}
	if r == nil {
		return nil, false
	}
	switch c.Result.Status {
	case declarations.StatusReleased, declarations.StatusGuaranteeReleased, declarations.StatusClosed:
		return r, true
	case declarations.StatusSummaryPickupReleased:
		return r, r.Kind == declarations.ReleasePickup
	}
	// once released for pick-up the full declaration may be anywhere on its
	// way; only an inspection, a return of the summary or a deletion holds the goods
	held := c.Result.Status == declarations.StatusDeleted || c.Result.Status == declarations.StatusInspection ||
		c.Result.Status == declarations.StatusSummaryInspection || c.Result.Status == declarations.StatusSummaryReturned
	return r, r.Kind == declarations.ReleasePickup && !held
}

// fullStatus tells that customs holds the full declaration: what a receipt
// says in the summary stage has words of its own.
func fullStatus(s declarations.Status) bool {
	switch s {
	case declarations.StatusReceived, declarations.StatusUnderReview, declarations.StatusAccepted, declarations.StatusTaxDue,
		declarations.StatusInspection, declarations.StatusGateInPermitted, declarations.StatusGuaranteeReleased,
		declarations.StatusReleased, declarations.StatusClosed:
		return true
	}
	return false
}

// TwoStepState is a word of clearance-modes.md §3.5.
type TwoStepState string

// The states of one two-step declaration, in their order.
const (
	SummaryDraft      TwoStepState = "summary_draft"
	SummarySent       TwoStepState = "summary_sent"
	SummaryReceived   TwoStepState = "summary_received"
	SummaryInspection TwoStepState = "summary_inspection"
	SummaryAccepted   TwoStepState = "summary_accepted"
	PickedUp          TwoStepState = "picked_up" // released for pick-up by SpK
	FullDraft         TwoStepState = "full_draft"
	FullSent          TwoStepState = "full_sent"
	FullReceived      TwoStepState = "full_received"
	FullAccepted      TwoStepState = "full_accepted"
	FullReleased      TwoStepState = "full_released"
	TwoStepClosed     TwoStepState = "closed"
	TwoStepDeleted    TwoStepState = "deleted"
)

// IsTwoStep tells either step of a two-step declaration (Type position 3 = 5 or 6).
func IsTwoStep(d *declarations.Declaration) bool {
	return d.Header.FilingStep == "5" || d.Header.FilingStep == "6"
}

// StateOf is where a two-step declaration stands. A return leads back to the
// draft of its step.
func StateOf(d *declarations.Declaration, c *Course) TwoStepState {
	s := c.Result.Status
	switch s {
	case declarations.StatusClosed:
		return TwoStepClosed
	case declarations.StatusDeleted, declarations.StatusCancelled:
		return TwoStepDeleted
	case declarations.StatusReleased, declarations.StatusGuaranteeReleased:
		return FullReleased
	case declarations.StatusReceived:
		return FullReceived
	case declarations.StatusUnderReview, declarations.StatusAccepted, declarations.StatusTaxDue, declarations.StatusInspection, declarations.StatusGateInPermitted:
		return FullAccepted
	case declarations.StatusSummaryReceived:
		return SummaryReceived
	case declarations.StatusSummaryInspection:
		return SummaryInspection
	case declarations.StatusSummaryAccepted, declarations.StatusSummarySupplement:
		return SummaryAccepted
	case declarations.StatusSummaryPickupReleased:
		return PickedUp
	case declarations.StatusSummaryReturned:
		return SummaryDraft
	}
	draft := s == declarations.StatusDraft || s == declarations.StatusDraftSaved || declarations.CanCorrect(s)
	switch {
	case d.IsSummary() && draft:
		return SummaryDraft
	case d.IsSummary():
		return SummarySent
	case draft:
		return FullDraft
	}
	return FullSent
}

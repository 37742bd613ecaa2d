package declarations

import "slices"

// What a declarant may still ask for, by status (clearance-modes.md §7 and
// §3.3). Before acceptance nothing is asked: a draft is edited, a queued
// declaration taken back, a returned one corrected and sent again. After
// closing, nothing of it goes through this system any more.
var (
	// Amendable are the statuses in which customs holds an accepted declaration.
	Amendable = []Status{
		StatusAccepted, StatusTaxDue, StatusInspection, StatusGateInPermitted, StatusGuaranteeReleased, StatusReleased,
		StatusSummaryAccepted, StatusSummarySupplement, StatusSummaryInspection, StatusSummaryPickupReleased,
	}
	// Completable are the statuses in which customs waits for the second step
	// (完整申报): the summary was reviewed, a supplement was asked for, or the
	// goods may be collected.
	Completable = []Status{StatusSummaryAccepted, StatusSummarySupplement, StatusSummaryPickupReleased}
)

// CanAmend tells whether an amendment may be asked for.
func CanAmend(s Status) bool { return slices.Contains(Amendable, s) }

// CanCancel tells whether the cancellation of what customs holds may be asked
// for. What customs does not hold yet is cancelled without asking.
func CanCancel(s Status) bool { return CanAmend(s) }

// CanComplete tells whether the full declaration of a two-step one may follow.
func CanComplete(s Status) bool { return slices.Contains(Completable, s) }

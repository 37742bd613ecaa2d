package declarations

// Status is the word for where a declaration stands. The first four are the
// gateway's own, from its own records; all others come from receipts, by
// Fold, and nothing else sets them.
type Status string

// The gateway's own words (receipts.md §5). Sent says that the channel took
// the message; it says nothing about the far side.
const (
	StatusDraft     Status = "draft"
	StatusQueued    Status = "queued"
	StatusSent      Status = "sent"
	StatusCancelled Status = "cancelled"
)

// The words of receipts (receipts.md §5), in the order of a smooth course.
const (
	StatusDraftSaved        Status = "draft_saved"
	StatusUploaded          Status = "uploaded"
	StatusImported          Status = "imported"
	StatusDeclared          Status = "declared"
	StatusReceived          Status = "received"
	StatusUnderReview       Status = "under_review"
	StatusAccepted          Status = "accepted"
	StatusTaxDue            Status = "tax_due"
	StatusInspection        Status = "inspection"
	StatusGateInPermitted   Status = "gate_in_permitted"
	StatusGuaranteeReleased Status = "guarantee_released"
	StatusReleased          Status = "released"
	StatusClosed            Status = "closed"

	StatusUploadFailed   Status = "upload_failed"
	StatusImportFailed   Status = "import_failed"
	StatusDeclareFailed  Status = "declare_failed"
	StatusResendRequired Status = "resend_required"
	StatusReturned       Status = "returned"
	StatusDeleted        Status = "deleted"
)

// The words of the first step of a two-step declaration (概要申报).
const (
	StatusSummaryReceived       Status = "summary_received"
	StatusSummaryReturned       Status = "summary_returned"
	StatusSummaryAccepted       Status = "summary_accepted"
	StatusSummarySupplement     Status = "summary_supplement"
	StatusSummaryInspection     Status = "summary_inspection"
	StatusSummaryPickupReleased Status = "summary_pickup_released"
)

// Statuses are all words, the gateway's own first.
var Statuses = []Status{
	StatusDraft, StatusQueued, StatusSent, StatusCancelled,
	StatusDraftSaved, StatusUploaded, StatusImported, StatusDeclared, StatusReceived, StatusUnderReview, StatusAccepted,
	StatusTaxDue, StatusInspection, StatusGateInPermitted, StatusGuaranteeReleased, StatusReleased, StatusClosed,
	StatusUploadFailed, StatusImportFailed, StatusDeclareFailed, StatusResendRequired, StatusReturned, StatusDeleted,
	StatusSummaryReceived, StatusSummaryReturned, StatusSummaryAccepted, StatusSummarySupplement,
	StatusSummaryInspection, StatusSummaryPickupReleased,
}

// CanCorrect tells whether a new attempt under the same client reference is
// allowed: the last one ended without customs holding a declaration.
func CanCorrect(s Status) bool {
	switch s {
	case StatusReturned, StatusImportFailed, StatusDeclareFailed, StatusUploadFailed, StatusResendRequired, StatusSummaryReturned:
		return true
	}
	return false
}

// NeedsAttention tells the red rows of a list (receipts.md §5): somebody has
// to act. Failed uploads and the returns and inspections of the summary stage
// are counted with their counterparts.
func NeedsAttention(s Status) bool {
	switch s {
	case StatusInspection, StatusDeleted, StatusSummaryInspection:
		return true
	}
	return CanCorrect(s)
}

// OwnRecord is what the gateway itself knows about a declaration.
type OwnRecord struct {
	State   string // draft, queued, sent or cancelled, of the newest attempt
	Attempt int    // number of the newest attempt; 0 while it was never submitted
	Summary bool   // the newest attempt is the first step of a two-step declaration
	// Cancelled are earlier attempts that were cancelled before they left:
	// no receipt can be about them.
	Cancelled []int
}

// Heard is one receipt of a declaration. Attempt is the submission that it
// answers, when its envelope or file name told; 0 otherwise, as for almost
// every business receipt. ID is the caller's own and not looked at.
type Heard struct {
	Event
	Attempt int
	ID      string
}

// Result is what all receipts of a declaration say together.
type Result struct {
	Status         Status
	History        []Heard // each receipt once, in the one canonical order
	Trail          []Trace // beside History
	SequenceNumber string  // the number in force: latest in canonical order; empty again after a resend request (N)
	EntryNumber    string  // latest in canonical order
	Attention      bool    // the status is a red one, or a code came that nobody knows
	Releases       []Release
}

// Trace says how an entry of History was understood.
type Trace struct {
	Attempt int    // the submission it belongs to, told or found out
	Code    string // the code it was read as: SpL for a plain L in the summary stage
	Status  Status // status of the declaration after this entry
}

// Release is a receipt that lets goods move. Third parties are told because
// of these, never because of a status (receipts.md §4 rule 7); whoever acts on
// one looks at Status for a later deletion.
type Release struct {
	Heard
	Kind ReleaseKind
}

// ReleaseKind says what a release allows.
type ReleaseKind string

// Full: the goods are released. Guarantee: released on the guarantee's
// condition. Pickup: may be collected from the port, not sold or used.
const (
	ReleaseFull      ReleaseKind = "full"
	ReleaseGuarantee ReleaseKind = "guarantee"
	ReleasePickup    ReleaseKind = "pickup"
)

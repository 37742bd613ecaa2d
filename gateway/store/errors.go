package store

import "slices"

import "errors"

// ErrNotFound says that no row answers the question, or that it belongs to somebody else.
var ErrNotFound = errors.New("not found")

// ErrUnavailable says that nothing was written and the same change may be tried again.
var ErrUnavailable = errors.New("database unavailable")

// ErrUnknown says that the COMMIT failed: the change may or may not stand.
// Look up the idempotency row or the id before answering; never retry blindly.
var ErrUnknown = errors.New("commit outcome unknown")

// ErrFenced says that the lease under which a change was made is gone.
var ErrFenced = errors.New("lease lost")

// ConflictError says which unique key or condition another writer won.
type ConflictError struct {
	On string // idempotency, reference, version, event, receipt, message, outbox, partner, key, sequence, declaration, request,
	// deadline, fact, notice, notice_event, box, terminal_message, link, endpoint, push, fee_edition, fee_quote, fee_bill, fee_rating, fee_rating_reply,
	// fee_complaint, user, user_link, throttle, fee_service
}

func (e *ConflictError) Error() string { return "conflict on " + e.On }

// IsConflict reports whether err is a ConflictError on one of the names.
func IsConflict(err error, on ...string) bool {
	var c *ConflictError
	if !errors.As(err, &c) {
		return false
	}
	if slices.Contains(on, c.On) {
		return true
	}
	return len(on) == 0
}

// ErrInvalid says that a value breaks a rule of the schema (length, state,
// encoding): the same change will never be accepted.
var ErrInvalid = errors.New("row breaks a rule of the schema")

// ErrNewerSchema says that the database belongs to a newer program.
var ErrNewerSchema = errors.New("the database schema needs a newer program")

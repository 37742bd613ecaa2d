// Package desk holds the use cases: submit a declaration, hear a receipt,
// record what became of a message, replay it. It is the only place that
// changes things.
//
// Contract: each use case checks the caller's right, asks the domain, and
// commits everything that follows from one act in one store.Change: the fact,
// the message that must go out because of it, the answer to repeat, and the
// audit entry. What a use case returns has been committed.
//
// The package does not know HTTP, pages, files, SQL or any language: faults
// and problems leave it as data.
package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/codes"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Desk is the front office of the gateway. Clock, NewID and Wake come in so
// that tests can hold them still.
type Desk struct {
	Store     *store.Store
	Routes    declarations.Table
	Profiles  map[string]Profile               // by Route.Profile
	Pairs     clearance.Pairs                  // combined ports, from the operator
	Codes     *codes.Source                    // code tables in force; nil: those built in
	Schemas   Schemas                          // may be nil: then the reader's own layout judges
	Overrides map[string]declarations.Severity // rules that the operator turned, by number
	Formats   map[string]Format                // in which terminals are told, beside json: edifact, depotxml, mail
	Readers   map[string]DocumentReader        // of what terminals send: edifact, depotxml
	Answers   string                           // where a person answers once: an address that ends before the token; empty: no links
	Sandbox   bool                             // takes the container numbers that steer a sandbox terminal
	Clock     func() time.Time
	NewID     func() string // UUIDv7, ascending
	Wake      func()        // tells the outbox that something is waiting
	News      func()        // tells event streams that something happened; may be nil
	Logger    *slog.Logger

	Seal   Sealer       // for secrets of endpoints; nil: none can be kept
	Random io.Reader    // of new secrets and tokens; nil: that of the system
	Admit  AdmitAddress // nil: every address may be registered

	Passwords *auth.Passwords // hashes those of people; nil: the standard cost

	throttle throttle
	figures  feeFigures

	recent recent
	kept   keptLook
	book   endpointBook
	bills  billLook
	fees   feeBook
	boxes  boxBook
}

// FaultsError refuses a document for what is wrong in it.
type FaultsError struct{ Faults []declarations.Fault }

func (e *FaultsError) Error() string { return fmt.Sprintf("%d faults", len(e.Faults)) }

// ReferenceError says that the client reference is held by a declaration
// with other content that customs has not returned.
type ReferenceError struct{ ID, Status string }

func (e *ReferenceError) Error() string { return "reference held by " + e.ID }

// StateError says that the act is not allowed in the declaration's status.
type StateError struct {
	Status  string
	Allowed string // statuses in which it is, comma separated
}

func (e *StateError) Error() string { return "not allowed in status " + e.Status }

// ErrIdempotency says that the key was used before with another body.
var ErrIdempotency = errors.New("idempotency key used with another body")

// ErrVersion says that somebody changed the declaration since it was read.
var ErrVersion = errors.New("version does not match")

// Replayed carries the first answer to an idempotency key.
type Replayed struct {
	Status      int
	ContentType string
	Body        []byte
}

// versionRetries bounds how often a change is computed anew because another
// writer won the version; each round reads the winner's state.
const versionRetries = 24

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (d *Desk) tell() {
	if d.News != nil {
		d.News()
	}
}

func (d *Desk) now() int64 { return d.Clock().UnixMilli() }

func (d *Desk) audit(actor, action, tenant, subject, digest string) store.AuditEntry {
	return store.AuditEntry{At: d.now(), Actor: actor, Action: action, Tenant: tenant, Subject: subject, Digest: digest}
}

func allow(p auth.Principal, a auth.Act) error {
	if !p.May(a) {
		return fmt.Errorf("%s as %s: %w", a, p.Role, auth.ErrForbidden)
	}
	return nil
}

// replay looks an idempotency key up: nil, nil when it is new.
func (d *Desk) replay(ctx context.Context, tenant, key, requestSHA string) (*Replayed, error) {
	if key == "" {
		return nil, nil
	}
	row, err := d.Store.IdempotencyRow(ctx, tenant, key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look up idempotency key: %w", err)
	case row.RequestSHA != requestSHA:
		return nil, ErrIdempotency
	}
	return &Replayed{row.Status, row.ContentType, row.Body}, nil
}

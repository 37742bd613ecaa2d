package desk

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/gateway/store"
)

// The gateway's own words about the newest attempt.
const (
	ownDraft     = "draft"
	ownQueued    = "queued"
	ownSent      = "sent"
	ownCancelled = "cancelled"
)

// act is a timeline entry of our own doing.
func (d *Desk) act(row *store.Declaration, kind, source string, at int64) store.Event {
	id := d.NewID()
	return store.Event{Tenant: row.Tenant, DeclarationID: row.ID, ID: id,
		Identity: fmt.Sprintf("%s/%d/%s", kind, row.Attempt, id), Kind: kind, Attempt: row.Attempt,
		At: at, HeardAt: at, Source: source, Status: row.Status}
}

func marshalFaults(faults []declarations.Fault) []byte {
	if len(faults) == 0 {
		return []byte("[]")
	}
	b, err := json.Marshal(faults)
	if err != nil { // Fault has only strings and integers
		panic(fmt.Sprintf("marshal faults: %v", err))
	}
	return b
}

// Faults reads the faults column of a row.
func Faults(row *store.Declaration) ([]declarations.Fault, error) {
	var faults []declarations.Fault
	if err := json.Unmarshal(row.Faults, &faults); err != nil {
		return nil, fmt.Errorf("read faults of %s: %w", row.ID, err)
	}
	return faults, nil
}

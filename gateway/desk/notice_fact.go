package desk

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// ownFact is a fact that follows from an event of a notice: the row, and the
// document that bears it out.
func (d *Desk) ownFact(f *clearance.Fact, source, role string) (store.Fact, store.FactDocument, error) {
	content, err := json.Marshal(f)
	if err != nil {
		return store.Fact{}, store.FactDocument{}, fmt.Errorf("write fact: %w", err)
	}
	sha := digest(content)
	now := d.now()
	row := store.Fact{ID: d.NewID(), Identity: source + "|r|" + f.Reference, State: "unmatched", Reason: clearance.ReasonUnknown,
		Kind: string(f.Kind), Subject: f.Subject(), Source: source, Role: role, Reference: f.Reference,
		DocumentSHA: sha, ContentSHA: sha, Content: string(content), At: f.OccurredAt.UnixMilli(), HeardAt: now}
	return row, store.FactDocument{SHA256: sha, ContentType: "application/json", Source: source, Body: content, At: now}, nil
}

// actorRole is the role of who said something about a notice.
func actorRole(a inspection.Actor) auth.Role {
	switch a {
	case inspection.ByCustoms:
		return auth.Customs
	case inspection.ByTerminal, inspection.BySite:
		return auth.Terminal
	case inspection.ByHaulier:
		return auth.Haulier
	case inspection.ByDeclarant:
		return auth.Forwarder
	}
	return auth.Operator
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// leftUnderNotice tells the open notice of a box that its terminal saw it leave
// through the gate: after customs' release that is its way out, before it an
// exception that a person must look into. It is heard before the fact is kept,
// so that no crash leaves the one without the other: both are heard once.
func (d *Desk) leftUnderNotice(ctx context.Context, p auth.Principal, h *heardFact) error {
	f := &h.fact
	if f.Kind != clearance.GateOut || f.ContainerNumber == "" || f.Estimated || f.Withdraws != "" || p.Role != auth.Terminal {
		return nil
	}
	box := strings.ToUpper(strings.TrimSpace(f.ContainerNumber))
	row, err := d.Store.OpenNoticeOf(ctx, box, purposeCustoms)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.Terminal != p.PartnerID {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up open notice of box: %w", err)
	}
	e := inspection.Event{Kind: inspection.ExceptionFound, Box: box, Reason: inspection.BoxGone, Actor: inspection.ByTerminal, Source: p.PartnerID,
		Reference: "fact/" + h.row.ContentSHA, OccurredAt: f.OccurredAt}
	if row.ReleasedAt != 0 || inspection.State(row.State) == inspection.StateReleased {
		e.Kind, e.Reason = inspection.DirectGateOut, ""
	}
	_, err = d.hearNotice(ctx, row.ID, p.KeyID, e, "")
	return err
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

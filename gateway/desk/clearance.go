package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/customsxml"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Clearance is how one of the caller's own declarations goes through the port.
func (d *Desk) Clearance(ctx context.Context, p auth.Principal, id string) (store.Declaration, clearance.Overview, error) {
	row, err := d.Declaration(ctx, p, id)
	if err != nil {
		return store.Declaration{}, clearance.Overview{}, err
	}
	o, err := d.ClearanceOf(ctx, &row)
	return row, o, err
}

// ClearanceOf is the same for a row that was read with its document.
func (d *Desk) ClearanceOf(ctx context.Context, row *store.Declaration) (clearance.Overview, error) {
	doc, err := d.documentOf(ctx, row)
	if err != nil {
		return clearance.Overview{}, err
	}
	events, err := d.Store.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return clearance.Overview{}, fmt.Errorf("read timeline: %w", err)
	}
	facts, err := d.factsOf(ctx, row, nil)
	if err != nil {
		return clearance.Overview{}, err
	}
	c := course(row, events)
	if c.Summary, err = d.summaryOf(ctx, row, doc); err != nil {
		return clearance.Overview{}, err
	}
	return clearance.Of(doc, c, facts, d.Pairs, d.Clock()), nil
}

// summaryOf finds the first step that a full declaration completes: what was
// sent earlier for the same declaration, or the caller's own declaration that
// customs gave the same SeqNo. nil when it is not known here.
func (d *Desk) summaryOf(ctx context.Context, row *store.Declaration, doc *declarations.Declaration) (*declarations.Declaration, error) {
	if doc.Header.FilingStep != "6" {
		return nil, nil
	}
	messages, err := d.Store.Messages(ctx, row.Tenant, row.ID)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Direction != "out" || messages[i].Kind != "decmessage" {
			continue
		}
		m, err := d.Store.Message(ctx, row.Tenant, messages[i].ID)
		if err != nil {
			return nil, fmt.Errorf("read message: %w", err)
		}
		sent, faults := customsxml.Parse(m.Body)
		if !declarations.Rejected(faults) && sent.Declaration.IsSummary() {
			return &sent.Declaration, nil
		}
	}
	ref, err := d.Store.FindBySequence(ctx, doc.Header.PlatformSequenceNumber)
	if errors.Is(err, store.ErrNotFound) || err == nil && (ref.Tenant != row.Tenant || ref.DeclarationID == row.ID) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find summary: %w", err)
	}
	other, err := d.Store.Declaration(ctx, ref.Tenant, ref.DeclarationID)
	if err != nil {
		return nil, fmt.Errorf("read summary: %w", err)
	}
	summary, err := d.documentOf(ctx, &other)
	if err != nil || !summary.IsSummary() {
		return nil, err
	}
	return summary, nil
}

package desk

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Declarations lists the caller's own declarations, newest first.
func (d *Desk) Declarations(ctx context.Context, p auth.Principal, f store.Filter) ([]store.Declaration, string, error) {
	if err := allow(p, auth.ReadDeclaration); err != nil {
		return nil, "", err
	}
	return d.Store.Declarations(ctx, p.PartnerID, f)
}

// Declaration is one of the caller's own; what is not is store.ErrNotFound.
func (d *Desk) Declaration(ctx context.Context, p auth.Principal, id string) (store.Declaration, error) {
	if err := allow(p, auth.ReadDeclaration); err != nil {
		return store.Declaration{}, err
	}
	return d.Store.Declaration(ctx, p.PartnerID, id)
}

// Messages lists the exact documents of one declaration, in and out, without bodies.
func (d *Desk) Messages(ctx context.Context, p auth.Principal, id string) ([]store.Message, error) {
	if _, err := d.Declaration(ctx, p, id); err != nil {
		return nil, err
	}
	return d.Store.Messages(ctx, p.PartnerID, id)
}

// MessageBody is document n (from 1) with its bytes.
func (d *Desk) MessageBody(ctx context.Context, p auth.Principal, id string, n int) (store.Message, error) {
	if _, err := d.Declaration(ctx, p, id); err != nil {
		return store.Message{}, err
	}
	return d.Store.MessageBody(ctx, p.PartnerID, id, n)
}

// Feed is what happened to the caller's declarations after an event id.
func (d *Desk) Feed(ctx context.Context, p auth.Principal, after string, limit int) ([]store.Event, error) {
	if err := allow(p, auth.ReadEvents); err != nil {
		return nil, err
	}
	return d.Store.EventsSince(ctx, p.PartnerID, after, limit)
}

// Timeline is every event of one declaration in the one canonical order:
// attempt by attempt, our own acts before what was heard about them, receipts
// in the order of the fold.
func (d *Desk) Timeline(ctx context.Context, p auth.Principal, id string) (store.Declaration, []store.Event, error) {
	row, err := d.Declaration(ctx, p, id)
	if err != nil {
		return store.Declaration{}, nil, err
	}
	events, err := d.Store.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return store.Declaration{}, nil, fmt.Errorf("read timeline: %w", err)
	}
	return row, order(&row, events), nil
}

func order(row *store.Declaration, events []store.Event) []store.Event {
	receipt := make(map[string]store.Event, len(events))
	own := make([]store.Event, 0, len(events))
	for _, e := range events {
		if e.Kind == "receipt" {
			receipt[e.ID] = e
		} else {
			own = append(own, e)
		}
	}
	sort.SliceStable(own, func(i, j int) bool { return own[i].ID < own[j].ID })
	out := make([]store.Event, 0, len(events))
	next := 0
	result := Fold(row, events)
	for i, h := range result.History {
		heard := receipt[h.ID]
		heard.Status = string(result.Trail[i].Status)
		for next < len(own) && precedes(&own[next], result.Trail[i].Attempt) {
			out = append(out, own[next])
			next++
		}
		out = append(out, heard)
	}
	return append(out, own[next:]...)
}

// precedes places an own act ahead of a receipt of an attempt: it belongs to
// an earlier attempt, or it began or carried this one.
func precedes(own *store.Event, attempt int) bool {
	return own.Attempt < attempt || own.Attempt == attempt && (own.Kind == "submitted" || own.Kind == "sent" || own.Kind == versionCompletion)
}

// Fold computes status and history of a declaration from its own word and its
// timeline; the stored status must equal it.
func Fold(row *store.Declaration, events []store.Event) declarations.Result {
	heard := make([]declarations.Heard, 0, len(events))
	own := declarations.OwnRecord{State: row.OwnState, Attempt: row.Attempt, Summary: row.Summary}
	completed := completedAt(row, events)
	for i := range events {
		e := &events[i]
		if e.Kind == "cancelled" && e.Attempt < row.Attempt {
			own.Cancelled = append(own.Cancelled, e.Attempt)
		}
		if e.Kind != "receipt" {
			continue
		}
		h := declarations.Heard{ID: e.ID, Attempt: e.Attempt, Event: declarations.Event{
			Code: e.Code, SequenceNumber: e.SeqNo, EntryNumber: e.EntryNumber, Text: e.Text, Hash: hashOf(e.Identity)}}
		if e.HeardAt < completed {
			h.Event.Code = declarations.SummaryCode(e.Code)
		}
		if e.At != 0 {
			h.Event.At = time.UnixMilli(e.At)
		}
		heard = append(heard, h)
	}
	return declarations.Fold(own, heard)
}

// completedAt is when the full declaration followed a summary, 0 when none
// did: a plain code that was heard before is about the summary (receipts.md §6).
func completedAt(row *store.Declaration, events []store.Event) int64 {
	at := int64(0)
	for i := range events {
		if e := &events[i]; e.Kind == versionCompletion && !row.Summary {
			at = max(at, e.HeardAt)
		}
	}
	return at
}

// hashOf is the last part of an identity, the hash of the content.
func hashOf(identity string) string { return identity[strings.LastIndexByte(identity, '|')+1:] }

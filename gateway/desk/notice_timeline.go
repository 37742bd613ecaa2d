package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// entryPrefix begins the kind of every entry about an inspection, in the
// timeline of a declaration and in the feeds of terminal and customs.
const entryPrefix = "inspection_"

// IsInspection tells an entry about an inspection by its kind; its code is the
// number of the notice.
func IsInspection(kind string) bool { return strings.HasPrefix(kind, entryPrefix) }

// tells says which events a party sees: our own time-outs are between customs
// and us, and what was refused is for customs and for who said it.
func tells(actor inspection.Actor, e *NoticeEvent) bool {
	if actor == inspection.ByCustoms {
		return true
	}
	if e.Refused != "" {
		return actor == e.Actor
	}
	return ofEverybody(e.Kind) || actor == inspection.ByTerminal && e.Kind == inspection.Reminded
}

func ofEverybody(k inspection.Kind) bool {
	return k != inspection.TransportTimeout && k != inspection.Reminded
}

// entries adds what happened to the feeds of those who have a part in the
// notice: the declaration's timeline, once the declarant may know, from the
// beginning; and what is new to terminal and customs.
func (a *noticeAct) entries(ctx context.Context) error {
	for i := range a.fresh {
		e := &a.fresh[i]
		a.feed(a.row.IssuedBy, e)
		if a.row.Terminal != "" && a.row.Terminal != a.row.IssuedBy && (ofEverybody(e.Kind) || e.Kind == inspection.Reminded) {
			a.feed(a.row.Terminal, e)
		}
	}
	if !a.row.Visible || a.row.DeclarationID == "" {
		return nil
	}
	decl, err := a.declaration(ctx)
	if err != nil {
		return err
	}
	list := a.fresh
	if !a.told {
		list = a.events // he sees it for the first time: all of it
	}
	for i := range list {
		e := &list[i]
		if !ofEverybody(e.Kind) {
			continue
		}
		a.c.Events = append(a.c.Events, store.Event{Tenant: decl.Tenant, DeclarationID: decl.ID, ID: a.d.NewID(), Identity: "inspection/" + e.ID,
			Kind: entryPrefix + string(e.Kind), Code: a.row.Number, Attempt: decl.Attempt, At: e.OccurredAt.UnixMilli(), HeardAt: e.HeardAt.UnixMilli(),
			Text: noteOf(e), Source: e.Source, Status: decl.Status})
	}
	return nil
}

// feed adds an event to what a partner follows. It has the notice in the
// place of a declaration.
func (a *noticeAct) feed(partner string, e *inspection.Event) {
	if partner == "" {
		return
	}
	a.c.Events = append(a.c.Events, store.Event{Tenant: partner, DeclarationID: a.row.ID, ID: a.d.NewID(), Identity: "inspection/" + e.ID,
		Kind: entryPrefix + string(e.Kind), Code: a.row.Number, At: e.OccurredAt.UnixMilli(), HeardAt: e.HeardAt.UnixMilli(),
		Text: noteOf(e), Source: e.Source, Status: a.row.State})
}

// noticeStep is a step of a notice as customs' endpoints are told it.
type noticeStep struct {
	Event   string     `json:"event_id"` // as in the event stream
	Notice  string     `json:"notice_no"`
	Kind    string     `json:"kind"`
	State   string     `json:"state"` // of the notice afterwards
	Note    string     `json:"note,omitzero"`
	Source  string     `json:"source,omitzero"`
	At      *time.Time `json:"at,omitempty"`
	HeardAt time.Time  `json:"heard_at"`
}

// noticeOf is the notice that an entry of a feed is about; nil for an entry
// of a declaration.
func noticeOf(c *store.Change, e *store.Event) *store.Notice {
	for i := range c.Notices {
		if c.Notices[i].ID == e.DeclarationID {
			return &c.Notices[i]
		}
	}
	return nil
}

// announceStep tells the endpoints of whoever follows the notice.
func (d *Desk) announceStep(ctx context.Context, c *store.Change, n *store.Notice, e *store.Event) error {
	at := time.UnixMilli(e.At).UTC()
	return d.announce(ctx, c, e.Tenant, inspection.LetterStep, noticeSubject(n.Number), n.ID, at, noticeStep{Event: e.ID, Notice: n.Number,
		Kind: strings.TrimPrefix(e.Kind, entryPrefix), State: n.State, Note: e.Text, Source: e.Source, At: &at, HeardAt: time.UnixMilli(e.HeardAt).UTC()})
}

// noteOf is what of an event needs no translation: which box, when, why.
func noteOf(e *inspection.Event) string {
	parts := []string{e.Box, string(e.Result), string(e.Reason), e.Site, e.YardPlace, e.Person}
	for _, t := range []time.Time{e.Time, e.Earliest} {
		if !t.IsZero() {
			parts = append(parts, t.In(portTime).Format("2006-01-02 15:04 MST"))
		}
	}
	if len(e.NewSeals) > 0 {
		parts = append(parts, strings.Join(e.OldSeals, ", ")+" → "+strings.Join(e.NewSeals, ", "))
	}
	parts = append(parts, e.Text)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// facts records, for the pickup side, that customs let a box go and that a
// box arrived where it was transferred to. They are facts and no more.
func (a *noticeAct) facts(ctx context.Context) error {
	for i := range a.fresh {
		e := &a.fresh[i]
		kind := clearance.Kind("")
		switch {
		case e.Kind == inspection.Released:
			kind = clearance.InspectionReleased
		case e.Kind == inspection.MoveDone && a.transferred():
			kind = clearance.TransferArrival
		default:
			continue
		}
		for _, box := range a.boxesOfEvent(e) {
			if err := a.fact(ctx, kind, box, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// transferred tells whether customs ordered another site, so that the end of
// a move is an arrival there.
func (a *noticeAct) transferred() bool {
	return slices.ContainsFunc(a.versions, func(n inspection.Notice) bool { return n.Change == inspection.TransferSite })
}

// boxesOfEvent are the boxes that an event is about.
func (a *noticeAct) boxesOfEvent(e *inspection.Event) []inspection.Box {
	var out []inspection.Box
	for i := range a.newest().Boxes {
		if b := &a.newest().Boxes[i]; e.Box == "" || b.Key() == e.Box {
			out = append(out, *b)
		}
	}
	return out
}

// fact joins one fact to the declaration that the notice is about; without
// one it is kept until a declaration with its numbers comes.
func (a *noticeAct) fact(ctx context.Context, kind clearance.Kind, b inspection.Box, e *inspection.Event) error {
	n := a.newest()
	f := clearance.Fact{Kind: kind, EntryNumber: n.DeclarationNumber, BillNumber: n.BillNumber, VoyageNumber: n.Voyage, ContainerNumber: b.ContainerNumber,
		Place: firstOf(b.Site, n.Terminal), OccurredAt: e.OccurredAt, Reference: a.row.Number + "/" + b.Key() + "/" + e.ID}
	if f.Subject() == "" {
		return nil // nothing by which a pickup could find it
	}
	row, document, err := a.d.ownFact(&f, e.Source, string(actorRole(e.Actor)))
	if err != nil {
		return err
	}
	a.c.FactDocuments = append(a.c.FactDocuments, document)
	if a.row.DeclarationID == "" {
		a.c.Facts = append(a.c.Facts, row)
		return nil
	}
	joined, err := a.d.joinFact(ctx, &row, []store.Ref{{Tenant: a.row.Tenant, DeclarationID: a.row.DeclarationID}})
	if err != nil {
		return fmt.Errorf("join fact of notice %s: %w", a.row.Number, err)
	}
	row.State, row.Reason = "matched", ""
	a.c.Facts = append(a.c.Facts, row)
	a.c.FactLinks = append(a.c.FactLinks, joined.FactLinks...)
	a.c.Events = append(a.c.Events, joined.Events...)
	a.c.Deadlines = append(a.c.Deadlines, joined.Deadlines...)
	return nil
}

package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// classNotice is the class of the capability table that notices go by.
const classNotice = "inspection_notice"

// dossier is one notice with all that is known about it.
type dossier struct {
	row        store.Notice
	versions   []inspection.Notice // by number; the last one is in force
	events     []inspection.Event  // without those that were refused
	capability inspection.Capability
	overview   inspection.Overview
	ordered    bool // customs ordered it; false: only a receipt told of it
}

// newest is the version in force.
func (f *dossier) newest() *inspection.Notice { return &f.versions[len(f.versions)-1] }

// input is what the domain folds.
func (f *dossier) input(now time.Time) inspection.Input {
	return inspection.Input{Versions: f.versions, Events: f.events, Capability: f.capability, Now: now}
}

func (f *dossier) version(number int) *inspection.Notice {
	for i := range f.versions {
		if f.versions[i].Version == number {
			return &f.versions[i]
		}
	}
	return nil
}

// subject is what all letters about the notice are in order by.
func (f *dossier) subject() string { return noticeSubject(f.row.Number) }

func noticeSubject(number string) string { return noticePrefix + number }

// dossierOf reads everything about a notice and folds it as of now.
func (d *Desk) dossierOf(ctx context.Context, row *store.Notice) (*dossier, error) {
	f := &dossier{row: *row}
	versions, err := d.Store.NoticeVersions(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read versions of notice %s: %w", row.Number, err)
	}
	for i := range versions {
		var n inspection.Notice
		if err := json.Unmarshal(versions[i].Document, &n); err != nil {
			return nil, fmt.Errorf("read version %d of notice %s: %w", versions[i].Number, row.Number, err)
		}
		f.versions = append(f.versions, n)
		f.ordered = f.ordered || versions[i].SourceID == ""
	}
	if len(f.versions) == 0 {
		return nil, fmt.Errorf("notice %s has no version", row.Number)
	}
	slices.SortFunc(f.versions, func(a, b inspection.Notice) int { return cmp.Compare(a.Version, b.Version) })
	heard, err := d.noticeEvents(ctx, row)
	if err != nil {
		return nil, err
	}
	for i := range heard {
		if heard[i].Refused == "" {
			f.events = append(f.events, heard[i].Event)
		}
	}
	if f.capability, err = d.capabilityOf(ctx, row.Terminal); err != nil {
		return nil, err
	}
	f.overview = inspection.Fold(f.input(d.Clock()))
	return f, nil
}

// NoticeEvent is one thing that was heard about a notice.
type NoticeEvent struct {
	inspection.Event
	Refused string // why it does not count; empty: it does
}

func (d *Desk) noticeEvents(ctx context.Context, row *store.Notice) ([]NoticeEvent, error) {
	rows, err := d.Store.NoticeEvents(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read events of notice %s: %w", row.Number, err)
	}
	out := make([]NoticeEvent, len(rows))
	for i := range rows {
		if out[i], err = noticeEvent(&rows[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func noticeEvent(row *store.NoticeEvent) (NoticeEvent, error) {
	e := NoticeEvent{Refused: row.Refused}
	if err := json.Unmarshal(row.Content, &e.Event); err != nil {
		return e, fmt.Errorf("read event %s: %w", row.ID, err)
	}
	return e, nil
}

// NoticeView is what one party may see of a notice.
type NoticeView struct {
	Row      store.Notice
	Notice   inspection.Notice
	Overview inspection.Overview
	Events   []NoticeEvent
	Actor    inspection.Actor
}

// actorOf is the part that a role plays.
func actorOf(r auth.Role) inspection.Actor {
	switch r {
	case auth.Customs:
		return inspection.ByCustoms
	case auth.Terminal:
		return inspection.ByTerminal
	case auth.Haulier:
		return inspection.ByHaulier
	}
	return inspection.ByDeclarant
}

// noticeFor finds a notice by its number or id, for one who has a part in it.
// For everybody else it does not exist: store.ErrNotFound.
func (d *Desk) noticeFor(ctx context.Context, p auth.Principal, id string) (*dossier, error) {
	row, err := d.noticeRow(ctx, id)
	if err != nil {
		return nil, err
	}
	mine := false
	switch p.Role {
	case auth.Terminal:
		mine = row.Terminal == p.PartnerID
	case auth.Customs:
		mine = row.IssuedBy == p.PartnerID
	case auth.Forwarder:
		mine = row.Tenant == p.PartnerID && row.Visible
	case auth.Haulier:
		f, err := d.dossierOf(ctx, &row)
		if err != nil || f.newest().Haulier != p.PartnerID {
			return nil, errors.Join(err, store.ErrNotFound)
		}
		return f, nil
	}
	if !mine {
		return nil, store.ErrNotFound
	}
	return d.dossierOf(ctx, &row)
}

func (d *Desk) noticeRow(ctx context.Context, id string) (store.Notice, error) {
	row, err := d.Store.NoticeByNumber(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		row, err = d.Store.Notice(ctx, id)
	}
	return row, err
}

// Notice is one notice as the caller may see it. Its terminal has it by this:
// that is a transport acknowledgement, and what still waits to be pushed is
// taken back. Errors: store.ErrNotFound, auth.ErrForbidden.
func (d *Desk) Notice(ctx context.Context, p auth.Principal, id string) (NoticeView, error) {
	if err := allow(p, auth.ReadNotice); err != nil {
		return NoticeView{}, err
	}
	f, err := d.noticeFor(ctx, p, id)
	if err != nil {
		return NoticeView{}, err
	}
	if p.Role == auth.Terminal {
		if f, err = d.fetched(ctx, p, f); err != nil {
			return NoticeView{}, err
		}
	}
	return d.noticeView(ctx, f, actorOf(p.Role))
}

func (d *Desk) noticeView(ctx context.Context, f *dossier, actor inspection.Actor) (NoticeView, error) {
	v := NoticeView{Row: f.row, Notice: inspection.View(*f.newest(), actor), Overview: f.overview, Actor: actor}
	events, err := d.noticeEvents(ctx, &f.row)
	if err != nil {
		return v, err
	}
	for i := range events {
		if tells(actor, &events[i]) {
			v.Events = append(v.Events, events[i])
		}
	}
	return v, nil
}

// NoticeQuery asks for a page of notices.
type NoticeQuery struct {
	State string // inspection.State; empty: all
	Open  *bool
	Since int64 // what the page before gave as next; 0: from the beginning
	Limit int
}

// Notices lists those that the caller has a part in, oldest change first, and
// says from where to go on: one who comes back there gets all that changed
// since, a notice that changed again once more.
func (d *Desk) Notices(ctx context.Context, p auth.Principal, q NoticeQuery) ([]store.Notice, int64, error) {
	if err := allow(p, auth.ReadNotice); err != nil {
		return nil, 0, err
	}
	f := store.NoticeFilter{State: q.State, Open: q.Open, Feed: true, Since: q.Since, Limit: q.Limit}
	switch p.Role {
	case auth.Terminal:
		f.Terminal = p.PartnerID
	case auth.Customs:
		f.IssuedBy = p.PartnerID
	case auth.Forwarder:
		f.Tenant, f.VisibleOnly = p.PartnerID, true
	default: // a haulier is told numbers by who hired him
		return nil, q.Since, nil
	}
	rows, err := d.Store.Notices(ctx, f)
	if err != nil {
		return nil, q.Since, fmt.Errorf("list notices: %w", err)
	}
	if len(rows) > 0 {
		q.Since = rows[len(rows)-1].Stamp
	}
	return rows, q.Since, nil
}

// capabilityOf is the row of the capability table that is in force today; a
// terminal without one can do nothing that anybody knows of.
func (d *Desk) capabilityOf(ctx context.Context, terminal string) (inspection.Capability, error) {
	none := inspection.Capability{Terminal: terminal, Class: classNotice, Interface: inspection.InterfaceNone}
	if terminal == "" {
		return none, nil
	}
	rows, err := d.Store.Capabilities(ctx, terminal, classNotice)
	if err != nil {
		return none, fmt.Errorf("read capabilities of %s: %w", terminal, err)
	}
	today := string(clearance.DayOf(d.Clock()))
	for i := range rows {
		var c inspection.Capability
		if err := json.Unmarshal(rows[i].Document, &c); err != nil {
			return none, fmt.Errorf("read capability of %s: %w", terminal, err)
		}
		if c.ValidFrom <= today && (c.ValidTo == "" || today <= c.ValidTo) && c.ValidFrom >= none.ValidFrom {
			none = c
		}
	}
	return none, nil
}

package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// CodeAppointment says that a time cannot be chosen; args: value, hours, reason (slug).
const CodeAppointment = "NOT-1203"

// NoticeOutcome is what became of one report.
type NoticeOutcome struct {
	ID        string
	Kind      inspection.Kind
	State     inspection.State // of the notice afterwards
	Duplicate bool
	Refusal   *inspection.Refusal // why it does not count; nil: it does
}

// NoticeReport is one request about a notice, as it came.
type NoticeReport struct {
	Body     []byte
	sourceID string // of the message that brought it
}

// NoticeEventConflictError says that the source used a reference for another event.
type NoticeEventConflictError struct{ ID, Reference string }

func (e *NoticeEventConflictError) Error() string {
	return "reference " + e.Reference + " is event " + e.ID
}

// ReportNotice takes in what a party says about a notice: one event or many,
// each in a change of its own, in their order. Events that are refused are
// recorded, too. Errors: *FaultsError, *NoticeEventConflictError,
// store.ErrNotFound, auth.ErrForbidden, store.ErrUnavailable (events before
// the failure stand: the same request again is safe).
func (d *Desk) ReportNotice(ctx context.Context, p auth.Principal, id string, in NoticeReport) ([]NoticeOutcome, error) {
	if err := allow(p, auth.ReportNotice); err != nil {
		return nil, err
	}
	f, err := d.noticeFor(ctx, p, id) // what is not yours does not exist, whatever the body says
	if err != nil {
		return nil, err
	}
	events, faults := inspection.ParseEvents(in.Body)
	if declarations.Rejected(faults) {
		return nil, &FaultsError{faults}
	}
	out := make([]NoticeOutcome, len(events))
	for i := range events {
		events[i].Source, events[i].Actor = p.PartnerID, partOf(p.Role, events[i].Actor)
		if out[i], err = d.hearNotice(ctx, f.row.ID, p.KeyID, events[i], in.sourceID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// partOf is the part in which a role reports: a terminal may speak for the
// site on its ground, nobody for anybody else.
func partOf(r auth.Role, said inspection.Actor) inspection.Actor {
	if r == auth.Terminal && said == inspection.BySite {
		return inspection.BySite
	}
	return actorOf(r)
}

// identityOf is by which a second copy of an event is known.
func identityOf(e *inspection.Event, sha string) string {
	if e.Reference != "" {
		return e.Source + "|r|" + e.Reference
	}
	return e.Source + "|c|" + sha
}

// again is the identity of an event that was refused once and counts now: the
// refused one is history and stays.
const again = "|again"

// hearNotice hears one event, and answers a second copy as the first.
func (d *Desk) hearNotice(ctx context.Context, noticeID, actor string, e inspection.Event, sourceID string) (NoticeOutcome, error) {
	sha, err := contentOf(&e)
	if err != nil {
		return NoticeOutcome{}, err
	}
	for range versionRetries {
		out, err := d.hearNoticeOnce(ctx, noticeID, actor, e, sha, sourceID)
		if store.IsConflict(err) {
			continue // another writer moved the notice or heard the same event
		}
		return out, err
	}
	return NoticeOutcome{}, fmt.Errorf("hear %s: too many writers at once: %w", e.Kind, store.ErrUnavailable)
}

func (d *Desk) hearNoticeOnce(ctx context.Context, noticeID, actor string, e inspection.Event, sha, sourceID string) (NoticeOutcome, error) {
	row, err := d.Store.Notice(ctx, noticeID)
	if err != nil {
		return NoticeOutcome{}, fmt.Errorf("read notice: %w", err)
	}
	f, err := d.dossierOf(ctx, &row)
	if err != nil {
		return NoticeOutcome{}, err
	}
	identity := identityOf(&e, sha)
	known, refusedBefore, err := d.eventBefore(ctx, noticeID, identity, sha, e.Reference)
	if err != nil {
		return NoticeOutcome{}, err
	}
	if known != nil && known.Refused == "" {
		return NoticeOutcome{ID: known.ID, Kind: e.Kind, State: f.overview.State, Duplicate: true}, nil
	}
	if faults, err := d.checkReport(ctx, f, &e); err != nil || len(faults) > 0 {
		return NoticeOutcome{}, cmp.Or(err, error(&FaultsError{faults}))
	}
	c := &store.Change{}
	a := d.begin(f, c)
	refusal := inspection.Admit(f.input(a.now), &e)
	if refusal != nil && refusedBefore {
		return NoticeOutcome{ID: known.ID, Kind: e.Kind, State: f.overview.State, Duplicate: true, Refusal: refusal}, nil
	}
	if refusedBefore {
		identity += again
	}
	out, err := d.record(ctx, a, &e, identity, sourceID, refusal)
	if err != nil {
		return NoticeOutcome{}, err
	}
	c.Audit = append(c.Audit, d.audit(actor, "notice."+string(e.Kind), row.IssuedBy, row.ID, sha))
	if err := d.commitNotices(ctx, c); err != nil {
		return NoticeOutcome{}, err
	}
	d.afterwards(c)
	return out, nil
}

// record adds an event that was judged, and what follows from it.
func (d *Desk) record(ctx context.Context, a *noticeAct, e *inspection.Event, identity, sourceID string, refusal *inspection.Refusal) (NoticeOutcome, error) {
	why := ""
	if refusal != nil {
		why = refusal.Why
	}
	if err := a.hear(e, identity, sourceID, why); err != nil {
		return NoticeOutcome{}, err
	}
	if refusal == nil {
		if place := placeFromEvent(e, a.row.Terminal, a.now); place != nil {
			a.c.BoxPlaces = append(a.c.BoxPlaces, *place)
		}
		if err := a.unlock(e); err != nil {
			return NoticeOutcome{}, err
		}
	}
	if err := a.settle(ctx); err != nil {
		return NoticeOutcome{}, err
	}
	return NoticeOutcome{ID: e.ID, Kind: e.Kind, State: a.overview.State, Refusal: refusal}, nil
}

// unlock makes of customs' release the version that orders the terminal to unlock.
func (a *noticeAct) unlock(e *inspection.Event) error {
	if e.Kind != inspection.Released {
		return nil
	}
	o := &inspection.Order{Action: inspection.ReleaseBoxes, Notice: inspection.Notice{Number: a.row.Number, SourceMessageID: e.Reference}}
	for i := range a.newest().Boxes {
		if b := &a.newest().Boxes[i]; e.Box == "" || b.Key() == e.Box {
			o.Boxes = append(o.Boxes, *b)
		}
	}
	n, faults := inspection.NextVersion(a.newest(), o, a.now)
	if declarations.Rejected(faults) {
		return &FaultsError{faults}
	}
	return a.write(&n, nil, "", e.ID) // the source id is of the event: customs ordered it by that
}

// eventBefore finds an earlier copy: the one that counts, else the one that
// was refused. Another content under the same reference is a conflict.
func (d *Desk) eventBefore(ctx context.Context, noticeID, identity, sha, reference string) (known *store.NoticeEvent, refused bool, err error) {
	for _, id := range []string{identity, identity + again} {
		row, err := d.Store.NoticeEventByIdentity(ctx, noticeID, id)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return nil, false, fmt.Errorf("look up event: %w", err)
		}
		if row.ContentSHA != sha {
			return nil, false, &NoticeEventConflictError{row.ID, reference}
		}
		known, refused = &row, row.Refused != ""
		if !refused {
			return known, false, nil
		}
	}
	return known, refused, nil
}

// checkReport judges what depends on the terminal's table: an appointment is
// inside the hours of its inspection desk, ahead, and in an hour that has room.
func (d *Desk) checkReport(ctx context.Context, f *dossier, e *inspection.Event) ([]declarations.Fault, error) {
	if e.Kind != inspection.Appointed || e.Time.IsZero() {
		return nil, nil
	}
	taken := 0
	if f.capability.SlotsPerHour > 0 {
		var err error
		if taken, err = d.appointed(ctx, f, e.Time); err != nil {
			return nil, err
		}
	}
	why := inspection.CheckAppointment(f.capability, e.Time, d.Clock(), taken)
	if why == "" {
		return nil, nil
	}
	return []declarations.Fault{{Code: CodeAppointment, Severity: declarations.Reject, Path: "time", Args: map[string]string{
		"value": e.Time.In(portTime).Format("2006-01-02 15:04"), "hours": hoursText(f.capability.Hours), "reason": appointmentReasons[why]["reason"]}}}, nil
}

// appointmentReasons are the slugs of why a time cannot be chosen.
var appointmentReasons = map[string]map[string]string{
	"hours_unknown": {"reason": "appointment_hours_unknown"},
	"outside_hours": {"reason": "appointment_outside_hours"},
	"in_past":       {"reason": "appointment_in_past"},
	"full":          {"reason": "appointment_full"},
}

// appointed counts the boxes of other notices that are expected at the
// terminal in the same hour.
func (d *Desk) appointed(ctx context.Context, f *dossier, at time.Time) (int, error) {
	open, n := true, 0
	rows, err := d.Store.Notices(ctx, store.NoticeFilter{Terminal: f.row.Terminal, Open: &open, Limit: 500})
	if err != nil {
		return 0, fmt.Errorf("list notices of terminal: %w", err)
	}
	for i := range rows {
		if rows[i].ID == f.row.ID {
			continue
		}
		other, err := d.dossierOf(ctx, &rows[i])
		if err != nil {
			return 0, err
		}
		for k := range other.overview.Boxes {
			if b := &other.overview.Boxes[k]; !b.Appointment.IsZero() && b.Appointment.Truncate(time.Hour).Equal(at.Truncate(time.Hour)) {
				n++
			}
		}
	}
	return n, nil
}

package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// FeeComplaintView is one complaint as one side sees it.
type FeeComplaintView struct {
	Row       store.FeeComplaint
	Side      complaint.Actor // who looks
	Complaint complaint.Complaint
	Contact   complaint.Contact // empty for a charging body, and when none was given
	Sealed    bool              // there is contact data that cannot be read here now
	Case      complaint.Case
	Late      bool
	Events    []complaint.Event
	Files     []store.FeeComplaintFile
	Allowed   []complaint.Act
	Reasons   map[complaint.Act][]string // those of which an act needs one
	Limit     complaint.Limit            // by which Case.Due was counted
}

// FeeComplaintStateError says that an act is not possible as the complaint
// stands, and what would be.
type FeeComplaintStateError struct {
	Number, State, Why string // Why: a reason of complaint.Refusal, or changed
	Allowed            []complaint.Act
}

func (e *FeeComplaintStateError) Error() string {
	return "complaint " + e.Number + " is " + e.State + ": " + e.Why
}

// WhyChanged says that somebody else acted since the page was read.
const WhyChanged = "changed"

// sideOf is the side that a caller stands on.
func sideOf(p auth.Principal) complaint.Actor {
	if p.Role == auth.Collector {
		return complaint.Collector
	}
	return complaint.Authority
}

// encodeToken writes a secret for addresses.
func encodeToken(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// tokenLength is how long such a text is.
const tokenLength = (secretBytes*8 + 5) / 6

// FeeComplaintBySecret is what the complainant sees. A wrong secret and one
// that never was look the same: store.ErrNotFound. Only the hash is looked
// up, so that the time of the look-up tells nothing about a secret.
func (d *Desk) FeeComplaintBySecret(ctx context.Context, secret string) (FeeComplaintView, error) {
	row, err := d.complaintOf(ctx, secret)
	if err != nil {
		return FeeComplaintView{}, err
	}
	return d.feeComplaintView(ctx, row, complaint.Complainant)
}

func (d *Desk) complaintOf(ctx context.Context, secret string) (store.FeeComplaint, error) {
	if len(secret) != tokenLength {
		return store.FeeComplaint{}, fmt.Errorf("secret of a complaint: %w", store.ErrNotFound)
	}
	return d.Store.FeeComplaintBySecret(ctx, digest([]byte(secret)))
}

// FeeComplaint is what the authority, or the charging body that a complaint
// was forwarded to, sees of it.
func (d *Desk) FeeComplaint(ctx context.Context, p auth.Principal, number string) (FeeComplaintView, error) {
	row, err := d.complaintFor(ctx, p, number)
	if err != nil {
		return FeeComplaintView{}, err
	}
	return d.feeComplaintView(ctx, row, sideOf(p))
}

// complaintFor reads the complaint of a number for a caller: for a charging
// body one that was not forwarded to it does not exist.
func (d *Desk) complaintFor(ctx context.Context, p auth.Principal, number string) (store.FeeComplaint, error) {
	if err := allow(p, auth.ReadFeeComplaints); err != nil {
		return store.FeeComplaint{}, err
	}
	if p.Role == auth.Collector && p.Body == "" {
		return store.FeeComplaint{}, fmt.Errorf("collector of no body: %w", auth.ErrForbidden)
	}
	row, err := d.Store.FeeComplaintByNumber(ctx, strings.ToUpper(number), p.Body)
	if err == nil && p.Role == auth.Collector && row.ForwardedAt == 0 { // named by the complainant, not passed on
		return store.FeeComplaint{}, fmt.Errorf("complaint %.40q: %w", number, store.ErrNotFound)
	}
	return row, err
}

func (d *Desk) feeComplaintView(ctx context.Context, row store.FeeComplaint, side complaint.Actor) (FeeComplaintView, error) {
	v := FeeComplaintView{Row: row, Side: side}
	if err := json.Unmarshal(row.Document, &v.Complaint); err != nil {
		return v, fmt.Errorf("read complaint %s: %w", row.Number, err)
	}
	events, err := d.Store.FeeComplaintEvents(ctx, row.ID)
	if err != nil {
		return v, fmt.Errorf("read events: %w", err)
	}
	v.Events = make([]complaint.Event, len(events))
	for i := range events {
		v.Events[i] = eventOfRow(&events[i])
	}
	if v.Case, err = complaint.Fold(v.Events); err != nil {
		return v, fmt.Errorf("fold complaint %s: %w", row.Number, err)
	}
	if v.Files, err = d.Store.FeeComplaintFiles(ctx, row.ID); err != nil {
		return v, fmt.Errorf("read files: %w", err)
	}
	limits, err := d.FeeLimits(ctx)
	if err != nil {
		return v, err
	}
	v.Limit = limits.Of(v.Case.State, v.Case.Collector)
	v.Late = v.Case.Late(d.Clock())
	v.Allowed = complaint.Allowed(v.Case.State, v.Late, side)
	v.Reasons = map[complaint.Act][]string{}
	for _, a := range v.Allowed {
		if r := complaint.Reasons(v.Case.State, v.Late, a, side); r != nil {
			v.Reasons[a] = r
		}
	}
	if side != complaint.Collector && len(row.Contact) > 0 {
		if v.Contact, err = d.openContact(&row); err != nil {
			v.Sealed = true
			d.Logger.WarnContext(ctx, "contact data of a complaint cannot be read", "complaint", row.Number, "error", err)
		}
	}
	return v, nil
}

func eventOfRow(e *store.FeeComplaintEvent) complaint.Event {
	return complaint.Event{Act: complaint.Act(e.Act), By: complaint.Actor(e.Actor), Who: e.Who, At: time.UnixMilli(e.At), Collector: e.Collector,
		Reason: e.Reason, Text: e.Text, Due: timeOf(e.DueAt)}
}

// timeOf is an instant of the store; 0 is none.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func aboutContact(id string) string { return "contact of complaint/" + id }

func (d *Desk) openContact(row *store.FeeComplaint) (complaint.Contact, error) {
	var c complaint.Contact
	if d.Seal == nil {
		return c, ErrNoSeal
	}
	plain, err := d.Seal.Open(row.Contact, aboutContact(row.ID))
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	return c, err
}

// FeeComplaintFileBySecret is a piece of evidence for the complainant.
func (d *Desk) FeeComplaintFileBySecret(ctx context.Context, secret string, number int) (store.FeeComplaintFile, error) {
	row, err := d.complaintOf(ctx, secret)
	if err != nil {
		return store.FeeComplaintFile{}, err
	}
	return d.Store.FeeComplaintFile(ctx, row.ID, number)
}

// FeeComplaintFile is the same for the authority and the charging body.
func (d *Desk) FeeComplaintFile(ctx context.Context, p auth.Principal, number string, file int) (store.FeeComplaintFile, error) {
	row, err := d.complaintFor(ctx, p, number)
	if err != nil {
		return store.FeeComplaintFile{}, err
	}
	return d.Store.FeeComplaintFile(ctx, row.ID, file)
}

// FeeComplaintQuery narrows the inbox.
type FeeComplaintQuery struct {
	State     string // empty: all that are open
	Collector string
	Late      bool
	Limit     int
}

// FeeComplaintInbox is the list of a caller, the most urgent first.
type FeeComplaintInbox struct {
	Rows   []store.FeeComplaint
	Counts map[complaint.State]int
}

// FeeComplaints lists what a caller may see. A charging body's list has only
// what was forwarded to it.
func (d *Desk) FeeComplaints(ctx context.Context, p auth.Principal, q FeeComplaintQuery) (FeeComplaintInbox, error) {
	out := FeeComplaintInbox{Counts: map[complaint.State]int{}}
	if err := allow(p, auth.ReadFeeComplaints); err != nil {
		return out, err
	}
	if p.Role == auth.Collector {
		if p.Body == "" || q.Collector != "" && q.Collector != p.Body {
			return out, nil
		}
		q.Collector = p.Body
	}
	f := store.FeeComplaintFilter{Collector: q.Collector, State: q.State, Limit: q.Limit, Forwarded: p.Role == auth.Collector}
	if q.Late {
		f.Late = d.now()
	}
	counts, err := d.Store.FeeComplaintCounts(ctx, f)
	if err != nil {
		return out, err
	}
	for _, c := range counts {
		out.Counts[complaint.State(c.State)] = c.Count
	}
	out.Rows, err = d.Store.FeeComplaints(ctx, f)
	return out, err
}

// FeeLimits are the time limits in force.
func (d *Desk) FeeLimits(ctx context.Context) (complaint.Limits, error) {
	rows, err := d.Store.FeeLimits(ctx)
	if err != nil {
		return nil, fmt.Errorf("read limits of complaints: %w", err)
	}
	out := make(complaint.Limits, len(rows))
	for i, r := range rows {
		out[i] = complaint.Limit{Key: r.Name, Days: r.Days, Unit: r.Unit, Source: r.Source}
	}
	return out, nil
}

// FeeBodies are the charging bodies that a complaint can be forwarded to: the
// collectors of the catalogue in force, and those that the operator gave a
// time limit.
func (d *Desk) FeeBodies(ctx context.Context) ([]string, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, err
	}
	limits, err := d.FeeLimits(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, b := range e.Catalogue.Bodies() {
		out = append(out, b.Name)
	}
	for i := range limits {
		if !strings.HasPrefix(limits[i].Key, "*") {
			out = append(out, limits[i].Key)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// SetFeeLimit sets how many days a side of complaints has.
func (d *Desk) SetFeeLimit(ctx context.Context, actor string, l complaint.Limit) error {
	bodies, err := d.FeeBodies(ctx)
	if err != nil {
		return err
	}
	known := append([]string{complaint.LimitForward, complaint.LimitAnswer, complaint.LimitReact, complaint.LimitSettle}, bodies...)
	faults := complaint.CheckBody("key", l.Key, known)
	faults = append(faults, complaint.CheckUnit(l.Unit)...)
	faults = append(faults, complaint.CheckDays(l.Days)...)
	if err := refuseComplaint(faults); err != nil {
		return err
	}
	return d.write(ctx, store.Change{
		Complaint: &store.FeeComplaintChange{Limits: []store.FeeLimit{{Name: l.Key, Days: l.Days, Unit: l.Unit, Source: l.Source, SetBy: actor, UpdatedAt: d.now()}}},
		Audit:     []store.AuditEntry{d.audit(actor, "fee_limit.set", "", l.Key, digest(fmt.Appendf(nil, "%d %s", l.Days, l.Unit)))}})
}

// refuseComplaint makes the error of faults; nil when there are none.
func refuseComplaint(list []complaint.Fault) error {
	if len(list) == 0 {
		return nil
	}
	e := &FaultsError{}
	for _, f := range list {
		e.Faults = append(e.Faults, declarations.Fault{Code: f.Code, Severity: declarations.Reject, Path: f.Path, Args: f.Args})
	}
	return e
}

// isNotFound is for what may be missing.
func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

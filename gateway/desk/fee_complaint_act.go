package desk

import (
	"context"
	"fmt"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// FeeComplaintAct is what a side does to a complaint.
type FeeComplaintAct struct {
	Act       complaint.Act
	Reason    string
	Text      string
	Collector string // of a forward
	Files     []complaint.File
	Version   int64  // of the row that was looked at; 0: the newest, whatever it is
	Address   string // of a complainant
}

// actWindow and actsMost bound what a complainant does to one complaint.
const (
	actWindow = time.Hour
	actsMost  = 30
)

// ActOnFeeComplaint is an act of the complainant, who shows the secret.
// Errors: *FaultsError, *FeeComplaintStateError, *TooOftenError,
// store.ErrNotFound.
func (d *Desk) ActOnFeeComplaint(ctx context.Context, secret string, in *FeeComplaintAct) (FeeComplaintView, error) {
	row, err := d.complaintOf(ctx, secret)
	if err != nil {
		return FeeComplaintView{}, err
	}
	tries := store.Throttle{Name: "complaint/" + row.ID, At: d.now(), Window: actWindow.Milliseconds(), Most: actsMost}
	v, err := d.actOn(ctx, row, complaint.Complainant, "", "complainant", in, []store.Throttle{tries})
	if store.IsConflict(err, "throttle") {
		return v, d.tooOften(ctx, tries)
	}
	return v, err
}

// HandleFeeComplaint is an act of the authority or of a charging body.
func (d *Desk) HandleFeeComplaint(ctx context.Context, p auth.Principal, number string, in *FeeComplaintAct) (FeeComplaintView, error) {
	if err := allow(p, auth.HandleFeeComplaints); err != nil {
		return FeeComplaintView{}, err
	}
	row, err := d.complaintFor(ctx, p, number)
	if err != nil {
		return FeeComplaintView{}, err
	}
	return d.actOn(ctx, row, sideOf(p), p.KeyID, p.KeyID, in, nil)
}

// actOn adds an event to a complaint. Of two who act on the same version one
// is first; the other is told how the complaint stands now.
func (d *Desk) actOn(ctx context.Context, row store.FeeComplaint, side complaint.Actor, who, actor string, in *FeeComplaintAct, tries []store.Throttle) (FeeComplaintView, error) {
	v, err := d.feeComplaintView(ctx, row, side)
	if err != nil {
		return v, err
	}
	now := d.Clock()
	e := complaint.Event{Act: in.Act, By: side, Who: who, At: now, Collector: v.Case.Collector, Reason: in.Reason, Text: in.Text}
	if in.Version != 0 && in.Version != row.Version {
		return v, complaintState(&v, WhyChanged)
	}
	if refusal := v.Case.Admit(&e); refusal != nil {
		return v, complaintState(&v, refusal.Why)
	}
	if err := d.checkAct(ctx, &v, in); err != nil {
		return v, err
	}
	if in.Act == complaint.Forward {
		e.Collector = in.Collector
	}
	limits, err := d.FeeLimits(ctx)
	if err != nil {
		return v, err
	}
	if e.Act != complaint.Add {
		e.Due = limits.After(v.Case.Next(&e), e.Collector, now)
	}
	if len(v.Reasons[in.Act]) == 0 {
		e.Reason = ""
	}
	after := v.Case.After(&e)
	next := row
	fillComplaint(&next, &after, now)
	change := store.Change{Complaint: complaintChange(&next, len(v.Events)+1, &e, in.Files), Throttles: tries,
		Audit: []store.AuditEntry{d.audit(actor, "fee_complaint."+string(e.Act), "", row.Number, digest([]byte(e.Reason+"\n"+e.Text)))}}
	err = d.write(ctx, change)
	if store.IsConflict(err, "fee_complaint") {
		return d.lost(ctx, &row, side)
	}
	if err != nil {
		return v, err
	}
	newest, err := d.Store.FeeComplaintByNumber(ctx, row.Number, "")
	if err != nil {
		return v, err
	}
	return d.feeComplaintView(ctx, newest, side)
}

// lost tells who was second how the complaint stands now.
func (d *Desk) lost(ctx context.Context, row *store.FeeComplaint, side complaint.Actor) (FeeComplaintView, error) {
	newest, err := d.Store.FeeComplaintByNumber(ctx, row.Number, "")
	if err != nil {
		return FeeComplaintView{}, err
	}
	v, err := d.feeComplaintView(ctx, newest, side)
	if err != nil {
		return v, err
	}
	if side == complaint.Collector && newest.Collector != row.Collector { // it went to another body meanwhile
		return FeeComplaintView{}, fmt.Errorf("complaint %.40q: %w", row.Number, store.ErrNotFound)
	}
	return v, complaintState(&v, WhyChanged)
}

func complaintState(v *FeeComplaintView, why string) error {
	return &FeeComplaintStateError{Number: v.Row.Number, State: string(v.Case.State), Why: why, Allowed: v.Allowed}
}

// checkAct finds what is missing in an act that the state allows.
func (d *Desk) checkAct(ctx context.Context, v *FeeComplaintView, in *FeeComplaintAct) error {
	need := false
	switch in.Act {
	case complaint.Answer, complaint.Escalate:
		need = true
	case complaint.Add:
		need = len(in.Files) == 0
	case complaint.Close:
		need = in.Reason != complaint.Settled && in.Reason != complaint.NoReaction // a decision gives its grounds
	case complaint.Reject:
		need = in.Reason == "other"
	}
	faults := complaint.CheckWords(in.Text, need)
	if known := v.Reasons[in.Act]; len(known) > 0 {
		faults = append(faults, complaint.CheckReason(in.Reason, known)...)
	}
	if in.Act == complaint.Forward {
		bodies, err := d.FeeBodies(ctx)
		if err != nil {
			return err
		}
		faults = append(faults, complaint.CheckBody("collector", in.Collector, bodies)...)
	}
	return refuseComplaint(append(faults, complaint.CheckFiles(in.Files, len(v.Files))...))
}

// complaintChange is the row with one event and what came with it.
func complaintChange(row *store.FeeComplaint, number int, e *complaint.Event, files []complaint.File) *store.FeeComplaintChange {
	c := &store.FeeComplaintChange{Complaint: row}
	c.Events = []store.FeeComplaintEvent{{ComplaintID: row.ID, Number: number, Act: string(e.Act), Actor: string(e.By), Who: e.Who, At: e.At.UnixMilli(),
		Collector: e.Collector, Reason: e.Reason, Text: e.Text, DueAt: millis(e.Due), Files: len(files)}}
	for i := range files {
		row.Files++
		kind, _ := complaint.KindOf(files[i].Data)
		c.Files = append(c.Files, store.FeeComplaintFile{ComplaintID: row.ID, Number: row.Files, Name: complaint.FileName(files[i].Name, kind, row.Files),
			Kind: kind, SHA256: digest(files[i].Data), Event: number, At: e.At.UnixMilli(), Body: files[i].Data})
	}
	return c
}

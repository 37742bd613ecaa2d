package desk

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/complaint"
)

// NewFeeComplaint is a complaint on its way in. Nobody has to sign in for it.
type NewFeeComplaint struct {
	complaint.Complaint
	Contact        complaint.Contact
	Files          []complaint.File
	Lang           string
	Address        string // of the caller; only a name that tells nothing about it is kept
	IdempotencyKey string
	RequestSHA     string
	// Render makes the answer that the key repeats. It holds the secret, so it
	// is sealed where a key for secrets is there.
	Render func(FeeComplaintMade) Replayed
}

// FeeComplaintMade is what the complainant is told, this once.
type FeeComplaintMade struct {
	Number, Secret string
	State          complaint.State
	Due            time.Time // until when it is to be passed on; zero: not known
	Answer         Replayed
	Repeated       bool
}

// How often one address may complain. Own choices.
const (
	complaintWindow = time.Hour
	complaintsMost  = 10
)

func (in *NewFeeComplaint) keyed() *keyed {
	return &keyed{kind: "fee-complaint", key: in.IdempotencyKey, requestSHA: in.RequestSHA}
}

// Complain takes a complaint in. Errors: *FaultsError, *TooOftenError,
// ErrIdempotency, store.ErrUnavailable (nothing was written).
func (d *Desk) Complain(ctx context.Context, in *NewFeeComplaint) (FeeComplaintMade, error) {
	key := in.keyed()
	if err := key.weak(); err != nil {
		return FeeComplaintMade{}, err
	}
	if first, err := d.replayKeyed(ctx, key); first != nil || err != nil {
		return made(first), err
	}
	if err := d.checkComplaint(ctx, in); err != nil {
		return FeeComplaintMade{}, err
	}
	name, err := d.addressName(in.Address)
	if err != nil {
		return FeeComplaintMade{}, err
	}
	tries := store.Throttle{Name: "complain/" + name, At: d.now(), Window: complaintWindow.Milliseconds(), Most: complaintsMost}
	for range versionRetries {
		out, err := d.complain(ctx, in, tries)
		switch {
		case store.IsConflict(err, "throttle"):
			return out, d.tooOften(ctx, tries)
		case store.IsConflict(err, "idempotency"):
			first, err := d.replayKeyed(ctx, key)
			return made(first), err
		case store.IsConflict(err, "fee_complaint"): // the number was taken: chance makes another
			continue
		}
		return out, err
	}
	return FeeComplaintMade{}, fmt.Errorf("complaint: no free number: %w", store.ErrUnavailable)
}

func made(first *Replayed) FeeComplaintMade {
	if first == nil {
		return FeeComplaintMade{}
	}
	return FeeComplaintMade{Answer: *first, Repeated: true}
}

func (d *Desk) checkComplaint(ctx context.Context, in *NewFeeComplaint) error {
	faults := in.Check(complaint.Today(d.Clock()))
	faults = append(faults, in.Contact.Check()...)
	if !in.Contact.Empty() && d.Seal == nil {
		faults = append(faults, complaint.Fault{Code: complaint.CodeContact, Path: "mail"})
	}
	faults = append(faults, complaint.CheckFiles(in.Files, 0)...)
	if len(faults) == 0 {
		found, err := d.lookUpSubject(ctx, &in.Complaint)
		if err != nil {
			return err
		}
		faults = found
	}
	if len(faults) == 0 {
		return d.hideBill(ctx, &in.Subject)
	}
	return refuseComplaint(faults)
}

// lookUpSubject finds what a complaint refers to, and fills in what that says.
func (d *Desk) lookUpSubject(ctx context.Context, c *complaint.Complaint) ([]complaint.Fault, error) {
	s := &c.Subject
	s.Item, s.Quoted, s.AtMost, s.Billed = "", nil, false, nil
	unknown := func(path, value string) []complaint.Fault {
		return []complaint.Fault{{Code: complaint.CodeUnknown, Path: path, Args: map[string]string{"value": value}}}
	}
	if s.Quote != "" {
		q, err := d.FeeQuote(ctx, s.Quote)
		if isNotFound(err) {
			return unknown("quote", s.Quote), nil
		}
		if err != nil {
			return nil, err
		}
		s.Edition = q.Edition
		if s.Line < 0 || s.Line > len(q.Quotation.Lines) {
			return unknown("line", strconv.Itoa(s.Line)), nil
		}
		if s.Line > 0 {
			l := &q.Quotation.Lines[s.Line-1]
			s.Row, s.Item, s.Quoted, s.AtMost = l.Row, l.Item, l.Amount, l.AtMost
		}
	}
	if s.Bill != "" {
		_, bad, err := d.billSubject(ctx, s)
		if err != nil {
			return nil, err
		}
		if bad != "" {
			return unknown(bad, strconv.Itoa(s.BillLine)), nil
		}
	}
	if s.Row == "" || s.Item != "" {
		return nil, nil
	}
	c2, number, err := d.catalogueOf(ctx, s.Edition)
	if isNotFound(err) {
		return unknown("edition", strconv.Itoa(s.Edition)), nil
	}
	if err != nil {
		return nil, err
	}
	s.Edition = number
	if s.Item = itemOfRow(c2, s.Row); s.Item == "" {
		return unknown("row", s.Row), nil
	}
	return nil, nil
}

// catalogueOf is the catalogue of an edition; 0 is the one in force.
func (d *Desk) catalogueOf(ctx context.Context, edition int) (*tariffs.Catalogue, int, error) {
	var e *FeeEdition
	var err error
	if edition == 0 {
		e, err = d.FeeEdition(ctx)
	} else {
		e, err = d.FeeEditionNumber(ctx, edition)
	}
	if err != nil {
		return nil, 0, err
	}
	return e.Catalogue, e.Number, nil
}

// itemOfRow is the code of the charge that a row belongs to; the row may be
// named by the item itself.
func itemOfRow(c *tariffs.Catalogue, row string) string {
	if c.Item(row) != nil {
		return row
	}
	for i := range c.Rates {
		if c.Rates[i].ID == row {
			return c.Rates[i].Item
		}
	}
	for i := range c.Dues {
		if c.Dues[i].ID == row {
			return "TONNAGE_DUES"
		}
	}
	return ""
}

// BeginFeeComplaint looks up what a link to the form refers to, and fills in
// what that says, for the form to show, with the charging body. What does not
// exist is left out: the form is free then.
func (d *Desk) BeginFeeComplaint(ctx context.Context, s complaint.Subject) (c complaint.Complaint, collector string, err error) {
	c.Subject = s
	faults, err := d.lookUpSubject(ctx, &c)
	if err != nil {
		return complaint.Complaint{}, "", err
	}
	if len(faults) > 0 {
		return complaint.Complaint{Subject: complaint.Subject{Bill: s.Bill, BillLine: s.BillLine}}, "", nil
	}
	if s.Bill != "" {
		at, _, err := d.billSubject(ctx, &c.Subject)
		if err != nil {
			return complaint.Complaint{}, "", err
		}
		at.prefill(&c)
	}
	collector, err = d.collectorOf(ctx, &c.Subject)
	return c, collector, err
}

// collectorOf is the charging body of what a complaint is about; empty: not told.
func (d *Desk) collectorOf(ctx context.Context, s *complaint.Subject) (string, error) {
	if s.Item == "" {
		return "", nil
	}
	c, _, err := d.catalogueOf(ctx, s.Edition)
	if err != nil {
		return "", err
	}
	collector := c.CollectorOf(s.Item, s.Row)
	if tariffs.BodyCode(collector) == tariffs.NoBody {
		return "", nil
	}
	return collector, nil
}

// numberSigns are those that are not taken for one another (no I, L, O, U).
const numberSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// complaintNumber is FC, year and month, and eight signs of chance: how many
// complaints there are is not to be read from it.
func (d *Desk) complaintNumber(now time.Time) (string, error) {
	var b [8]byte
	if _, err := io.ReadFull(d.random(), b[:]); err != nil {
		return "", fmt.Errorf("make a number: %w", err)
	}
	for i := range b {
		b[i] = numberSigns[b[i]%32]
	}
	return "FC" + now.UTC().Format("0601") + "-" + string(b[:]), nil
}

func (d *Desk) complain(ctx context.Context, in *NewFeeComplaint, tries store.Throttle) (FeeComplaintMade, error) {
	now := d.Clock()
	limits, err := d.FeeLimits(ctx)
	if err != nil {
		return FeeComplaintMade{}, err
	}
	out := FeeComplaintMade{State: complaint.Received}
	if out.Number, err = d.complaintNumber(now); err != nil {
		return out, err
	}
	secret, hash, err := d.token()
	if err != nil {
		return out, err
	}
	out.Secret = secret
	row := &store.FeeComplaint{ID: d.NewID(), Number: out.Number, SecretHash: hash, Kind: in.Kind, Item: in.Subject.Item, Lang: in.Lang, CreatedAt: now.UnixMilli()}
	collector, err := d.collectorOf(ctx, &in.Subject)
	if err != nil {
		return out, err
	}
	if row.Document, err = json.Marshal(&in.Complaint, json.Deterministic(true)); err != nil {
		return out, fmt.Errorf("write complaint: %w", err)
	}
	if row.Contact, err = d.sealContact(row.ID, in.Contact); err != nil {
		return out, err
	}
	out.Due = limits.After(complaint.Received, collector, now)
	e := complaint.Event{Act: complaint.Submit, By: complaint.Complainant, At: now, Collector: collector, Text: in.Text, Due: out.Due}
	where, err := complaint.Fold([]complaint.Event{e})
	if err != nil {
		return out, err
	}
	fillComplaint(row, &where, now)
	change := store.Change{Complaint: complaintChange(row, 1, &e, in.Files), Throttles: []store.Throttle{tries},
		Audit: []store.AuditEntry{d.audit("complainant", "fee_complaint.submit", "", row.Number, digest(row.Document))}}
	out.Answer = in.Render(out)
	if change.Idempotency, err = in.keyed().keep(&out.Answer, d.now(), d.random()); err != nil {
		return out, err
	}
	return out, d.write(ctx, change)
}

// fillComplaint copies what the fold says into the columns of the row.
func fillComplaint(row *store.FeeComplaint, c *complaint.Case, now time.Time) {
	row.State, row.Collector, row.Verdict, row.Reason, row.Escalated = string(c.State), c.Collector, string(c.Verdict), c.Reason, c.Escalated
	row.ForwardedAt, row.AnsweredAt, row.ClosedAt, row.DueAt = millis(c.ForwardedAt), millis(c.AnsweredAt), millis(c.ClosedAt), millis(c.Due)
	row.UpdatedAt = now.UnixMilli()
}

func (d *Desk) sealContact(id string, c complaint.Contact) ([]byte, error) {
	if c.Empty() {
		return nil, nil
	}
	plain, err := json.Marshal(&c)
	if err != nil {
		return nil, fmt.Errorf("write contact: %w", err)
	}
	sealed, err := d.Seal.Seal(plain, aboutContact(id))
	if err != nil {
		return nil, fmt.Errorf("seal contact: %w", err)
	}
	return sealed, nil
}

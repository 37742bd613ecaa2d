package store

import (
	"context"
	"fmt"
)

// FeeComplaint is one complaint about a charge (收费监督投诉): where it stands.
// What was said and done stands in its events, evidence in its files. Its
// columns are what their fold said when it was last written.
type FeeComplaint struct {
	ID          string `db:"id"`
	Number      string `db:"number"`      // unique; shown to all sides
	SecretHash  string `db:"secret_hash"` // SHA-256 of the complainant's secret, hex
	State       string `db:"state"`       // complaint.State
	Version     int64  `db:"version"`     // in a Change: 0 a new row, else the version that was read
	Collector   string `db:"collector"`   // charging body that it is about; empty: nobody said so far
	Kind        string `db:"kind"`
	Item        string `db:"item"`     // code of the charge; empty: not told
	Document    []byte `db:"document"` // complaint.Complaint as JSON
	Contact     []byte `db:"contact"`  // sealed; empty: none given
	Lang        string `db:"lang"`     // in which it was written
	Files       int    `db:"files"`
	Verdict     string `db:"verdict"` // accepted, rejected; empty: none
	Reason      string `db:"reason"`  // of the close
	Escalated   bool   `db:"escalated"`
	CreatedAt   int64  `db:"created_at"`
	ForwardedAt int64  `db:"forwarded_at"` // first; 0 not yet, as the next
	AnsweredAt  int64  `db:"answered_at"`
	ClosedAt    int64  `db:"closed_at"`
	DueAt       int64  `db:"due_at"` // of the side whose turn it is; 0 none or not known
	UpdatedAt   int64  `db:"updated_at"`
}

// FeeComplaintEvent is one act on a complaint; it is never changed.
type FeeComplaintEvent struct {
	ComplaintID string `db:"complaint_id"`
	Number      int    `db:"number"` // from 1
	Act         string `db:"act"`
	Actor       string `db:"actor"` // complainant, authority, collector
	Who         string `db:"who"`   // person or key; empty for the complainant
	At          int64  `db:"at"`
	Collector   string `db:"collector"`
	Reason      string `db:"reason"`
	Text        string `db:"text"`
	DueAt       int64  `db:"due_at"`
	Files       int    `db:"files"` // how many came with it
}

// FeeComplaintFile is a piece of evidence.
type FeeComplaintFile struct {
	ComplaintID string `db:"complaint_id"`
	Number      int    `db:"number"` // from 1, in the complaint
	Name        string `db:"name"`
	Kind        string `db:"kind"` // media type, by its content
	SHA256      string `db:"sha256"`
	Size        int64  `db:"size"`
	Event       int    `db:"event"` // number of the event that brought it
	At          int64  `db:"at"`

	Body []byte `db:"-"` // in a Change
}

// FeeLimit is a number of days that the operator set for a side of complaints.
type FeeLimit struct {
	Name      string `db:"name"`
	Days      int    `db:"days"`
	Unit      string `db:"unit"` // calendar, working
	Source    string `db:"source"`
	SetBy     string `db:"set_by"`
	UpdatedAt int64  `db:"updated_at"`
}

// FeeComplaintChange is what an act does to one complaint.
type FeeComplaintChange struct {
	Complaint *FeeComplaint       // Version 0: a new one; else a conflict on "fee_complaint" when it is not the newest
	Events    []FeeComplaintEvent // a taken number is the same conflict
	Files     []FeeComplaintFile
	Limits    []FeeLimit // written over
}

// feePart is how much of a file one row carries.
const feePart = 1 << 20

const (
	feeComplaintColumns = `id, number, secret_hash, state, version, collector, kind, item, document, contact, lang, files, verdict, reason, escalated,
created_at, forwarded_at, answered_at, closed_at, due_at, updated_at`
	feeComplaintEventColumns = `complaint_id, number, act, actor, who, at, collector, reason, text, due_at, files`
	feeComplaintFileColumns  = `complaint_id, number, name, kind, sha256, size, event, at`
	feeComplaintPartColumns  = `complaint_id, file, number, body`
	feeLimitColumns          = `name, days, unit, source, set_by, updated_at`
)

var (
	insertFeeComplaint      = newInsert("fee_complaints", feeComplaintColumns)
	insertFeeComplaintEvent = newInsert("fee_complaint_events", feeComplaintEventColumns)
	insertFeeComplaintFile  = newInsert("fee_complaint_files", feeComplaintFileColumns)
	insertFeeComplaintPart  = newInsert("fee_complaint_parts", feeComplaintPartColumns)
)

// alterFeeComplaint writes the complaint first: its version decides who is first.
func (t tx) alterFeeComplaint(ctx context.Context, c *FeeComplaintChange) error {
	if c == nil {
		return nil
	}
	if c.Complaint != nil {
		if err := t.writeFeeComplaint(ctx, c.Complaint); err != nil {
			return err
		}
	}
	events, files, parts := insertFeeComplaintEvent.rows(), insertFeeComplaintFile.rows(), insertFeeComplaintPart.rows()
	for i := range c.Events {
		e := &c.Events[i]
		events.add(len(e.Text)+256, e.ComplaintID, e.Number, e.Act, e.Actor, e.Who, e.At, e.Collector, e.Reason, e.Text, e.DueAt, e.Files)
	}
	for i := range c.Files {
		f := &c.Files[i]
		files.add(512, f.ComplaintID, f.Number, f.Name, f.Kind, f.SHA256, len(f.Body), f.Event, f.At)
		for n, at := 0, 0; at < len(f.Body); n, at = n+1, at+feePart {
			part := f.Body[at:min(at+feePart, len(f.Body))]
			parts.add(len(part)+128, f.ComplaintID, f.Number, n, part)
		}
	}
	for _, r := range []*rows{events, files, parts} {
		if err := t.insert(ctx, r); err != nil {
			return err
		}
	}
	for i := range c.Limits {
		if err := t.writeFeeLimit(ctx, &c.Limits[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t tx) writeFeeComplaint(ctx context.Context, c *FeeComplaint) error {
	if c.Version == 0 {
		r := insertFeeComplaint.rows()
		r.add(len(c.Document)+len(c.Contact)+1024, c.ID, c.Number, c.SecretHash, c.State, 1, c.Collector, c.Kind, c.Item, blob(c.Document), blob(c.Contact),
			c.Lang, c.Files, c.Verdict, c.Reason, c.Escalated, c.CreatedAt, c.ForwardedAt, c.AnsweredAt, c.ClosedAt, c.DueAt, c.UpdatedAt)
		return t.insert(ctx, r)
	}
	return t.one(ctx, "fee_complaints", &ConflictError{On: "fee_complaint"}, `
UPDATE fee_complaints
SET state = ?, version = version + 1, collector = ?, files = ?, verdict = ?, reason = ?, escalated = ?, forwarded_at = ?, answered_at = ?,
  closed_at = ?, due_at = ?, updated_at = ?
WHERE id = ? AND version = ?`,
		c.State, c.Collector, c.Files, c.Verdict, c.Reason, c.Escalated, c.ForwardedAt, c.AnsweredAt, c.ClosedAt, c.DueAt, c.UpdatedAt, c.ID, c.Version)
}

func (t tx) writeFeeLimit(ctx context.Context, l *FeeLimit) error {
	r := t.s.d.insertFeeLimit.rows()
	r.add(256, l.Name, l.Days, l.Unit, l.Source, l.SetBy, l.UpdatedAt)
	return t.insert(ctx, r)
}

const readFeeComplaint = `
SELECT id, number, secret_hash, state, version, collector, kind, item, document, contact, lang, files, verdict, reason, escalated,
  created_at, forwarded_at, answered_at, closed_at, due_at, updated_at
FROM fee_complaints
`

// FeeComplaintBySecret reads the complaint of a secret by its hash.
func (s *Store) FeeComplaintBySecret(ctx context.Context, secretHash string) (FeeComplaint, error) {
	var c FeeComplaint
	err := s.get(ctx, &c, readFeeComplaint+`WHERE secret_hash = ?`, secretHash)
	return c, s.readError(err, "complaint by its secret")
}

// FeeComplaintByNumber reads the complaint of a number; collector, when it is
// not empty, is the body that asks: another's complaint does not exist for it.
func (s *Store) FeeComplaintByNumber(ctx context.Context, number, collector string) (FeeComplaint, error) {
	var c FeeComplaint
	err := s.get(ctx, &c, readFeeComplaint+`WHERE number = ? AND (? = '' OR collector = ?)`, number, collector, collector)
	return c, s.readError(err, "complaint %.40q", number)
}

const feeComplaintEventsOf = `
SELECT complaint_id, number, act, actor, who, at, collector, reason, text, due_at, files
FROM fee_complaint_events
WHERE complaint_id = ?
ORDER BY number`

// FeeComplaintEvents reads what happened to a complaint, in order.
func (s *Store) FeeComplaintEvents(ctx context.Context, id string) ([]FeeComplaintEvent, error) {
	var rows []FeeComplaintEvent
	err := s.all(ctx, &rows, feeComplaintEventsOf, id)
	return rows, s.readError(err, "events of complaint %.40q", id)
}

// FeeComplaintFiles lists the evidence of a complaint, without its bytes.
func (s *Store) FeeComplaintFiles(ctx context.Context, id string) ([]FeeComplaintFile, error) {
	var rows []FeeComplaintFile
	err := s.all(ctx, &rows, `
SELECT complaint_id, number, name, kind, sha256, size, event, at
FROM fee_complaint_files
WHERE complaint_id = ?
ORDER BY number`, id)
	return rows, s.readError(err, "files of complaint %.40q", id)
}

// FeeComplaintFile reads one file with its bytes.
func (s *Store) FeeComplaintFile(ctx context.Context, id string, number int) (FeeComplaintFile, error) {
	var f FeeComplaintFile
	err := s.get(ctx, &f, `
SELECT complaint_id, number, name, kind, sha256, size, event, at
FROM fee_complaint_files
WHERE complaint_id = ? AND number = ?`, id, number)
	if err != nil {
		return f, s.readError(err, "file %d of complaint %.40q", number, id)
	}
	var parts [][]byte
	if err := s.all(ctx, &parts, `
SELECT body
FROM fee_complaint_parts
WHERE complaint_id = ? AND file = ?
ORDER BY number`, id, number); err != nil {
		return f, s.readError(err, "file %d of complaint %.40q", number, id)
	}
	for _, p := range parts {
		f.Body = append(f.Body, p...)
	}
	if int64(len(f.Body)) != f.Size {
		return f, fmt.Errorf("file %d of complaint %.40q has %d bytes of %d", number, id, len(f.Body), f.Size)
	}
	return f, nil
}

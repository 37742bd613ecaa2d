package store

import "context"

// FeeComplaintFilter asks for complaints, the most urgent first: by the time
// that the side whose turn it is has left.
type FeeComplaintFilter struct {
	Collector string // the body that asks, or is asked for; empty: all
	State     string // empty: all that are open
	Late      int64  // only what was due before this instant; 0: all
	Forwarded bool   // only what was passed on to a body: it sees nothing else
	Limit     int
}

// Lists of complaints leave the document out. What has no time limit comes
// last; the closed ones come the newest first.
const listFeeComplaints = `
SELECT id, number, state, version, collector, kind, item, lang, files, verdict, reason, escalated,
  created_at, forwarded_at, answered_at, closed_at, due_at, updated_at
FROM fee_complaints
`

const feeComplaintsInState = listFeeComplaints + `WHERE state = ? AND (? = '' OR collector = ?) AND (? = 0 OR due_at > 0 AND due_at < ?) AND (? = 0 OR forwarded_at > 0)
ORDER BY CASE WHEN due_at = 0 THEN 1 ELSE 0 END, due_at, closed_at DESC, id
LIMIT ?`

const feeComplaintsOpen = listFeeComplaints + `WHERE state IN ('received', 'forwarded', 'answered', 'accepted', 'rejected', 'escalated')
  AND (? = '' OR collector = ?) AND (? = 0 OR due_at > 0 AND due_at < ?) AND (? = 0 OR forwarded_at > 0)
ORDER BY CASE WHEN due_at = 0 THEN 1 ELSE 0 END, due_at, id
LIMIT ?`

// FeeComplaints lists complaints without their words.
func (s *Store) FeeComplaints(ctx context.Context, f FeeComplaintFilter) ([]FeeComplaint, error) {
	var rows []FeeComplaint
	limit := bounded(f.Limit, 100, 500)
	var err error
	if f.State == "" {
		err = s.all(ctx, &rows, feeComplaintsOpen, f.Collector, f.Collector, f.Late, f.Late, f.Forwarded, limit)
	} else {
		err = s.all(ctx, &rows, feeComplaintsInState, f.State, f.Collector, f.Collector, f.Late, f.Late, f.Forwarded, limit)
	}
	return rows, s.readError(err, "list complaints")
}

// FeeComplaintCount is how many complaints are in a state.
type FeeComplaintCount struct {
	State string `db:"state"`
	Count int    `db:"count_of"`
}

// FeeComplaintCounts counts by state what a filter's body sees.
func (s *Store) FeeComplaintCounts(ctx context.Context, f FeeComplaintFilter) ([]FeeComplaintCount, error) {
	var rows []FeeComplaintCount
	err := s.all(ctx, &rows, `
SELECT state, COUNT(*) AS count_of
FROM fee_complaints
WHERE (? = '' OR collector = ?) AND (? = 0 OR forwarded_at > 0)
GROUP BY state`, f.Collector, f.Collector, f.Forwarded)
	return rows, s.readError(err, "count complaints")
}

const feeComplaintEntries = `
SELECT state, collector, verdict, reason, escalated, created_at, forwarded_at, answered_at, due_at
FROM fee_complaints
WHERE created_at >= ?`

// FeeComplaintEntries are what the figures need of the complaints that came
// since an instant: no words, no names, no numbers.
func (s *Store) FeeComplaintEntries(ctx context.Context, since int64) ([]FeeComplaint, error) {
	var rows []FeeComplaint
	err := s.all(ctx, &rows, feeComplaintEntries, since)
	return rows, s.readError(err, "figures of complaints")
}

// FeeLimits lists the time limits that the operator set.
func (s *Store) FeeLimits(ctx context.Context) ([]FeeLimit, error) {
	var rows []FeeLimit
	err := s.all(ctx, &rows, `
SELECT name, days, unit, source, set_by, updated_at
FROM fee_limits
ORDER BY name`)
	return rows, s.readError(err, "list limits of complaints")
}

func (v *checker) feeComplaint(c *FeeComplaintChange) {
	if c == nil {
		return
	}
	if f := c.Complaint; f != nil {
		v.ids("fee_complaints", f.ID)
		v.text("fee_complaints.number", f.Number, 32)
		v.text("fee_complaints.secret_hash", f.SecretHash, 64)
		v.among("fee_complaints.state", f.State, "received", "forwarded", "answered", "accepted", "rejected", "escalated", "closed")
		v.text("fee_complaints.collector", f.Collector, 128)
		v.text("fee_complaints.kind", f.Kind, 32)
		v.text("fee_complaints.item", f.Item, 64)
		v.text("fee_complaints.lang", f.Lang, 16)
		v.text("fee_complaints.reason", f.Reason, 32)
	}
	for i := range c.Events {
		e := &c.Events[i]
		v.ids("fee_complaint_events", e.ComplaintID)
		v.text("fee_complaint_events.act", e.Act, 16)
		v.among("fee_complaint_events.actor", e.Actor, "complainant", "authority", "collector")
		v.text("fee_complaint_events.who", e.Who, 80)
		v.text("fee_complaint_events.collector", e.Collector, 128)
		v.text("fee_complaint_events.reason", e.Reason, 32)
		v.text("fee_complaint_events.text", e.Text, 100_000)
	}
	for i := range c.Files {
		f := &c.Files[i]
		v.ids("fee_complaint_files", f.ComplaintID)
		v.text("fee_complaint_files.name", f.Name, 255)
		v.among("fee_complaint_files.kind", f.Kind, "application/pdf", "image/jpeg", "image/png")
		v.text("fee_complaint_files.sha256", f.SHA256, 64)
	}
	for i := range c.Limits {
		l := &c.Limits[i]
		v.text("fee_limits.name", l.Name, 128)
		v.among("fee_limits.unit", l.Unit, "calendar", "working")
		v.text("fee_limits.source", l.Source, 500)
		v.text("fee_limits.set_by", l.SetBy, 80)
	}
}

// bytes is what the change weighs in the queue.
func (c *FeeComplaintChange) bytes() int {
	if c == nil {
		return 0
	}
	n := 512 * (len(c.Events) + len(c.Files) + len(c.Limits))
	if c.Complaint != nil {
		n += len(c.Complaint.Document) + len(c.Complaint.Contact)
	}
	for i := range c.Events {
		n += len(c.Events[i].Text)
	}
	for i := range c.Files {
		n += len(c.Files[i].Body)
	}
	return n
}

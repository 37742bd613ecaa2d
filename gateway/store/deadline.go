package store

import "context"

// Deadline is something that a declarant has to do until the end of a day of
// the port's calendar.
type Deadline struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Kind          string `db:"kind"`      // two_step_full, duty_payment
	State         string `db:"state"`     // open, met, overdue, void
	DueDay        string `db:"due_day"`   // 2026-01-19; empty while it is not known
	EntryDay      string `db:"entry_day"` // from which it is counted; empty when another party set the last day
	Source        string `db:"source"`    // where the day of entry is from: fact, declared, estimate; receipt: the last day itself
	Reminders     int64  `db:"reminders"` // bits of the reminders that were sent or have become needless
	MetAt         int64  `db:"met_at"`
	Version       int64  `db:"version"` // in a Change: 0 a new row, else the version that was read
	UpdatedAt     int64  `db:"updated_at"`
}

const deadlineColumns = `tenant, declaration_id, kind, state, due_day, entry_day, source, reminders, met_at, version, updated_at`

const readDeadline = `
SELECT tenant, declaration_id, kind, state, due_day, entry_day, source, reminders, met_at, version, updated_at
FROM deadlines
`

var insertDeadline = newInsert("deadlines", deadlineColumns)

func (d *Deadline) add(r *rows) {
	r.add(256, d.Tenant, d.DeclarationID, d.Kind, d.State, d.DueDay, d.EntryDay, d.Source, d.Reminders, d.MetAt, 1, d.UpdatedAt)
}

func (t tx) updateDeadline(ctx context.Context, d *Deadline) error {
	return t.one(ctx, "deadlines", &ConflictError{On: "deadline"}, `
UPDATE deadlines
SET state = ?, due_day = ?, entry_day = ?, source = ?, reminders = ?, met_at = ?, version = version + 1, updated_at = ?
WHERE tenant = ? AND declaration_id = ? AND kind = ? AND version = ?`,
		d.State, d.DueDay, d.EntryDay, d.Source, d.Reminders, d.MetAt, d.UpdatedAt, d.Tenant, d.DeclarationID, d.Kind, d.Version)
}

const deadlinesOf = readDeadline + `WHERE tenant = ? AND declaration_id = ?
ORDER BY kind`

// Deadlines are those of one declaration, each kind at most once.
func (s *Store) Deadlines(ctx context.Context, tenant, declarationID string) ([]Deadline, error) {
	var rows []Deadline
	err := s.all(ctx, &rows, deadlinesOf, tenant, declarationID)
	return rows, s.readError(err, "deadlines of %s", declarationID)
}

// Deadline reads one deadline of a declaration.
func (s *Store) Deadline(ctx context.Context, tenant, declarationID, kind string) (Deadline, error) {
	var d Deadline
	err := s.get(ctx, &d, readDeadline+`WHERE tenant = ? AND declaration_id = ? AND kind = ?`, tenant, declarationID, kind)
	return d, s.readError(err, "deadline %s of %s", kind, declarationID)
}

const dueDeadlines = readDeadline + `WHERE state = 'open' AND due_day <> '' AND due_day <= ?
  AND (tenant > ? OR (tenant = ? AND (declaration_id > ? OR (declaration_id = ? AND kind > ?))))
ORDER BY tenant, declaration_id, kind
LIMIT ?`

// DueDeadlines pages through the open deadlines that end on or before a day;
// after is the last one of the page before.
func (s *Store) DueDeadlines(ctx context.Context, day string, after Deadline, limit int) ([]Deadline, error) {
	var rows []Deadline
	err := s.all(ctx, &rows, dueDeadlines, day, after.Tenant, after.Tenant, after.DeclarationID, after.DeclarationID, after.Kind, bounded(limit, 100, 1000))
	return rows, s.readError(err, "deadlines until %s", day)
}

package store

import "context"

// Deadline is something that a declarant has to do until the end of a day of
// the port's calendar.
type Deadline struct {
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	Kind          string `db:"kind"`      // two_step_full
	State         string `db:"state"`     // open, met, overdue, void
	DueDay        string `db:"due_day"`   // 2026-01-19; empty while the day of entry is not known
	EntryDay      string `db:"entry_day"` // from which it is counted
	Source        string `db:"source"`    // where the day of entry is from: fact, declared, estimate
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

// Deadline reads one deadline of a declaration.
func (s *Store) Deadline(ctx context.Context, tenant, declarationID, kind string) (Deadline, error) {
	var d Deadline
	err := s.get(ctx, &d, readDeadline+`WHERE tenant = ? AND declaration_id = ? AND kind = ?`, tenant, declarationID, kind)
	return d, s.readError(err, "deadline %s of %s", kind, declarationID)
}

const dueDeadlines = readDeadline + `WHERE state = 'open' AND due_day <> '' AND due_day <= ?
  AND (tenant > ? OR (tenant = ? AND declaration_id > ?))
ORDER BY tenant, declaration_id
LIMIT ?`

// DueDeadlines pages through the open deadlines that end on or before a day,
// by declaration.
func (s *Store) DueDeadlines(ctx context.Context, day string, after Ref, limit int) ([]Deadline, error) {
	var rows []Deadline
	err := s.all(ctx, &rows, dueDeadlines, day, after.Tenant, after.Tenant, after.DeclarationID, bounded(limit, 100, 1000))
	return rows, s.readError(err, "deadlines until %s", day)
}

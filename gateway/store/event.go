package store

import (
	"cmp"
	"context"
	"slices"
)

const eventColumns = `tenant, declaration_id, id, identity, kind, code, attempt, at, heard_at, seq_no, entry_number, text, source, receipt, status`

const readEvents = `
SELECT tenant, declaration_id, id, identity, kind, code, attempt, at, heard_at, seq_no, entry_number, text, source, receipt, status
FROM events
`

// No ORDER BY: it would lead an optimizer to read all events of the tenant by id.
const eventsOf = readEvents + `WHERE tenant = ? AND declaration_id = ?`

var insertEvent = newInsert("events", eventColumns)

func (e *Event) add(r *rows) {
	r.add(len(e.Text)+512, e.Tenant, e.DeclarationID, e.ID, e.Identity, e.Kind, e.Code, e.Attempt, e.At, e.HeardAt,
		e.SeqNo, e.EntryNumber, e.Text, e.Source, e.Receipt, e.Status)
}

// Events reads the whole timeline of one declaration, by id, which is the
// order in which its entries were made.
func (s *Store) Events(ctx context.Context, tenant, declarationID string) ([]Event, error) {
	var rows []Event
	err := s.all(ctx, &rows, eventsOf, tenant, declarationID)
	slices.SortFunc(rows, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	return rows, s.readError(err, "events of %s", declarationID)
}

// EventsSince reads a tenant's entries after an id, by id, at most limit (0:
// 100, most 1000). Ids are made before the commit, so an entry may appear
// behind one already seen, by as much as a commit takes: a feed that must not
// miss one reads again from a little before its last id.
func (s *Store) EventsSince(ctx context.Context, tenant, afterID string, limit int) ([]Event, error) {
	var rows []Event
	err := s.all(ctx, &rows, readEvents+`WHERE tenant = ? AND id > ?
ORDER BY id
LIMIT ?`, tenant, afterID, bounded(limit, 100, 1000))
	return rows, s.readError(err, "events after %s", afterID)
}

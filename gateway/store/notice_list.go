package store

import "context"

// NoticeFilter narrows a list of notices; empty fields do not.
type NoticeFilter struct {
	Terminal, IssuedBy    string
	Tenant, DeclarationID string
	State                 string
	Open                  *bool // true: something is still expected
	NeedsPerson           bool
	VisibleOnly           bool // the declarant may know

	// Feed lists in the order of change, the oldest first, behind the Stamp
	// Since: a notice that changes comes again. A reader that goes on from the
	// last Stamp it saw misses nothing. Else the newest notice comes first,
	// behind the id After.
	Feed  bool
	Since int64
	After string
	Limit int // 0: 50, most 500
}

// One text for each index; the rest of the filter is judged row by row.
const (
	noticeRest = `
  AND (? = '' OR n.terminal = ?) AND (? = '' OR n.issued_by = ?) AND (? = '' OR n.tenant = ?) AND (? = '' OR n.declaration_id = ?)
  AND (? = '' OR n.state = ?) AND (? < 0 OR n.is_over = ?) AND (? = 0 OR n.needs_person = 1) AND (? = 0 OR n.visible = 1)
`
	feedEnd = noticeRest + `ORDER BY n.stamp
LIMIT ?`
	listEnd = noticeRest + `ORDER BY n.id DESC
LIMIT ?`
	feedOfTerminal      = readNotice + `WHERE n.terminal = ? AND n.stamp > ?` + feedEnd
	feedOfTenant        = readNotice + `WHERE n.tenant = ? AND n.stamp > ?` + feedEnd
	feedOfAll           = readNotice + `WHERE n.stamp > ?` + feedEnd
	noticesOfDeclarant  = readNotice + `WHERE n.declaration_id = ? AND n.id < ?` + listEnd
	noticesOfTerminal   = readNotice + `WHERE n.terminal = ? AND n.id < ?` + listEnd
	noticesOfTenant     = readNotice + `WHERE n.tenant = ? AND n.id < ?` + listEnd
	noticesOfIssuer     = readNotice + `WHERE n.issued_by = ? AND n.id < ?` + listEnd
	noticesForPersons   = readNotice + `WHERE n.needs_person = 1 AND n.id < ?` + listEnd
	noticesOfEverybody  = readNotice + `WHERE n.id < ?` + listEnd
	afterEveryID        = "~"
	unfilteredOverState = -1
)

// Notices lists notices; see NoticeFilter for the two orders.
func (s *Store) Notices(ctx context.Context, f NoticeFilter) ([]Notice, error) {
	query, args := f.start()
	over := unfilteredOverState
	if f.Open != nil {
		over = 1
		if *f.Open {
			over = 0
		}
	}
	args = append(args, f.Terminal, f.Terminal, f.IssuedBy, f.IssuedBy, f.Tenant, f.Tenant, f.DeclarationID, f.DeclarationID,
		f.State, f.State, over, over, f.NeedsPerson, f.VisibleOnly, bounded(f.Limit, 50, 500))
	var rows []Notice
	err := s.all(ctx, &rows, query, args...)
	return rows, s.readError(err, "list notices")
}

// start picks the statement whose index narrows most.
func (f *NoticeFilter) start() (query string, args []any) {
	if f.Feed {
		switch {
		case f.Terminal != "":
			return feedOfTerminal, []any{f.Terminal, f.Since}
		case f.Tenant != "":
			return feedOfTenant, []any{f.Tenant, f.Since}
		}
		return feedOfAll, []any{f.Since}
	}
	after := f.After
	if after == "" {
		after = afterEveryID
	}
	switch {
	case f.DeclarationID != "":
		return noticesOfDeclarant, []any{f.DeclarationID, after}
	case f.NeedsPerson:
		return noticesForPersons, []any{after}
	case f.Terminal != "":
		return noticesOfTerminal, []any{f.Terminal, after}
	case f.Tenant != "":
		return noticesOfTenant, []any{f.Tenant, after}
	case f.IssuedBy != "":
		return noticesOfIssuer, []any{f.IssuedBy, after}
	}
	return noticesOfEverybody, []any{after}
}

package app

import (
	"context"
	"fmt"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// wrongStatuses folds every declaration anew and compares the result with the
// stored status: the status is a function of what was heard, whatever the
// order in which it was.
func wrongStatuses(ctx context.Context, s *store.Store) ([]store.Finding, error) {
	partners, err := s.Partners(ctx)
	if err != nil {
		return nil, err
	}
	var found []store.Finding
	for _, p := range partners {
		for cursor := ""; ; {
			rows, next, err := s.Declarations(ctx, p.ID, store.Filter{Cursor: cursor, Limit: 100})
			if err != nil {
				return nil, err
			}
			for i := range rows {
				f, err := wrongStatus(ctx, s, &rows[i])
				if err != nil {
					return nil, err
				}
				found = append(found, f...)
			}
			if cursor = next; next == "" {
				break
			}
		}
	}
	return found, nil
}

func wrongStatus(ctx context.Context, s *store.Store, row *store.Declaration) ([]store.Finding, error) {
	want, err := folded(ctx, s, row)
	if err != nil || want == row.Status {
		return nil, err
	}
	// A receipt may have been heard between the two reads.
	again, err := s.Declaration(ctx, row.Tenant, row.ID)
	if err != nil {
		return nil, err
	}
	if want, err = folded(ctx, s, &again); err != nil || want == again.Status {
		return nil, err
	}
	return []store.Finding{{Code: "status-fold", Text: "the stored status is not what the receipts say",
		Subject: fmt.Sprintf("%s/%s: stored %s, folded %s", again.Tenant, again.ID, again.Status, want)}}, nil
}

func folded(ctx context.Context, s *store.Store, row *store.Declaration) (string, error) {
	events, err := s.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return "", err
	}
	return string(desk.Fold(row, events).Status), nil
}

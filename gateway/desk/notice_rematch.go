package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// RematchNotices finishes what a crash or a failure left: kept documents that
// were not worked through or whose notice came while nobody looked, and
// notices whose declaration is known by now. It returns how many moved.
func (d *Desk) RematchNotices(ctx context.Context) (int, error) {
	documents, err := d.rematchDocuments(ctx)
	if err != nil {
		return documents, err
	}
	linked, err := d.linkNotices(ctx)
	return documents + linked, err
}

func (d *Desk) rematchDocuments(ctx context.Context) (int, error) {
	kept, err := d.Store.UnmatchedTerminalMessages(ctx, "")
	if err != nil {
		return 0, fmt.Errorf("list kept documents: %w", err)
	}
	done := 0
	for i := range kept {
		if kept[i].Reason != reasonUnread {
			if _, err := d.Store.NoticeByNumber(ctx, kept[i].Notice); err != nil {
				continue // its notice has not come, or it names none: it stays listed
			}
		}
		if err := d.rematchTerminalMessage(ctx, &kept[i]); err != nil {
			d.Logger.WarnContext(ctx, "a kept document is not matched yet", "document", kept[i].ID, "error", err)
			continue
		}
		done++
	}
	return done, nil
}

// linkNotices joins open notices to declarations whose number customs told
// after the order.
func (d *Desk) linkNotices(ctx context.Context) (int, error) {
	open, linked := true, 0
	f := store.NoticeFilter{Open: &open, Feed: true, Limit: 500}
	for {
		rows, err := d.Store.Notices(ctx, f)
		if err != nil {
			return linked, fmt.Errorf("list open notices: %w", err)
		}
		for i := range rows {
			if rows[i].Tenant != "" || rows[i].EntryNumber == "" {
				continue
			}
			ok, err := d.linkNotice(ctx, &rows[i])
			if err != nil && !store.IsConflict(err) {
				return linked, fmt.Errorf("link notice %s: %w", rows[i].Number, err)
			}
			if ok {
				linked++
			}
		}
		if len(rows) < f.Limit {
			return linked, nil
		}
		f.Since = rows[len(rows)-1].Stamp
	}
}

func (d *Desk) linkNotice(ctx context.Context, row *store.Notice) (bool, error) {
	ref, err := d.Store.FindByEntryNumber(ctx, row.EntryNumber)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up declaration: %w", err)
	}
	f, err := d.dossierOf(ctx, row)
	if err != nil {
		return false, err
	}
	f.row.Tenant, f.row.DeclarationID = ref.Tenant, ref.DeclarationID
	c := &store.Change{}
	a := d.begin(f, c)
	if err := a.settle(ctx); err != nil {
		return false, err
	}
	c.Audit = append(c.Audit, d.audit("desk", "notice.link", ref.Tenant, row.ID, ""))
	if err := d.commitNotices(ctx, c); err != nil {
		return false, err
	}
	d.afterwards(c)
	return true, nil
}

// HandOverNotice records that a person of the operator told the terminal:
// whom, and when.
func (d *Desk) HandOverNotice(ctx context.Context, actor, number, person string, at time.Time) (NoticeOutcome, error) {
	row, err := d.noticeRow(ctx, number)
	if err != nil {
		return NoticeOutcome{}, err
	}
	e := inspection.Event{Kind: inspection.HandedOver, Actor: inspection.ByClerk, Source: actor, Person: person, Version: row.Content, OccurredAt: at}
	return d.hearNotice(ctx, row.ID, actor, e, "")
}

// NoticesForPersons is the human list: the notices about which a person must act.
func (d *Desk) NoticesForPersons(ctx context.Context, needsPerson bool, limit int) ([]store.Notice, error) {
	return d.Store.Notices(ctx, store.NoticeFilter{NeedsPerson: needsPerson, Limit: limit})
}

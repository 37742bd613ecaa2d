package desk

import (
	"context"
	"errors"
	"fmt"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// NoticePage is one notice with what its reader could do about it.
type NoticePage struct {
	NoticeView
	Allowed    []inspection.Kind            // about all boxes together
	ByBox      map[string][]inspection.Kind // about one box
	Capability inspection.Capability        // of its terminal
}

// NoticePage is Notice for a person, and says what is allowed now.
func (d *Desk) NoticePage(ctx context.Context, p auth.Principal, id string) (NoticePage, error) {
	v, err := d.Notice(ctx, p, id)
	if err != nil {
		return NoticePage{}, err
	}
	f, err := d.noticeFor(ctx, p, id)
	if err != nil {
		return NoticePage{}, err
	}
	in := f.input(d.Clock())
	page := NoticePage{NoticeView: v, Allowed: inspection.Allowed(in, v.Actor, ""), ByBox: map[string][]inspection.Kind{}, Capability: f.capability}
	for i := range v.Overview.Boxes {
		if key := v.Overview.Boxes[i].Box; len(v.Overview.Boxes) > 1 {
			page.ByBox[key] = inspection.Allowed(in, v.Actor, key)
		}
	}
	return page, nil
}

// NoticeViews lists notices with their content, for a page of them. Unlike
// Notice it acknowledges nothing: a list that was shown is not a notice read.
func (d *Desk) NoticeViews(ctx context.Context, p auth.Principal, q NoticeQuery) ([]NoticeView, int64, error) {
	rows, next, err := d.Notices(ctx, p, q)
	if err != nil {
		return nil, 0, err
	}
	views := make([]NoticeView, 0, len(rows))
	for i := range rows {
		f, err := d.dossierOf(ctx, &rows[i])
		if err != nil {
			return nil, 0, err
		}
		actor := actorOf(p.Role)
		views = append(views, NoticeView{Row: f.row, Notice: inspection.View(*f.newest(), actor), Overview: f.overview, Actor: actor})
	}
	return views, next, nil
}

// PartnerName is what a partner is called; its id when it is not known.
func (d *Desk) PartnerName(ctx context.Context, id string) (string, error) {
	partner, err := d.Store.Partner(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return id, nil
	}
	if err != nil {
		return "", fmt.Errorf("read partner: %w", err)
	}
	return partner.Name, nil
}

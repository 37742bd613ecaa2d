package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// NoticeFigures are the figures of a period, whole and by terminal.
type NoticeFigures struct {
	Total     inspection.Figures
	Terminals []TerminalFigures
}

// TerminalFigures are those of one terminal; its name is empty for notices
// whose terminal nobody knows.
type TerminalFigures struct {
	Terminal string
	inspection.Figures
}

// figuresPage is how many notices are read at once.
const figuresPage = 500

// NoticeFigures measures the notices that were made in a period: those of the
// whole port for the authority, for customs those that it issued, for a
// terminal its own.
func (d *Desk) NoticeFigures(ctx context.Context, p auth.Principal, terminal string, from, to time.Time) (NoticeFigures, string, error) {
	if err := allow(p, auth.ReadNoticeFigures); err != nil {
		return NoticeFigures{}, "", err
	}
	f, scope := store.NoticeFilter{Terminal: terminal, Limit: figuresPage}, "port"
	switch p.Role {
	case auth.Customs:
		f.IssuedBy, scope = p.PartnerID, "issued"
	case auth.Terminal:
		if terminal != "" && terminal != p.PartnerID {
			return NoticeFigures{}, "", store.ErrNotFound
		}
		f.Terminal, scope = p.PartnerID, "own"
	}
	by := map[string][]inspection.Measured{}
	var all []inspection.Measured
	for {
		rows, err := d.Store.Notices(ctx, f)
		if err != nil {
			return NoticeFigures{}, "", fmt.Errorf("list notices: %w", err)
		}
		for i := range rows {
			if at := time.UnixMilli(rows[i].CreatedAt); at.Before(from) || !at.Before(to) {
				continue
			}
			one, err := d.dossierOf(ctx, &rows[i])
			if err != nil {
				return NoticeFigures{}, "", err
			}
			m := inspection.Measured{Overview: one.overview, Versions: one.versions}
			all, by[rows[i].Terminal] = append(all, m), append(by[rows[i].Terminal], m)
		}
		if len(rows) < figuresPage || rows[len(rows)-1].CreatedAt < from.UnixMilli() {
			break // the newest come first
		}
		f.After = rows[len(rows)-1].ID
	}
	out := NoticeFigures{Total: inspection.FiguresOf(all)}
	for t, list := range by {
		out.Terminals = append(out.Terminals, TerminalFigures{t, inspection.FiguresOf(list)})
	}
	slices.SortFunc(out.Terminals, func(a, b TerminalFigures) int { return cmp.Compare(a.Terminal, b.Terminal) })
	return out, scope, nil
}

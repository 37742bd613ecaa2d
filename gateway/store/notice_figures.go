package store

import (
	"context"
	"slices"
)

// NoticeFigureFilter says which notices are counted; empty fields do not
// narrow. From (inclusive) and To (exclusive) are of when they were made.
type NoticeFigureFilter struct {
	Terminal, IssuedBy, Tenant string
	VisibleOnly                bool
	From, To                   int64
}

// Span is how long something took, in milliseconds, exact by nearest rank,
// over the notices of which both ends are known. Without one there is no time.
type Span struct{ Measured, MedianMs, P90Ms int64 }

// NoticeFigures are the figures of one terminal.
type NoticeFigures struct {
	Terminal   string // empty: nobody knows yet
	Notices    int64
	Open       int64
	Unanswered int64 // open and without a business answer
	Overdue    int64 // open and late
	Person     int64 // on the human list
	Boxes      int64
	Moves      int64

	// From the order to the event.
	Delivered, Accepted, Ready, Finished, Released, Back Span
	Waiting                                              Span // from ready to started
}

const noticeFigures = readNotice + `WHERE n.created_at >= ? AND n.created_at < ?
  AND (? = '' OR n.terminal = ?) AND (? = '' OR n.issued_by = ?) AND (? = '' OR n.tenant = ?) AND (? = 0 OR n.visible = 1)
ORDER BY n.created_at, n.id`

// NoticeFigures counts by terminal. A port orders some hundred inspections a
// day: the rows of a year are read and counted here, which gives exact ranks
// on every database.
func (s *Store) NoticeFigures(ctx context.Context, f NoticeFigureFilter) ([]NoticeFigures, error) {
	to := f.To
	if to == 0 {
		to = 1<<63 - 1
	}
	var rows []Notice
	err := s.all(ctx, &rows, noticeFigures, f.From, to, f.Terminal, f.Terminal, f.IssuedBy, f.IssuedBy, f.Tenant, f.Tenant, f.VisibleOnly)
	if err != nil {
		return nil, s.readError(err, "figures of notices")
	}
	by := map[string]*noticeCount{}
	for i := range rows {
		c := by[rows[i].Terminal]
		if c == nil {
			c = &noticeCount{}
			by[rows[i].Terminal] = c
		}
		c.add(&rows[i])
	}
	out := make([]NoticeFigures, 0, len(by))
	for terminal, c := range by {
		out = append(out, c.figures(terminal))
	}
	slices.SortFunc(out, func(a, b NoticeFigures) int {
		return lineKey{receiver: a.Terminal}.compare(lineKey{receiver: b.Terminal})
	})
	return out, nil
}

// noticeCount is the counting of one terminal.
type noticeCount struct {
	f                                                             NoticeFigures
	delivered, accepted, ready, finished, released, back, waiting []int64
}

func (c *noticeCount) add(n *Notice) {
	c.f.Notices++
	c.f.Boxes += int64(n.Boxes)
	c.f.Moves += int64(n.Moves)
	if n.Person != "" {
		c.f.Person++
	}
	if !n.Over {
		c.f.Open++
		if n.Overdue {
			c.f.Overdue++
		}
		switch n.State {
		case "ISSUED", "DELIVERED", "UNDELIVERED", "MANUAL":
			c.f.Unanswered++
		}
	}
	span(&c.delivered, n.CreatedAt, n.DeliveredAt)
	span(&c.accepted, n.CreatedAt, n.AcceptedAt)
	span(&c.ready, n.CreatedAt, n.ReadyAt)
	span(&c.finished, n.CreatedAt, n.FinishedAt)
	span(&c.released, n.CreatedAt, n.ReleasedAt)
	span(&c.back, n.CreatedAt, n.BackAt)
	span(&c.waiting, n.ReadyAt, n.StartedAt)
}

// span measures what has both ends; a later end that was reported as earlier
// is a clock of somebody else and measures nothing.
func span(to *[]int64, from, until int64) {
	if from > 0 && until >= from {
		*to = append(*to, until-from)
	}
}

func (c *noticeCount) figures(terminal string) NoticeFigures {
	f := c.f
	f.Terminal = terminal
	f.Delivered, f.Accepted, f.Ready, f.Finished = ranks(c.delivered), ranks(c.accepted), ranks(c.ready), ranks(c.finished)
	f.Released, f.Back, f.Waiting = ranks(c.released), ranks(c.back), ranks(c.waiting)
	return f
}

func ranks(all []int64) Span {
	if len(all) == 0 {
		return Span{}
	}
	slices.Sort(all)
	at := func(percent int) int64 { return all[(len(all)*percent+99)/100-1] }
	return Span{Measured: int64(len(all)), MedianMs: at(50), P90Ms: at(90)}
}

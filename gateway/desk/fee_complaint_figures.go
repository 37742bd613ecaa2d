package desk

import (
	"context"
	"sync"
	"time"

	"kouan/tariffs/complaint"
)

// FeeComplaintMonth are the figures of one charging body in one month.
type FeeComplaintMonth = complaint.Month

// FeeComplaintTotals are the figures that are published.
type FeeComplaintTotals struct {
	At     time.Time           // when they were counted
	Months []FeeComplaintMonth // of all bodies together, the newest first
	Bodies []FeeComplaintMonth // by body
}

const (
	figuresMonths = 24              // how far they go back
	figuresFresh  = 5 * time.Second // how long one count serves everybody
)

// feeFigures remembers the last count: the page is public.
type feeFigures struct {
	mu   sync.Mutex
	last FeeComplaintTotals
}

// FeeComplaintTotals counts the complaints of the last months. They are
// public: they tell no words, no names and no numbers of complaints.
func (d *Desk) FeeComplaintTotals(ctx context.Context) (FeeComplaintTotals, error) {
	d.figures.mu.Lock()
	defer d.figures.mu.Unlock()
	now := d.Clock()
	if age := now.Sub(d.figures.last.At); age >= 0 && age < figuresFresh && !d.figures.last.At.IsZero() {
		return d.figures.last, nil
	}
	first := now.UTC().AddDate(0, -figuresMonths, 0)
	rows, err := d.Store.FeeComplaintEntries(ctx, time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC).Add(-8*time.Hour).UnixMilli())
	if err != nil {
		return FeeComplaintTotals{}, err
	}
	entries := make([]complaint.Entry, len(rows))
	for i := range rows {
		r := &rows[i]
		entries[i] = complaint.Entry{Collector: r.Collector, State: complaint.State(r.State), Received: timeOf(r.CreatedAt), Forwarded: timeOf(r.ForwardedAt),
			Answered: timeOf(r.AnsweredAt), Verdict: complaint.State(r.Verdict), Reason: r.Reason, Escalated: r.Escalated, Due: timeOf(r.DueAt)}
	}
	out := FeeComplaintTotals{At: now}
	out.Bodies, out.Months = complaint.Figures(entries, now)
	d.figures.last = out
	return out, nil
}

// FeeComplaintFigures are the months of one charging body, the newest first.
func (d *Desk) FeeComplaintFigures(ctx context.Context, collector string) ([]FeeComplaintMonth, error) {
	all, err := d.FeeComplaintTotals(ctx)
	if err != nil {
		return nil, err
	}
	var out []FeeComplaintMonth
	for i := range all.Bodies {
		if all.Bodies[i].Collector == collector {
			out = append(out, all.Bodies[i])
		}
	}
	return out, nil
}

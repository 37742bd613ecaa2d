package desk

import (
	"context"
	"fmt"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// moved is a declaration after a change, with what the change brings and the
// store does not have yet.
type moved struct {
	row    *store.Declaration
	events []store.Event
	heard  []declarations.Event // the receipts among events, whole
	facts  []store.Fact
}

// deadlineKind is one thing that a declarant has to do until a day.
type deadlineKind struct {
	name  string
	event string // its timeline entries begin so; _set, _7, _3, _1, _overdue, _met follow
	// mayArise tells whether a change can bring the first deadline of the
	// kind; once there is one it is always computed.
	mayArise func(in *moved) bool
	// of computes it from what is stored and what comes; ok is false when
	// there is none, and then the deadline is void.
	of func(d *Desk, ctx context.Context, in *moved) (next store.Deadline, ok bool, err error)
}

var deadlineKinds = []deadlineKind{
	{name: clearance.FilingKind, event: "deadline", of: (*Desk).filingDeadline,
		mayArise: func(in *moved) bool { return in.row.Summary }},
	{name: clearance.PaymentKind, event: "duty_deadline", of: (*Desk).paymentDeadline,
		mayArise: func(in *moved) bool {
			for i := range in.heard {
				if declarations.AsksDuty(in.heard[i].Code) {
					return true
				}
			}
			return false
		}},
}

func eventOf(kind string) string {
	for i := range deadlineKinds {
		if deadlineKinds[i].name == kind {
			return deadlineKinds[i].event
		}
	}
	return kind
}

// filingDeadline is the time for the full declaration of a two-step one.
func (d *Desk) filingDeadline(ctx context.Context, in *moved) (store.Deadline, bool, error) {
	doc, err := d.documentOf(ctx, in.row)
	if err != nil {
		return store.Deadline{}, false, err
	}
	stored, err := d.Store.Events(ctx, in.row.Tenant, in.row.ID)
	if err != nil {
		return store.Deadline{}, false, fmt.Errorf("read timeline: %w", err)
	}
	known, err := d.factsOf(ctx, in.row, in.facts)
	if err != nil {
		return store.Deadline{}, false, err
	}
	now := clearance.DeadlineOf(doc, course(in.row, append(stored, in.events...)), known, d.Clock())
	return store.Deadline{State: string(now.State), DueDay: string(now.Due), EntryDay: string(now.Entry), Source: now.Source, MetAt: millis(now.MetAt)}, true, nil
}

// paymentDeadline is until when customs waits for duties, by its receipts. A
// demand without a date that takes the place of one with a date leaves none.
func (d *Desk) paymentDeadline(ctx context.Context, in *moved) (store.Deadline, bool, error) {
	stored, err := d.Store.Events(ctx, in.row.Tenant, in.row.ID)
	if err != nil {
		return store.Deadline{}, false, fmt.Errorf("read timeline: %w", err)
	}
	duties, err := d.dutiesOf(ctx, stored, in.heard)
	if err != nil {
		return store.Deadline{}, false, err
	}
	now, ok := clearance.PaymentDeadlineOf(&duties, d.Clock())
	if !ok {
		return store.Deadline{State: string(clearance.Void)}, false, nil
	}
	return store.Deadline{State: string(now.State), DueDay: string(now.Due), Source: "receipt", MetAt: millis(now.MetAt)}, true, nil
}

// Countdowns are the deadlines of one of the caller's declarations, as short
// as a list shows them.
func (d *Desk) Countdowns(ctx context.Context, p auth.Principal, id string) ([]clearance.Countdown, error) {
	if err := allow(p, auth.ReadDeclaration); err != nil {
		return nil, err
	}
	rows, err := d.Store.Deadlines(ctx, p.PartnerID, id)
	if err != nil {
		return nil, fmt.Errorf("read deadlines: %w", err)
	}
	out := make([]clearance.Countdown, 0, len(rows))
	for i := range rows {
		r, metAt := &rows[i], time.Time{}
		if r.MetAt != 0 {
			metAt = time.UnixMilli(r.MetAt)
		}
		out = append(out, clearance.CountdownOf(r.Kind, clearance.DeadlineState(r.State), clearance.Day(r.DueDay), r.Source, metAt, d.Clock()))
	}
	return out, nil
}

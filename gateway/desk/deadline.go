package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/store"
)

// deadlineFull is the time for the full declaration of a two-step one.
const deadlineFull = "two_step_full"

// moveDeadline adds to a change what becomes of the declaration's deadline by
// it. row is the state after the change; events and facts are those that the
// change brings and the store does not have yet.
func (d *Desk) moveDeadline(ctx context.Context, c *store.Change, row *store.Declaration, events []store.Event, facts []store.Fact) error {
	old, err := d.Store.Deadline(ctx, row.Tenant, row.ID, deadlineFull)
	exists := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read deadline: %w", err)
	}
	if !exists && !row.Summary {
		return nil
	}
	now, err := d.deadlineOf(ctx, row, events, facts)
	if err != nil {
		return err
	}
	next := store.Deadline{Tenant: row.Tenant, DeclarationID: row.ID, Kind: deadlineFull, State: string(now.State), DueDay: string(now.Due),
		EntryDay: string(now.Entry), Source: now.Source, MetAt: millis(now.MetAt), UpdatedAt: d.now()}
	if exists {
		next.Version, next.Reminders = old.Version, old.Reminders
	}
	if next.DueDay != old.DueDay {
		next.Reminders = 0
	}
	if next.State == string(clearance.Overdue) {
		next.State = string(clearance.Open) // the reminder round says it, once, with its entry
		if exists && old.State == string(clearance.Overdue) && next.DueDay == old.DueDay {
			next.State = old.State
		}
	}
	same := next
	same.UpdatedAt = old.UpdatedAt
	if exists && same == old {
		return nil
	}
	c.Deadlines = append(c.Deadlines, next)
	d.tellDeadline(c, row, &old, &next)
	return nil
}

// tellDeadline puts the change of a deadline into the timeline.
func (d *Desk) tellDeadline(c *store.Change, row *store.Declaration, old, next *store.Deadline) {
	kind := ""
	switch {
	case next.State == string(clearance.Met) && old.State != next.State:
		kind = "deadline_met"
	case next.State == string(clearance.Open) && next.DueDay != "" && next.DueDay != old.DueDay:
		kind = "deadline_set"
	default:
		return
	}
	e := d.act(row, kind, "gateway", d.now())
	e.Identity = fmt.Sprintf("deadline/%s/%s/%d", next.Kind, kind, next.Version)
	e.Text = next.DueDay
	c.Events = append(c.Events, e)
}

// deadlineOf computes the deadline from what is stored and what comes with a change.
func (d *Desk) deadlineOf(ctx context.Context, row *store.Declaration, events []store.Event, facts []store.Fact) (clearance.FilingDeadline, error) {
	doc, err := d.documentOf(ctx, row)
	if err != nil {
		return clearance.FilingDeadline{}, err
	}
	stored, err := d.Store.Events(ctx, row.Tenant, row.ID)
	if err != nil {
		return clearance.FilingDeadline{}, fmt.Errorf("read timeline: %w", err)
	}
	known, err := d.factsOf(ctx, row, facts)
	if err != nil {
		return clearance.FilingDeadline{}, err
	}
	return clearance.DeadlineOf(doc, course(row, append(stored, events...)), known, d.Clock()), nil
}

// documentOf reads the canonical document; a state row comes without it.
func (d *Desk) documentOf(ctx context.Context, row *store.Declaration) (*declarations.Declaration, error) {
	body := row.Document
	if body == nil {
		whole, err := d.Store.Declaration(ctx, row.Tenant, row.ID)
		if err != nil {
			return nil, fmt.Errorf("read document: %w", err)
		}
		body = whole.Document
	}
	doc := &declarations.Declaration{}
	if err := json.Unmarshal(body, doc); err != nil {
		return nil, fmt.Errorf("read document of %s: %w", row.ID, err)
	}
	return doc, nil
}

// factsOf are the facts about a declaration, with those that are about to be
// joined; a withdrawal among these takes its fact back already.
func (d *Desk) factsOf(ctx context.Context, row *store.Declaration, coming []store.Fact) ([]clearance.Known, error) {
	rows, err := d.Store.FactsOf(ctx, row.Tenant, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	rows = append(rows, coming...)
	for _, c := range coming {
		for i := range rows {
			if c.Withdraws != "" && rows[i].ID == c.Withdraws {
				rows[i].WithdrawnBy = c.ID
			}
		}
	}
	return knownFacts(rows)
}

// RemindDeadlines writes the reminders that are due and marks what is
// overdue, each once: the entry's identity names deadline, day and step, and
// the row's version lets one of two processes through. It returns how many it wrote.
func (d *Desk) RemindDeadlines(ctx context.Context) (int, error) {
	today := clearance.DayOf(d.Clock())
	horizon, written := today.Add(clearance.Reminders[0]), 0
	after := store.Ref{}
	for {
		page, err := d.Store.DueDeadlines(ctx, string(horizon), after, 100)
		if err != nil {
			return written, fmt.Errorf("list deadlines: %w", err)
		}
		for i := range page {
			ok, err := d.remind(ctx, &page[i], today)
			if err != nil {
				return written, fmt.Errorf("remind of %s: %w", page[i].DeclarationID, err)
			}
			if ok {
				written++
			}
		}
		if len(page) < 100 {
			break
		}
		after = store.Ref{Tenant: page[99].Tenant, DeclarationID: page[99].DeclarationID}
	}
	if written > 0 {
		d.tell()
	}
	return written, nil
}

func (d *Desk) remind(ctx context.Context, row *store.Deadline, today clearance.Day) (bool, error) {
	reminder := clearance.ReminderFor(today.Until(clearance.Day(row.DueDay)))
	bit := clearance.ReminderBit(reminder)
	if reminder == 0 || row.Reminders&bit != 0 {
		return false, nil
	}
	decl, err := d.Store.DeclarationState(ctx, row.Tenant, row.DeclarationID)
	if err != nil {
		return false, fmt.Errorf("read declaration: %w", err)
	}
	next := *row
	next.Reminders |= bit | (bit - 1) // those before it would say a number of days that is over
	next.UpdatedAt = d.now()
	kind := "deadline_" + strconv.Itoa(reminder)
	if reminder < 0 {
		kind, next.State = "deadline_overdue", string(clearance.Overdue)
	}
	e := d.act(&decl, kind, "gateway", d.now())
	e.Identity = fmt.Sprintf("deadline/%s/%s/%s", row.Kind, row.DueDay, kind)
	e.Text = row.DueDay
	c := store.Change{Deadlines: []store.Deadline{next}, Events: []store.Event{e},
		Audit: []store.AuditEntry{d.audit("deadlines", "deadline.remind", row.Tenant, row.DeclarationID, "")}}
	err = d.Store.Commit(ctx, c)
	if store.IsConflict(err) {
		return false, nil // another process wrote it, or the deadline moved: the next round looks again
	}
	return err == nil, err
}

// course is where the receipts and our own record put a declaration.
func course(row *store.Declaration, events []store.Event) *clearance.Course {
	c := &clearance.Course{Own: declarations.OwnRecord{State: row.OwnState, Attempt: row.Attempt, Summary: row.Summary},
		Result: Fold(row, events), EntryNumber: row.EntryNumber}
	for i := range events {
		if events[i].Kind == "submitted" && events[i].Attempt == row.Attempt {
			c.SentAt = time.UnixMilli(events[i].At)
		}
	}
	return c
}

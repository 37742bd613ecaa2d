package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/store"
)

// moveDeadlines adds to a change what becomes of the declaration's deadlines
// by it. in.row is the state after the change.
func (d *Desk) moveDeadlines(ctx context.Context, c *store.Change, in *moved) error {
	stored, err := d.Store.Deadlines(ctx, in.row.Tenant, in.row.ID)
	if err != nil {
		return fmt.Errorf("read deadlines: %w", err)
	}
	for i := range deadlineKinds {
		k := &deadlineKinds[i]
		old := store.Deadline{}
		if at := slices.IndexFunc(stored, func(s store.Deadline) bool { return s.Kind == k.name }); at >= 0 {
			old = stored[at]
		} else if !k.mayArise(in) {
			continue
		}
		next, ok, err := k.of(d, ctx, in)
		if err != nil {
			return err
		}
		if !ok && old.Kind == "" {
			continue
		}
		d.moveDeadline(c, in.row, k, &old, next)
	}
	return nil
}

// moveDeadline adds one deadline to a change when it is another than before.
func (d *Desk) moveDeadline(c *store.Change, row *store.Declaration, k *deadlineKind, old *store.Deadline, next store.Deadline) {
	next.Tenant, next.DeclarationID, next.Kind, next.UpdatedAt = row.Tenant, row.ID, k.name, d.now()
	next.Version, next.Reminders = old.Version, old.Reminders
	if next.DueDay != old.DueDay {
		next.Reminders = 0
	}
	if next.State == string(clearance.Overdue) {
		next.State = string(clearance.Open) // the reminder round says it, once, with its entry
		if old.State == string(clearance.Overdue) && next.DueDay == old.DueDay {
			next.State = old.State
		}
	}
	same := next
	same.UpdatedAt = old.UpdatedAt
	if same == *old {
		return
	}
	c.Deadlines = append(c.Deadlines, next)
	d.tellDeadline(c, row, k, old, &next)
}

// tellDeadline puts the change of a deadline into the timeline.
func (d *Desk) tellDeadline(c *store.Change, row *store.Declaration, k *deadlineKind, old, next *store.Deadline) {
	kind := k.event
	switch {
	case next.State == string(clearance.Met) && old.State != next.State:
		kind += "_met"
	case next.State == string(clearance.Open) && next.DueDay != "" && next.DueDay != old.DueDay:
		kind += "_set"
	default:
		return
	}
	e := d.act(row, kind, "gateway", d.now())
	e.Identity = fmt.Sprintf("deadline/%s/%s/%d", next.Kind, kind, next.Version)
	e.Text = next.DueDay
	c.Events = append(c.Events, e)
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
	after := store.Deadline{}
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
		after = page[99]
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
	kind := eventOf(row.Kind) + "_" + strconv.Itoa(reminder)
	if reminder < 0 {
		kind, next.State = eventOf(row.Kind)+"_overdue", string(clearance.Overdue)
	}
	e := d.act(&decl, kind, "gateway", d.now())
	e.Identity = fmt.Sprintf("deadline/%s/%s/%s", row.Kind, row.DueDay, kind)
	e.Text = row.DueDay
	c := store.Change{Deadlines: []store.Deadline{next}, Events: []store.Event{e},
		Audit: []store.AuditEntry{d.audit("deadlines", "deadline.remind", row.Tenant, row.DeclarationID, "")}}
	err = d.write(ctx, c)
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

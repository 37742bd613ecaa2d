package inspection

import "time"

// deadlines are the times by which somebody must act, with what became of
// them. A deadline that is over before it was met is void, not overdue.
func (c *course) deadlines(o *Overview) {
	if c.newest == nil || c.newest.Terminal == "" {
		return
	}
	c.transport(o)
	for _, r := range c.records {
		if r.status.State == StateIssued && !c.byHandOnly() {
			c.wake(o, r.dueAt.Add(minutes(c.limits.TransportTotalMinutes))) // it becomes UNDELIVERED
		}
		c.business(o, r)
		c.steps(o, r)
	}
}

func (c *course) note(o *Overview, d Deadline) {
	d.Late = !d.Void && (d.MetAt.After(d.Due) || d.MetAt.IsZero() && !c.in.Now.Before(d.Due))
	o.Deadlines = append(o.Deadlines, d)
	if !d.MetAt.IsZero() || d.Void {
		return
	}
	if c.in.Now.Before(d.Due) {
		c.wake(o, d.Due)
		return
	}
	o.Overdue = true
}

// wake notes a moment at which the clock alone changes something.
func (c *course) wake(o *Overview, at time.Time) {
	if at.After(c.in.Now) && (o.NextAt.IsZero() || at.Before(o.NextAt)) {
		o.NextAt = at
	}
}

// transport watches the newest version on its way, an answer to it says that
// it arrived. A cancelled notice is watched too: the terminal must know.
func (c *course) transport(o *Overview) {
	n := c.newest
	met, _, _ := c.told(n.Version)
	void := c.answered(n.Version) || o.Over && n.Change != Cancel || n.Change == Cancel && !c.everKnown()
	add := func(kind DeadlineKind, limit int, by Actor) {
		c.note(o, Deadline{Kind: kind, Due: n.IssuedAt.Add(minutes(limit)), By: by, MetAt: met, Void: void && met.IsZero()})
	}
	if !c.byHandOnly() {
		add(DueTransport, c.limits.TransportMinutes, ByTerminal)
		add(DueSecond, c.limits.TransportTotalMinutes, ByGateway)
	}
	add(DueHandover, c.limits.HandoverMinutes, ByClerk)
}

// answered says that somebody answered this version or a later one.
func (c *course) answered(version int) bool {
	for _, r := range c.records {
		if r.decision != nil && c.answers(r.decision) >= version {
			return true
		}
	}
	return false
}

// everKnown says that the terminal knows of the notice at all.
func (c *course) everKnown() bool {
	for _, r := range c.records {
		if r.decision != nil || r.lock != nil {
			return true
		}
	}
	return len(c.arrived)+len(c.handed) > 0
}

// business watches the answer to the order itself. Its time runs from the
// arrival; where arrivals are never told, from the issue.
func (c *course) business(o *Overview, r *record) {
	from, _, told := c.told(r.due)
	if !told {
		if c.in.Capability.AcksTransport || c.byHandOnly() {
			return
		}
		from = r.dueAt
	}
	limit := c.limits.BusinessMinutes
	if r.box.OnShip {
		limit = c.limits.BusinessShipMinutes
	}
	d := Deadline{Kind: DueBusiness, Box: r.key, Due: from.Add(minutes(limit)), By: ByTerminal}
	if r.decision != nil {
		d.MetAt = r.decision.at
	}
	d.Void = d.MetAt.IsZero() && (r.status.Over || r.cancelled || !r.begun().IsZero())
	c.note(o, d)
	if d.Void || !d.MetAt.IsZero() {
		return
	}
	half := from.Add(d.Due.Sub(from) / 2) // transition 7: remind at 50 % and at 100 %
	c.wake(o, half)
	due := 0
	for _, at := range []time.Time{half, d.Due} {
		if !c.in.Now.Before(at) {
			due++
		}
	}
	o.RemindersDue = max(o.RemindersDue, due)
	sent := 0
	for _, h := range c.events {
		if h.Kind == Reminded && h.why == "" && (h.Version >= r.due || h.Version == 0 && !h.at.Before(from)) && (h.Box == "" || h.Box == r.key) {
			sent++
		}
	}
	o.Reminders = max(o.Reminders, sent)
	if due == 2 && o.Person == "" {
		o.Person = "unanswered"
	}
}

// steps watches what follows an acceptance.
func (c *course) steps(o *Overview, r *record) {
	s := &r.status
	begun := !r.begun().IsZero()
	over := s.Over || s.State == StateRejected || s.State == StateException
	if r.decision != nil && r.decision.Kind == Accepted && c.ordered(Lock) && c.canLock(r) {
		c.note(o, done(Deadline{Kind: DueLock, Box: r.key, Due: r.decision.at.Add(minutes(c.limits.LockMinutes)), By: ByTerminal}, r.lock, begun || over))
	}
	if !r.box.AtSiteBy.IsZero() {
		c.note(o, done(Deadline{Kind: DueAtSite, Box: r.key, Due: r.box.AtSiteBy, By: ByTerminal}, r.moveDone, begun || over))
	}
	if start := c.planned(r); !start.IsZero() {
		by := ByCustoms
		if !s.Attended {
			by = ByDeclarant
		}
		c.note(o, done(Deadline{Kind: DueStart, Box: r.key, Due: start.Add(minutes(c.limits.StartGraceMinutes)), By: by}, r.started, begun || over))
	}
	if r.released != nil {
		c.note(o, done(Deadline{Kind: DueMovedBack, Box: r.key, Due: r.released.at.Add(minutes(c.limits.MoveBackMinutes)), By: ByTerminal}, r.out, s.Over))
	}
	if p := r.postponed; p != nil {
		c.wake(o, p.Time)
	}
}

func done(d Deadline, by *heard, void bool) Deadline {
	if by != nil {
		d.MetAt = by.at
	}
	d.Void = void && by == nil
	return d
}

// canLock says that a lock can be expected: a box on the ship only of a
// terminal that sets the lock beforehand (transition 8).
func (c *course) canLock(r *record) bool {
	switch c.in.Capability.CanLock {
	case LockPrelock:
		return true
	case LockYes, LockManual:
		return !r.box.OnShip
	}
	return false
}

// planned is when the inspection is to begin: as ordered, as the consignee
// chose, or as customs postponed it, whichever was said last.
func (c *course) planned(r *record) time.Time {
	at, said := r.box.PlannedStart, r.dueAt
	for _, h := range []*heard{r.appointed, r.postponed} {
		if h != nil && !h.at.Before(said) {
			at, said = h.Time, h.at
		}
	}
	return at
}
